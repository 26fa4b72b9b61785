"""What a month was like, by the public log: counted by the scheduler and kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Final

from django.db.models import Count, Q

from broadsheet.discussion.models import Comment, Decision, MonthOfLog, Moved
from broadsheet.discussion.rules.undoing import UNDO_DAYS
from broadsheet.discussion.watched import LOG
from broadsheet.kit.actor import Role
from broadsheet.pagestore.api import shows, true_until

REMOVALS: Final = ("remove", "remove_branch")
# Of the newest comments that waited: the middle of many is that of more.
MOST_WAITS: Final = 2_000
# So long after its end a month can change: what was decided on its last day can be undone.
_CHANGES: Final = timedelta(days=UNDO_DAYS + 1)

# How often what is over is counted, and how old figures may be that a page shows.
_AGAIN: Final = timedelta(hours=6)
_OLD: Final = timedelta(days=1)
_COUNTED_NOW: Final = timedelta(minutes=1)

type Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Figures:
    """What a month was like. `wait` is the median, None where nothing waited.

    `posted` and `removed` are comments, `overturned` decisions that were taken back or restored.
    """

    since: datetime
    posted: int
    removed: int
    overturned: int
    automatic: int
    decisions: int
    wait: timedelta | None

    @property
    def share(self) -> float:
        """Of a hundred comments so many were removed."""
        return 100 * self.removed / self.posted if self.posted else 0.0


def figures_of(*, spans: Sequence[Span], now: datetime) -> tuple[Figures, ...]:
    """Return the figures of months, each from its first moment to that of the next.

    One query where they are kept. Where nobody kept them lately they are counted now.
    """
    shows(LOG)
    kept = {(row.since, row.until): row for row in _kept(spans) if _is_good(row, now)}
    # Then another month is the present one; and figures that nobody counts any more are old.
    true_until(*(until for _, until in spans))
    true_until(*(row.counted_at + _OLD for row in kept.values() if not _is_final(row)))
    if len(kept) < len(spans):
        # Counted now, with comments that make no page of the log old.
        true_until(now + _COUNTED_NOW)
    return tuple(
        _read(kept[span]) if span in kept else figures(since=span[0], until=span[1])
        for span in spans
    )


def keep_figures(*, spans: Sequence[Span], now: datetime) -> None:
    """Count those of the months that can still change. Done twice, it says the same.

    What is over changes seldom, and is counted once in some hours. Reads outside of a transaction:
    nobody waits for it.
    """
    kept = {(row.since, row.until): row.counted_at for row in _kept(spans)}
    for since, until in spans:
        counted_at = kept.get((since, until))
        if counted_at and until <= now and _is_enough(counted_at, until, now):
            continue
        found = figures(since=since, until=until)
        counted = {
            "posted": found.posted,
            "removed": found.removed,
            "overturned": found.overturned,
            "automatic": found.automatic,
            "decisions": found.decisions,
            "wait_seconds": found.wait.total_seconds() if found.wait is not None else None,
            "counted_at": now,
        }
        MonthOfLog.objects.update_or_create(since=since, until=until, defaults=counted)


def figures(*, since: datetime, until: datetime) -> Figures:
    """Count what was decided between two times. Seven queries, of no more than that time."""
    taken = Decision.objects.filter(at__gte=since, at__lt=until)
    counted = taken.order_by().aggregate(
        all=Count("pk"),
        automatic=Count("pk", filter=Q(by_role=Role.SYSTEM)),
        restored=Count("pk", filter=Q(verb="restore")),
    )
    removed = Moved.objects.filter(
        decision__at__gte=since, decision__at__lt=until, to_state="removed", undone=False
    ).count()
    undone = taken.filter(verb="undo").order_by().values("refers")
    taken_back = Decision.objects.filter(sequence__in=undone, verb__in=REMOVALS).count()
    waited = (
        Moved.objects.filter(
            decision__at__gte=since, decision__at__lt=until, from_held_at__isnull=False
        )
        .order_by("-decision")
        .values_list("from_held_at", "decision__at")[:MOST_WAITS]
    )
    waits = [(at - held).total_seconds() for held, at in waited if held]
    return Figures(
        since=since,
        posted=_posted(since, until),
        removed=removed,
        overturned=taken_back + counted["restored"],
        automatic=counted["automatic"],
        decisions=counted["all"],
        wait=timedelta(seconds=median(waits)) if waits else None,
    )


def _posted(since: datetime, until: datetime) -> int:
    """Count what was written here between two times: by number, from the newest backwards.

    There is no index of all comments by time, which every post would have to write for this.
    """
    written = Comment.objects.filter(origin="").order_by("-pk").values_list("pk", flat=True)
    after = written.filter(created_at__lt=since).first() or 0
    upto = written.filter(created_at__lt=until).first() or 0
    return written.filter(pk__gt=after, pk__lte=upto).order_by().count()


def _is_enough(counted_at: datetime, until: datetime, now: datetime) -> bool:
    return counted_at >= until + _CHANGES or now - counted_at < _AGAIN


def _is_good(row: MonthOfLog, now: datetime) -> bool:
    return _is_final(row) or now - row.counted_at < _OLD


def _is_final(row: MonthOfLog) -> bool:
    return row.counted_at >= row.until + _CHANGES


def _kept(spans: Sequence[Span]) -> list[MonthOfLog]:
    return list(MonthOfLog.objects.filter(since__in=[since for since, _ in spans]))


def _read(row: MonthOfLog) -> Figures:
    return Figures(
        since=row.since,
        posted=row.posted,
        removed=row.removed,
        overturned=row.overturned,
        automatic=row.automatic,
        decisions=row.decisions,
        wait=timedelta(seconds=row.wait_seconds) if row.wait_seconds is not None else None,
    )
