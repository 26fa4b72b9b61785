"""Who may keep the books, and what may stand in them. Pure: no database, no framework, no clock."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Self
from zoneinfo import ZoneInfo, available_timezones

from broadsheet.kit.actor import Actor, Role
from broadsheet.kit.money import Money
from broadsheet.kit.verdict import ALLOWED, Refused, Verdict

KEEPERS: Final = (Role.OWNER, Role.EDITOR, Role.SYSTEM)
# A slip of the finger, not a policy: a million dollars, a hundred million yen.
MAX_MINOR: Final = 100_000_000
# More do not fit on the scale of a phone.
MAX_STEPS: Final = 5
MAX_LABEL: Final = 200
_MONTH: Final = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True, order=True)
class CalendarMonth:
    """A month of the calendar, in no zone yet. Written "2026-11"."""

    year: int
    month: int

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "2026-11". Raises ValueError for anything else."""
        found = _MONTH.fullmatch(text)
        if found is None or int(found[1]) == 0:
            raise ValueError(f"{text!r} is not a month such as 2026-11")
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def containing(cls, *, instant: datetime, zone: str) -> Self:
        """Return the month that `instant` falls in, for people of `zone`."""
        local = instant.astimezone(ZoneInfo(zone))
        return cls(local.year, local.month)

    def following(self) -> "CalendarMonth":
        if self.month == 12:  # noqa: PLR2004 - December
            return CalendarMonth(self.year + 1, 1)
        return CalendarMonth(self.year, self.month + 1)


@dataclass(frozen=True, slots=True)
class Step:
    """A mark on the way to the goal, and what it pays for."""

    amount: Money
    label: str


def month_bounds(*, year: int, month: int, zone: str) -> tuple[datetime, datetime]:
    """Return the first instant of the month and the first one after it, in UTC, for `zone`.

    Both are local midnights, so a month with a clock change is an hour longer or shorter. Where
    midnight itself is skipped the month begins at the change; where it comes twice, at the first.
    """
    after = CalendarMonth(year, month).following()
    return _midnight(date(year, month, 1), zone), _midnight(date(after.year, after.month, 1), zone)


def instant_of_day(*, day: date, zone: str) -> datetime:
    """Return local noon of `day` as an instant: the books know dates, and noon is on every date."""
    return datetime.combine(day, time(12), tzinfo=ZoneInfo(zone)).astimezone(UTC)


def end_of_day(*, instant: datetime, zone: str) -> datetime:
    """Return the first instant after the local day that `instant` falls on."""
    day = instant.astimezone(ZoneInfo(zone)).date()
    return _midnight(day + timedelta(days=1), zone)


def may_keep_books(*, actor: Actor) -> Verdict:
    """Owners and editors keep the books, and parts of the system on their behalf."""
    if actor.is_banned or not actor.has(*KEEPERS):
        return Refused("books.not_yours")
    return ALLOWED


def may_open_campaign(*, actor: Actor, goal: Money, steps: Sequence[Step]) -> Verdict:
    return may_keep_books(actor=actor) and _plan(goal=goal, steps=steps)


def may_describe(*, actor: Actor, title: str, zone: str) -> Verdict:
    """Say whether a campaign may be called `title` and live by the clocks of `zone`."""
    verdict = may_keep_books(actor=actor)
    if not verdict:
        return verdict
    if not 0 < len(title.strip()) <= MAX_LABEL:
        return Refused("campaign.title", (("limit", MAX_LABEL),), "title")
    if zone not in available_timezones():
        return Refused("campaign.zone", (), "zone")
    return ALLOWED


def may_plan_month(
    *,
    actor: Actor,
    month: CalendarMonth,
    first: CalendarMonth,
    present: CalendarMonth,
    goal: Money,
    steps: Sequence[Step],
    currency: str,
) -> Verdict:
    """Say whether `month` may get this plan: the present month or the next, never a closed one."""
    verdict = may_keep_books(actor=actor)
    if not verdict:
        return verdict
    if month < max(first, present):
        return Refused("month.closed", (("month", str(month)),))
    if month > present.following():
        return Refused("month.too_far", (("month", str(month)),))
    if goal.currency != currency:
        return Refused("amount.currency", (("currency", currency),), "goal")
    return _plan(goal=goal, steps=steps)


def may_book(
    *,
    actor: Actor,
    amount: Money,
    currency: str,
    effective_at: datetime,
    opened_at: datetime,
    zone: str,
    now: datetime,
) -> Verdict:
    """Say whether a gift or a fee may be booked.

    Its date may lie in a month that is closed, because a bank transfer is often seen days after it
    came in: the books of that month then show the line as recorded later. It may not lie before the
    campaign's first month, nor after today in the publisher's zone.
    """
    return (
        may_keep_books(actor=actor)
        and _amount(amount=amount, currency=currency)
        and _date(
            effective_at=effective_at,
            earliest=opened_at,
            too_early="date.before_campaign",
            zone=zone,
            now=now,
        )
    )


def may_give_back(
    *,
    actor: Actor,
    amount: Money,
    rest: Money,
    received_at: datetime,
    effective_at: datetime,
    reason: str,
    zone: str,
    now: datetime,
) -> Verdict:
    """Say whether `amount` may be taken off a gift of which `rest` is left."""
    verdict = (
        may_keep_books(actor=actor)
        and _amount(amount=amount, currency=rest.currency)
        and _date(
            effective_at=effective_at,
            earliest=received_at,
            too_early="date.before_gift",
            zone=zone,
            now=now,
        )
    )
    if not verdict:
        return verdict
    if amount.minor > rest.minor:
        facts = (("rest", rest.minor), ("currency", rest.currency))
        return Refused("refund.beyond_rest", facts, "amount")
    if not reason.strip():
        return Refused("refund.no_reason", (), "reason")
    return ALLOWED


def _plan(*, goal: Money, steps: Sequence[Step]) -> Verdict:
    if goal.minor <= 0:
        return Refused("goal.not_positive", (), "goal")
    if goal.minor > MAX_MINOR:
        facts = (("limit", MAX_MINOR), ("currency", goal.currency))
        return Refused("amount.too_large", facts, "goal")
    if len(steps) > MAX_STEPS:
        return Refused("steps.too_many", (("limit", MAX_STEPS),), "steps")
    if len({step.amount.minor for step in steps}) != len(steps):
        return Refused("steps.twice", (), "steps")
    verdicts = (_step(step=step, goal=goal) for step in steps)
    return next((verdict for verdict in verdicts if not verdict), ALLOWED)


def _step(*, step: Step, goal: Money) -> Verdict:
    if step.amount.currency != goal.currency:
        return Refused("amount.currency", (("currency", goal.currency),), "steps")
    if not 0 < step.amount.minor <= goal.minor:
        facts = (("goal", goal.minor), ("currency", goal.currency))
        return Refused("steps.off_the_scale", facts, "steps")
    if not 0 < len(step.label.strip()) <= MAX_LABEL:
        return Refused("steps.label", (("limit", MAX_LABEL),), "steps")
    return ALLOWED


def _amount(*, amount: Money, currency: str) -> Verdict:
    if amount.currency != currency:
        return Refused("amount.currency", (("currency", currency),), "amount")
    if amount.minor <= 0:
        return Refused("amount.not_positive", (), "amount")
    if amount.minor > MAX_MINOR:
        return Refused("amount.too_large", (("limit", MAX_MINOR), ("currency", currency)), "amount")
    return ALLOWED


def _date(
    *, effective_at: datetime, earliest: datetime, too_early: str, zone: str, now: datetime
) -> Verdict:
    if effective_at >= end_of_day(instant=now, zone=zone):
        return Refused("date.in_the_future", (), "day")
    if effective_at < earliest:
        day = earliest.astimezone(ZoneInfo(zone)).date().isoformat()
        return Refused(too_early, (("day", day),), "day")
    return ALLOWED


def _midnight(day: date, zone: str) -> datetime:
    # fold=0 is the earlier of two midnights, and in a gap it maps to the instant of the change.
    return datetime.combine(day, time(), tzinfo=ZoneInfo(zone)).astimezone(UTC)
