"""The room's decisions as a hash chain: adding a link, and walking it to see all is there."""

from collections.abc import Iterator
from datetime import UTC, datetime
from hmac import compare_digest

from broadsheet.discussion.models import ChainHead, Comment, Decision, DecisionReason, Thread
from broadsheet.discussion.rules.deciding import role_of
from broadsheet.discussion.statements import find, insert, update
from broadsheet.kit.actor import Actor
from broadsheet.kit.chain import GENESIS, digest, link
from broadsheet.kit.ids import new_token

ROOM = "discussion"


def append(
    *,
    thread: Thread,
    comment: Comment | None,
    verb: str,
    rule: str,
    actor: Actor,
    now: datetime,
    reason: str = "",
) -> Decision:
    """Add a decision at the end of the chain, about a comment or, without one, its thread.

    The caller holds the thread's lock.
    """
    head = find(ChainHead, "room = %s", ROOM, lock=True) or _begun()
    previous = bytes(head.hash)
    salt = new_token() if reason else ""
    decision = Decision(
        sequence=head.sequence + 1,
        thread=thread,
        comment=comment,
        verb=verb,
        rule=rule,
        actor_id=actor.id,
        by_role=role_of(actor),
        at=now,
        reason_digest=digest(salt + reason) if reason else "",
        previous=previous,
    )
    decision.hash = link(previous=previous, payload=payload_of(decision))
    insert(decision)
    if reason:
        DecisionReason.objects.create(decision=decision, salt=salt, text=reason)
    head.sequence, head.hash = decision.sequence, decision.hash
    update(head, "sequence", "hash")
    return decision


def _begun() -> ChainHead:
    """Return the head of the chain before its first link, which another thread may make too."""
    head, _ = ChainHead.objects.select_for_update().get_or_create(
        room=ROOM, defaults={"hash": GENESIS}
    )
    return head


def payload_of(decision: Decision) -> dict[str, str | int | None]:
    """Return what is hashed of a decision: everything but the words of its reason."""
    return {
        "sequence": decision.sequence,
        "thread": decision.thread_id,
        "comment": decision.comment_id,
        "verb": str(decision.verb),
        "rule": decision.rule,
        "actor": decision.actor_id,
        "role": decision.by_role,
        "at": decision.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "reason": decision.reason_digest,
    }


def problems() -> Iterator[str]:
    """Walk the chain from its first link; yield a sentence for each one that does not hold."""
    previous, sequence = GENESIS, 0
    for decision in Decision.objects.order_by("sequence").iterator():
        if decision.sequence != sequence + 1:
            yield f"decision {sequence + 1} is missing from the chain"
        if bytes(decision.previous) != previous:
            yield f"decision {decision.sequence} does not follow the one before it"
        expected = link(previous=bytes(decision.previous), payload=payload_of(decision))
        if not compare_digest(bytes(decision.hash), expected):
            yield f"decision {decision.sequence} was changed after it was taken"
        previous, sequence = bytes(decision.hash), decision.sequence
    head = ChainHead.objects.filter(room=ROOM).first()
    at = (head.sequence, bytes(head.hash)) if head else (0, GENESIS)
    if at != (sequence, previous):
        yield f"the chain ends at decision {sequence}, its head says {at[0]}"
    for reason in DecisionReason.objects.select_related("decision").iterator():
        if digest(reason.salt + reason.text) != reason.decision.reason_digest:
            yield f"the reason of decision {reason.decision.sequence} was changed"
