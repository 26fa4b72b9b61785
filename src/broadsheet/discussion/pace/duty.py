"""The rota of moderators, and calling whoever is on duty."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from broadsheet.discussion.models import DutyCall, Heat, HeatCursor, Shift, Thread
from broadsheet.discussion.rules import duty as rules
from broadsheet.discussion.rules import heat
from broadsheet.discussion.rules.deciding import CALENDAR, may_moderate
from broadsheet.discussion.rules.duty import OnDuty
from broadsheet.discussion.threads.operations import UnknownThreadError
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import RefusalError, require

LATELY: Final = 10
# What nobody answered for so long is no call any more.
_OPEN: Final = timedelta(hours=12)


class UnknownShiftError(LookupError):
    """There is no shift, or no call, of this number."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A shift of the rota with its number."""

    id: int
    shift: OnDuty


@dataclass(frozen=True, slots=True)
class Called:
    """A call: about a thread or in general; `by` is "" where its heat called.

    `to` is "" where nobody was on duty. `title` is empty where the story is not public.
    """

    id: int
    thread: int | None
    title: str
    heat: float | None
    at: datetime
    by: str
    to: str
    words: str
    seen_at: datetime | None
    seen_by: str


type Letter = Callable[[Called], None]


def plan_shift(*, actor: Actor, shift: OnDuty, staff: Collection[str], now: datetime) -> int:
    """Put a shift into the rota; `staff` are the ids of those who moderate. Raises RefusalError."""
    require(rules.may_plan(actor=actor, shift=shift, staff=staff))
    weekly = shift.weekday is not None
    row = Shift.objects.create(
        actor_id=shift.who,
        weekday=shift.weekday,
        starts=shift.starts if weekly else None,
        ends=shift.ends if weekly else None,
        begins_at=shift.begins_at,
        ends_at=shift.ends_at,
        added_by=actor.id,
        added_at=now,
    )
    return row.pk


def drop_shift(*, actor: Actor, shift_id: int) -> None:
    """Take a shift out of the rota; nothing happens where it is gone. Raises RefusalError."""
    require(may_moderate(actor=actor))
    Shift.objects.filter(pk=shift_id).delete()


def call_duty(
    *,
    actor: Actor,
    local: datetime,
    now: datetime,
    staff: Collection[str],
    thread_id: int | None = None,
    words: str = "",
    letter: Letter | None = None,
) -> Called:
    """Call whoever is on duty, and write to them by `letter`, in the same transaction.

    `local` is now by the publication's clock. Where nobody is on duty the call stands in the queue
    for whoever comes. Not twice within an hour about the same thread. Raises RefusalError,
    UnknownThreadError.
    """
    said = words.strip()
    with transaction.atomic():
        # One row that all who call wait for.
        HeatCursor.objects.select_for_update().get_or_create(pk=1)
        if thread_id is not None and not Thread.objects.filter(pk=thread_id).exists():
            raise UnknownThreadError(thread_id)
        before = DutyCall.objects.filter(thread=thread_id).order_by("-at")
        called_at = before.values_list("at", flat=True).first()
        require(rules.may_call(actor=actor, words=said, called_at=called_at, now=now))
        there = rules.on_duty([one.shift for one in rota()], local=local, staff=staff)
        hot = Heat.objects.filter(thread=thread_id)
        row = DutyCall.objects.create(
            thread_id=thread_id,
            heat=hot.values_list("heat", flat=True).first() if thread_id else None,
            at=now,
            by="" if actor == CALENDAR else actor.id,
            to=there[0] if there else "",
            words=said,
        )
        hot.update(called_at=now)
        called = _called(row)
        if letter is not None and called.to:
            letter(called)
    return called


def call_for_hot(
    *, local: datetime, now: datetime, staff: Collection[str], letter: Letter | None = None
) -> int:
    """Call about each thread that is hot enough; return how many calls that were."""
    hot = Heat.objects.filter(
        hot_since__isnull=False, heat__gte=heat.CALLS, at__gte=now - heat.STALE
    ).order_by("-heat", "thread")
    calls = 0
    for thread, how, called_at in hot.values_list("thread", "heat", "called_at"):
        if not heat.may_call(heat=how, called_at=called_at, now=now):
            continue
        try:
            call_duty(
                actor=CALENDAR, local=local, now=now, staff=staff, thread_id=thread, letter=letter
            )
        except RefusalError:
            # Somebody called a moment ago.
            continue
        calls += 1
    return calls


def see_call(*, actor: Actor, call_id: int, now: datetime) -> None:
    """Say that one is at what somebody called about; the first who says so counts."""
    require(may_moderate(actor=actor))
    if not DutyCall.objects.filter(pk=call_id).exists():
        raise UnknownShiftError(call_id)
    DutyCall.objects.filter(pk=call_id, seen_at=None).update(seen_at=now, seen_by=actor.id)


def rota() -> tuple[Planned, ...]:
    """Return the shifts: weekly ones by day and time, then those that are once. One query."""
    rows = Shift.objects.order_by("weekday", "starts", "begins_at", "pk")
    planned = [Planned(row.pk, _shift(row)) for row in rows]
    return tuple(sorted(planned, key=lambda one: one.shift.weekday is None))


def calls(*, limit: int = LATELY) -> tuple[Called, ...]:
    """Return the last calls, the newest first. One query."""
    rows = DutyCall.objects.select_related("thread").order_by("-at", "-pk")[:limit]
    return tuple(map(_called, rows))


def open_calls(*, now: datetime, limit: int = LATELY) -> tuple[Called, ...]:
    """Return the calls that nobody has said to be at, the newest first. One query."""
    rows = DutyCall.objects.filter(seen_at=None, at__gte=now - _OPEN).select_related("thread")
    return tuple(map(_called, rows.order_by("-at", "-pk")[:limit]))


def _shift(row: Shift) -> OnDuty:
    return OnDuty(
        who=row.actor_id,
        weekday=row.weekday,
        starts=row.starts or 0,
        ends=row.ends or 0,
        begins_at=row.begins_at,
        ends_at=row.ends_at,
    )


def _called(row: DutyCall) -> Called:
    public = row.thread is not None and row.thread.hidden_at is None
    return Called(
        id=row.pk,
        thread=row.thread_id,
        title=row.thread.title if public and row.thread else "",
        heat=row.heat,
        at=row.at,
        by=row.by,
        to=row.to,
        words=row.words,
        seen_at=row.seen_at,
        seen_by=row.seen_by,
    )
