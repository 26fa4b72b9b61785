"""The one place that writes to the ledger: lines first, then the header that closes the entry."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from broadsheet.funding.models import (
    Account,
    EntryReason,
    Kind,
    LedgerEntry,
    LedgerHead,
    LedgerLine,
)
from broadsheet.kit import chain
from broadsheet.kit.ids import new_uuid
from broadsheet.kit.money import Money
from broadsheet.kit.verdict import RefusalError, Refused

type LinePayload = tuple[str, int, str]

KEY_REUSED: Final = "entry.key_reused"


@dataclass(frozen=True, slots=True)
class Posting:
    """What is to be booked: `amount` leaves `credit` and arrives on `debit`."""

    kind: Kind
    amount: Money
    debit: Account
    credit: Account
    effective_at: datetime
    recorded_by: str
    reverses: UUID | None = None
    reason: str = ""
    key: str = ""

    @property
    def lines(self) -> tuple[LinePayload, ...]:
        """(account, signed minor units, currency) of each line; they sum to zero."""
        minor, currency = self.amount.minor, self.amount.currency
        return ((self.debit, minor, currency), (self.credit, -minor, currency))


def lock(*, slug: str) -> LedgerHead:
    """Take the lock of a campaign's ledger, inside the caller's transaction.

    Raises RefusalError `campaign.unknown`. Whatever reads the ledger in order to write to it, or
    opens a month, takes this lock first.
    """
    head = (
        LedgerHead.objects.select_related("campaign")
        .select_for_update(of=("self",))
        .filter(campaign__slug=slug)
        .first()
    )
    if head is None:
        raise RefusalError(Refused("campaign.unknown", (("campaign", slug),)))
    return head


def already(*, head: LedgerHead, posting: Posting) -> LedgerEntry | None:
    """Return the entry that the same form has booked before, or None.

    Raises RefusalError when the key was used for something else: a form taken from the browser's
    history and changed must not be answered with the old entry.
    """
    if not posting.key:
        return None
    entry = LedgerEntry.objects.filter(
        campaign_id=head.campaign_id, idempotency_key=posting.key
    ).first()
    if entry is None:
        return None
    same = (
        entry.kind == posting.kind
        and entry.effective_at == posting.effective_at
        and entry.reverses_id == posting.reverses
        and sorted(entry.lines.values_list("account", "amount", "currency"))
        == sorted(posting.lines)
    )
    if not same:
        raise RefusalError(Refused(KEY_REUSED))
    return entry


def append(*, head: LedgerHead, posting: Posting, now: datetime) -> LedgerEntry:
    """Write an entry at the end of the ledger. The caller holds `head` by `lock`."""
    digest = chain.digest(posting.reason) if posting.reason else ""
    entry = LedgerEntry(
        id=new_uuid(),
        campaign=head.campaign,
        sequence=head.sequence + 1,
        kind=posting.kind,
        effective_at=posting.effective_at,
        recorded_at=now,
        recorded_by=posting.recorded_by,
        reverses_id=posting.reverses,
        reason_digest=digest,
        idempotency_key=posting.key or None,
        previous=bytes(head.hash),
    )
    entry.hash = link_of(entry=entry, slug=head.campaign.slug, lines=posting.lines)
    LedgerLine.objects.bulk_create(
        LedgerLine(
            entry_id=entry.id,
            campaign=head.campaign,
            account=account,
            effective_at=posting.effective_at,
            amount=amount,
            currency=currency,
        )
        for account, amount, currency in posting.lines
    )
    entry.save(force_insert=True)
    if posting.reason:
        EntryReason.objects.create(entry=entry, text=posting.reason)
    head.sequence, head.hash = entry.sequence, entry.hash
    head.save(update_fields=["sequence", "hash"])
    return entry


def link_of(*, entry: LedgerEntry, slug: str, lines: Iterable[LinePayload]) -> bytes:
    """Return the hash that `entry` must carry after its `previous`. No names go into it."""
    body: list[list[chain.Scalar]] = [list(line) for line in sorted(lines)]
    return chain.link(
        previous=bytes(entry.previous),
        payload={
            "campaign": slug,
            "sequence": entry.sequence,
            "entry": str(entry.id),
            "kind": str(entry.kind),
            "effective_at": _instant(entry.effective_at),
            "recorded_at": _instant(entry.recorded_at),
            "recorded_by": entry.recorded_by,
            "reverses": str(entry.reverses_id) if entry.reverses_id else None,
            "reason": entry.reason_digest,
            "lines": body,
        },
    )


def rest_of(*, gift_entry: UUID, amount: Money) -> Money:
    """Return what is left of a gift of `amount` after everything that was taken off it."""
    taken = LedgerLine.objects.filter(
        entry__reverses_id=gift_entry, account=Account.GIFTS
    ).values_list("amount", flat=True)
    return Money(amount.minor - sum(taken), amount.currency)


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
