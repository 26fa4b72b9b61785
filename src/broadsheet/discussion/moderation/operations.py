"""Deciding about a comment; forgetting who wrote."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from broadsheet.discussion import chain
from broadsheet.discussion.comments import counters
from broadsheet.discussion.models import Comment, Participant, Thread, Vote
from broadsheet.discussion.rules import deciding
from broadsheet.discussion.threads.operations import lock_thread_of
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import require

SECOND_LOOK = "second_look"


class UnknownParticipantError(LookupError):
    """No participant has this id."""


@dataclass(frozen=True, slots=True)
class Decided:
    """`sequence` is the decision's number in the room's chain; `state` that of the comment now."""

    number: int
    state: str
    sequence: int


def decide(
    *, actor: Actor, comment_id: int, verb: str, rule: str, reason: str, now: datetime
) -> Decided:
    """Publish, hold, remove or restore a comment, and write down who decided it and why.

    `rule` is one of REMOVAL_RULES for a removal; `reason` is free words for the author. Raises
    RefusalError (also when somebody else decided the same meanwhile), UnknownCommentError.
    """
    require(deciding.may_moderate(actor=actor))
    with transaction.atomic():
        thread = lock_thread_of(comment_id)
        comment = Comment.objects.defer("source", "html").get(pk=comment_id)
        words = reason.strip()
        require(
            deciding.may_decide(
                actor=actor, state=comment.state, verb=verb, rule=rule, reason=words
            )
        )
        kept_rule = {"remove": rule, "hold": rule or SECOND_LOOK}.get(verb, "")
        move(thread=thread, comment=comment, state=deciding.TO[verb], rule=kept_rule, now=now)
        decision = chain.append(
            thread=thread,
            comment=comment,
            verb=verb,
            rule=kept_rule,
            actor=actor,
            now=now,
            reason=words,
        )
    return Decided(comment_id, comment.state, decision.sequence)


def move(*, thread: Thread, comment: Comment, state: str, rule: str, now: datetime) -> None:
    """Bring a comment of the locked thread into `state`, with its place and all counters."""
    was_public = comment.state == Comment.State.PUBLISHED
    is_public = state == Comment.State.PUBLISHED
    comment.state, comment.rule = state, rule
    comment.held_at = now if state == Comment.State.HELD else None
    if is_public and comment.published_at is None:
        comment.published_at = now
        comment.event = counters.next_event(thread)
        counters.give_ancestors_a_place(comment, at=now)
    elif comment.published_at is not None:
        counters.next_event(thread)
    comment.save(update_fields=["state", "rule", "held_at", "published_at", "event"])
    if was_public != is_public:
        counters.count(thread=thread, comment=comment, by=1 if is_public else -1)
    counters.save_counts(thread)


def erase_participant(*, actor: Actor, participant: UUID, now: datetime) -> None:
    """Forget the name, the address and the device or account of somebody who wrote.

    What they wrote stays, by nobody; their votes stay counted, cast by nobody. Done twice, it
    changes nothing. Raises RefusalError, UnknownParticipantError.
    """
    wrote_in = Comment.objects.filter(author__uuid=participant).values("thread_id")
    with transaction.atomic():
        # Threads before people, as when somebody posts; in one order, as when another is erased.
        threads = Thread.objects.select_for_update().filter(pk__in=wrote_in).order_by("pk")
        locked = list(threads.values_list("pk", flat=True))
        found = Participant.objects.select_for_update().filter(uuid=participant).first()
        if found is None:
            raise UnknownParticipantError(participant)
        if found.erased_at is not None:
            return
        require(deciding.may_erase(actor=actor, owner=found.owner))
        nobody = f"erased:{found.uuid}"
        Vote.objects.filter(voter=found.owner).update(voter=nobody)
        found.key = found.owner = nobody
        found.name = found.email = ""
        found.erased_at = now
        found.save(update_fields=["key", "owner", "name", "email", "erased_at"])
        Thread.objects.filter(pk__in=locked).update(events=F("events") + 1)
