from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.funding import rules, wording
from broadsheet.funding.rules import CalendarMonth, Step
from broadsheet.kit.actor import Actor, Standing, system
from broadsheet.kit.money import Money
from broadsheet.kit.verdict import Refused
from people import Cast

KEEPERS = {"owner", "editor"}
OPENED = datetime(2026, 5, 1, tzinfo=UTC)
ZONES = ["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/Havana", "Pacific/Kiritimati"]


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def codes(verdict: object) -> str:
    return verdict.code if isinstance(verdict, Refused) else "allowed"


@pytest.mark.parametrize("name", [name for name, _ in Cast(*range(8))])
def test_owner_and_editor_keep_the_books(name: str, actors: Cast[Actor], now: datetime) -> None:
    actor = actors[name]
    verdicts = [
        rules.may_keep_books(actor=actor),
        rules.may_book(
            actor=actor,
            amount=usd(500),
            currency="USD",
            effective_at=now,
            opened_at=OPENED,
            zone="UTC",
            now=now,
        ),
        rules.may_give_back(
            actor=actor,
            amount=usd(500),
            rest=usd(500),
            received_at=now,
            effective_at=now,
            reason="asked for it",
            zone="UTC",
            now=now,
        ),
        rules.may_plan_month(
            actor=actor,
            month=CalendarMonth(2026, 6),
            first=CalendarMonth(2026, 5),
            present=CalendarMonth(2026, 6),
            goal=usd(1000),
            steps=[],
            currency="USD",
        ),
        rules.may_open_campaign(actor=actor, goal=usd(1000), steps=[]),
    ]
    wanted = "allowed" if name in KEEPERS else "books.not_yours"
    assert [codes(verdict) for verdict in verdicts] == [wanted] * 5


def test_the_system_keeps_books_and_a_banned_owner_does_not(actors: Cast[Actor]) -> None:
    assert rules.may_keep_books(actor=system(name="scheduler"))
    owner = actors.owner
    banned = Actor(id=owner.id, roles=owner.roles, standing=Standing.BANNED)
    assert not rules.may_keep_books(actor=banned)


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        (usd(1), "allowed"),
        (usd(rules.MAX_MINOR), "allowed"),
        (usd(rules.MAX_MINOR + 1), "amount.too_large"),
        (usd(0), "amount.not_positive"),
        (usd(-5), "amount.not_positive"),
        (Money(500, "EUR"), "amount.currency"),
    ],
)
def test_amounts(amount: Money, code: str, actors: Cast[Actor], now: datetime) -> None:
    verdict = rules.may_book(
        actor=actors.editor,
        amount=amount,
        currency="USD",
        effective_at=now,
        opened_at=OPENED,
        zone="UTC",
        now=now,
    )
    assert codes(verdict) == code


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (OPENED, "allowed"),
        (OPENED - timedelta(seconds=1), "date.before_campaign"),
        # Closed since ten days, and still the month in which the transfer came in.
        (datetime(2026, 5, 31, 20, tzinfo=UTC), "allowed"),
        # In Kathmandu (+5:45) the day of 9:30 UTC ends at 18:15 UTC.
        (datetime(2026, 6, 12, 18, 14, tzinfo=UTC), "allowed"),
        (datetime(2026, 6, 12, 18, 15, tzinfo=UTC), "date.in_the_future"),
    ],
)
def test_dates(at: datetime, code: str, actors: Cast[Actor], now: datetime) -> None:
    verdict = rules.may_book(
        actor=actors.editor,
        amount=usd(500),
        currency="USD",
        effective_at=at,
        opened_at=OPENED,
        zone="Asia/Kathmandu",
        now=now,
    )
    assert codes(verdict) == code


@pytest.mark.parametrize(
    ("amount", "days_after", "reason", "code"),
    [
        (300, 0, "asked", "allowed"),
        (301, 0, "asked", "refund.beyond_rest"),
        (300, -1, "asked", "date.before_gift"),
        (300, 0, "  ", "refund.no_reason"),
        (0, 0, "asked", "amount.not_positive"),
    ],
)
def test_giving_back(
    amount: int, days_after: int, reason: str, code: str, actors: Cast[Actor], now: datetime
) -> None:
    verdict = rules.may_give_back(
        actor=actors.owner,
        amount=usd(amount),
        rest=usd(300),
        received_at=now,
        effective_at=now + timedelta(days=days_after),
        reason=reason,
        zone="UTC",
        now=now,
    )
    assert codes(verdict) == code


@pytest.mark.parametrize(
    ("month", "goal", "steps", "code"),
    [
        ("2026-06", 1000, [(500, "half"), (1000, "all")], "allowed"),
        ("2026-07", 1000, [], "allowed"),
        ("2026-05", 1000, [], "month.closed"),
        ("2026-08", 1000, [], "month.too_far"),
        ("2026-06", 0, [], "goal.not_positive"),
        ("2026-06", rules.MAX_MINOR + 1, [], "amount.too_large"),
        ("2026-06", 1000, [(1001, "more")], "steps.off_the_scale"),
        ("2026-06", 1000, [(0, "nothing")], "steps.off_the_scale"),
        ("2026-06", 1000, [(500, "a"), (500, "b")], "steps.twice"),
        ("2026-06", 1000, [(500, " ")], "steps.label"),
        ("2026-06", 1000, [(n, "x") for n in range(1, 7)], "steps.too_many"),
    ],
)
def test_plans(
    month: str, goal: int, steps: list[tuple[int, str]], code: str, actors: Cast[Actor]
) -> None:
    verdict = rules.may_plan_month(
        actor=actors.owner,
        month=CalendarMonth.parse(month),
        first=CalendarMonth(2026, 5),
        present=CalendarMonth(2026, 6),
        goal=usd(goal),
        steps=[Step(usd(amount), label) for amount, label in steps],
        currency="USD",
    )
    assert codes(verdict) == code


@pytest.mark.parametrize(
    ("year", "month", "zone", "begin", "hours"),
    [
        (2026, 3, "Europe/Berlin", datetime(2026, 2, 28, 23, tzinfo=UTC), 31 * 24 - 1),
        (2026, 10, "Europe/Berlin", datetime(2026, 9, 30, 22, tzinfo=UTC), 31 * 24 + 1),
        (2026, 12, "Europe/Berlin", datetime(2026, 11, 30, 23, tzinfo=UTC), 31 * 24),
        (2026, 2, "Asia/Kathmandu", datetime(2026, 1, 31, 18, 15, tzinfo=UTC), 28 * 24),
        # Havana falls back at 1:00 on 1 November 2026: its midnight comes twice.
        (2026, 11, "America/Havana", datetime(2026, 11, 1, 4, tzinfo=UTC), 30 * 24 + 1),
        # Asunción sprang forward at midnight of 1 October 2023: that midnight never was.
        (2023, 10, "America/Asuncion", datetime(2023, 10, 1, 4, tzinfo=UTC), 31 * 24 - 1),
    ],
)
def test_a_month_runs_from_midnight_to_midnight(
    year: int, month: int, zone: str, begin: datetime, hours: int
) -> None:
    starts_at, ends_at = rules.month_bounds(year=year, month=month, zone=zone)
    assert starts_at == begin
    assert ends_at - starts_at == timedelta(hours=hours)


@given(
    st.integers(1971, 2037),
    st.integers(1, 12),
    st.sampled_from(ZONES),
    st.integers(0, 27),
)
def test_months_adjoin_and_hold_their_days(year: int, month: int, zone: str, offset: int) -> None:
    here = CalendarMonth(year, month)
    after = here.following()
    starts_at, ends_at = rules.month_bounds(year=year, month=month, zone=zone)
    assert ends_at == rules.month_bounds(year=after.year, month=after.month, zone=zone)[0]
    noon = rules.instant_of_day(day=date(year, month, 1 + offset), zone=zone)
    assert starts_at < noon < ends_at
    assert CalendarMonth.containing(instant=noon, zone=zone) == here
    assert CalendarMonth.containing(instant=starts_at, zone=zone) == here
    last = ends_at - timedelta(microseconds=1)
    assert CalendarMonth.containing(instant=last, zone=zone) == here


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "0000-01", "2026-1", "26-01", "", "x"])
def test_what_is_not_a_month(text: str) -> None:
    with pytest.raises(ValueError, match="not a month"):
        CalendarMonth.parse(text)


def test_every_refusal_has_its_sentence() -> None:
    facts = (("limit", 500), ("rest", 500), ("goal", 900), ("currency", "USD"))
    facts += (("day", "2026-06-12"), ("month", "2026-06"), ("campaign", "main"))
    for code in wording.SENTENCES:
        sentence = wording.explain(Refused(code, facts), locale="en")
        assert sentence.endswith(".")
        assert "%" not in sentence
    verdict = Refused("refund.beyond_rest", (("rest", 12_50), ("currency", "USD")))
    assert wording.explain(verdict, locale="en") == "Only $12.50 of this gift is left."


def test_no_code_is_without_a_sentence() -> None:
    from pathlib import Path

    room = Path(rules.__file__).parent
    text = "".join(
        (room / name).read_text()
        for name in ("rules.py", "operations.py", "campaigns.py", "ledger.py")
    )
    import re

    used = set(
        re.findall(
            r'"((?:amount|books|campaign|date|entry|gift|goal|month|refund|steps)\.[a-z_]+)"', text
        )
    )
    assert used == set(wording.SENTENCES)
