"""A small newsroom to test against: a front page, sections, stories, pictures."""

from datetime import datetime
from io import BytesIO
from typing import Any

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from PIL import Image
from wagtail.models import Page, Site, Task, Workflow

from broadsheet.stories import api as stories
from broadsheet.stories.models import (
    Byline,
    FrontPage,
    NewsDocument,
    NewsImage,
    Person,
    SectionPage,
    StoryPage,
)
from broadsheet.stories.operations import pictures_of


def set_up() -> FrontPage:
    """Return the front page, which every test finds but those after tables were emptied."""
    return stories.front() or stories.set_up_site(
        name="The Harbour Post", url="http://127.0.0.1:8000"
    )


def bare() -> None:
    """Leave no more than Wagtail's migrations do: its welcome page and its site."""
    for front in FrontPage.objects.all():
        front.delete()
    Workflow.objects.all().delete()
    Task.objects.all().delete()
    Group.objects.filter(name__in=("owner", "editor", "reporter", "moderator")).delete()
    welcome = Page(title="Welcome to your new Wagtail site!", slug="home")
    root = Page.get_first_root_node()
    root.add_child(instance=welcome)
    Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "localhost", "root_page": welcome}
    )


def make_section(title: str = "Town", **fields: Any) -> SectionPage:
    return set_up().add_child(instance=SectionPage(title=title, **fields))


def make_story(
    section: SectionPage,
    *,
    at: datetime,
    headline: str = "The last ferry is coming back",
    bylines: tuple[str, ...] = (),
    body: list[dict[str, Any]] | None = None,
    live: bool = True,
    pictures: bool = True,
    **fields: Any,
) -> StoryPage:
    """Publish a story as the desk does: through a revision.

    With `pictures` it has their first files, as it has a moment later.
    """
    page = section.add_child(
        instance=StoryPage(
            title=headline, live=False, first_published_at=at if live else None, **fields
        )
    )
    if body is not None:
        page.body = page.body.stream_block.to_python(body)
    for name in bylines:
        person, _ = Person.objects.get_or_create(slug=name.lower().replace(" ", "-"), name=name)
        page.bylines.add(Byline(person=person))
    revision = page.save_revision()
    if live:
        revision.publish()
    story: StoryPage = StoryPage.objects.get(pk=page.pk)
    if live and pictures:
        stories.make_first_renditions(image_ids=pictures_of(story))
    return story


def make_image(
    *, size: tuple[int, int] = (800, 500), exif: bool = False, **fields: Any
) -> NewsImage:
    """Upload a photograph; with `exif` one that a telephone took, position and owner included."""
    picture = Image.new("RGB", size, "navy")
    data = BytesIO()
    options: dict[str, Any] = {}
    if exif:
        options["exif"] = phone_exif()
    picture.save(data, "JPEG", **options)
    data.seek(0)
    title = fields.pop("title", "Ferry")
    return NewsImage.objects.create(title=title, file=ImageFile(data, "IMG_0001.jpg"), **fields)


def phone_exif() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x013B] = "Maren Oduya"
    exif[0xA431] = "SERIAL-4711"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (59.0, 12.0, 7.0)
    return exif


def make_document(name: str, content: bytes = b"%PDF-1.7", **fields: Any) -> NewsDocument:
    fields.setdefault("title", name)
    return NewsDocument.objects.create(
        file=ContentFile(content, name=name), file_size=len(content), **fields
    )
