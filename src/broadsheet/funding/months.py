"""Opening and planning months. Every function here runs under the ledger's lock (`ledger.lock`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from broadsheet.funding.models import Campaign, Month
from broadsheet.funding.models import Step as StepRow
from broadsheet.funding.rules import CalendarMonth, Step, month_bounds
from broadsheet.kit.money import Money


@dataclass(frozen=True, slots=True)
class Span:
    """The months that a campaign has opened."""

    first: CalendarMonth
    starts_at: datetime


def span(*, campaign: Campaign) -> Span:
    row = campaign.months.order_by("starts_at")[0]
    return Span(CalendarMonth(row.year, row.month), row.starts_at)


def open_first(
    *, campaign: Campaign, month: CalendarMonth, goal: Money, steps: Sequence[Step]
) -> None:
    """Open the month that a campaign begins with."""
    starts_at, ends_at = month_bounds(year=month.year, month=month.month, zone=campaign.zone)
    row = Month.objects.create(
        campaign=campaign,
        year=month.year,
        month=month.month,
        starts_at=starts_at,
        ends_at=ends_at,
        goal=goal.minor,
    )
    _write_steps(row, [(step.amount.minor, step.label) for step in steps])


def open_until(*, campaign: Campaign, now: datetime, at_least: CalendarMonth | None = None) -> int:
    """Open every month up to the one of `now` (or `at_least`, if later). Return how many.

    Each copies the plan of the one before and begins where that ended: no instant lies between.
    """
    opened = 0
    latest = campaign.months.order_by("-starts_at")[0]
    while latest.ends_at <= now or (
        at_least and CalendarMonth(latest.year, latest.month) < at_least
    ):
        after = CalendarMonth(latest.year, latest.month).following()
        _, ends_at = month_bounds(year=after.year, month=after.month, zone=campaign.zone)
        row = Month.objects.create(
            campaign=campaign,
            year=after.year,
            month=after.month,
            starts_at=latest.ends_at,
            ends_at=ends_at,
            goal=latest.goal,
        )
        _write_steps(row, list(latest.steps.values_list("amount", "label")))
        latest, opened = row, opened + 1
    return opened


def as_stored(*, goal: Money, steps: Sequence[Step]) -> tuple[int, tuple[tuple[int, str], ...]]:
    """Return a plan as the tables hold it: minor units, steps by amount."""
    marks = sorted((step.amount.minor, step.label.strip()) for step in steps)
    return goal.minor, tuple(marks)


def plan_of(*, campaign: Campaign, month: CalendarMonth) -> tuple[int, tuple[tuple[int, str], ...]]:
    """Return the plan of an open month, as `as_stored` does."""
    row = campaign.months.get(year=month.year, month=month.month)
    return row.goal, tuple(row.steps.order_by("amount").values_list("amount", "label"))


def replan(*, campaign: Campaign, month: CalendarMonth, goal: Money, steps: Sequence[Step]) -> None:
    """Replace the plan of an open month; months opened after it copy the new one."""
    row = campaign.months.get(year=month.year, month=month.month)
    row.goal = goal.minor
    row.save(update_fields=["goal"])
    row.steps.all().delete()
    _write_steps(row, [(step.amount.minor, step.label) for step in steps])


def _write_steps(row: Month, steps: Sequence[tuple[int, str]]) -> None:
    StepRow.objects.bulk_create(
        StepRow(month=row, amount=amount, label=label.strip()) for amount, label in steps
    )
