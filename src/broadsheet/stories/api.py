"""The door of `stories`: lists for the hallway, verbs for set-up and scheduler.

The page types are here too, for who writes whole pages: the importer and the demonstration.
"""

from broadsheet.stories.addresses import url_of
from broadsheet.stories.checks import Finding
from broadsheet.stories.desk.checking import check_story
from broadsheet.stories.desk.operations import (
    Published,
    approve_story,
    publish_due,
    publish_story,
    submit_story,
)
from broadsheet.stories.desk.queries import next_due, something_due
from broadsheet.stories.desk.wording import explain, sentence
from broadsheet.stories.documents import file_of, public_address
from broadsheet.stories.embeds import UnknownProviderError, embed_of
from broadsheet.stories.filing import file_story
from broadsheet.stories.kept import keep_discussion
from broadsheet.stories.models import (
    Byline,
    FrontPage,
    NewsDocument,
    NewsImage,
    Person,
    RelatedStory,
    SectionPage,
    Series,
    StoryPage,
    TextPage,
    Topic,
)
from broadsheet.stories.operations import (
    open_discussion,
    preset_byline,
    repair,
    set_up_site,
)
from broadsheet.stories.publication.face import Face, Logo, PolicyLink
from broadsheet.stories.publication.operations import make_logo, set_publication
from broadsheet.stories.publication.policies import PolicyPage, add_policy_pages, policy_pages
from broadsheet.stories.publication.queries import (
    as_set,
    forget_publication,
    known_publication,
    logo_missing,
    menu_links,
    policies,
    publication,
    publication_by_file,
)
from broadsheet.stories.publication.rules import (
    MenuRow,
    Wanted,
    leads_somewhere,
    may_add_policy_pages,
    may_change_face,
    may_change_menus,
)
from broadsheet.stories.queries import (
    footer_pages,
    front,
    sections,
    story_by_uuid,
)
from broadsheet.stories.records.operations import date_versions, record_story
from broadsheet.stories.records.queries import text_of_edition
from broadsheet.stories.renditions import (
    make_all_renditions,
    make_first_renditions,
    make_renditions,
    pictures_missing,
)
from broadsheet.stories.renditions import wanted as pictures_wanted
from broadsheet.stories.rules import may_be_called
from broadsheet.stories.selfcheck import checks
from broadsheet.stories.watched import WATCHED

__all__ = [
    "WATCHED",
    "Byline",
    "Face",
    "Finding",
    "FrontPage",
    "Logo",
    "MenuRow",
    "NewsDocument",
    "NewsImage",
    "Person",
    "PolicyLink",
    "PolicyPage",
    "Published",
    "RelatedStory",
    "SectionPage",
    "Series",
    "StoryPage",
    "TextPage",
    "Topic",
    "UnknownProviderError",
    "Wanted",
    "add_policy_pages",
    "approve_story",
    "as_set",
    "check_story",
    "checks",
    "date_versions",
    "embed_of",
    "explain",
    "file_of",
    "file_story",
    "footer_pages",
    "forget_publication",
    "front",
    "keep_discussion",
    "known_publication",
    "leads_somewhere",
    "logo_missing",
    "make_all_renditions",
    "make_first_renditions",
    "make_logo",
    "make_renditions",
    "may_add_policy_pages",
    "may_be_called",
    "may_change_face",
    "may_change_menus",
    "menu_links",
    "next_due",
    "open_discussion",
    "pictures_missing",
    "pictures_wanted",
    "policies",
    "policy_pages",
    "preset_byline",
    "public_address",
    "publication",
    "publication_by_file",
    "publish_due",
    "publish_story",
    "record_story",
    "repair",
    "sections",
    "sentence",
    "set_publication",
    "set_up_site",
    "something_due",
    "story_by_uuid",
    "submit_story",
    "text_of_edition",
    "url_of",
]
