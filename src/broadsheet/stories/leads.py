"""The picture that a story leads with, and all that its page points to, read together."""

from wagtail.rich_text import expand_db_html

from broadsheet.stories.materials import Materials, gather
from broadsheet.stories.models import StoryPage
from broadsheet.stories.pictures import picture
from broadsheet.stories.shown import Picture
from broadsheet.stories.streams import needs


def materials_of(page: StoryPage) -> Materials:
    """Read the pictures, people and documents of a story's page. Three queries at most."""
    wanted = needs(page.body)
    wanted["image_ids"] |= {page.lead_image_id} - {None}
    wanted["person_ids"] |= {page.lead_credit_person_id} - {None}
    return gather(**wanted)


def lead_picture(page: StoryPage, materials: Materials) -> Picture | None:
    """Return the lead image with its caption and credit, or None while it has no files."""
    return picture(
        materials.renditions.get(page.lead_image_id or 0),
        alt=page.lead_alt,
        caption=expand_db_html(page.lead_caption),
        credit=page.lead_credit,
        credit_person=materials.people.get(page.lead_credit_person_id or 0),
    )
