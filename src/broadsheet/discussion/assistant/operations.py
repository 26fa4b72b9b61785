"""What an owner lets the assistant do."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.db import transaction

from broadsheet.discussion import chain
from broadsheet.discussion.models import Assistant, Decision
from broadsheet.discussion.rules.assistant.standing import may_set
from broadsheet.kit.actor import Actor
from broadsheet.kit.ids import new_token
from broadsheet.kit.verdict import require

CHANGE: Final = "change_assistant"
# Of which kind it is what was decided; the log says so to everybody.
APPROVES: Final = "assistant_approves"
APPROVES_NOTHING: Final = "assistant_silent"


def set_assistant(*, actor: Actor, percent: float | None, asks: bool, now: datetime) -> None:
    """Let the assistant approve with at most `percent` errors in a hundred, or not (None).

    `asks`: writers are asked to read again what is likely to be removed, before it is posted.

    The limit is worked out by the next run, until which nothing is approved. What changes is a
    decision of the site. Raises RefusalError.
    """
    require(may_set(actor=actor, percent=percent))
    with transaction.atomic():
        Assistant.objects.get_or_create(pk=1)
        state = Assistant.objects.select_for_update().get(pk=1)
        if (state.approves_percent, state.asks) != (percent, asks):
            _write_down(state, actor=actor, percent=percent, asks=asks, now=now)
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


def check_assistant() -> Iterator[str]:
    """What the assistant may do is what was decided last."""
    state = Assistant.objects.filter(pk=1).first()
    last = Decision.objects.filter(verb=CHANGE).select_related("reason").order_by("sequence").last()
    if state is None or last is None:
        return
    said = chain.facts_of(last.reason)
    if (said["percent"], said["asks"]) != (_said(state.approves_percent), state.asks):
        yield f"the assistant may do something else than decision {last.sequence} says"


def _write_down(
    state: Assistant, *, actor: Actor, percent: float | None, asks: bool, now: datetime
) -> None:
    chain.append(
        verb=CHANGE,
        rule=APPROVES_NOTHING if percent is None else APPROVES,
        actor=actor,
        now=now,
        facts={
            "percent": _said(percent),
            "asks": asks,
            "before_percent": _said(state.approves_percent),
            "before_asks": state.asks,
        },
    )


def _said(percent: float | None) -> str:
    """Return a bound as a decision has it; "" for none."""
    return "" if percent is None else f"{percent:g}"
