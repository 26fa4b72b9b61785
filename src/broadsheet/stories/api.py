"""The door of `stories`: lists for the hallway, verbs for set-up and scheduler.

The page types are here too, for who writes whole pages: the importer and the demonstration.
"""

from broadsheet.stories.desk.operations import (
    Published,
    approve_story,
    publish_due,
    publish_story,
    submit_story,
)
from broadsheet.stories.desk.queries import next_due, something_due
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
    "Published",
    "SectionPage",
    "StoryPage",
    "TextPage",
    "approve_story",
    "checks",
    "footer_pages",
    "front",
    "make_renditions",
    "next_due",
    "open_discussion",
    "pictures_missing",
    "publish_due",
    "publish_story",
    "repair",
    "sections",
    "set_up_site",
    "something_due",
    "story_by_uuid",
    "submit_story",
    "url_of",
]
