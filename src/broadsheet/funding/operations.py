"""The verbs of funding: each takes the lock, asks the rule, and writes in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from broadsheet.funding import decisions, ledger, months, rules
from broadsheet.funding.ledger import Posting
from broadsheet.funding.models import Account, Campaign, Gift, Kind, LedgerHead, Method
from broadsheet.funding.rules import CalendarMonth, Step
from broadsheet.kit import chain
from broadsheet.kit.actor import Actor
from broadsheet.kit.money import Money
from broadsheet.kit.verdict import RefusalError, Refused, require


@dataclass(frozen=True, slots=True)
class Booked:
    """An entry of the ledger. `repeated`: the same form had booked it before; nothing was added."""

    entry: UUID
    sequence: int
    gift: UUID | None = None
    repeated: bool = False


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


@transaction.atomic
def record_gift(
    *,
    actor: Actor,
    campaign: str,
    amount: Money,
    method: str,
    effective_at: datetime,
    now: datetime,
    note: str = "",
    key: str = "",
) -> Booked:
    """Book a gift that came in cash or on the bank account ("cash", "bank").

    `effective_at` is when it was received, and decides the month; for a date it is
    `rules.instant_of_day`.
    `note` is private. `key` is the form's own token: the same form sent twice books one gift.
    Raises RefusalError, and ValueError for a method that does not exist.
    """
    way = Method(method)
    head = ledger.lock(slug=campaign)
    posting = Posting(
        kind=Kind.GIFT,
        amount=amount,
        debit=Account(way),
        credit=Account.GIFTS,
        effective_at=effective_at,
        recorded_by=actor.id,
        key=key,
    )
    _may_book(actor=actor, campaign=head.campaign, posting=posting, now=now)
    before = ledger.already(head=head, posting=posting)
    if before is not None:
        return Booked(before.id, before.sequence, before.gift.id, repeated=True)
    months.open_until(campaign=head.campaign, now=now)
    entry = ledger.append(head=head, posting=posting, now=now)
    gift = Gift.objects.create(
        campaign=head.campaign,
        amount=amount.minor,
        currency=amount.currency,
        method=way,
        effective_at=effective_at,
        recorded_at=now,
        recorded_by=actor.id,
        entry=entry,
        note=note.strip(),
    )
    return Booked(entry.id, entry.sequence, gift.id)


@transaction.atomic
def record_fee(
    *,
    actor: Actor,
    campaign: str,
    amount: Money,
    effective_at: datetime,
    reason: str,
    now: datetime,
    key: str = "",
) -> Booked:
    """Book what the bank kept. The meter shows fees apart; they never lower the bar.

    Raises RefusalError.
    """
    head = ledger.lock(slug=campaign)
    posting = Posting(
        kind=Kind.FEE,
        amount=amount,
        debit=Account.FEES,
        credit=Account.BANK,
        effective_at=effective_at,
        recorded_by=actor.id,
        reason=reason.strip(),
        key=key,
    )
    _may_book(actor=actor, campaign=head.campaign, posting=posting, now=now)
    before = ledger.already(head=head, posting=posting)
    if before is not None:
        return Booked(before.id, before.sequence, repeated=True)
    months.open_until(campaign=head.campaign, now=now)
    entry = ledger.append(head=head, posting=posting, now=now)
    return Booked(entry.id, entry.sequence)


def refund_gift(
    *,
    actor: Actor,
    gift: UUID,
    amount: Money,
    effective_at: datetime,
    reason: str,
    now: datetime,
    key: str = "",
) -> Booked:
    """Book money that went back, in part or whole, in the month in which it went.

    The closed month of the gift keeps its figure. Never more than what is left of the gift. Raises
    RefusalError.
    """
    return _give_back(
        kind=Kind.REFUND,
        actor=actor,
        gift=gift,
        amount=amount,
        effective_at=effective_at,
        reason=reason,
        now=now,
        key=key,
    )


def correct_gift(
    *,
    actor: Actor,
    gift: UUID,
    amount: Money,
    reason: str,
    now: datetime,
    key: str = "",
) -> Booked:
    """Take off a gift what never came in, such as a typing error, as of the gift's own date.

    Unlike a refund no money moved, so the month of the gift is put right, closed or not; its books
    show the line as recorded later. Raises RefusalError.
    """
    return _give_back(
        kind=Kind.CORRECTION,
        actor=actor,
        gift=gift,
        amount=amount,
        effective_at=None,
        reason=reason,
        now=now,
        key=key,
    )


@transaction.atomic
def _give_back(
    *,
    kind: Kind,
    actor: Actor,
    gift: UUID,
    amount: Money,
    effective_at: datetime | None,
    reason: str,
    now: datetime,
    key: str,
) -> Booked:
    row = Gift.objects.select_related("campaign").filter(id=gift).first()
    if row is None:
        raise RefusalError(Refused("gift.unknown"))
    head = ledger.lock(slug=row.campaign.slug)
    posting = Posting(
        kind=kind,
        amount=amount,
        debit=Account.GIFTS,
        credit=Account(row.method),
        effective_at=effective_at or row.effective_at,
        recorded_by=actor.id,
        reverses=row.entry_id,
        reason=reason.strip(),
        key=key,
    )
    require(rules.may_keep_books(actor=actor))
    before = ledger.already(head=head, posting=posting)
    if before is not None:
        return Booked(before.id, before.sequence, row.id, repeated=True)
    require(
        rules.may_give_back(
            actor=actor,
            amount=amount,
            rest=ledger.rest_of(gift_entry=row.entry_id, amount=Money(row.amount, row.currency)),
            received_at=row.effective_at,
            effective_at=posting.effective_at,
            reason=reason,
            zone=row.campaign.zone,
            now=now,
        )
    )
    months.open_until(campaign=head.campaign, now=now)
    entry = ledger.append(head=head, posting=posting, now=now)
    return Booked(entry.id, entry.sequence, row.id)


def _may_book(*, actor: Actor, campaign: Campaign, posting: Posting, now: datetime) -> None:
    require(
        rules.may_book(
            actor=actor,
            amount=posting.amount,
            currency=campaign.currency,
            effective_at=posting.effective_at,
            opened_at=months.span(campaign=campaign).starts_at,
            zone=campaign.zone,
            now=now,
        )
    )
