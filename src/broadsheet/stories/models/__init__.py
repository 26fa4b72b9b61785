from broadsheet.stories.models.belonging import Byline, Part, RelatedStory, StoryTopic
from broadsheet.stories.models.media import NewsDocument, NewsImage, NewsRendition
from broadsheet.stories.models.pages import (
    FrontPage,
    Genre,
    Policy,
    SectionPage,
    StoryPage,
    TextPage,
)
from broadsheet.stories.models.people import Person
from broadsheet.stories.models.publication import MenuLink, Publication
from broadsheet.stories.models.records import Correction, Listing, StoryVersion
from broadsheet.stories.models.sharing import PreviewLink
from broadsheet.stories.models.subjects import Series, Topic

__all__ = [
    "Byline",
    "Correction",
    "FrontPage",
    "Genre",
    "Listing",
    "MenuLink",
    "NewsDocument",
    "NewsImage",
    "NewsRendition",
    "Part",
    "Person",
    "Policy",
    "PreviewLink",
    "Publication",
    "RelatedStory",
    "SectionPage",
    "Series",
    "StoryPage",
    "StoryTopic",
    "StoryVersion",
    "TextPage",
    "Topic",
]
