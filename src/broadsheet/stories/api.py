"""The door of `stories`: lists for the hallway, verbs for set-up and scheduler.

The page types are here too, for who writes whole pages: the importer and the demonstration.
"""

from broadsheet.stories.models import (
    Byline,
    FrontPage,
    NewsImage,
    Person,
    SectionPage,
    StoryPage,
    TextPage,
)
from broadsheet.stories.operations import make_renditions, open_discussion, repair, set_up_site
from broadsheet.stories.queries import (
    footer_pages,
    front,
    pictures_missing,
    sections,
    story_by_uuid,
    url_of,
)
from broadsheet.stories.selfcheck import checks

__all__ = [
    "Byline",
    "FrontPage",
    "NewsImage",
    "Person",
    "SectionPage",
    "StoryPage",
    "TextPage",
    "checks",
    "footer_pages",
    "front",
    "make_renditions",
    "open_discussion",
    "pictures_missing",
    "repair",
    "sections",
    "set_up_site",
    "story_by_uuid",
    "url_of",
]
