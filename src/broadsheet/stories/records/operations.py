"""Recording what readers now have: derived rows, written when a story is published.

May run again without harm: the same words make no new version, and a correction keeps the time at
which it was first seen for as long as its block stands.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.timezone import get_current_timezone
from wagtail.rich_text import expand_db_html

from broadsheet.stories.models import Correction, StoryPage, StoryVersion
from broadsheet.stories.public import public_stories
from broadsheet.stories.records.said import Said, corrections_in
from broadsheet.stories.records.texts import digest_of, plain_body

# Longer than the scheduler waits between two repairs.
RECENT: Final = timedelta(hours=1)
_NOON: Final = time(12)


@transaction.atomic
def record_story(*, story_id: int, now: datetime) -> int:
    """Write a live story's version, if its words are new, and its corrections.

    Returns the number of the version that readers have; 0 if the story is gone.
    """
    # Two who publish at once: the second one reads what the first has committed.
    rows = StoryPage.objects.select_for_update(of=("self",)).filter(pk=story_id)
    story = rows.first()
    if story is None:
        return 0
    last = StoryVersion.objects.filter(story=story).order_by("-number").first()
    _record_corrections(story, now, is_first=last is None)
    return _record_version(story, last, now)


@transaction.atomic
def date_versions(*, story_id: int, after_first: Sequence[datetime], now: datetime) -> None:
    """Give a story that came in with a past of its own the times of that past.

    The first version stands since the story's own first publication; `after_first` says since when
    each later one was read, the oldest first. Corrections that were first seen with a version
    follow it. Raises ValueError where the times are not one for each, in order, and past.
    """
    story = StoryPage.objects.select_for_update(of=("self",)).get(pk=story_id)
    first, *later = StoryVersion.objects.filter(story=story).order_by("number")
    times = [first.published_at, *after_first, now]
    if len(later) != len(after_first) or times != sorted(times):
        raise ValueError(f"{len(later)} later versions, dated {after_first}")
    for version, at in zip(later, after_first, strict=True):
        came_with = Correction.objects.filter(story=story, published_at=version.published_at)
        came_with.update(published_at=at)
        StoryVersion.objects.filter(pk=version.pk).update(published_at=at)
    StoryPage.objects.filter(pk=story_id).update(last_published_at=times[-2])


def unrecorded() -> list[int]:
    """Return the ids of public stories without a version. One query."""
    rows = public_stories().filter(versions=None)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def just_published(*, now: datetime) -> list[int]:
    """Return the ids of stories that were published so lately that a crash may have been between.

    One query.
    """
    rows = public_stories().filter(last_published_at__gte=now - RECENT)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _record_version(story: StoryPage, last: StoryVersion | None, now: datetime) -> int:
    text = plain_body(story.body)
    digest = digest_of(headline=story.title, standfirst=story.standfirst, text=text)
    if last is not None and last.digest == digest:
        return last.number
    made = StoryVersion.objects.create(
        story=story,
        number=last.number + 1 if last else 1,
        published_at=now if last else (story.first_published_at or now),
        headline=story.title,
        standfirst=story.standfirst,
        text=text,
        note=_new_note(story),
        digest=digest,
    )
    return made.number


def _new_note(story: StoryPage) -> str:
    """Return what the editor says of this version; an old sentence says nothing of it."""
    told = StoryVersion.objects.filter(story=story).exclude(note="").order_by("-number")
    before = told.values_list("note", flat=True).first()
    note = story.change_note.strip()
    return "" if note == before else note


def _record_corrections(story: StoryPage, now: datetime, *, is_first: bool) -> None:
    said = {block_id: (one, in_place) for block_id, one, in_place in _said(story)}
    found = {row.block_id: row for row in Correction.objects.filter(story=story)}
    Correction.objects.filter(story=story, block_id__in=found.keys() - said.keys()).delete()
    for block_id, (one, in_place) in said.items():
        row = found.get(block_id)
        values = {
            "kind": one.kind,
            "html": expand_db_html(one.source),
            "day": one.day,
            "in_place": in_place,
        }
        if row is None:
            at = _seen_since(story, one.day, now) if is_first else now
            Correction.objects.create(story=story, block_id=block_id, published_at=at, **values)
        elif any(getattr(row, name) != value for name, value in values.items()):
            Correction.objects.filter(pk=row.pk).update(**values)


def _seen_since(story: StoryPage, day: date, now: datetime) -> datetime:
    """Return when a correction was published that came together with its story, by an import.

    Its date is all that is known; it is neither before the story nor in the future.
    """
    said = datetime.combine(day, _NOON, tzinfo=get_current_timezone())
    return max(story.first_published_at or now, min(said, now))


def _said(story: StoryPage) -> Iterator[tuple[UUID, Said, bool]]:
    for stream, in_place in ((story.corrections, False), (story.body, True)):
        for place, one in enumerate(corrections_in(stream)):
            yield _block_id(story, one.block_id, place), one, in_place


def _block_id(story: StoryPage, text: str, place: int) -> UUID:
    """Return the id of a block; what came in without one has its own by its place."""
    try:
        return UUID(text)
    except ValueError:
        return uuid5(story.uuid, f"correction {text or place}")
