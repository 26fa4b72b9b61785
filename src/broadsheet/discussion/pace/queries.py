"""What is on at present, where, and what was turned on and off lately."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Final

from broadsheet.discussion.models import Decision, Sweep, Switch
from broadsheet.discussion.pace.switching import SWITCHING, Scope
from broadsheet.discussion.rules.undoing import UNDO_DAYS

MOST: Final = 100
LATELY: Final = 20


@dataclass(frozen=True, slots=True)
class Running:
    """What is on: `seconds` of a slow mode, `since` of a raid, `until` if it ends by itself.

    `title` and `url` are of the story, empty for the whole site and where it is not public.
    """

    kind: str
    thread: int | None
    comment: int | None
    title: str
    url: str
    seconds: int
    since: datetime
    until: datetime | None
    at: datetime
    reason: str
    sequence: int


@dataclass(frozen=True, slots=True)
class Turned:
    """A decision that turned something on or off; `undoable` by whoever moderates."""

    sequence: int
    verb: str
    automatic: bool
    at: datetime
    reason: str
    thread: int | None
    comment: int | None
    title: str
    undoable: bool


@dataclass(frozen=True, slots=True)
class Raid:
    """A raid mode that is on, or was; `title` as of `Running`."""

    id: int
    thread: int | None
    comment: None
    title: str
    since: datetime
    until: datetime
    ended_at: datetime | None
    reason: str
    sweeps: tuple["Swept", ...]

    @property
    def busy(self) -> bool:
        """Say whether it is being undone at this moment."""
        return any(one.done_at is None for one in self.sweeps)


@dataclass(frozen=True, slots=True)
class Swept:
    """An undoing of a raid: so many comments were moved, and so many left to somebody else.

    `taken_back`: it was undone in turn, and the counts are those of that.
    """

    sequence: int
    verb: str
    at: datetime
    moved: int
    left: int
    done_at: datetime | None
    taken_back: bool
    undoable: bool


def raids(*, now: datetime, limit: int = LATELY) -> tuple[Raid, ...]:
    """Return the raid modes there were, the last first. Two queries."""
    rows = Switch.objects.filter(kind=Switch.Kind.RAID).order_by("-pk")
    found = list(rows.select_related("thread", "decision__reason")[:limit])
    sweeps: dict[int, list[Swept]] = {}
    for sweep in (
        Sweep.objects.filter(raid__in=found).select_related("decision").order_by("-pk").iterator()
    ):
        at = sweep.decision.at
        back = sweep.taken_back_id is not None
        swept = Swept(
            sequence=sweep.decision.sequence,
            verb=sweep.decision.verb,
            at=at,
            moved=sweep.moved,
            left=sweep.left,
            done_at=sweep.done_at,
            taken_back=back,
            undoable=not back and now - at <= timedelta(days=UNDO_DAYS),
        )
        sweeps.setdefault(sweep.raid_id, []).append(swept)
    return tuple(_raid(one, tuple(sweeps.get(one.pk, ()))) for one in found)


def _raid(row: Switch, sweeps: tuple[Swept, ...]) -> Raid:
    hidden = row.thread is None or row.thread.hidden_at is not None
    reason = getattr(row.decision, "reason", None)
    return Raid(
        id=row.pk,
        thread=row.thread_id,
        comment=None,
        title="" if hidden or row.thread is None else row.thread.title,
        since=row.since,
        until=row.until or row.since,
        ended_at=row.ended_at,
        reason=reason.text if reason else "",
        sweeps=sweeps,
    )


def running(*, scope: Scope | None = None, limit: int = MOST) -> tuple[Running, ...]:
    """Return what is on, the newest first; of one scope alone, if it is given. One query."""
    rows = Switch.objects.filter(ended_at=None)
    if scope is not None:
        rows = rows.filter(thread=scope.thread, comment=scope.comment)
    columns = (
        *("kind", "thread", "comment", "thread__title", "thread__url", "thread__hidden_at"),
        *("seconds", "since", "until", "decision__at", "decision__reason__text"),
        "decision__sequence",
    )
    return tuple(
        Running(
            kind=row["kind"],
            thread=row["thread"],
            comment=row["comment"],
            title="" if row["thread__hidden_at"] else row["thread__title"] or "",
            url="" if row["thread__hidden_at"] else row["thread__url"] or "",
            seconds=row["seconds"],
            since=row["since"],
            until=row["until"],
            at=row["decision__at"],
            reason=row["decision__reason__text"] or "",
            sequence=row["decision__sequence"],
        )
        for row in rows.order_by("-pk").values(*columns)[:limit]
    )


def turned_lately(
    *, now: datetime, scope: Scope | None = None, limit: int = LATELY
) -> tuple[Turned, ...]:
    """Return what was turned on and off, the last first; perhaps of one scope.

    Two queries; four without a scope, none of which walks the decisions about comments.
    """
    rows = Decision.objects.filter(SWITCHING)
    if scope is not None:
        rows = rows.filter(thread=scope.thread, comment=scope.comment)
    else:
        wider = rows.filter(comment=None).order_by("-sequence").values_list("pk", flat=True)
        branches = Switch.objects.filter(comment__isnull=False).order_by("-pk")
        of_branches = branches.values_list("decision", "ended_by")[:limit]
        rows = rows.filter(pk__in={*wider[:limit], *chain.from_iterable(of_branches)} - {None})
    columns = (
        *("sequence", "verb", "by_role", "at", "reason__text", "thread", "comment"),
        *("thread__title", "thread__hidden_at"),
    )
    found = list(rows.order_by("-sequence").values(*columns)[:limit])
    undone = set(
        Decision.objects.filter(
            verb="undo", refers__in=[row["sequence"] for row in found]
        ).values_list("refers", flat=True)
    )
    return tuple(
        Turned(
            sequence=row["sequence"],
            verb=row["verb"],
            automatic=row["by_role"] == "system",
            at=row["at"],
            reason=row["reason__text"] or "",
            thread=row["thread"],
            comment=row["comment"],
            title="" if row["thread__hidden_at"] else row["thread__title"] or "",
            undoable=row["by_role"] != "system"
            and row["sequence"] not in undone
            and now - row["at"] <= timedelta(days=UNDO_DAYS),
        )
        for row in found
    )
