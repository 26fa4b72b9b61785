"""Each check finds what it is there for. The triggers are taken away to do the damage."""

from datetime import timedelta

import pytest
from django.db import connection

from broadsheet.funding import api as funding
from broadsheet.funding import queries, triggers
from broadsheet.funding.models import EntryReason, Gift, LedgerEntry, LedgerHead, LedgerLine, Month
from treasury import Give


def problems() -> dict[str, list[str]]:
    found = {check.name: list(check.run()) for check in funding.checks()}
    return {name: list_ for name, list_ in found.items() if list_}


@pytest.fixture
def books(give: Give) -> None:
    """Three gifts, and nothing that would stop one from forging them."""
    for amount in (500, 700, 900):
        give(amount)
    assert problems() == {}
    connection.check_constraints()
    triggers.remove(connection)


def found(name: str) -> str:
    return " ".join(problems().get(name, []))


@pytest.mark.usefixtures("books")
def test_triggers_gone() -> None:
    assert len(problems()["funding.triggers"]) == len(triggers.expected(connection))


@pytest.mark.usefixtures("books")
def test_an_amount_changed() -> None:
    LedgerLine.objects.filter(account="gifts", amount=-700).update(amount=-7000)
    assert "entry 2 does not balance" in found("funding.balance")
    assert "entry 2 was changed" in found("funding.chain")
    assert "lines of its entry differ" in found("funding.gifts")


@pytest.mark.usefixtures("books")
def test_a_date_changed() -> None:
    entry = LedgerEntry.objects.get(sequence=2)
    LedgerEntry.objects.filter(id=entry.id).update(
        effective_at=entry.effective_at - timedelta(days=2)
    )
    assert "entry 2 was changed" in found("funding.chain")
    assert "differ" in found("funding.gifts")


@pytest.mark.usefixtures("books")
def test_a_date_outside_every_month() -> None:
    entry = LedgerEntry.objects.get(sequence=2)
    LedgerEntry.objects.filter(id=entry.id).update(
        effective_at=entry.effective_at - timedelta(days=365)
    )
    assert "lies in 0 months" in found("funding.meter")
    assert "on another date" in found("funding.balance")


@pytest.mark.parametrize("sequence", [1, 2, 3])
@pytest.mark.usefixtures("books")
def test_an_entry_gone(sequence: int) -> None:
    Gift.objects.filter(entry__sequence=sequence).delete()
    LedgerLine.objects.filter(entry__sequence=sequence).delete()
    LedgerEntry.objects.filter(sequence=sequence).delete()
    assert found("funding.chain")


@pytest.mark.usefixtures("books")
def test_a_gift_gone() -> None:
    Gift.objects.filter(entry__sequence=2).delete()
    assert "entry 2 books a gift that is not there" in found("funding.gifts")


@pytest.mark.usefixtures("books")
def test_a_gift_that_tells_another_amount() -> None:
    Gift.objects.filter(entry__sequence=2).update(amount=701)
    assert found("funding.gifts")


@pytest.mark.usefixtures("books")
def test_a_head_that_lags() -> None:
    LedgerHead.objects.update(sequence=2)
    assert "ends elsewhere" in found("funding.chain")


@pytest.mark.usefixtures("books")
def test_a_refund_beyond_its_gift() -> None:
    entry = LedgerEntry.objects.get(sequence=1)
    LedgerEntry.objects.filter(sequence=3).update(kind="refund", reverses=entry)
    LedgerLine.objects.filter(entry__sequence=3, account="gifts").update(amount=900)
    assert "gave back more" in found("funding.refunds")


@pytest.mark.usefixtures("books")
def test_a_hole_between_months() -> None:
    month = Month.objects.get(month=6)
    Month.objects.filter(id=month.id).update(starts_at=month.starts_at + timedelta(hours=1))
    assert "does not begin where" in found("funding.months")


@pytest.mark.usefixtures("books")
def test_a_reason_rewritten() -> None:
    entry = LedgerEntry.objects.get(sequence=2)
    EntryReason.objects.create(entry=entry, text="another story")
    assert "reason of entry 2" in found("funding.chain")


@pytest.mark.usefixtures("books")
def test_a_meter_that_lies(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = queries._place
    monkeypatch.setattr(queries, "_measured", _inflated(queries._measured))
    assert "the meter says 2200, the ledger 2100" in found("funding.meter")
    assert honest(1, 2) == 50


def _inflated(measured: object) -> object:
    from dataclasses import replace

    from treasury import usd

    def lie(plan: object, *, now: object) -> object:
        meter = measured(plan, now=now)
        return replace(meter, raised=meter.raised + usd(100)) if meter.entries else meter

    return lie
