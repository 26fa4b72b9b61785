"""Undoing a decision that turned something on or off: a slow mode, a closing, a raid mode."""

from datetime import datetime

from django.db import transaction

from broadsheet.discussion import chain
from broadsheet.discussion.models import Decision
from broadsheet.discussion.pace.switching import SWITCHING, lock_site, take_back
from broadsheet.discussion.rules import undoing
from broadsheet.discussion.threads.operations import lock_thread
from broadsheet.kit.actor import Actor, Role
from broadsheet.kit.verdict import require


def switched(*, sequence: int) -> bool:
    """Say whether decision `sequence` turned something on or off. One query."""
    return Decision.objects.filter(SWITCHING, sequence=sequence).exists()


def undo_switch(*, actor: Actor, sequence: int, reason: str, now: datetime) -> Decision:
    """Let hold again what held before such a decision; return the undoing.

    The actor may moderate. Raises RefusalError.
    """
    with transaction.atomic():
        thread = Decision.objects.values_list("thread", flat=True).get(sequence=sequence)
        locked = lock_thread(thread) if thread else None
        if locked is None:
            lock_site()
        undone = Decision.objects.select_related("comment").get(sequence=sequence)
        undone.thread = locked
        reference = undoing.reference(sequence)
        require(
            undoing.may_undo(
                verb=undone.verb,
                by_system=undone.by_role == Role.SYSTEM,
                at=undone.at,
                undone=Decision.objects.filter(verb="undo", refers=sequence).exists(),
                reason=reason,
                now=now,
                switched=True,
            )
        )
        decision = chain.append(
            thread=locked,
            comment=undone.comment,
            verb="undo",
            rule=reference,
            actor=actor,
            now=now,
            reason=reason,
        )
        take_back(undone=undone, by=decision, actor=actor, now=now)
    return decision
