"""What was decided about accounts: append-only and hash-chained, beside the standing it led to."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from broadsheet.kit import chain
from broadsheet.kit.actor import Actor
from broadsheet.kit.selfcheck import Check
from broadsheet.readers.models import DecisionHead, StandingDecision, User

BAN: Final = "ban"
LIFT: Final = "lift"
ROLES: Final = "roles"


def append(*, user: User, verb: str, actor: Actor, now: datetime, reason: str = "") -> None:
    """Add a decision, inside the caller's transaction; the head's lock makes them one at a time.

    Of the reason only a digest is kept here: its words stand with the ban, and may be erased.
    """
    head, _ = DecisionHead.objects.select_for_update().get_or_create(
        pk=DecisionHead.ONLY, defaults={"sequence": 0, "hash": chain.GENESIS}
    )
    row = StandingDecision(
        sequence=head.sequence + 1,
        verb=verb,
        account=user.uuid,
        reason_digest=chain.digest(reason) if reason else "",
        decided_by=actor.id,
        decided_at=now,
        previous=bytes(head.hash),
    )
    row.hash = link_of(row)
    row.save(force_insert=True)
    head.sequence, head.hash = row.sequence, row.hash
    head.save(update_fields=["sequence", "hash"])


def link_of(row: StandingDecision) -> bytes:
    """Return the hash that a decision must have, from what it says and the one before it."""
    payload: dict[str, chain.Scalar | list[list[chain.Scalar]]] = {
        "sequence": row.sequence,
        "verb": row.verb,
        "account": str(row.account),
        "reason": row.reason_digest,
        "by": row.decided_by,
        "at": row.decided_at.astimezone(UTC).isoformat(),
    }
    return chain.link(previous=bytes(row.previous), payload=payload)


def checks() -> tuple[Check, ...]:
    """List the checks of this room."""
    return (Check("readers.decisions", broken),)


def broken() -> Iterable[str]:
    """Walk all decisions and say where one was changed, or is missing."""
    head = DecisionHead.objects.filter(pk=DecisionHead.ONLY).first()
    until = head.sequence if head else 0
    sequence, previous = 0, chain.GENESIS
    rows = StandingDecision.objects.filter(sequence__lte=until).order_by("sequence")
    for row in rows.iterator():
        if row.sequence != sequence + 1 or bytes(row.previous) != previous:
            yield f"decision {row.sequence} on an account does not continue decision {sequence}"
        if link_of(row) != bytes(row.hash):
            yield f"decision {row.sequence} on an account was changed after it was written"
        sequence, previous = row.sequence, bytes(row.hash)
    if head and (sequence, previous) != (until, bytes(head.hash)):
        yield f"decisions on accounts end at {sequence}, and their head says {until}"
