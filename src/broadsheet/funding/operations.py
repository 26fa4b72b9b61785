"""The verbs on money: each takes the lock, asks the rule, and books in one transaction."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from broadsheet.funding import ledger, months, rules
from broadsheet.funding.ledger import Posting
from broadsheet.funding.models import Account, Campaign, Gift, Kind, Method
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
