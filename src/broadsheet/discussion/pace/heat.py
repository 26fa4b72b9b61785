"""Heat of threads: counted by the scheduler from what is new, read where moderators look."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Count, Manager, Max, QuerySet, Sum

from broadsheet.discussion.models import Comment, Heat, HeatCursor, Moved, Report
from broadsheet.discussion.rules import heat as rules
from broadsheet.discussion.rules.heat import KINDS, Sums

# So many events of a kind are counted at once; more are counted in the next minute.
_MOST: Final = 5_000
# And so many rows are looked at: an import brings a million that are no events.
_FAR: Final = 100_000
# What was so long silent is as it always was.
_FORGOTTEN: Final = timedelta(days=7)
_SHOWN: Final = 5
_TOGETHER: Final = 200

type _Event = tuple[int, int, datetime]


@dataclass(frozen=True, slots=True)
class HotThread:
    """A thread that is hot; `title` and `url` of its story are empty where that is not public."""

    thread: int
    title: str
    url: str
    heat: float
    since: datetime
    called_at: datetime | None


def count_heat(*, now: datetime, limit: int = _MOST) -> None:
    """Count what is new in all threads, and see which are hot. Not twice at the same time."""
    with transaction.atomic():
        cursor, _ = HeatCursor.objects.select_for_update().get_or_create(
            pk=1, defaults=_beginning(limit)
        )
        events = {}
        for kind in KINDS:
            events[kind], upto = _new(kind, getattr(cursor, kind), limit)
            setattr(cursor, kind, upto)
        touched = {thread for found in events.values() for _, thread, _ in found}
        rows = _rows(touched, now=now)
        for kind, found in events.items():
            _add(rows, kind, found, now=now)
        _write(rows, _SUMS)
        threads, totals = _totals()
        for row in rows.values():
            _judge(row, threads, totals, now=now)
        _write(rows, ["heat", "hot_since"])
        cursor.save()
        Heat.objects.filter(at__lt=now - _FORGOTTEN, hot_since=None).delete()


def hot_threads(*, now: datetime, limit: int = _SHOWN) -> tuple[HotThread, ...]:
    """Return the threads that are hot, the hottest first. One query, from an index of those."""
    hot = Heat.objects.filter(hot_since__isnull=False, at__gte=now - rules.STALE)
    rows = hot.select_related("thread").order_by("-heat", "thread")
    return tuple(
        HotThread(
            thread=row.thread_id,
            title="" if row.thread.hidden_at else row.thread.title,
            url="" if row.thread.hidden_at else row.thread.url,
            heat=row.heat,
            since=row.hot_since or row.at,
            called_at=row.called_at,
        )
        for row in rows[:limit]
    )


def _beginning(limit: int) -> dict[str, int]:
    """Return where counting begins: a while back, whatever was before has faded."""
    return {kind: max(0, _last(kind) - limit) for kind in KINDS}


_TABLES: Final[dict[str, Manager[Any]]] = {
    "comments": Comment.objects,
    "reports": Report.objects,
    "removals": Moved.objects,
}


def _last(kind: str) -> int:
    return _TABLES[kind].aggregate(last=Max("pk"))["last"] or 0


def _new(kind: str, after: int, limit: int) -> tuple[list[_Event], int]:
    """Return the first events after a number, in order: number, thread, when; and how far it is.

    That is the last event where there are more; else the last row that was looked at, so that
    nobody looks through a million of them twice.
    """
    upto = min(_last(kind), after + _FAR)
    found = list(_events(kind, after, upto)[:limit])
    return found, found[-1][0] if len(found) == limit else max(after, upto)


def _events(kind: str, after: int, upto: int) -> QuerySet[Any, _Event]:
    if kind == "comments":
        written = Comment.objects.filter(pk__gt=after, pk__lte=upto, origin="").order_by("pk")
        return written.values_list("pk", "thread", "created_at")
    if kind == "reports":
        reported = Report.objects.filter(pk__gt=after, pk__lte=upto).order_by("pk")
        return reported.values_list("pk", "comment__thread", "reported_at")
    rows = Moved.objects.filter(pk__gt=after, pk__lte=upto).order_by("pk")
    moved = rows.filter(to_state=Comment.State.REMOVED)
    # All of a raid or a branch is one thing that somebody did.
    alone = moved.exclude(decision__verb__in=["remove_raid", "undo"])
    return alone.values_list("pk", "comment__thread", "decision__at")


def _rows(touched: Iterable[int], *, now: datetime) -> dict[int, Heat]:
    """Return the rows of threads in which something happened, and of those that are hot, faded."""
    known = set(Heat.objects.filter(thread__in=touched).values_list("thread", flat=True))
    made = [Heat(thread_id=thread, at=now) for thread in sorted(set(touched) - known)]
    Heat.objects.bulk_create(made, batch_size=_TOGETHER)
    wanted = Heat.objects.filter(thread__in=touched) | Heat.objects.filter(hot_since__isnull=False)
    rows = {row.thread_id: row for row in wanted.select_related("thread")}
    for row in rows.values():
        for kind in KINDS:
            _set(row, kind, _sums(row, kind).faded(now - row.at))
        row.at = now
    return rows


def _write(rows: dict[int, Heat], fields: list[str]) -> None:
    """Write these fields of rows that are there: `bulk_update` takes ten times as long."""
    Heat.objects.bulk_create(
        rows.values(),
        batch_size=_TOGETHER,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=fields,
    )


def _add(rows: dict[int, Heat], kind: str, events: Iterable[_Event], *, now: datetime) -> None:
    for _, thread, happened in events:
        row = rows[thread]
        _set(row, kind, _sums(row, kind).plus(age=now - happened))


def _totals() -> tuple[int, dict[str, float]]:
    """Return how many threads are kept, and the totals of their sums over a day."""
    sums = {kind: Sum(f"{kind}_normally") for kind in KINDS}
    there = Heat.objects.aggregate(threads=Count("pk"), **sums)
    return there["threads"], {kind: there[kind] or 0.0 for kind in KINDS}


def _judge(row: Heat, threads: int, totals: dict[str, float], *, now: datetime) -> None:
    sums = {kind: _sums(row, kind) for kind in KINDS}
    # What is usual in the others: a small site has few, and one burst is most of what there is.
    others = max(1, threads - 1)
    usual = {kind: max(0.0, totals[kind] - sums[kind].normally) / others for kind in KINDS}
    row.heat = rules.heat_of(sums=sums, usual=usual, age=now - row.thread.opened_at)
    hot = rules.is_hot(heat=row.heat, was_hot=row.hot_since is not None)
    row.hot_since = (row.hot_since or now) if hot else None


def _sums(row: Heat, kind: str) -> Sums:
    return Sums(getattr(row, f"{kind}_lately"), getattr(row, f"{kind}_normally"))


def _set(row: Heat, kind: str, sums: Sums) -> None:
    setattr(row, f"{kind}_lately", sums.lately)
    setattr(row, f"{kind}_normally", sums.normally)


_SUMS: Final = ["at", *(f"{kind}_{tau}" for kind in KINDS for tau in ("lately", "normally"))]
