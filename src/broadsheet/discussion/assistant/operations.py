"""What an owner lets the assistant do."""

from datetime import datetime

from django.db import transaction

from broadsheet.discussion.models import Assistant
from broadsheet.discussion.rules.assistant.standing import may_set
from broadsheet.kit.actor import Actor
from broadsheet.kit.ids import new_token
from broadsheet.kit.verdict import require


def set_assistant(*, actor: Actor, percent: float | None, asks: bool, now: datetime) -> None:
    """Let the assistant approve with at most `percent` errors in a hundred, or not (None).

    `asks`: writers are asked to read again what is likely to be removed, before it is posted.

    The limit is worked out by the next run, until which nothing is approved. Raises RefusalError.
    """
    require(may_set(actor=actor, percent=percent))
    with transaction.atomic():
        Assistant.objects.get_or_create(pk=1)
        state = Assistant.objects.select_for_update().get(pk=1)
        if state.approves_percent != percent:
            state.limit = None
        state.approves_percent = percent
        state.asks = asks
        # Drawn with each change: which comments are audited is nobody's to learn.
        state.secret = new_token()
        state.set_by, state.set_at = actor.id, now
        state.save(
            update_fields=["approves_percent", "limit", "asks", "secret", "set_by", "set_at"]
        )
