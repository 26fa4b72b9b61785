"""What must be true of the books at any hour, proved another way than they are kept."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connections
from django.db.models import F

from broadsheet.funding import decisions, queries, triggers
from broadsheet.funding.ledger import LinePayload, link_of
from broadsheet.funding.models import (
    GIVING_BACK,
    Account,
    Campaign,
    EntryReason,
    Gift,
    Kind,
    LedgerEntry,
    LedgerHead,
    LedgerLine,
    Month,
)
from broadsheet.funding.rules import CalendarMonth
from broadsheet.kit import chain
from broadsheet.kit.selfcheck import Check

_CHUNK = 500


def checks() -> tuple[Check, ...]:
    """List the checks of this room."""
    return (
        Check("funding.meter", meter_is_ledger),
        Check("funding.balance", entries_balance),
        Check("funding.chain", chain_unbroken),
        Check("funding.decisions", decisions.broken),
        Check("funding.gifts", gifts_match_entries),
        Check("funding.refunds", refunds_within_gifts),
        Check("funding.months", months_adjoin),
        Check("funding.triggers", triggers_stand),
    )


def meter_is_ledger() -> Iterable[str]:
    """Add up every month line by line in Python, and compare with what the pages say."""
    for campaign in Campaign.objects.order_by("id"):
        months = list(campaign.months.order_by("starts_at"))
        sums: dict[int, int] = defaultdict(int)
        lines = LedgerLine.objects.filter(entry__campaign=campaign).values_list(
            "account", "amount", "entry__effective_at"
        )
        for account, amount, effective_at in lines.iterator():
            if account != Account.GIFTS:
                continue
            home = [row.id for row in months if row.starts_at <= effective_at < row.ends_at]
            if len(home) != 1:
                yield f"{campaign.slug}: {effective_at} lies in {len(home)} months"
                continue
            sums[home[0]] -= amount
        for row in months:
            month = CalendarMonth(row.year, row.month)
            meter = queries.meter_of_month(month=month, now=row.ends_at, slug=campaign.slug)
            shown = meter.raised.minor if meter else None
            if shown != sums[row.id]:
                yield f"{campaign.slug} {month}: the meter says {shown}, the ledger {sums[row.id]}"


def entries_balance() -> Iterable[str]:
    """Every entry has two lines or more, in its campaign's currency, that sum to zero."""
    for entry, slug, currency, lines in _entries():
        if len(lines) < 2:  # noqa: PLR2004 - from somewhere to somewhere
            yield f"{slug}: entry {entry.sequence} has {len(lines)} lines"
        if sum(amount for _, amount, _ in lines):
            yield f"{slug}: entry {entry.sequence} does not balance"
        if {code for _, _, code in lines} - {currency}:
            yield f"{slug}: entry {entry.sequence} is not in {currency} alone"
    for sequence in (
        LedgerLine.objects.exclude(
            campaign=F("entry__campaign"), effective_at=F("entry__effective_at")
        )
        .order_by("entry__sequence")
        .values_list("entry__sequence", flat=True)
    ):
        yield f"a line of entry {sequence} lies in another campaign or on another date"


def chain_unbroken() -> Iterable[str]:
    """Recompute each link; numbers without a gap; the head where the chain ends."""
    ends: dict[str, tuple[int, bytes]] = {}
    for entry, slug, _, lines in _entries():
        sequence, previous = ends.get(slug, (0, chain.GENESIS))
        if entry.sequence != sequence + 1:
            yield f"{slug}: entry {entry.sequence} follows entry {sequence}"
        if bytes(entry.previous) != previous:
            yield f"{slug}: entry {entry.sequence} does not continue the one before it"
        if link_of(entry=entry, slug=slug, lines=lines) != bytes(entry.hash):
            yield f"{slug}: entry {entry.sequence} was changed after it was written"
        ends[slug] = (entry.sequence, bytes(entry.hash))
    for head in LedgerHead.objects.select_related("campaign").order_by("campaign_id"):
        slug = head.campaign.slug
        if (head.sequence, bytes(head.hash)) != ends.get(slug, (0, chain.GENESIS)):
            yield f"{slug}: the ledger ends elsewhere than its head says, entry {head.sequence}"
    reasons = EntryReason.objects.select_related("entry", "entry__campaign").order_by("entry_id")
    for reason in reasons.iterator():
        entry = reason.entry
        if reason.text and chain.digest(reason.text) != entry.reason_digest:
            yield f"{entry.campaign.slug}: the reason of entry {entry.sequence} was changed"


def gifts_match_entries() -> Iterable[str]:
    """One gift for each entry of a gift, and both tell the same."""
    for sequence in LedgerEntry.objects.filter(kind=Kind.GIFT, gift=None).values_list(
        "sequence", flat=True
    ):
        yield f"entry {sequence} books a gift that is not there"
    for gift in Gift.objects.exclude(
        entry__kind=Kind.GIFT,
        entry__campaign=F("campaign"),
        entry__effective_at=F("effective_at"),
        entry__recorded_at=F("recorded_at"),
        entry__recorded_by=F("recorded_by"),
    ).order_by("id"):
        yield f"gift {gift.id} and its entry differ"
    for gift in Gift.objects.prefetch_related("entry__lines").order_by("id").iterator(_CHUNK):
        lines = {(line.account, line.amount, line.currency) for line in gift.entry.lines.all()}
        wanted = {
            (gift.method, gift.amount, gift.currency),
            (str(Account.GIFTS), -gift.amount, gift.currency),
        }
        if lines != wanted:
            yield f"gift {gift.id} and the lines of its entry differ"


def refunds_within_gifts() -> Iterable[str]:
    """No gift gave back more than it was, and only gifts gave back."""
    taken: dict[Any, int] = defaultdict(int)
    rows = LedgerLine.objects.filter(account=Account.GIFTS, entry__kind__in=GIVING_BACK)
    for entry, amount in rows.values_list("entry__reverses_id", "amount").iterator():
        taken[entry] += amount
    given: dict[Any, int] = dict(
        LedgerLine.objects.filter(account=Account.GIFTS, entry__kind=Kind.GIFT).values_list(
            "entry_id", "amount"
        )
    )
    for entry, amount in taken.items():
        if entry not in given or amount > -given[entry]:
            yield f"entry {entry} gave back more than it brought in"


def months_adjoin() -> Iterable[str]:
    """Each month begins where the one before it ended."""
    before: Month | None = None
    for row in Month.objects.select_related("campaign").order_by("campaign_id", "starts_at"):
        same = before is not None and before.campaign_id == row.campaign_id
        if before is not None and same and before.ends_at != row.starts_at:
            yield f"{row.campaign.slug}: {row} does not begin where {before} ended"
        before = row


def triggers_stand() -> Iterable[str]:
    for name in sorted(triggers.missing(connections[LedgerLine.objects.db])):
        yield f"{name} is missing; `broadsheet manage migrate --skip-checks` puts it back"


def _entries() -> Iterator[tuple[LedgerEntry, str, str, list[LinePayload]]]:
    """Walk all entries in order with campaign, its currency, and their lines."""
    rows = (
        LedgerEntry.objects.select_related("campaign")
        .prefetch_related("lines")
        .order_by("campaign_id", "sequence")
    )
    for entry in rows.iterator(_CHUNK):
        lines = [(line.account, line.amount, line.currency) for line in entry.lines.all()]
        yield entry, entry.campaign.slug, entry.campaign.currency, lines
