"""The campaign, its month in figures and its closed months, as frozen dataclasses for pages."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from django.db.models import (
    Count,
    DateTimeField,
    F,
    Func,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce

from broadsheet.funding.models import (
    Account,
    Campaign,
    LedgerLine,
    Month,
)
from broadsheet.funding.rules import CalendarMonth, month_bounds
from broadsheet.funding.watched import KEY
from broadsheet.kit.money import Money
from broadsheet.pagestore.api import shows, true_until

# An install has one publication, and for now one campaign.
MAIN: Final = "main"


@dataclass(frozen=True, slots=True)
class Mark:
    """A step on the scale. `position` is its place on the way to the goal, 0 to 100."""

    amount: Money
    label: str
    reached: bool
    position: float


@dataclass(frozen=True, slots=True)
class Meter:
    """A month of a campaign in figures.

    `raised` = `given` - `returned`: gifts dated in the month, less refunds and corrections dated in
    it, before `fees`. `percent` is for the bar, from 0 to 100; `share` is the true whole
    percentage, rounded down, and goes beyond 100. `gifts` counts gifts, `entries` all lines of the
    sum. `last_entry_at` is the minute in which the last of these was booked, which may be after the
    month; None where there is none. So a meter is what the books say, whenever it is read.
    """

    campaign: str
    zone: str
    month: CalendarMonth
    starts_at: datetime
    ends_at: datetime
    closed: bool
    goal: Money
    raised: Money
    given: Money
    returned: Money
    fees: Money
    steps: tuple[Mark, ...]
    percent: float
    share: int
    gifts: int
    entries: int
    last_entry_at: datetime | None

    @property
    def after_fees(self) -> Money:
        return self.raised - self.fees


class _BookedAt(Func):
    """When the entry of a line was booked; the line may be an aggregate of the query around."""

    template = (
        "(SELECT header.recorded_at FROM funding_ledgerline line"
        " JOIN funding_ledgerentry header ON header.id = line.entry_id"
        " WHERE line.id = (SELECT %(expressions)s))"
    )
    output_field = DateTimeField()


@dataclass(frozen=True, slots=True)
class ClosedMonth:
    month: CalendarMonth
    goal: Money
    raised: Money


@dataclass(frozen=True, slots=True)
class About:
    """A campaign in words, for its page and for staff."""

    slug: str
    title: str
    currency: str
    zone: str
    how_to_give: str

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The text as paragraphs, each of which may hold line breaks."""
        blocks = self.how_to_give.replace("\r\n", "\n").split("\n\n")
        return tuple(block.strip() for block in blocks if block.strip())


@dataclass(frozen=True, slots=True)
class _Plan:
    campaign_id: int
    slug: str
    zone: str
    currency: str
    month: CalendarMonth
    starts_at: datetime
    ends_at: datetime
    goal: int
    steps: tuple[tuple[int, str], ...]


def campaign(*, slug: str = MAIN) -> About | None:
    row = Campaign.objects.filter(slug=slug).first()
    if row is None:
        return None
    return About(row.slug, row.title, row.currency, row.zone, row.how_to_give)


def meter(*, now: datetime, slug: str = MAIN) -> Meter | None:
    """Return the present month, or None when there is no campaign. Two queries.

    In the first moments of a month, before the scheduler opened it, it is shown by the plan of the
    month before, and honestly at what lies in it.
    """
    shows(KEY)
    latest = (
        Month.objects.filter(campaign__slug=slug, starts_at__lte=now)
        .order_by("-starts_at")
        .values("id")[:1]
    )
    plan = _plan(Month.objects.filter(id=Subquery(latest)))
    if plan is None:
        return None
    if plan.ends_at <= now:
        plan = _rolled(plan, now)
    return _measured(plan, now=now)


def meter_of_month(*, month: CalendarMonth, now: datetime, slug: str = MAIN) -> Meter | None:
    """Return one month that has begun, closed or not, or None. Two queries."""
    shows(KEY)
    plan = _plan(
        Month.objects.filter(
            campaign__slug=slug, year=month.year, month=month.month, starts_at__lte=now
        )
    )
    return None if plan is None else _measured(plan, now=now)


def plan_of_month(
    *, month: CalendarMonth, slug: str = MAIN
) -> tuple[Money, tuple[tuple[Money, str], ...]] | None:
    """Return goal and steps of a month that was opened, or None. One query."""
    plan = _plan(Month.objects.filter(campaign__slug=slug, year=month.year, month=month.month))
    if plan is None:
        return None
    steps = tuple((Money(amount, plan.currency), label) for amount, label in plan.steps)
    return Money(plan.goal, plan.currency), steps


def closed_months(*, now: datetime, slug: str = MAIN) -> tuple[ClosedMonth, ...]:
    """Return the months that are over, the latest first, each with its sum as of now. One query."""
    lines = (
        LedgerLine.objects.filter(
            campaign=OuterRef("campaign_id"),
            account=Account.GIFTS,
            effective_at__gte=OuterRef("starts_at"),
            effective_at__lt=OuterRef("ends_at"),
        )
        .order_by()
        .values("account")
        .annotate(total=Sum("amount"))
        .values("total")
    )
    rows = (
        Month.objects.filter(campaign__slug=slug, ends_at__lte=now)
        .annotate(total=Coalesce(Subquery(lines), Value(0)), currency=F("campaign__currency"))
        .order_by("-starts_at")
    )
    return tuple(
        ClosedMonth(
            month=CalendarMonth(row.year, row.month),
            goal=Money(row.goal, row.currency),
            raised=Money(-row.total, row.currency),
        )
        for row in rows
    )


def _plan(months: QuerySet[Month]) -> _Plan | None:
    # Typed by hand: an outer join's columns may be NULL, which the stubs do not know.
    rows: list[tuple[Any, ...]] = list(
        months.order_by("steps__amount").values_list(
            "campaign_id",
            "campaign__slug",
            "campaign__zone",
            "campaign__currency",
            "year",
            "month",
            "starts_at",
            "ends_at",
            "goal",
            "steps__amount",
            "steps__label",
        )
    )
    if not rows:
        return None
    campaign_id, slug, zone, currency, year, month, starts_at, ends_at, goal, _, _ = rows[0]
    return _Plan(
        campaign_id=campaign_id,
        slug=slug,
        zone=zone,
        currency=currency,
        month=CalendarMonth(year, month),
        starts_at=starts_at,
        ends_at=ends_at,
        goal=goal,
        # A month without steps comes as one row of nothing.
        steps=tuple((row[-2], row[-1]) for row in rows if row[-2] is not None),
    )


def _rolled(plan: _Plan, now: datetime) -> _Plan:
    month = CalendarMonth.containing(instant=now, zone=plan.zone)
    starts_at, ends_at = month_bounds(year=month.year, month=month.month, zone=plan.zone)
    return replace(plan, month=month, starts_at=starts_at, ends_at=ends_at)


def _measured(plan: _Plan, *, now: datetime) -> Meter:
    true_until(plan.ends_at)
    gifts = Q(account=Account.GIFTS)
    # Income is negative in the books: what is positive on this account went back.
    sums = LedgerLine.objects.filter(
        campaign=plan.campaign_id,
        account__in=(Account.GIFTS, Account.FEES),
        effective_at__gte=plan.starts_at,
        effective_at__lt=plan.ends_at,
        currency=plan.currency,
    ).aggregate(
        raised=Sum("amount", filter=gifts, default=0),
        given=Sum("amount", filter=gifts & Q(amount__lt=0), default=0),
        returned=Sum("amount", filter=gifts & Q(amount__gt=0), default=0),
        fees=Sum("amount", filter=Q(account=Account.FEES), default=0),
        gifts=Count("id", filter=gifts & Q(amount__lt=0)),
        entries=Count("id", filter=gifts),
        # Lines are numbered under the ledger's lock: the largest number was booked last.
        last_entry_at=_BookedAt(Max("id", filter=gifts)),
    )
    raised, booked_at = -int(sums["raised"]), sums["last_entry_at"]

    def money(minor: int) -> Money:
        return Money(minor, plan.currency)

    return Meter(
        campaign=plan.slug,
        zone=plan.zone,
        month=plan.month,
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        closed=plan.ends_at <= now,
        goal=money(plan.goal),
        raised=money(raised),
        given=money(-int(sums["given"])),
        returned=money(int(sums["returned"])),
        fees=money(int(sums["fees"])),
        steps=tuple(
            Mark(money(amount), label, raised >= amount, _place(amount, plan.goal))
            for amount, label in plan.steps
        ),
        percent=_place(raised, plan.goal),
        share=raised * 100 // plan.goal,
        gifts=sums["gifts"],
        entries=sums["entries"],
        last_entry_at=booked_at and booked_at.replace(second=0, microsecond=0),
    )


def _place(minor: int, goal: int) -> float:
    return round(min(max(minor / goal, 0.0), 1.0) * 100, 2)
