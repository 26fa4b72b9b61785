"""Reading for pages. Each function names how many queries it costs; tests pin them."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Subquery, Value
from django.db.models.functions import Concat
from wagtail.models import Page

from broadsheet.discussion import api as discussion
from broadsheet.stories.addresses import below_host, url_of
from broadsheet.stories.bodies import shown_body, shown_corrections
from broadsheet.stories.documents import AddressOf, public_address
from broadsheet.stories.leads import lead_picture, materials_of
from broadsheet.stories.models import (
    Correction,
    FrontPage,
    SectionPage,
    StoryPage,
    StoryVersion,
    TextPage,
)
from broadsheet.stories.models.common import FRONT_DEPTH
from broadsheet.stories.public import public_stories, restricted
from broadsheet.stories.records.queries import versions_url
from broadsheet.stories.related import related
from broadsheet.stories.rules import RESERVED_SLUGS
from broadsheet.stories.shown import Link, ShownByline, ShownCorrection, Story
from broadsheet.stories.subjects import series_box


def front() -> FrontPage | None:
    """Return the front page, or None before the installation is set up. One query."""
    page: FrontPage | None = FrontPage.objects.live().first()
    return page


def live_page(*, path: str) -> Page | None:
    """Return the live page at an address below the front page, as its own type, or None.

    A page with a view restriction of Wagtail's does not exist for the public. Two queries.
    """
    pieces = [piece for piece in path.split("/") if piece]
    front = FrontPage.objects.live().values("url_path")[:1]
    below = Value("".join(f"{piece}/" for piece in pieces))
    # The path has no index, the slug has: with both, a page among thousands is found at once.
    rows = Page.objects.live().filter(~restricted(), slug=pieces[-1] if pieces else "")
    page = rows.filter(url_path=Concat(Subquery(front), below)).first()
    return page.specific if page else None


def sections() -> tuple[Link, ...]:
    """Return the sections in the order of the menu. One query."""
    rows = SectionPage.objects.live().order_by("in_menu_order", "path")
    return tuple(Link(row.title, url_of(row)) for row in rows)


def footer_pages() -> tuple[Link, ...]:
    """Return the plain pages that the footer links. One query."""
    rows = TextPage.objects.live().filter(in_footer=True).order_by("path")
    return tuple(Link(row.title, url_of(row)) for row in rows)


def story(page: StoryPage, *, address: AddressOf = public_address) -> Story:
    """Return all that a story's page shows, without its discussion; `address` is of documents."""
    materials = materials_of(page)
    # From the page, not from the table: a preview shows what is being written.
    bylines = list(page.bylines.select_related("person"))
    section = _section_of(page)
    version: int = section.version or 0
    topics = list(page.tags.order_by("name", "pk"))
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
        body=shown_body(page.body, materials, address=address),
        published_at=published,
        updated_at=page.updated_at,
        topics=tuple(Link(topic.name, f"/topics/{topic.slug}/") for topic in topics),
        discussion_open=page.discussion_open,
        genre=page.get_genre_display() if page.genre else "",
        genre_code=page.genre,
        corrections=_newest_first(shown_corrections(page.corrections)),
        corrected_at=section.corrected_at,
        version=version,
        search_title=page.seo_title,
        search_description=page.search_description,
        versions_url=versions_url(story=page) if section.show_versions and version > 1 else "",
        series=series_box(page=page),
        related=related(page=page, topic_ids=[topic.pk for topic in topics]),
    )


def _newest_first(corrections: Iterable[ShownCorrection]) -> tuple[ShownCorrection, ...]:
    # Of one day, the one that was written below is the later one.
    return tuple(sorted(corrections, key=lambda one: one.day)[::-1])


def _section_of(page: StoryPage) -> Any:
    """Return the section of a story, with what the story's records say. One query.

    `version` is the number of the newest one, `corrected_at` the time of the newest correction.
    """
    versions = StoryVersion.objects.filter(story=page.pk).order_by("-number")
    corrected = Correction.objects.filter(story=page.pk).order_by("-published_at")
    rows = SectionPage.objects.annotate(
        version=Subquery(versions.values("number")[:1]),
        corrected_at=Subquery(corrected.values("published_at")[:1]),
    )
    return rows.get(path=page.path[:-4])


def story_by_uuid(*, uuid: UUID) -> StoryPage | None:
    """Return the public story with this identity, or None. One query."""
    return public_stories().filter(uuid=uuid).first()


def is_public(*, story_id: int) -> bool:
    """Say whether everybody may read a story now. One query."""
    return public_stories().filter(pk=story_id).exists()


def unreachable() -> list[Page]:
    """Return the pages whose address the house has taken since they were made. One query."""
    rows = Page.objects.filter(depth=FRONT_DEPTH + 1, slug__in=RESERVED_SLUGS)
    return list(rows.order_by("path"))


def without_thread(*, site: str) -> list[int]:
    """Return the ids of public stories whose thread is not open to be read, or leads elsewhere."""
    rows = StoryPage.objects.live().public().values_list("uuid", "pk", "url_path")
    live = {str(uuid): (pk, below_host(url_path=path)) for uuid, pk, path in rows}
    known = discussion.shown_urls(site=site, keys=list(live))
    return sorted(pk for key, (pk, url) in live.items() if known.get(key) != url)


def public_under_embargo() -> list[int]:
    """Return the ids of live stories that were published before their embargo ended. One query."""
    rows = StoryPage.objects.live().filter(embargo_until__gt=F("last_published_at"))
    return list(rows.order_by("pk").values_list("pk", flat=True))


def shown_without_story(*, site: str) -> list[int]:
    """Return the ids of stories that are not public and whose thread can still be read."""
    rows = StoryPage.objects.not_live() | StoryPage.objects.not_public()
    rest = {str(uuid): pk for uuid, pk in rows.values_list("uuid", "pk")}
    return sorted(rest[key] for key in discussion.shown_keys(site=site, keys=list(rest)))
