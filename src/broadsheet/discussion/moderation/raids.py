"""Undoing a raid: all that newcomers wrote in its time removed, or what is held published.

One decision, carried out in batches: each locks one thread for a moment, and after a crash the rest
is done by whoever asks next. Nothing is done twice.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Final

from django.db import transaction
from django.db.models import F, QuerySet

from broadsheet.discussion import chain
from broadsheet.discussion.comments.states import move
from broadsheet.discussion.house.queries import current_rules, rules_of_version
from broadsheet.discussion.models import Comment, Decision, Moved, Sweep, Switch, Thread
from broadsheet.discussion.moderation.concerns import concerns
from broadsheet.discussion.moderation.moves import (
    Standing,
    in_force,
    move_all,
    remember,
    standing_before,
    standing_of,
)
from broadsheet.discussion.moderation.newcomers import written_in
from broadsheet.discussion.pace.switching import lock_site, newest_comment
from broadsheet.discussion.reports.operations import reopen, settle
from broadsheet.discussion.rules import concerning, pacing, undoing
from broadsheet.discussion.rules.citing import cite
from broadsheet.discussion.rules.posting import RAID
from broadsheet.discussion.threads.operations import lock_thread
from broadsheet.kit.actor import Actor, Role
from broadsheet.kit.verdict import RefusalError, Refused, require

_BATCH: Final = 200
PUBLISHED: Final = Comment.State.PUBLISHED
HELD: Final = Comment.State.HELD


class UnknownRaidError(LookupError):
    """There was no raid of this number."""


def undo_raid(
    *,
    actor: Actor,
    raid_id: int,
    verb: str,
    now: datetime,
    rule: str = "",
    reason: str = "",
    alone: bool = False,
) -> int:
    """Decide about all that newcomers wrote in a raid; return the number of the sweep.

    "remove" takes what is held and what is published, under a rule of the house; "publish" lets
    what is held through. What a person decided about already stays, and what concerns the actor is
    left to somebody else. The sweep is carried out by `sweep`. Raises RefusalError,
    UnknownRaidError.
    """
    words = reason.strip()
    book = current_rules()
    require(pacing.may_undo_raid(actor=actor, verb=verb, rule=rule, reason=words, rules=book.keys))
    with transaction.atomic():
        raid = Switch.objects.filter(kind=pacing.RAID, pk=raid_id).first()
        if raid is None:
            raise UnknownRaidError(raid_id)
        thread = _lock(raid)
        if raid.sweeps.filter(done_at=None).exists():
            raise RefusalError(Refused("raid_busy"))
        decision = chain.append(
            thread=thread,
            verb=f"{verb}_raid",
            rule=rule if verb == "remove" else "",
            actor=actor,
            now=now,
            reason=words,
            facts={"raid": raid.decision.sequence},
            book=book,
        )
        sweep = Sweep.objects.create(
            raid=raid, decision=decision, cursor=raid.after, last=newest_comment(), alone=alone
        )
    return sweep.pk


def sweep(*, sweep_id: int, now: datetime, limit: int = _BATCH) -> bool:
    """Carry out one batch of a sweep; say whether more is left.

    Needs no transaction around it: each thread of the batch has one of its own.
    """
    # As one transaction: in a database in memory nobody reads a table that another one writes.
    with transaction.atomic():
        found = Sweep.objects.select_related("raid", "decision", "taken_back").get(pk=sweep_id)
        if found.done_at is not None:
            return False
        batch = _batch(found, limit)
    does = _move if found.taken_back is None else _take_back
    left = 0
    for thread, numbers in groupby(sorted(batch, key=itemgetter(1, 0)), key=itemgetter(1)):
        those = [number for number, _ in numbers]
        left += does(found, thread_id=thread, numbers=those, now=now)
    _go_on(found, batch, left=left, done=len(batch) < limit, now=now)
    return len(batch) == limit


def sweep_open(*, now: datetime) -> int:
    """Carry out all sweeps that are open, batch by batch; return how many there were."""
    numbers = list(Sweep.objects.filter(done_at=None).order_by("pk").values_list("pk", flat=True))
    for number in numbers:
        while sweep(sweep_id=number, now=now):
            pass
    return len(numbers)


def is_sweep(*, sequence: int) -> bool:
    """Say whether decision `sequence` undid a raid. One query."""
    return Sweep.objects.filter(decision__sequence=sequence).exists()


def take_back_sweep(
    *, actor: Actor, sequence: int, reason: str, now: datetime, alone: bool = False
) -> int:
    """Begin to give back what was before a sweep; return the undoing's number in the chain.

    What was decided about since stays. The actor may moderate. Raises RefusalError.
    """
    with transaction.atomic():
        raid = Sweep.objects.select_related("raid").get(decision__sequence=sequence).raid
        thread = _lock(raid)
        found = Sweep.objects.select_related("decision").get(decision__sequence=sequence)
        require(
            undoing.may_undo(
                verb=found.decision.verb,
                by_system=found.decision.by_role == Role.SYSTEM,
                at=found.decision.at,
                undone=found.taken_back_id is not None,
                reason=reason,
                now=now,
                switched=True,
            )
        )
        decision = chain.append(
            thread=thread,
            verb="undo",
            rule=undoing.reference(sequence),
            actor=actor,
            now=now,
            reason=reason,
        )
        Sweep.objects.filter(pk=found.pk).update(
            taken_back=decision, done_at=None, cursor=0, moved=0, left=0, alone=alone
        )
    return decision.sequence


def _lock(raid: Switch) -> Thread | None:
    if raid.thread_id:
        return lock_thread(raid.thread_id)
    lock_site()
    return None


def _batch(found: Sweep, limit: int) -> list[tuple[int, int]]:
    """Return the next comments of a sweep, each with its thread."""
    if found.taken_back is None:
        return list(_to_move(found).values_list("pk", "thread")[:limit])
    return list(_to_take_back(found).values_list("comment", "comment__thread")[:limit])


def _to_move(found: Sweep) -> QuerySet[Comment]:
    rows = written_in(found.raid, now=found.decision.at)
    if found.decision.verb == "publish_raid":
        rows = rows.filter(state=HELD, rule=RAID)
    return rows.filter(pk__gt=found.cursor, pk__lte=found.last).order_by("pk")


def _to_take_back(found: Sweep) -> QuerySet[Moved]:
    rows = Moved.objects.filter(decision=found.decision, undone=False)
    return rows.filter(comment__gt=found.cursor).order_by("comment")


def _go_on(
    found: Sweep, batch: Sequence[tuple[int, int]], *, left: int, done: bool, now: datetime
) -> None:
    # Somebody else may be at the same batch: it counts once.
    same = Sweep.objects.filter(pk=found.pk, cursor=found.cursor, taken_back=found.taken_back)
    cursor = max((number for number, _ in batch), default=found.cursor)
    same.update(cursor=cursor, left=F("left") + left, done_at=now if done else None)


def _is_still(found: Sweep) -> bool:
    """Lock the row of a sweep, and say whether nobody turned it round meanwhile."""
    row = Sweep.objects.select_for_update().filter(pk=found.pk).only("taken_back", "done_at").get()
    return row.taken_back_id == found.taken_back_id and row.done_at is None


def _judged(found: Sweep, by: Decision, numbers: Iterable[int]) -> set[int]:
    """Return those that whoever decided may judge: not what concerns them."""
    actor = Actor(id=by.actor_id, roles=frozenset({Role(by.by_role)}))
    ways = concerns(actor=actor, numbers=list(numbers))
    return {
        number
        for number in numbers
        if concerning.may_judge(actor=actor, concern=ways.get(number, ""), alone=found.alone)
    }


def _move(found: Sweep, *, thread_id: int, numbers: list[int], now: datetime) -> int:
    """Bring comments of one thread to where the sweep leads; return how many were left."""
    decision = found.decision
    with transaction.atomic():
        thread = lock_thread(thread_id)
        if not _is_still(found):
            return 0
        rows = _to_move(found).filter(pk__in=numbers).select_related("author")
        those = list(rows.defer("source", "html"))
        judged = _judged(found, decision, [one.pk for one in those])
        comments = [one for one in those if one.pk in judged]
        if comments:
            before = {one.pk: (one.author_id, standing_of(one)) for one in comments}
            if decision.verb == "publish_raid":
                for one in comments:
                    move(thread=thread, comment=one, state=PUBLISHED, rule="", now=now,
                         may_be_quoted=one.published_at is not None)  # fmt: skip
                state: str = PUBLISHED
            else:
                removed = Standing(Comment.State.REMOVED, decision.rule, cited=_cited(decision))
                move_all(thread=thread, comments=comments, to=dict.fromkeys(before, removed))
                state = removed.state
            remember(decision=decision, before=before, to=dict.fromkeys(before, state))
            upheld = state != PUBLISHED
            settle(list(before), decision=decision, upheld=upheld, now=now)
            Sweep.objects.filter(pk=found.pk).update(moved=F("moved") + len(comments))
    return len(those) - len(comments)


def _cited(decision: Decision) -> str:
    book = rules_of_version(version=decision.rules) if decision.rules else None
    return cite(entry=decision.sequence, rule=decision.rule, book=book)


def _take_back(found: Sweep, *, thread_id: int, numbers: list[int], now: datetime) -> int:  # noqa: ARG001 - as _move
    """Give comments of one thread back what they had; return how many were left."""
    decision, by = found.decision, found.taken_back
    if by is None:
        raise RuntimeError("nobody took this sweep back")
    with transaction.atomic():
        thread = lock_thread(thread_id)
        if not _is_still(found):
            return 0
        rows = in_force(decision, among=numbers)
        judged = _judged(found, by, [row.comment_id for row in rows])
        rows = [row for row in rows if row.comment_id in judged]
        before = {row.comment_id: (row.author_id, standing_of(row.comment)) for row in rows}
        to = {row.comment_id: standing_before(row) for row in rows}
        move_all(thread=thread, comments=[row.comment for row in rows], to=to)
        remember(decision=by, before=before, to={one: stood.state for one, stood in to.items()})
        Moved.objects.filter(pk__in=[row.pk for row in rows]).update(undone=True)
        reopen(list(before), decision=decision)
        Sweep.objects.filter(pk=found.pk).update(moved=F("moved") + len(rows))
    return len(numbers) - len(rows)
