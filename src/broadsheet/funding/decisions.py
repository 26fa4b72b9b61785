"""What was decided about a campaign, beside its money: an append-only, hash-chained record."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from broadsheet.funding.models import BookDecision, Campaign
from broadsheet.funding.rules import CalendarMonth, Step
from broadsheet.kit import chain
from broadsheet.kit.actor import Actor
from broadsheet.kit.money import Money

OPEN: Final = "open"
PLAN: Final = "plan"
HOW_TO_GIVE: Final = "how_to_give"
DESCRIBE: Final = "describe"


def append(
    *,
    campaign: Campaign,
    verb: str,
    facts: Mapping[str, Any],
    actor: Actor,
    now: datetime,
    subject: str = "",
) -> None:
    """Add a decision, under the ledger's lock (`ledger.lock`), which makes them one at a time."""
    last = BookDecision.objects.filter(campaign=campaign).order_by("-sequence").first()
    row = BookDecision(
        campaign=campaign,
        sequence=last.sequence + 1 if last else 1,
        verb=verb,
        subject=subject,
        facts=json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False),
        decided_by=actor.id,
        decided_at=now,
        previous=bytes(last.hash) if last else chain.GENESIS,
    )
    row.hash = link_of(row)
    row.save(force_insert=True)


def plan_facts(*, goal: Money, steps: Sequence[Step]) -> dict[str, Any]:
    """Return a month's plan as a decision keeps it: minor units."""
    marks = [[step.amount.minor, step.label.strip()] for step in steps]
    return {"goal": goal.minor, "currency": goal.currency, "steps": marks}


def plans_of(*, campaign: str, month: CalendarMonth) -> Iterable[BookDecision]:
    """Return the decisions that set the plan of a month, the first one first. One query."""
    return BookDecision.objects.filter(
        campaign__slug=campaign, verb=PLAN, subject=str(month)
    ).order_by("sequence")


def link_of(row: BookDecision) -> bytes:
    """Return the hash that a decision must have, from what it says and the one before it."""
    payload: dict[str, chain.Scalar | list[list[chain.Scalar]]] = {
        "sequence": row.sequence,
        "verb": row.verb,
        "subject": row.subject,
        "facts": row.facts,
        "by": row.decided_by,
        "at": row.decided_at.astimezone(UTC).isoformat(),
    }
    return chain.link(previous=bytes(row.previous), payload=payload)


def broken() -> Iterable[str]:
    """Walk all decisions and say where one was changed, or is missing. For `selfcheck`."""
    ends: dict[int, tuple[int, bytes]] = {}
    rows = BookDecision.objects.select_related("campaign").order_by("campaign_id", "sequence")
    for row in rows.iterator():
        sequence, previous = ends.get(row.campaign_id, (0, chain.GENESIS))
        name = f"{row.campaign.slug}: decision {row.sequence}"
        if row.sequence != sequence + 1 or bytes(row.previous) != previous:
            yield f"{name} does not continue decision {sequence}"
        if link_of(row) != bytes(row.hash):
            yield f"{name} was changed after it was written"
        ends[row.campaign_id] = (row.sequence, bytes(row.hash))
