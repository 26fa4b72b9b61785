"""Everything that readers can read, as addresses: for sitemaps. Read from the index of lists."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import QuerySet

from broadsheet.stories import archive, list_keys
from broadsheet.stories.addresses import url_of
from broadsheet.stories.models import (
    Listing,
    Person,
    SectionPage,
    Series,
    StoryPage,
    TextPage,
    Topic,
)

# A sitemap may name fifty thousand addresses.
MOST: Final = 50_000


@dataclass(frozen=True, slots=True)
class Place:
    """A page's address below the host, and when it last changed, if that is known."""

    url: str
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class News:
    """A story as a news search lists it."""

    url: str
    headline: str
    language: str
    published_at: datetime


def stories_of_month(*, year: int, month: int) -> tuple[Place, ...]:
    """Return the stories published in a month, the newest first; none for no month. Two queries."""
    try:
        start, end = archive.span(date(year, month, 1))
    except (ValueError, OverflowError):
        return ()
    rows = Listing.objects.filter(
        list_key=list_keys.ALL, published_at__gte=start, published_at__lt=end
    )
    return tuple(Place(url_of(page), page.last_published_at) for page in _pages(rows, MOST))


def news(*, since: datetime, most: int) -> tuple[News, ...]:
    """Return the stories published since an instant, the newest first. Two queries."""
    rows = Listing.objects.filter(list_key=list_keys.ALL, published_at__gte=since)
    return tuple(
        News(url_of(page), page.title, page.language, page.first_published_at)
        for page in _pages(rows, most)
    )


def standing_pages() -> tuple[Place, ...]:
    """Return the pages that are no stories. Topics, series and people with stories only."""
    filed = {
        kind: {int(key.partition(":")[2]) for key in _keys(f"{kind}:")}
        for kind in ("topic", "series", "person")
    }
    pages = [
        *SectionPage.objects.live().public().order_by("path"),
        *TextPage.objects.live().public().order_by("path"),
    ]
    return (
        Place("/"),
        Place("/archive/"),
        Place("/corrections/"),
        Place("/support/"),
        *(Place(url_of(page), page.last_published_at) for page in pages),
        *_by_slug("topics", Topic.objects.filter(pk__in=filed["topic"])),
        *_by_slug("series", Series.objects.filter(pk__in=filed["series"])),
        *_by_slug("people", Person.objects.filter(pk__in=filed["person"])),
    )[:MOST]


def _by_slug(folder: str, rows: QuerySet[Any]) -> list[Place]:
    slugs = rows.order_by("slug").values_list("slug", flat=True)
    return [Place(f"/{folder}/{slug}/") for slug in slugs]


def _keys(prefix: str) -> list[str]:
    rows = Listing.objects.filter(list_key__startswith=prefix)
    return list(rows.order_by("list_key").values_list("list_key", flat=True).distinct())


def _pages(rows: QuerySet[Listing], most: int) -> list[StoryPage]:
    numbers = list(
        rows.order_by("-published_at", "-story_id").values_list("story_id", flat=True)[:most]
    )
    found: dict[int, StoryPage] = {}
    # SQLite takes a bounded number of values in one statement.
    for start in range(0, len(numbers), 900):
        chunk = StoryPage.objects.live().public().filter(pk__in=numbers[start : start + 900])
        found |= {page.pk: page for page in chunk.defer("body", "corrections")}
    return [found[pk] for pk in numbers if pk in found]
