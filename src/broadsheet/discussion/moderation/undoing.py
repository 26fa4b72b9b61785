"""Undoing a decision: what it did to each comment is taken back, unless more has happened since."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from typing import Final

from django.db import transaction

from broadsheet.discussion import chain
from broadsheet.discussion.appeals.operations import settle_appeals, settle_limit_appeals
from broadsheet.discussion.models import Appeal, Comment, Decision, Moved, Thread
from broadsheet.discussion.moderation.concerns import require_no_concern
from broadsheet.discussion.moderation.limits import take_back
from broadsheet.discussion.moderation.moves import (
    in_force,
    move_all,
    remember,
    standing_before,
    standing_of,
)
from broadsheet.discussion.moderation.raids import is_sweep, take_back_sweep
from broadsheet.discussion.moderation.second_looks import take_answer_back
from broadsheet.discussion.moderation.unswitching import switched, undo_switch
from broadsheet.discussion.reports.operations import reopen, settle_reports
from broadsheet.discussion.rules import deciding, undoing
from broadsheet.discussion.rules.assistant.standing import ASSISTANT
from broadsheet.discussion.rules.undoing import OF_PERSON, STILL
from broadsheet.discussion.sanctions.in_force import standing
from broadsheet.discussion.threads.operations import lock_thread
from broadsheet.kit.actor import Actor, Role
from broadsheet.kit.verdict import RefusalError, Refused, require

_TOGETHER: Final = 500
# Decisions that answered somebody, and nothing else.
_ANSWERING: Final = frozenset({"dismiss", "uphold"})


# In place of the verb, of what is no decision about one comment.
SWITCHED: Final = "switched"
SWEPT: Final = "swept"


class UnknownDecisionError(LookupError):
    """No decision that can be looked at has this number."""


@dataclass(frozen=True, slots=True)
class Undone:
    """`sequence` is the undoing's own number, `number` the comment that it was about.

    `comments` came back to what they were; `left` did not, for more was decided about them since.
    """

    sequence: int
    number: int
    verb: str
    comments: int
    left: int = 0


def undo_decision(
    *, actor: Actor, sequence: int, now: datetime, reason: str = "", alone: bool = False
) -> Undone:
    """Take back what a decision did, and write down who did so.

    Each comment that it moved gets the state, the rule and the time of waiting that it had, and
    reports that it answered are open again. What somebody moved since stays as it is; where that
    is all there was, it is refused. What turned something on or off is undone where it still holds
    (unswitching). Raises RefusalError, UnknownDecisionError.
    """
    require(deciding.may_moderate(actor=actor))
    words = reason.strip()
    if switched(sequence=sequence):
        decision = undo_switch(actor=actor, sequence=sequence, reason=words, now=now)
        return Undone(decision.sequence, decision.comment_id or 0, SWITCHED, 0)
    if is_sweep(sequence=sequence):
        number = take_back_sweep(actor=actor, sequence=sequence, reason=words, now=now, alone=alone)
        return Undone(number, 0, SWEPT, 0)
    with transaction.atomic():
        undone, thread = _locked(sequence)
        number = undone.comment_id or 0
        require(
            undoing.may_undo(
                verb=undone.verb,
                by_system=undone.by_role == Role.SYSTEM and undone.actor_id != ASSISTANT.id,
                at=undone.at,
                undone=is_undone(undone),
                reason=words,
                now=now,
            )
        )
        rows = in_force(undone)
        own = _own(rows, actor, besides=number)
        judged = {number, *(row.comment_id for row in rows)} - own
        require_no_concern(actor=actor, numbers=judged, alone=alone)
        moves = undone.verb not in STILL
        moved = Moved.objects.filter(decision=undone).count() if moves else 0
        if moved and not rows:
            raise RefusalError(Refused("decided_since"))
        _require_same_words(rows)
        before = {row.comment_id: (row.author_id, standing_of(row.comment)) for row in rows}
        to = {row.comment_id: standing_before(row) for row in rows}
        move_all(thread=thread, comments=[row.comment for row in rows], to=to)
        if undone.verb in _ANSWERING and undone.comment is not None:
            _require_standing(undone, undone.comment, now=now)
            take_answer_back(thread=thread, comment=undone.comment, by=undone)
        if not moves:
            Moved.objects.filter(decision=undone).update(undone=True)
        if undone.verb in OF_PERSON:
            take_back(decision=undone, now=now)
        decision = chain.append(
            thread=thread,
            comment=undone.comment,
            verb="undo",
            rule=undoing.reference(sequence),
            actor=actor,
            now=now,
            reason=words,
        )
        remember(
            decision=decision, before=before, to={one: stood.state for one, stood in to.items()}
        )
        for group in batched((row.pk for row in rows), _TOGETHER):
            Moved.objects.filter(pk__in=group).update(undone=True)
        public = [one for one, stood in to.items() if stood.state == Comment.State.PUBLISHED]
        settle_appeals(public, decision=decision, upheld=False, now=now)
        if undone.verb in OF_PERSON:
            settle_limit_appeals(about=undone, outcome=decision, now=now)
        # Reported since it was restored, and removed again by this.
        gone = [one for one, stood in to.items() if stood.state == Comment.State.REMOVED]
        settle_reports(gone, decision=decision, upheld=True, now=now)
        reopen([number] if undone.verb in STILL else list(before), decision=undone)
    return Undone(decision.sequence, number, undone.verb, len(before), moved - len(before))


def is_undone(decision: Decision) -> bool:
    """Say whether somebody undid a decision. One query."""
    undone = Decision.objects.filter(
        comment=decision.comment_id, verb="undo", rule=undoing.reference(decision.sequence)
    )
    return undone.exists()


def _locked(sequence: int) -> tuple[Decision, Thread]:
    """Return the decision and its thread, which is locked. Decisions never change their thread."""
    thread = (
        Decision.objects.filter(sequence=sequence, comment__isnull=False, thread__isnull=False)
        .values_list("thread_id", flat=True)
        .first()
    )
    if thread is None:
        raise UnknownDecisionError(sequence)
    locked = lock_thread(thread)
    decision = Decision.objects.select_related("comment").get(sequence=sequence)
    return decision, locked


def _require_same_words(rows: Iterable[Moved]) -> None:
    """Refuse to publish what the author of a held comment has put in place of what was read."""
    for row in rows:
        if row.words and row.from_state == Comment.State.PUBLISHED:
            require(deciding.is_seen(seen=row.words, source=row.comment.source))


def _require_standing(decision: Decision, comment: Comment, *, now: datetime) -> None:
    """Refuse to ask again about what was decided about since, or about what holds no more."""
    row = Moved.objects.get(decision=decision)
    asked = Appeal.objects.filter(outcome=decision, decision__verb__in=OF_PERSON).values("decision")
    over = asked.exists() and not standing(now=now).filter(decision__in=asked).exists()
    if comment.state != row.to_state or over:
        raise RefusalError(Refused("decided_since"))


def _own(rows: Iterable[Moved], actor: Actor, *, besides: int) -> set[int]:
    return {
        row.comment_id
        for row in rows
        if row.comment.author.owner == actor.id and row.comment_id != besides
    }
