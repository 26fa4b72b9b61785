"""Filing stories: which lists each of them stands on. Every verb may run again without harm.

The rows of `Listing` are derived from stories, so that a list is read from one index whatever its
length. What is public is decided here, once: live, published, and behind no restriction.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from wagtail.models import Page, PageViewRestriction

from broadsheet.stories import list_keys
from broadsheet.stories.models import Byline, Listing, StoryPage, StoryTopic

BATCH: Final = 500
# Of a path in Wagtail's tree, per level.
STEP: Final = 4


@dataclass(frozen=True, slots=True)
class Place:
    """Where a story belongs: nowhere without keys."""

    published_at: datetime | None = None
    keys: frozenset[str] = frozenset()


NOWHERE: Final = Place()


@transaction.atomic
def file_story(*, story_id: int) -> bool:
    """Put a story on the lists it belongs to, and take it off all others; say if that changed any.

    A story that is not public, or is gone, stands on none.
    """
    # Two who publish at once: the second one reads what the first has committed.
    StoryPage.objects.select_for_update(of=("self",)).filter(pk=story_id).values_list("pk").first()
    return bool(_refile([story_id]))


@transaction.atomic
def unfile_story(*, story_id: int) -> None:
    """Take a story off every list at once, whatever its page says."""
    Listing.objects.filter(story_id=story_id).delete()


@transaction.atomic
def file_below(*, path: str) -> int:
    """File every story at or below a path of the tree; returns how many stood wrong.

    For a section that became restricted, or is so no more.
    """
    stories = StoryPage.objects.filter(path__startswith=path).order_by("pk")
    pks = list(stories.values_list("pk", flat=True))
    return sum(len(_refile(pks[at : at + BATCH])) for at in range(0, len(pks), BATCH))


@transaction.atomic
def drop_list(*, list_key: str) -> None:
    """Forget a list whose topic or series is gone."""
    Listing.objects.filter(list_key=list_key).delete()


def misfiled() -> Iterator[int]:
    """Yield the ids of stories that stand on other lists than they should. Writes nothing."""
    for pks in _batches():
        wanted, found = _wanted(pks), _found(pks)
        yield from (pk for pk in pks if _rows(wanted[pk]) != found.get(pk, {}))


def mend() -> int:
    """File every story that stands wrong; returns how many did."""
    wrong = list(misfiled())
    return sum(_file_again(wrong[at : at + BATCH]) for at in range(0, len(wrong), BATCH))


@transaction.atomic
def _file_again(pks: list[int]) -> int:
    """File a batch in one transaction: an import or an upgrade may leave thousands."""
    list(
        StoryPage.objects.select_for_update(of=("self",))
        .filter(pk__in=pks)
        .order_by("pk")
        .only("pk")
    )
    return len(_refile(pks))


def _batches() -> Iterator[list[int]]:
    after = 0
    while True:
        rows = StoryPage.objects.filter(pk__gt=after).order_by("pk")
        pks = list(rows.values_list("pk", flat=True)[:BATCH])
        if not pks:
            return
        yield pks
        after = pks[-1]


def _refile(pks: Collection[int]) -> list[int]:
    """Write what differs, of a batch of stories; returns the ids of those that stood wrong."""
    wanted, found = _wanted(pks), _found(pks)
    wrong = [pk for pk in pks if _rows(wanted[pk]) != found.get(pk, {})]
    gone, new = [], []
    for pk in wrong:
        rows, there = _rows(wanted[pk]), found.get(pk, {})
        keep = rows.items() & there.items()
        gone += [(key, pk) for key in there if (key, there[key]) not in keep]
        new += [
            Listing(list_key=key, story_id=pk, published_at=at)
            for key, at in rows.items()
            if (key, at) not in keep
        ]
    for pk in {pk for _, pk in gone}:
        keys = [key for key, story in gone if story == pk]
        Listing.objects.filter(story_id=pk, list_key__in=keys).delete()
    Listing.objects.bulk_create(new, batch_size=BATCH)
    return wrong


def _rows(place: Place) -> dict[str, datetime]:
    return {key: place.published_at for key in place.keys if place.published_at}


def _found(pks: Collection[int]) -> dict[int, dict[str, datetime]]:
    found: dict[int, dict[str, datetime]] = {}
    for row in Listing.objects.filter(story_id__in=pks):
        found.setdefault(row.story_id, {})[row.list_key] = row.published_at
    return found


def _wanted(pks: Collection[int]) -> dict[int, Place]:
    """Say where each story belongs. Five queries, whatever their number."""
    closed = tuple(PageViewRestriction.objects.values_list("page__path", flat=True))
    stories = {
        story.pk: story
        for story in StoryPage.objects.live()
        .filter(pk__in=pks, first_published_at__isnull=False)
        .only("path", "series_id", "first_published_at")
        if not (closed and story.path.startswith(closed))
    }
    keys: dict[int, set[str]] = {pk: {list_keys.ALL} for pk in stories}
    parents = {story.path[:-STEP] for story in stories.values()}
    sections = dict(Page.objects.filter(path__in=parents).values_list("path", "pk"))
    for pk, story in stories.items():
        keys[pk].add(list_keys.of_section(pk=sections[story.path[:-STEP]]))
        if story.series_id:
            keys[pk].add(list_keys.of_series(pk=story.series_id))
    topics = StoryTopic.objects.filter(content_object_id__in=stories)
    for pk, topic in topics.values_list("content_object_id", "tag_id"):
        keys[pk].add(list_keys.of_topic(pk=topic))
    for pk, person in Byline.objects.filter(story_id__in=stories).values_list(
        "story_id", "person_id"
    ):
        keys[pk].add(list_keys.of_person(pk=person))
    return {
        pk: Place(stories[pk].first_published_at, frozenset(keys[pk])) if pk in stories else NOWHERE
        for pk in pks
    }
