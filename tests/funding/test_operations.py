from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections

from broadsheet.funding import api as funding
from broadsheet.funding.models import EntryReason, Gift, LedgerEntry, LedgerLine, Month
from broadsheet.kit.actor import Actor
from broadsheet.kit.money import Money
from broadsheet.kit.verdict import RefusalError
from people import Cast
from treasury import Give, usd

MAY = datetime(2026, 5, 20, 10, tzinfo=UTC)


def june(now: datetime) -> funding.Meter:
    meter = funding.meter(now=now)
    assert meter is not None
    return meter


def may(now: datetime) -> funding.Meter:
    meter = funding.meter_of_month(month=funding.CalendarMonth(2026, 5), now=now)
    assert meter is not None
    return meter


def refused(error: pytest.ExceptionInfo[RefusalError]) -> str:
    return error.value.verdict.code


def test_a_gift_is_lines_an_entry_and_a_gift(give: Give, now: datetime, keeper: Actor) -> None:
    booked = give(112_000, note=" from the choir ")
    entry = LedgerEntry.objects.get()
    assert (entry.id, entry.sequence, entry.kind) == (booked.entry, 1, "gift")
    assert entry.recorded_by == keeper.id
    lines = set(LedgerLine.objects.values_list("account", "amount", "currency"))
    assert lines == {("bank", 112_000, "USD"), ("gifts", -112_000, "USD")}
    gift = Gift.objects.get()
    assert (gift.id, gift.entry_id, gift.note) == (booked.gift, entry.id, "from the choir")
    assert june(now).raised == usd(112_000)


def test_no_name_stands_in_the_ledger() -> None:
    columns = {field.name for model in (LedgerEntry, LedgerLine) for field in model._meta.fields}
    assert not {name for name in columns if "name" in name or "mail" in name or "note" in name}


def test_the_same_form_sent_twice_books_one_gift(give: Give, now: datetime) -> None:
    first = give(5000, key="form-1")
    again = give(5000, key="form-1", now=now + timedelta(seconds=3), at=now)
    assert again.repeated
    assert (again.gift, again.entry) == (first.gift, first.entry)
    assert june(now).gifts == 1


def test_a_form_from_the_history_with_another_amount_is_refused(
    give: Give,
) -> None:
    give(5000, key="form-1")
    with pytest.raises(RefusalError) as error:
        give(7000, key="form-1")
    assert refused(error) == "entry.key_reused"
    assert Gift.objects.count() == 1


def test_a_refund_counts_in_the_month_in_which_it_went(
    give: Give, now: datetime, keeper: Actor
) -> None:
    gift = give(10_000, at=MAY).gift
    assert gift is not None
    funding.refund_gift(
        actor=keeper, gift=gift, amount=usd(4000), effective_at=now, reason="asked", now=now
    )
    assert may(now).raised == usd(10_000)
    assert (june(now).raised, june(now).returned) == (usd(-4000), usd(4000))
    assert (june(now).percent, june(now).share) == (0, -1)
    assert EntryReason.objects.get().text == "asked"


def test_a_correction_puts_the_gifts_own_month_right(
    give: Give, now: datetime, keeper: Actor
) -> None:
    gift = give(10_000, at=MAY).gift
    assert gift is not None
    funding.correct_gift(actor=keeper, gift=gift, amount=usd(9000), reason="one zero", now=now)
    assert may(now).raised == usd(1000)
    assert june(now).entries == 0
    lines = funding.public_books(meter=may(now)).lines
    assert [(line.kind, line.amount, line.late) for line in lines] == [
        ("correction", usd(-9000), True),
        ("gift", usd(10_000), True),
    ]


def test_never_more_goes_back_than_is_left(give: Give, now: datetime, keeper: Actor) -> None:
    gift = give(10_000).gift
    assert gift is not None
    facts = {"actor": keeper, "gift": gift, "effective_at": now, "reason": "asked", "now": now}
    funding.refund_gift(amount=usd(6000), **facts)
    with pytest.raises(RefusalError) as error:
        funding.refund_gift(amount=usd(4001), **facts)
    assert refused(error) == "refund.beyond_rest"
    funding.refund_gift(amount=usd(4000), key="last", **facts)
    assert funding.refund_gift(amount=usd(4000), key="last", **facts).repeated
    row = funding.gift(id=gift)
    assert row is not None
    assert row.is_gone
    assert june(now).raised == usd(0)


def test_fees_are_shown_apart(give: Give, campaign: str, now: datetime, keeper: Actor) -> None:
    give(10_000)
    funding.record_fee(
        actor=keeper, campaign=campaign, amount=usd(35), effective_at=now, reason="June", now=now
    )
    meter = june(now)
    assert (meter.raised, meter.fees, meter.after_fees) == (usd(10_000), usd(35), usd(9965))
    assert meter.entries == 1


def test_a_late_transfer_lies_in_its_closed_month_and_says_so(give: Give, now: datetime) -> None:
    give(2500, at=MAY)
    assert may(now).closed
    assert may(now).raised == usd(2500)
    assert june(now).raised == usd(0)
    assert [line.late for line in funding.public_books(meter=may(now)).lines] == [True]


def test_a_meter_says_when_the_last_entry_of_its_sum_was_booked(
    give: Give, campaign: str, now: datetime, keeper: Actor
) -> None:
    assert june(now).last_entry_at is None
    later = [now + timedelta(minutes=at, seconds=7, microseconds=5) for at in range(5)]
    gift = give(10_000, at=now - timedelta(days=3), now=later[1]).gift
    assert gift is not None
    # Of an earlier day, and entered after: what counts is when it was booked.
    give(500, at=now - timedelta(days=9), now=later[2])
    give(2500, at=MAY, now=later[3])
    fee = {"amount": usd(35), "effective_at": now, "reason": "June", "now": later[4]}
    funding.record_fee(actor=keeper, campaign=campaign, **fee)
    last = june(later[4]).last_entry_at, may(later[4]).last_entry_at
    assert last == (now + timedelta(minutes=2), now + timedelta(minutes=3))
    funding.correct_gift(actor=keeper, gift=gift, amount=usd(1), reason="a slip", now=later[4])
    assert june(later[4]).last_entry_at == now + timedelta(minutes=4)
    # It is the same meter whenever it is read.
    assert june(later[4]) == june(now + timedelta(days=1))


def test_a_new_month_copies_the_plan_and_begins_at_zero(give: Give, now: datetime) -> None:
    give(10_000)
    august = datetime(2026, 8, 2, tzinfo=UTC)
    assert funding.ensure_month(now=august) == 2
    assert funding.ensure_month(now=august) == 0
    meter = june(august)
    assert (str(meter.month), meter.raised, meter.goal) == ("2026-08", usd(0), usd(500_000))
    assert [mark.label for mark in meter.steps] == ["pays both reporters", "also pays the printer"]
    closed = funding.closed_months(now=august)
    assert [(str(row.month), row.raised.minor) for row in closed] == [
        ("2026-07", 0),
        ("2026-06", 10_000),
        ("2026-05", 0),
    ]


def test_the_meter_is_honest_before_the_scheduler_woke(give: Give, now: datetime) -> None:
    give(10_000)
    before = june(datetime(2026, 6, 30, 21, 59, 59, tzinfo=UTC))
    after = june(datetime(2026, 6, 30, 22, tzinfo=UTC))
    assert (str(before.month), before.raised.minor) == ("2026-06", 10_000)
    assert (str(after.month), after.raised.minor, after.goal) == ("2026-07", 0, usd(500_000))
    assert Month.objects.count() == 2


def test_a_plan_is_for_now_or_next_and_is_handed_on(
    campaign: str, now: datetime, keeper: Actor
) -> None:
    july = {"actor": keeper, "campaign": campaign, "year": 2026, "month": 7, "now": now}
    funding.plan_month(**july, goal=usd(800_000), steps=[funding.Step(usd(1), "a stamp")])
    assert june(now).goal == usd(500_000)
    assert june(datetime(2026, 9, 9, tzinfo=UTC)).goal == usd(800_000)
    with pytest.raises(RefusalError) as error:
        funding.plan_month(**july | {"month": 5}, goal=usd(1), steps=[])
    assert refused(error) == "month.closed"


def test_a_campaign_opens_once(campaign: str, now: datetime, keeper: Actor) -> None:
    with pytest.raises(RefusalError) as error:
        funding.open_campaign(
            actor=keeper, slug=campaign, title="x", goal=usd(1), zone="UTC", now=now
        )
    assert refused(error) == "campaign.exists"


def test_nothing_without_a_campaign(db: None, now: datetime, keeper: Actor) -> None:
    assert funding.meter(now=now) is None
    assert funding.support_page(now=now) is None
    assert funding.closed_months(now=now) == ()
    with pytest.raises(RefusalError) as error:
        funding.record_gift(
            actor=keeper,
            campaign="main",
            amount=usd(1),
            method="cash",
            effective_at=now,
            now=now,
        )
    assert refused(error) == "campaign.unknown"


@pytest.mark.parametrize(
    "name", ["reporter", "moderator", "reader", "guest", "banned_reader", "stranger"]
)
def test_nobody_else_writes_anything(
    name: str,
    actors: Cast[Actor],
    give: Give,
    campaign: str,
    now: datetime,
) -> None:
    gift = give(1000).gift
    assert gift is not None
    who = actors[name]
    attempts = [
        lambda: give(1000, actor=who),
        lambda: funding.refund_gift(
            actor=who, gift=gift, amount=usd(1), effective_at=now, reason="x", now=now
        ),
        lambda: funding.correct_gift(actor=who, gift=gift, amount=usd(1), reason="x", now=now),
        lambda: funding.record_fee(
            actor=who, campaign=campaign, amount=usd(1), effective_at=now, reason="x", now=now
        ),
        lambda: funding.set_how_to_give(actor=who, campaign=campaign, text="x", now=now),
        lambda: funding.plan_month(
            actor=who, campaign=campaign, year=2026, month=6, goal=usd(1), steps=[], now=now
        ),
        lambda: funding.open_campaign(
            actor=who, slug="other", title="x", goal=usd(1), zone="UTC", now=now
        ),
    ]
    for attempt in attempts:
        with pytest.raises(RefusalError) as error:
            attempt()
        assert refused(error) == "books.not_yours"
    assert LedgerEntry.objects.count() == 1


def test_another_currency_is_refused(campaign: str, now: datetime, keeper: Actor) -> None:
    with pytest.raises(RefusalError) as error:
        funding.record_gift(
            actor=keeper,
            campaign=campaign,
            amount=Money(500, "EUR"),
            method="cash",
            effective_at=now,
            now=now,
        )
    assert refused(error) == "amount.currency"


def test_the_bar_ends_at_the_goal_and_the_share_goes_on(give: Give, now: datetime) -> None:
    give(499_999)
    assert (june(now).percent, june(now).share) == (100.0, 99)
    assert [mark.reached for mark in june(now).steps] == [True, False]
    give(300_001)
    assert (june(now).percent, june(now).share) == (100.0, 160)


def test_pages_of_the_books_follow_each_other(give: Give, now: datetime) -> None:
    for number in range(7):
        give(100 + number, at=now - timedelta(days=number % 3))
    meter, seen, after = june(now), [], None
    while True:
        page = funding.public_books(meter=meter, after=after, size=3)
        seen += page.lines
        after = page.after
        if after is None:
            break
    assert len({line.sequence for line in seen}) == len(seen) == 7
    assert seen == sorted(seen, key=lambda line: (line.day, line.sequence), reverse=True)
    assert sum(line.amount.minor for line in seen) == meter.raised.minor


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_many_hands_at_once_make_one_chain(give: Give, now: datetime) -> None:
    """Eight people book at the same moment, two of them by sending the same form."""

    def book(number: int) -> bool:
        try:
            key = "same" if number < 2 else f"form-{number}"
            return give(100 if number < 2 else 100 + number, key=key).repeated
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        repeated = list(pool.map(book, range(8)))
    assert sorted(repeated) == [False] * 7 + [True]
    sequences = LedgerEntry.objects.order_by("sequence").values_list("sequence", flat=True)
    assert list(sequences) == list(range(1, 8))
    assert [list(check.run()) for check in funding.checks()] == [[]] * len(funding.checks())
