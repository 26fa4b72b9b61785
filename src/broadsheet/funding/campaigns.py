"""The verbs on a campaign: what it is, what it wants, and its months. None moves money.

Each takes the lock, asks the rule, and writes in one transaction with the decision it leaves.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from broadsheet.funding import decisions, ledger, months, rules
from broadsheet.funding.models import Campaign, LedgerHead
from broadsheet.funding.rules import CalendarMonth, Step
from broadsheet.kit import chain
from broadsheet.kit.actor import Actor
from broadsheet.kit.money import Money
from broadsheet.kit.verdict import RefusalError, Refused, require


@transaction.atomic
def open_campaign(  # noqa: PLR0913 - what a campaign is
    *,
    actor: Actor,
    slug: str,
    title: str,
    goal: Money,
    zone: str,
    now: datetime,
    steps: Sequence[Step] = (),
    how_to_give: str = "",
    first: CalendarMonth | None = None,
) -> None:
    """Open a campaign with its empty ledger and its months from `first` (default: the present one).

    The currency is the goal's; `zone` is an IANA name, and months begin at its midnight. Raises
    RefusalError (`campaign.exists`, and those of the rule).
    """
    require(rules.may_open_campaign(actor=actor, goal=goal, steps=steps))
    present = CalendarMonth.containing(instant=now, zone=zone)
    begin = first or present
    if begin > present:
        raise RefusalError(Refused("month.too_far", (("month", str(begin)),)))
    campaign, fresh = Campaign.objects.get_or_create(
        slug=slug,
        defaults={
            "title": title,
            "currency": goal.currency,
            "zone": zone,
            "how_to_give": how_to_give,
            "opened_at": now,
        },
    )
    if not fresh:
        raise RefusalError(Refused("campaign.exists", (("campaign", slug),)))
    LedgerHead.objects.create(campaign=campaign, sequence=0, hash=chain.GENESIS)
    decisions.append(
        campaign=campaign,
        verb=decisions.OPEN,
        subject=str(begin),
        facts=decisions.plan_facts(goal=goal, steps=steps),
        actor=actor,
        now=now,
    )
    months.open_first(campaign=campaign, month=begin, goal=goal, steps=steps)
    months.open_until(campaign=campaign, now=now)


@transaction.atomic
def set_how_to_give(*, actor: Actor, campaign: str, text: str, now: datetime) -> None:
    """Change what `/support/` says about giving: plain text, an empty line between paragraphs."""
    require(rules.may_keep_books(actor=actor))
    owner = ledger.lock(slug=campaign).campaign
    if owner.how_to_give == text.strip():
        return
    owner.how_to_give = text.strip()
    owner.save(update_fields=["how_to_give"])
    decisions.append(
        campaign=owner,
        verb=decisions.HOW_TO_GIVE,
        facts={"text": owner.how_to_give},
        actor=actor,
        now=now,
    )


@transaction.atomic
def describe_campaign(*, actor: Actor, campaign: str, title: str, zone: str, now: datetime) -> None:
    """Change a campaign's title and time zone.

    Months that were opened keep their bounds; those after them end at midnight in `zone`. Raises
    RefusalError.
    """
    owner = ledger.lock(slug=campaign).campaign
    require(rules.may_describe(actor=actor, title=title, zone=zone))
    if (owner.title, owner.zone) == (title.strip(), zone):
        return
    owner.title, owner.zone = title.strip(), zone
    owner.save(update_fields=["title", "zone"])
    decisions.append(
        campaign=owner,
        verb=decisions.DESCRIBE,
        facts={"title": owner.title, "zone": zone},
        actor=actor,
        now=now,
    )


@transaction.atomic
def plan_month(
    *,
    actor: Actor,
    campaign: str,
    year: int,
    month: int,
    goal: Money,
    steps: Sequence[Step],
    now: datetime,
) -> None:
    """Set the goal and the steps of the present month or the next; later months copy them.

    Raises RefusalError: a closed month keeps the plan that it closed with.
    """
    owner = ledger.lock(slug=campaign).campaign
    wanted = CalendarMonth(year, month)
    require(
        rules.may_plan_month(
            actor=actor,
            month=wanted,
            first=months.span(campaign=owner).first,
            present=CalendarMonth.containing(instant=now, zone=owner.zone),
            goal=goal,
            steps=steps,
            currency=owner.currency,
        )
    )
    months.open_until(campaign=owner, now=now, at_least=wanted)
    if months.plan_of(campaign=owner, month=wanted) == months.as_stored(goal=goal, steps=steps):
        return
    months.replan(campaign=owner, month=wanted, goal=goal, steps=steps)
    decisions.append(
        campaign=owner,
        verb=decisions.PLAN,
        subject=str(wanted),
        facts=decisions.plan_facts(goal=goal, steps=steps),
        actor=actor,
        now=now,
    )


def ensure_month(*, now: datetime) -> int:
    """Open the present month of every campaign, and any that were missed. Return how many.

    For the scheduler; may run any number of times. A new month copies the plan of the one before
    and begins at zero, because nothing lies in it.
    """
    opened = 0
    for slug in Campaign.objects.order_by("slug").values_list("slug", flat=True):
        with transaction.atomic():
            opened += months.open_until(campaign=ledger.lock(slug=slug).campaign, now=now)
    return opened
