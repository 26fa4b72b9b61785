"""The entries behind a month: the public books, and the gifts as staff see them."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from broadsheet.funding import decisions
from broadsheet.funding.models import Account, EntryReason, Gift, LedgerLine
from broadsheet.funding.queries import (
    MAIN,
    About,
    ClosedMonth,
    Meter,
    campaign,
    closed_months,
    meter_of_month,
)
from broadsheet.funding.queries import meter as present_meter
from broadsheet.funding.rules import CalendarMonth
from broadsheet.kit.money import Money

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class BookLine:
    """A public entry: its date in the publisher's zone, its signed amount, its kind, no more.

    `late`: it was recorded after its month had closed.
    """

    sequence: int
    day: date
    amount: Money
    kind: str
    late: bool


@dataclass(frozen=True, slots=True)
class BookPage:
    """`after` is the key of the next page, None on the last."""

    lines: tuple[BookLine, ...]
    after: int | None


@dataclass(frozen=True, slots=True)
class PlanChange:
    """The goal of a month was set anew on `day`, after the month had begun."""

    day: date
    goal: Money


@dataclass(frozen=True, slots=True)
class SupportPage:
    """A month with its entries, what the campaign says of itself, and the months before."""

    about: About
    meter: Meter
    books: BookPage
    closed: tuple[ClosedMonth, ...]
    changes: tuple[PlanChange, ...] = ()


@dataclass(frozen=True, slots=True)
class GiftRow:
    """A gift as staff see it. `rest` is what is left of it; `note` and `reasons` are private."""

    id: UUID
    day: date
    amount: Money
    rest: Money
    method: str
    note: str
    recorded_at: datetime
    recorded_by: str

    @property
    def returned(self) -> Money:
        return self.amount - self.rest

    @property
    def is_gone(self) -> bool:
        return self.rest.minor == 0


def support_page(
    *, now: datetime, month: CalendarMonth | None = None, after: int | None = None, slug: str = MAIN
) -> SupportPage | None:
    """Return what `/support/` shows: the present month, or `month` once it has begun.

    Six queries.
    """
    about = campaign(slug=slug)
    if about is None:
        return None
    if month is None:
        shown = present_meter(now=now, slug=slug)
    else:
        shown = meter_of_month(month=month, now=now, slug=slug)
    if shown is None:
        return None
    return SupportPage(
        about=about,
        meter=shown,
        books=public_books(meter=shown, after=after),
        closed=closed_months(now=now, slug=slug),
        changes=_changes(shown),
    )


def _changes(meter: Meter) -> tuple[PlanChange, ...]:
    rows = decisions.plans_of(campaign=meter.campaign, month=meter.month)
    return tuple(
        PlanChange(
            day=row.decided_at.astimezone(ZoneInfo(meter.zone)).date(),
            goal=Money(json.loads(row.facts)["goal"], meter.goal.currency),
        )
        for row in rows
        if row.decided_at >= meter.starts_at
    )


def public_books(*, meter: Meter, after: int | None = None, size: int = PAGE) -> BookPage:
    """Return the entries that make up a meter's sum, newest date first. One query.

    `after` is the key of the page before, the sequence of its last entry; a key that is not of this
    campaign gives an empty page.
    """
    rows = LedgerLine.objects.filter(
        campaign__slug=meter.campaign,
        account=Account.GIFTS,
        effective_at__gte=meter.starts_at,
        effective_at__lt=meter.ends_at,
    )
    if after is not None:
        pivot = LedgerLine.objects.filter(
            entry__campaign__slug=meter.campaign, entry__sequence=after, account=Account.GIFTS
        )
        day, line = Subquery(pivot.values("effective_at")[:1]), Subquery(pivot.values("id")[:1])
        # The first condition is a range of the index; the second drops what was on the page before.
        rows = rows.filter(effective_at__lte=day).filter(Q(effective_at__lt=day) | Q(id__lt=line))
    # Lines are numbered under the ledger's lock, so their ids run with the sequence of entries.
    found = list(
        rows.order_by("-effective_at", "-id").values_list(
            "entry__sequence",
            "effective_at",
            "amount",
            "currency",
            "entry__kind",
            "entry__recorded_at",
        )[: size + 1]
    )
    zone = ZoneInfo(meter.zone)
    lines = tuple(
        BookLine(
            sequence=sequence,
            day=effective_at.astimezone(zone).date(),
            amount=Money(-amount, currency),
            kind=kind,
            late=recorded_at >= meter.ends_at,
        )
        for sequence, effective_at, amount, currency, kind, recorded_at in found[:size]
    )
    return BookPage(lines, lines[-1].sequence if len(found) > size else None)


def latest_gifts(
    *, slug: str = MAIN, after: int | None = None, size: int = PAGE
) -> tuple[tuple[GiftRow, ...], int | None]:
    """Return gifts as staff see them, the last entered first, and the key of the next page."""
    rows = _gift_rows(slug=slug)
    if after is not None:
        rows = rows.filter(entry__sequence__lt=after)
    found = list(rows.order_by("-entry__sequence")[: size + 1])
    key = found[size - 1].entry.sequence if len(found) > size else None
    return tuple(_gift_row(row) for row in found[:size]), key


def gift(*, id: UUID, slug: str = MAIN) -> GiftRow | None:  # noqa: A002 - the gift's own name
    row = _gift_rows(slug=slug).filter(id=id).first()
    return None if row is None else _gift_row(row)


def reasons_of(*, gift: UUID) -> tuple[str, ...]:
    """Return why parts of a gift were taken off it, in order. Private."""
    return tuple(
        EntryReason.objects.filter(entry__reverses__gift__id=gift)
        .order_by("entry__sequence")
        .values_list("text", flat=True)
    )


def _gift_rows(*, slug: str) -> QuerySet[Gift]:
    taken = (
        LedgerLine.objects.filter(account=Account.GIFTS, entry__reverses_id=OuterRef("entry_id"))
        .order_by()
        .values("account")
        .annotate(total=Sum("amount"))
        .values("total")
    )
    return (
        Gift.objects.filter(campaign__slug=slug)
        .select_related("entry", "campaign")
        .annotate(taken=Coalesce(Subquery(taken), Value(0)))
    )


def _gift_row(row: Gift) -> GiftRow:
    taken: int = row.taken  # type: ignore[attr-defined]  # annotated by _gift_rows
    return GiftRow(
        id=row.id,
        day=row.effective_at.astimezone(ZoneInfo(row.campaign.zone)).date(),
        amount=Money(row.amount, row.currency),
        rest=Money(row.amount - taken, row.currency),
        method=row.method,
        note=row.note,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
    )
