from broadsheet.stories.models.media import NewsDocument, NewsImage, NewsRendition
from broadsheet.stories.models.pages import (
    Byline,
    FrontPage,
    SectionPage,
    StoryPage,
    StoryTag,
    TextPage,
)
from broadsheet.stories.models.people import Person

__all__ = [
    "Byline",
    "FrontPage",
    "NewsDocument",
    "NewsImage",
    "NewsRendition",
    "Person",
    "SectionPage",
    "StoryPage",
    "StoryTag",
    "TextPage",
]
