"""For any history of gifts, refunds, corrections and fees: meter = an oracle of dates = ledger."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadsheet.funding import api as funding
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import RefusalError
from treasury import usd

BEGIN = datetime(2026, 2, 20, 12, tzinfo=UTC)
ZONES = ["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/Los_Angeles", "Pacific/Kiritimati"]

days_ago = st.integers(0, 70)
actions = st.lists(
    st.one_of(
        st.tuples(st.just("gift"), st.integers(1, 300_000), days_ago),
        st.tuples(st.just("refund"), st.integers(1, 300_000), days_ago),
        st.tuples(st.just("correction"), st.integers(1, 300_000), days_ago),
        st.tuples(st.just("fee"), st.integers(1, 500), days_ago),
        st.tuples(st.just("wait"), st.integers(1, 40), st.booleans()),
    ),
    max_size=25,
)


@dataclass
class Oracle:
    """The books as dates and amounts in plain lists: no instants, no zones, no database."""

    gifts: dict[UUID, list[int]] = field(default_factory=dict)
    days: dict[UUID, date] = field(default_factory=dict)
    raised: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    fees: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    entries: int = 0


class World:
    def __init__(self, zone: str, keeper: Actor) -> None:
        self.zone, self.keeper, self.now, self.oracle = zone, keeper, BEGIN, Oracle()
        funding.open_campaign(
            actor=keeper,
            slug=funding.MAIN,
            title="The Harbour Post",
            goal=usd(500_000),
            zone=zone,
            first=funding.CalendarMonth(2026, 1),
            now=BEGIN,
        )

    def day(self, ago: int) -> date:
        today = self.now.astimezone(ZoneInfo(self.zone)).date()
        return max(today - timedelta(days=ago), date(2026, 1, 1))

    def at(self, day: date) -> datetime:
        return funding.instant_of_day(day=day, zone=self.zone)

    def gift(self, minor: int, ago: int) -> None:
        day = self.day(ago)
        booked = funding.record_gift(
            actor=self.keeper,
            campaign=funding.MAIN,
            amount=usd(minor),
            method="cash" if minor % 2 else "bank",
            effective_at=self.at(day),
            now=self.now,
        )
        assert booked.gift is not None
        self.oracle.gifts[booked.gift] = [minor]
        self.oracle.days[booked.gift] = day
        self.oracle.raised[f"{day:%Y-%m}"] += minor
        self.oracle.entries += 1

    def refund(self, minor: int, ago: int) -> None:
        self._give_back(minor, self.day(ago), correction=False)

    def correction(self, minor: int, ago: int) -> None:
        self._give_back(minor, self.day(ago), correction=True)

    def _give_back(self, minor: int, day: date, *, correction: bool) -> None:
        if not self.oracle.gifts:
            return
        gift = list(self.oracle.gifts)[minor % len(self.oracle.gifts)]
        left = sum(self.oracle.gifts[gift])
        day = self.oracle.days[gift] if correction else day
        facts = {"actor": self.keeper, "gift": gift, "amount": usd(minor)}
        facts |= {"reason": "because", "now": self.now}
        if correction:
            book = lambda: funding.correct_gift(**facts)  # noqa: E731 - one of two, called below
        else:
            book = lambda: funding.refund_gift(**facts, effective_at=self.at(day))  # noqa: E731 - as above
        if minor > left or day < self.oracle.days[gift]:
            with pytest.raises(RefusalError):
                book()
            return
        book()
        self.oracle.gifts[gift].append(-minor)
        self.oracle.raised[f"{day:%Y-%m}"] -= minor
        self.oracle.entries += 1

    def fee(self, minor: int, ago: int) -> None:
        day = self.day(ago)
        funding.record_fee(
            actor=self.keeper,
            campaign=funding.MAIN,
            amount=usd(minor),
            effective_at=self.at(day),
            reason="bank",
            now=self.now,
        )
        self.oracle.fees[f"{day:%Y-%m}"] += minor
        self.oracle.entries += 1

    def wait(self, days: int, scheduler_runs: bool) -> None:
        self.now += timedelta(days=days)
        if scheduler_runs:
            funding.ensure_month(now=self.now)

    def check(self) -> None:
        funding.ensure_month(now=self.now)
        present = funding.meter(now=self.now)
        assert present is not None
        months = [row.month for row in funding.closed_months(now=self.now)] + [present.month]
        books = 0
        for month in months:
            meter = funding.meter_of_month(month=month, now=self.now)
            assert meter is not None
            assert meter.raised == usd(self.oracle.raised[str(month)])
            assert meter.fees == usd(self.oracle.fees[str(month)])
            assert meter.raised == meter.given - meter.returned
            lines = funding.public_books(meter=meter, size=1000).lines
            assert sum(line.amount.minor for line in lines) == meter.raised.minor
            assert {f"{line.day:%Y-%m}" for line in lines} <= {str(month)}
            books += len(lines)
        for row in funding.closed_months(now=self.now):
            assert row.raised == usd(self.oracle.raised[str(row.month)])
        assert sum(self.oracle.raised.values()) == sum(map(sum, self.oracle.gifts.values()))
        assert books <= self.oracle.entries
        for check in funding.checks():
            assert list(check.run()) == [], check.name
        connection.check_constraints()


def play(zone: str, history: list[tuple[str, int, int]], keeper: Actor) -> None:
    with transaction.atomic():
        world = World(zone, keeper)
        for verb, amount, when in history:
            getattr(world, verb)(amount, when)
        world.check()
        transaction.set_rollback(True)


@pytest.mark.django_db
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(zone=st.sampled_from(ZONES), history=actions)
def test_meter_is_ledger(keeper: Actor, zone: str, history: list[tuple[str, int, int]]) -> None:
    play(zone, history, keeper)


@pytest.mark.deep
@pytest.mark.django_db
@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(zone=st.sampled_from(ZONES), history=actions)
def test_meter_is_ledger_deep(
    keeper: Actor, zone: str, history: list[tuple[str, int, int]]
) -> None:
    play(zone, history, keeper)
