"""Reading for pages. Each function names how many queries it costs; tests pin them."""

from datetime import UTC, datetime
from uuid import UUID

from django.db.models import F, prefetch_related_objects
from wagtail.models import Page, PageViewRestriction

from broadsheet.discussion import api as discussion
from broadsheet.stories.addresses import url_of
from broadsheet.stories.bodies import shown_body
from broadsheet.stories.leads import lead_picture, materials_of
from broadsheet.stories.models import FrontPage, SectionPage, StoryPage, TextPage
from broadsheet.stories.shown import Link, ShownByline, Story


def front() -> FrontPage | None:
    """Return the front page, or None before the installation is set up. One query."""
    page: FrontPage | None = FrontPage.objects.live().first()
    return page


def live_page(*, path: str) -> Page | None:
    """Return the live page at an address below the front page, as its own type, or None.

    A page with a view restriction of Wagtail's does not exist for the public. Three queries.
    """
    root = front()
    if root is None:
        return None
    pieces = [piece for piece in path.split("/") if piece]
    url_path = root.url_path + "".join(f"{piece}/" for piece in pieces)
    page = Page.objects.live().filter(url_path=url_path).first()
    if page is None:
        return None
    ancestors = [page.path[:end] for end in range(4, len(page.path) + 1, 4)]
    if PageViewRestriction.objects.filter(page__path__in=ancestors).exists():
        return None
    return page.specific


def sections() -> tuple[Link, ...]:
    """Return the sections in the order of the menu. One query."""
    rows = SectionPage.objects.live().order_by("in_menu_order", "path")
    return tuple(Link(row.title, url_of(row)) for row in rows)


def footer_pages() -> tuple[Link, ...]:
    """Return the plain pages that the footer links. One query."""
    rows = TextPage.objects.live().filter(in_footer=True).order_by("path")
    return tuple(Link(row.title, url_of(row)) for row in rows)


def story(page: StoryPage) -> Story:
    """Return all that a story's page shows, without its discussion."""
    materials = materials_of(page)
    # From the page, not from the table: a preview shows what is being written.
    bylines = list(page.bylines.all())
    prefetch_related_objects(bylines, "person")
    section = page.get_parent()
    published = page.first_published_at or page.go_live_at or datetime.fromtimestamp(0, tz=UTC)
    return Story(
        key=str(page.uuid),
        headline=page.title,
        url=url_of(page),
        standfirst=page.standfirst,
        language=page.language,
        section=Link(section.title, url_of(section)),
        bylines=tuple(
            ShownByline(
                name=byline.person.name,
                url=f"/people/{byline.person.slug}/",
                part=byline.get_part_display() if byline.part else "",
            )
            for byline in bylines
        ),
        picture=lead_picture(page, materials),
        body=shown_body(page.body, materials),
        published_at=published,
        updated_at=page.updated_at,
        topics=tuple(
            Link(topic.name, f"/topics/{topic.slug}/") for topic in page.tags.order_by("name", "pk")
        ),
        discussion_open=page.discussion_open,
        genre=page.get_genre_display() if page.genre else "",
        genre_code=page.genre,
    )


def story_by_uuid(*, uuid: UUID) -> StoryPage | None:
    """Return the live story with this identity, or None. Two queries."""
    page: StoryPage | None = StoryPage.objects.live().public().filter(uuid=uuid).first()
    return page


def is_public(*, story_id: int) -> bool:
    """Say whether everybody may read a story now. Two queries."""
    return bool(StoryPage.objects.live().public().filter(pk=story_id).exists())


def without_thread(*, site: str) -> list[int]:
    """Return the ids of public stories whose thread is not open to be read."""
    rows = StoryPage.objects.live().public()
    live = {str(uuid): pk for uuid, pk in rows.values_list("uuid", "pk")}
    known = discussion.shown_keys(site=site, keys=list(live))
    return sorted(live[key] for key in live.keys() - known)


def public_under_embargo() -> list[int]:
    """Return the ids of live stories that were published before their embargo ended. One query."""
    rows = StoryPage.objects.live().filter(embargo_until__gt=F("last_published_at"))
    return list(rows.order_by("pk").values_list("pk", flat=True))


def shown_without_story(*, site: str) -> list[int]:
    """Return the ids of stories that are not public and whose thread can still be read."""
    rows = StoryPage.objects.not_live() | StoryPage.objects.not_public()
    rest = {str(uuid): pk for uuid, pk in rows.values_list("uuid", "pk")}
    return sorted(rest[key] for key in discussion.shown_keys(site=site, keys=list(rest)))
