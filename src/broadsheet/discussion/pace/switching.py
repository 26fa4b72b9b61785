"""Turning a slow mode, a closing or a raid mode on and off: of the site, a thread or a branch."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from broadsheet.discussion import chain
from broadsheet.discussion.models import Comment, Decision, SiteState, Switch, Thread
from broadsheet.discussion.rules import pacing
from broadsheet.discussion.rules.deciding import CALENDAR
from broadsheet.discussion.threads.operations import (
    UnknownCommentError,
    lock_thread,
    lock_thread_of,
)
from broadsheet.kit.actor import Actor
from broadsheet.kit.chain import Scalar
from broadsheet.kit.verdict import RefusalError, Refused, require

_BATCH: Final = 500
PUBLISHED: Final = Comment.State.PUBLISHED
_KINDS: Final = {verb: kind for kind, verb in pacing.TURNS_ON.items()}
_ENDS: Final = {verb: kind for kind, verb in pacing.TURNS_OFF.items()}
VERBS: Final = frozenset({*_KINDS, *_ENDS})
# Decisions that did so.
SWITCHING: Final = Q(verb__in=VERBS)


# Comments that have a number already, and are there a moment after the raid has ended.
_ON_THEIR_WAY: Final = 1_000


@dataclass(frozen=True, slots=True)
class Scope:
    """Where: below a comment, in a thread, or with neither on the whole site."""

    thread: int | None = None
    comment: int | None = None


@dataclass(frozen=True, slots=True)
class _Place:
    """A scope whose row is locked, or that of the site."""

    thread: Thread | None
    comment: Comment | None

    @property
    def switches(self) -> QuerySet[Switch]:
        return Switch.objects.filter(thread=self.thread, comment=self.comment)

    @property
    def is_closed_by_story(self) -> bool:
        """Say whether the setting of a story closes it, which is no decision. One query at most."""
        own = self.thread if self.comment is None else None
        closed = own is not None and own.closed_at is not None
        return closed and not self.switches.filter(kind=pacing.CLOSED, ended_at=None).exists()


def turn_on(
    *,
    actor: Actor,
    scope: Scope,
    kind: str,
    now: datetime,
    seconds: int = 0,
    since: datetime | None = None,
    until: datetime | None = None,
    reason: str = "",
) -> int:
    """Turn a slow mode, a closing or a raid mode on, in place of one that is; return the decision.

    `seconds` lie between two comments in a slow mode; a raid was `since` then; without `until` it
    holds until somebody turns it off, what a raid mode cannot. `reason` is free words: for readers
    where something is closed. Raises RefusalError, UnknownThreadError, UnknownCommentError.
    """
    words = reason.strip()
    slow = seconds if kind == pacing.SLOW else 0
    begun = since or now
    require(
        pacing.may_turn(
            actor=actor, kind=kind, seconds=slow, since=begun, until=until, reason=words, now=now
        )
    )
    if kind == pacing.RAID and scope.comment is not None:
        raise RefusalError(Refused("unknown_verb"))
    with transaction.atomic():
        place = _locked(scope)
        if kind == pacing.CLOSED and place.is_closed_by_story:
            # It would open when this is over or undone, whatever the story says.
            raise RefusalError(Refused("closed"))
        if kind == pacing.CLOSED and place.comment is not None:
            require(pacing.may_close_branch(public=place.comment.state == PUBLISHED))
        decision = chain.append(
            thread=place.thread,
            comment=place.comment,
            verb=pacing.TURNS_ON[kind],
            actor=actor,
            now=now,
            reason=words,
            facts=_facts(seconds=slow, since=begun, until=until, now=now),
        )
        _end(place, kind, by=decision, now=now)
        Switch.objects.create(
            kind=kind,
            thread=place.thread,
            comment=place.comment,
            seconds=slow,
            since=begun,
            until=until,
            after=_last_before(begun) if kind == pacing.RAID else 0,
            decision=decision,
        )
        _write(place, kind, actor=actor)
    return decision.sequence


def turn_off(*, actor: Actor, scope: Scope, kind: str, now: datetime, reason: str = "") -> int:
    """Turn off what is on there; return the decision, 0 where nothing was on. Raises as `turn_on`.

    A part of the system turns off what is over.
    """
    words = reason.strip()
    if actor != CALENDAR:
        require(pacing.may_turn_off(actor=actor, reason=words))
    with transaction.atomic():
        place = _locked(scope)
        on = place.switches.filter(kind=kind, ended_at=None).first()
        if not _is_to_end(place, kind, on, actor=actor, now=now):
            return 0
        decision = chain.append(
            thread=place.thread,
            comment=place.comment,
            verb=pacing.TURNS_OFF[kind],
            rule=pacing.TIME_OVER if actor == CALENDAR else "",
            actor=actor,
            now=now,
            reason=words,
        )
        _end(place, kind, by=decision, now=now)
        _write(place, kind, actor=actor)
    return decision.sequence


def turn_off_due(*, now: datetime, limit: int = _BATCH) -> int:
    """Turn off what is over, by a decision of the calendar each; return how many.

    Posts compare with the time themselves: this is for what pages say. Done twice, it changes
    nothing.
    """
    due = Switch.objects.filter(ended_at=None, until__lte=now).order_by("until", "pk")
    rows = list(due.values_list("kind", "thread", "comment")[:limit])
    for kind, thread, comment in rows:
        turn_off(actor=CALENDAR, scope=Scope(thread, comment), kind=kind, now=now)
    return len(rows)


def take_back(*, undone: Decision, by: Decision, actor: Actor, now: datetime) -> None:
    """Let hold again what held before a decision turned something on or off.

    The caller has appended `by`, and holds the locks. Raises RefusalError where more was decided
    there since, or the time of what would hold again is over.
    """
    kind = _KINDS.get(undone.verb) or _ENDS[undone.verb]
    place = _Place(undone.thread, undone.comment)
    on = place.switches.filter(kind=kind, ended_at=None).first()
    before = place.switches.filter(kind=kind, ended_by=undone).first()
    over = before is not None and before.until is not None and before.until <= now
    turned_on = undone.verb in _KINDS
    if (turned_on and (on is None or on.decision_id != undone.pk)) or (
        not turned_on and (on is not None or before is None or over)
    ):
        raise RefusalError(Refused("decided_since"))
    if on is not None:
        _end(place, kind, by=by, now=now)
    if before is not None and not over:
        Switch.objects.filter(pk=before.pk).update(ended_at=None, ended_by=None, last=None)
    _write(place, kind, actor=actor)


def lock_site() -> SiteState:
    """Return the state of the site, with its row locked until the transaction ends."""
    state, _ = SiteState.objects.select_for_update().get_or_create(pk=1)
    return state


def _is_to_end(place: _Place, kind: str, on: Switch | None, *, actor: Actor, now: datetime) -> bool:
    if actor == CALENDAR:
        return on is not None and on.until is not None and on.until <= now
    # A story's own setting closes without a decision.
    row = place.comment or place.thread
    closed = row is not None and row.closed_at is not None
    return on is not None or (kind == pacing.CLOSED and closed)


def _locked(scope: Scope) -> _Place:
    if scope.comment is not None:
        thread = lock_thread_of(scope.comment)
        comment = Comment.objects.defer("source", "html").get(pk=scope.comment)
        if scope.thread not in {None, thread.pk}:
            raise UnknownCommentError(scope.comment)
        return _Place(thread, comment)
    if scope.thread is not None:
        return _Place(lock_thread(scope.thread), None)
    lock_site()
    return _Place(None, None)


def _end(place: _Place, kind: str, *, by: Decision, now: datetime) -> None:
    """End what is on there. What is written after a raid is not looked through for it."""
    last = newest_comment() + _ON_THEIR_WAY if kind == pacing.RAID else None
    on = place.switches.filter(kind=kind, ended_at=None)
    on.update(ended_at=now, ended_by=by, last=last)


def newest_comment() -> int:
    """Return the number of the newest comment, 0 where there is none."""
    return Comment.objects.aggregate(last=Max("pk"))["last"] or 0


def _write(place: _Place, kind: str, *, actor: Actor) -> None:
    """Bring the columns that posts read up to date with what is on."""
    on = place.switches.filter(kind=kind, ended_at=None).first()
    if place.comment is not None:
        _write_branch(place, on if kind == pacing.CLOSED else None, kind)
        return
    row = place.thread or lock_site()
    if kind == pacing.SLOW:
        row.slow_seconds, row.slow_until = (on.seconds, on.until) if on else (0, None)
        fields = ["slow_seconds", "slow_until"]
    elif kind == pacing.RAID:
        row.raid_since, row.raid_until = (on.since, on.until) if on else (None, None)
        fields = ["raid_since", "raid_until"]
    else:
        row.closed_at, row.closed_until = (on.since, on.until) if on else (None, None)
        fields = ["closed_at", "closed_until"]
        if isinstance(row, Thread):
            row.closed_by = actor.id if on else ""
            fields.append("closed_by")
    if isinstance(row, Thread):
        row.events += 1
        fields.append("events")
    row.save(update_fields=fields)


def _write_branch(place: _Place, closed: Switch | None, kind: str) -> None:
    thread, comment = place.thread, place.comment
    if thread is None or comment is None:
        raise RuntimeError("a branch has a thread")
    thread.events += 1
    comment.changed = thread.events
    if kind == pacing.CLOSED:
        comment.closed_at, comment.closed_until = (
            (closed.since, closed.until) if closed else (None, None)
        )
        comment.save(update_fields=["changed", "closed_at", "closed_until"])
        thread.save(update_fields=["events"])
        return
    slow = Switch.objects.filter(
        kind=pacing.SLOW, thread=thread, comment__isnull=False, ended_at=None
    )
    thread.slow_branches = slow.count()
    comment.save(update_fields=["changed"])
    thread.save(update_fields=["slow_branches", "events"])


def _last_before(moment: datetime) -> int:
    """Return the number of the last comment written here before then: one look at each since."""
    written = Comment.objects.filter(origin="", created_at__lt=moment).order_by("-pk")
    return written.values_list("pk", flat=True).first() or 0


def _facts(
    *, seconds: int, since: datetime, until: datetime | None, now: datetime
) -> dict[str, Scalar]:
    facts: dict[str, Scalar] = {}
    if seconds:
        facts["seconds"] = seconds
    if since != now:
        facts["since"] = since.isoformat()
    if until is not None:
        facts["until"] = until.isoformat()
    return facts


def lasting(*, minutes: int, now: datetime) -> datetime | None:
    """Return when something ends that lasts so many minutes; None for 0, which is without end."""
    return now + timedelta(minutes=minutes) if minutes else None
