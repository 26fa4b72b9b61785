"""Letting somebody post, write and vote, or refusing it for what holds for them.

Inside the caller's transaction.
"""

from collections.abc import Collection
from datetime import datetime

from broadsheet.discussion.models import Comment, Sanction
from broadsheet.discussion.rules import sanctioning
from broadsheet.discussion.rules.sanctioning import Limit
from broadsheet.discussion.sanctions.in_force import Reached, in_force, reached
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import require


def let_post(
    *, limits: Collection[Limit], actor: Actor, thread: int, warning: int | None, now: datetime
) -> None:
    """Refuse a post that one of `limits` forbids; `warning` was read. No query without limits."""
    if not limits:
        return
    last = _last_post(actor.id) if sanctioning.needs_last(limits=limits) else None
    require(sanctioning.may_post_in(limits=limits, thread=thread, read=warning, last=last, now=now))
    if any(one.number == warning for one in limits):
        mark_read(number=warning or 0, now=now)


def let_write(*, actor: Actor, thread: int, now: datetime) -> tuple[Limit, ...]:
    """Refuse a change that a limit forbids, and return what holds. One query."""
    if actor.is_staff:
        return ()
    limits = in_force(reaches=reached(actor=actor), now=now)
    require(sanctioning.may_write_in(limits=limits, thread=thread))
    return limits


def let_vote(*, actor: Actor, reaches: Reached, now: datetime) -> None:
    """Refuse a vote of somebody for whom something holds, if it is that. One query."""
    if not actor.is_staff:
        require(sanctioning.may_take_part(limits=in_force(reaches=reaches, now=now)))


def mark_read(*, number: int, now: datetime) -> bool:
    """Write down that a warning was read, and has ended by that; False if it has already."""
    warnings = Sanction.objects.filter(pk=number, kind=sanctioning.WARN, ended_at=None)
    return bool(warnings.update(read_at=now, ended_at=now))


def _last_post(owner: str) -> datetime | None:
    """Return when somebody posted last, under any name."""
    wrote = Comment.objects.filter(author__owner=owner).order_by("-pk")
    return wrote.values_list("created_at", flat=True).first()
