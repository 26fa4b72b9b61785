"""The room's decisions as a hash chain: adding a link, and walking it to see all is there."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from hmac import compare_digest

from broadsheet.discussion.house.queries import current_rules
from broadsheet.discussion.models import ChainHead, Comment, Decision, DecisionReason, Thread
from broadsheet.discussion.rules import entries
from broadsheet.discussion.rules.deciding import role_of
from broadsheet.discussion.rules.house import Rulebook
from broadsheet.discussion.statements import find, insert, update
from broadsheet.kit.actor import Actor, Role
from broadsheet.kit.chain import GENESIS, Scalar, canonical, commit, link, new_key

ROOM = "discussion"


def append(  # noqa: PLR0913 - a decision has no fewer sides
    *,
    thread: Thread | None = None,
    comment: Comment | None = None,
    verb: str,
    rule: str = "",
    actor: Actor,
    now: datetime,
    reason: str = "",
    facts: Mapping[str, Scalar] | None = None,
    book: Rulebook | None = None,
    suspected: str = "",
) -> Decision:
    """Add a decision at the end of the chain: about a comment, a thread, a person or the site.

    Only what entries.entry_of names is public of it. `facts` are whatever else has to be known of
    it later; they can be erased, as the words of the reason can. `book` has the house rules in
    force; without it they are read, where a person decides under a rule, or one of them is
    `suspected` to be broken. The caller holds the lock of the thread, if there is one.
    """
    head = lock()
    key, told = new_key(), canonical(facts) if facts else ""
    by_person = entries.may_be_of_house(rule) and not actor.has(Role.SYSTEM)
    if book is None and (by_person or suspected):
        book = current_rules()
    named = book is not None and (book.number(rule) or book.number(suspected))
    cites = named or verb == "change_rules"
    decision = Decision(
        sequence=head.sequence + 1,
        thread=thread,
        comment=comment,
        verb=verb,
        rule=rule,
        rules=book.version if book and cites else None,
        refers=entries.refers_to(rule),
        actor_id=actor.id,
        by_role=role_of(actor),
        at=now,
        key=key,
        previous=bytes(head.hash),
    )
    decision.commitment = commit(key=key, payload=private_of(decision, reason=reason, facts=told))
    decision.hash = link(previous=bytes(head.hash), payload=entry_of(decision))
    insert(decision)
    if reason or told:
        DecisionReason.objects.create(decision=decision, text=reason, facts=told)
    head.sequence, head.hash = decision.sequence, decision.hash
    update(head, "sequence", "hash")
    return decision


def lock() -> ChainHead:
    """Lock the end of the chain: nobody else decides anything until the transaction ends."""
    return find(ChainHead, "room = %s", ROOM, lock=True) or _begun()


def _begun() -> ChainHead:
    """Return the head of the chain before its first link, which another thread may make too."""
    head, _ = ChainHead.objects.select_for_update().get_or_create(
        room=ROOM, defaults={"hash": GENESIS}
    )
    return head


def entry_of(decision: Decision) -> dict[str, Scalar]:
    """Return what is public of a decision, and hashed."""
    return entries.entry_of(
        number=decision.sequence,
        at=decision.at,
        verb=str(decision.verb),
        rule=decision.rule,
        rules=decision.rules,
        role=decision.by_role,
        commitment=bytes(decision.commitment),
    )


def private_of(decision: Decision, *, reason: str, facts: str) -> dict[str, Scalar]:
    """Return what the commitment of a decision is made of: all that is known of it."""
    return {
        "actor": decision.actor_id,
        "at": decision.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "comment": decision.comment_id,
        "facts": facts,
        "number": decision.sequence,
        "reason": reason,
        "role": decision.by_role,
        "rule": decision.rule,
        "thread": decision.thread_id,
        "verb": str(decision.verb),
    }


def facts_of(reason: DecisionReason) -> dict[str, Scalar]:
    """Return the facts that a decision was written down with."""
    found: dict[str, Scalar] = json.loads(reason.facts) if reason.facts else {}
    return found


def problems() -> Iterator[str]:
    """Walk the chain from its first link; yield a sentence for each one that does not hold."""
    previous, sequence = GENESIS, 0
    rows = Decision.objects.select_related("reason").order_by("sequence")
    for decision in rows.iterator(chunk_size=1000):
        if decision.sequence != sequence + 1:
            yield f"decision {sequence + 1} is missing from the chain"
        if bytes(decision.previous) != previous:
            yield f"decision {decision.sequence} does not follow the one before it"
        expected = link(previous=bytes(decision.previous), payload=entry_of(decision))
        refers = entries.refers_to(decision.rule)
        if not compare_digest(bytes(decision.hash), expected) or decision.refers != refers:
            yield f"decision {decision.sequence} was changed after it was taken"
        yield from _unlike(decision)
        previous, sequence = bytes(decision.hash), decision.sequence
    head = ChainHead.objects.filter(room=ROOM).first()
    at = (head.sequence, bytes(head.hash)) if head else (0, GENESIS)
    if at != (sequence, previous):
        yield f"the chain ends at decision {sequence}, its head says {at[0]}"


def _unlike(decision: Decision) -> Iterator[str]:
    """Compare what is private of a decision with its commitment, where the key is still there."""
    if decision.key is None:
        return
    reason = getattr(decision, "reason", None)
    text, facts = (reason.text, reason.facts) if reason else ("", "")
    payload = private_of(decision, reason=text, facts=facts)
    if not compare_digest(
        bytes(decision.commitment), commit(key=bytes(decision.key), payload=payload)
    ):
        yield f"what is known of decision {decision.sequence} beside the log was changed"
