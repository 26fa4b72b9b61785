"""A month in which a hundred thousand gifts came in; bench.py starts this with Django set up.

The books are written as the ledger writes them, lines first and chained, in large batches. The last
line that is printed is JSON.
"""

import json
import time
from datetime import UTC, datetime, timedelta
from statistics import median

from django.core.management import call_command
from django.db import connection, transaction

from broadsheet.funding import api as funding
from broadsheet.funding.ledger import link_of
from broadsheet.funding.models import Account, Kind, LedgerEntry, LedgerHead, LedgerLine
from broadsheet.kit.actor import system
from broadsheet.kit.money import Money

NOW = datetime(2026, 6, 12, 9, 30, tzinfo=UTC)
GIFTS, BATCH, ROUNDS = 100_000, 1000, 9


def main() -> None:
    """Measure on the database of the settings, which is empty; print name → value."""
    call_command("migrate", interactive=False, verbosity=0)
    funding.open_campaign(
        actor=system(name="bench"),
        slug=funding.MAIN,
        title="The Harbour Post",
        goal=Money(10_000_000, "USD"),
        zone="UTC",
        now=NOW,
    )
    for start in range(0, GIFTS, BATCH):
        book(start)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        meter = funding.meter(now=NOW)
        took.append(time.perf_counter() - began)
    if meter is None or meter.gifts != GIFTS or meter.raised.minor != 100 * GIFTS:
        raise RuntimeError("the meter does not say what the books hold")
    print(json.dumps({"meter.ms_at_100k": median(took) * 1000}))


@transaction.atomic
def book(start: int) -> None:
    """Book a batch of gifts of one dollar each, spread over the month so far."""
    head = LedgerHead.objects.select_related("campaign").get()
    entries, lines = [], []
    for number in range(start, start + BATCH):
        at = NOW - timedelta(seconds=number * 9)
        entry = LedgerEntry(
            campaign=head.campaign,
            sequence=head.sequence + 1,
            kind=Kind.GIFT,
            effective_at=at,
            recorded_at=at,
            recorded_by="system:bench",
            previous=bytes(head.hash),
        )
        payload = [(str(Account.BANK), 100, "USD"), (str(Account.GIFTS), -100, "USD")]
        entry.hash = link_of(entry=entry, slug=head.campaign.slug, lines=payload)
        head.sequence, head.hash = entry.sequence, entry.hash
        entries.append(entry)
        lines += [
            LedgerLine(
                entry=entry,
                campaign=head.campaign,
                account=account,
                effective_at=at,
                amount=amount,
                currency=currency,
            )
            for account, amount, currency in payload
        ]
    LedgerLine.objects.bulk_create(lines)
    LedgerEntry.objects.bulk_create(entries)
    head.save(update_fields=["sequence", "hash"])
