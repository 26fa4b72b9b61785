"""Staff enter, take off and plan at the desk; what they typed is never lost."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from broadsheet.desk import campaign as campaign_pages
from broadsheet.desk import gifts
from broadsheet.funding import api as funding
from broadsheet.kit.actor import system
from broadsheet.kit.exposure import Exposure, mark_of
from desk.reading import words
from people import Cast
from treasury import Give, open_campaign, usd

pytestmark = pytest.mark.usefixtures("newsroom")
LIST, ENTER, PLAN, HOW, START, FEE, DESCRIBE = (
    f"/desk/gifts/{name}"
    for name in ("", "enter/", "plan/", "how-to-give/", "start/", "fee/", "campaign/")
)


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    for module in (gifts, campaign_pages):
        monkeypatch.setattr(module, "utcnow", lambda: now)


@pytest.fixture
def campaign(cast: Cast, now: datetime) -> str:
    return open_campaign(actor=cast.owner.actor, now=now)


@pytest.fixture
def give(campaign: str, cast: Cast, now: datetime) -> Give:
    def book(minor: int, **other: Any) -> funding.Booked:
        facts = {"actor": cast.editor.actor, "method": "cash", "effective_at": now} | other
        return funding.record_gift(campaign=campaign, amount=usd(minor), now=now, **facts)

    return book


@pytest.fixture
def desk(cast: Cast, client: Client) -> Client:
    client.force_login(cast.editor.user)
    return client


def form_of(client: Client, path: str, **typed: str) -> dict[str, str]:
    """Read a form's own token, and fill in the rest."""
    text = client.get(path).content.decode()
    found = re.search(r'name="key" value="([^"]+)"', text)
    return ({"key": found[1]} if found else {}) | typed


def gift_form(client: Client, **typed: str) -> dict[str, str]:
    plain = {"amount": "12.50", "method": "bank", "day": "2026-06-11", "note": "choir"}
    return form_of(client, ENTER, **plain | typed)


def raised(now: datetime) -> int:
    meter = funding.meter(now=now)
    assert meter is not None
    return meter.raised.minor


def test_a_gift_moves_the_meter_and_the_desk_says_so(
    campaign: str, desk: Client, now: datetime
) -> None:
    answer = desk.post(ENTER, gift_form(desk, amount="1,120.50"))
    assert (answer.status_code, answer["Location"]) == (303, LIST)
    assert raised(now) == 112_050
    text = words(desk.get(LIST))
    assert "Booked. June 2026 stands at $1,120.50 of $5,000." in text
    assert "June 2026: $1,120.50 of $5,000." in text
    assert "June 11, 2026 $1,120.50 Bank transfer choir Edda Marsh" in text


def test_a_double_submit_books_once(campaign: str, desk: Client, now: datetime) -> None:
    form = gift_form(desk)
    assert [desk.post(ENTER, form).status_code for _ in range(2)] == [303, 303]
    assert raised(now) == 1250
    assert "This was booked already." in words(desk.get(LIST))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"amount": "ten"}, "Enter an amount in USD, such as 1,234.5."),
        ({"amount": "1.005"}, "Enter an amount in USD"),
        ({"amount": ""}, "This field is required."),
        ({"amount": "0"}, "Enter an amount above zero."),
        ({"amount": "-5"}, "Enter an amount above zero."),
        ({"amount": "1,000,001"}, "That is more than $1,000,000."),
        ({"day": "2026-06-13"}, "That day is still to come."),
        ({"day": "2026-04-30"}, "The campaign began on May 1, 2026"),
        ({"method": "shells"}, "Select a valid choice."),
    ],
)
def test_errors_keep_what_was_typed(
    wrong: dict[str, str], sentence: str, campaign: str, desk: Client, now: datetime
) -> None:
    answer = desk.post(ENTER, gift_form(desk, note="from the choir", **wrong))
    assert answer.status_code == 422
    assert sentence in words(answer)
    text = answer.content.decode()
    assert "from the choir" in text
    if wrong.get("amount"):
        assert f'value="{wrong["amount"]}"' in text
    assert raised(now) == 0


def test_a_refund_in_part_then_the_rest(give: Give, desk: Client, now: datetime) -> None:
    path = f"{LIST}{give(10_000).gift}/refund/"
    first = form_of(desk, path, what="refund", amount="40", day="2026-06-12", reason="asked")
    assert desk.post(path, first).status_code == 303
    assert raised(now) == 6000
    assert "$40.00 taken off" in words(desk.get(LIST))
    second = form_of(desk, path, what="refund", amount="60.01", day="2026-06-12", reason="more")
    answer = desk.post(path, second)
    assert answer.status_code == 422
    assert "Only $60 of this gift is left." in words(answer)
    assert "asked" in words(answer)
    assert desk.post(path, second | {"amount": "60"}).status_code == 303
    assert "Taken off in full" in words(desk.get(LIST))
    assert raised(now) == 0


def test_a_correction_needs_no_date(give: Give, desk: Client, now: datetime) -> None:
    path = f"{LIST}{give(10_000).gift}/refund/"
    form = form_of(desk, path, what="correction", amount="90", day="", reason="one zero")
    assert desk.post(path, form).status_code == 303
    assert raised(now) == 1000
    refund = form_of(desk, path, what="refund", amount="1", day="", reason="x")
    assert "Enter the day on which the money went back." in words(desk.post(path, refund))
    no_reason = form_of(desk, path, what="correction", amount="1", day="", reason=" ")
    assert desk.post(path, no_reason).status_code == 422


def test_what_a_part_of_the_system_entered_is_listed_too(give: Give, desk: Client) -> None:
    give(500, actor=system(name="demo"))
    assert "system:demo" in words(desk.get(LIST))


def test_a_gift_that_is_not_there(campaign: str, desk: Client) -> None:
    path = f"{LIST}00000000-0000-4000-8000-000000000000/refund/"
    assert desk.get(path).status_code == 404


def test_a_month_is_planned(campaign: str, desk: Client, now: datetime) -> None:
    text = desk.get(PLAN).content.decode()
    assert 'value="5,000"' in text
    assert "pays both reporters" in text
    plan = {"month": "2026-07", "goal": "6,000", "amount_3": "6,000", "label_3": "everything"}
    plan |= {"amount_0": "1,000", "label_0": "the phone"}
    assert desk.post(PLAN, plan).status_code == 303
    july = funding.meter(now=datetime.fromisoformat("2026-07-02T00:00Z"))
    assert july is not None
    assert july.goal == usd(600_000)
    assert [mark.label for mark in july.steps] == ["the phone", "everything"]
    answer = desk.post(PLAN, plan | {"goal": "500"})
    assert answer.status_code == 422
    assert "at most the goal, $500." in words(answer)
    assert "everything" in answer.content.decode()
    no_amount = desk.post(PLAN, {"month": "2026-07", "goal": "5", "label_1": "x"})
    assert "Enter the amount of this step." in words(no_amount)


def test_the_month_after_is_planned_from_its_own_plan(campaign: str, desk: Client) -> None:
    plan = {"month": "2026-07", "goal": "6,000", "amount_0": "1,000", "label_0": "the phone"}
    assert desk.post(PLAN, plan).status_code == 303
    present, following = (desk.get(PLAN, query) for query in ({}, {"month": "2026-07"}))
    assert "pays both reporters" in present.content.decode()
    assert "Plan July 2026 instead" in words(present)
    assert 'value="6,000"' in following.content.decode()
    assert "the phone" in following.content.decode()
    assert "pays both reporters" not in following.content.decode()


def test_a_goal_that_was_lowered_is_seen_by_everybody(campaign: str, desk: Client) -> None:
    plan = {"month": "2026-06", "goal": "1,000"}
    assert "The plan of this month was changed" not in words(desk.get("/support/2026-06/"))
    assert [desk.post(PLAN, plan).status_code for _ in range(2)] == [303, 303]
    said = "The plan of this month was changed on June 12, 2026: the goal is $1,000 since."
    assert words(desk.get("/support/2026-06/")).count(said) == 1


def test_a_fee_is_booked_beside_the_meter(give: Give, desk: Client, now: datetime) -> None:
    give(10_000)
    form = form_of(desk, FEE, amount="1.25", day="2026-06-12", reason="account")
    assert [desk.post(FEE, form).status_code for _ in range(2)] == [303, 303]
    assert raised(now) == 10_000
    assert "The bank kept $1.25 in fees; $98.75 is left after them." in words(
        desk.get("/support/2026-06/")
    )
    answer = desk.post(FEE, form_of(desk, FEE, amount="x", day="2026-06-12", reason="kept words"))
    assert answer.status_code == 422
    assert "kept words" in answer.content.decode()


def test_a_campaign_gets_another_name_and_zone(campaign: str, desk: Client) -> None:
    new = {"title": "The Orrin Post", "zone": "Europe/Lisbon"}
    assert desk.post(DESCRIBE, new).status_code == 303
    about = funding.campaign()
    assert about is not None
    assert (about.title, about.zone) == ("The Orrin Post", "Europe/Lisbon")
    for wrong in ({"zone": "Orrin/Quay"}, {"title": " "}, {"zone": "../etc/passwd"}):
        answer = desk.post(DESCRIBE, new | wrong)
        assert answer.status_code == 422, wrong
    assert funding.campaign() == about


def test_how_to_give_is_written(campaign: str, desk: Client) -> None:
    assert "Orrin Savings Bank" in desk.get(HOW).content.decode()
    assert desk.post(HOW, {"text": "Cash at the office."}).status_code == 303
    about = funding.campaign()
    assert about is not None
    assert about.paragraphs == ("Cash at the office.",)


@pytest.mark.django_db
def test_a_newsroom_without_a_campaign_starts_one(desk: Client, now: datetime) -> None:
    assert desk.get(LIST)["Location"] == START
    assert desk.get(ENTER).status_code == 404
    assert desk.post(START, {"goal": "5,000", "text": "By transfer."}).status_code == 303
    meter = funding.meter(now=now)
    assert meter is not None
    assert (meter.raised.minor, meter.goal.minor) == (0, 500_000)
    again = desk.post(START, {"goal": "5,000", "text": ""})
    assert "There is a campaign called main already." in words(again)


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("owner", True),
        ("editor", True),
        ("reporter", False),
        ("moderator", False),
        ("reader", False),
        ("guest", False),
        ("banned_reader", False),
        ("stranger", False),
    ],
)
def test_who_may(name: str, allowed: bool, give: Give, cast: Cast, client: Client) -> None:
    refund = f"{LIST}{give(1000).gift}/refund/"
    person = cast[name]
    if person.user is not None:
        client.force_login(person.user)
    for path in (LIST, ENTER, PLAN, HOW, START, FEE, DESCRIBE, refund):
        assert (client.get(path).status_code == 200) is allowed, path
    form = {"amount": "5", "method": "cash", "day": "2026-06-12", "key": "k"}
    assert (client.post(ENTER, form).status_code == 303) is allowed
    assert len(funding.latest_gifts()[0]) == 1 + allowed
    back = {"what": "correction", "amount": "5", "reason": "x", "key": "r"}
    assert (client.post(refund, back).status_code == 303) is allowed


def test_the_menu_shows_it_to_keepers_alone(campaign: str, cast: Cast, client: Client) -> None:
    for name in ("owner", "editor", "reporter", "moderator"):
        client.force_login(cast[name].user)
        shown = '"/desk/gifts/"' in client.get("/desk/").content.decode()
        assert shown is (name in {"owner", "editor"}), name


def test_pages_are_private_and_never_stored(campaign: str, desk: Client) -> None:
    for pattern in (*gifts.urls, *campaign_pages.urls):
        mark = mark_of(pattern.callback)
        assert mark is not None
        assert mark.exposure is Exposure.PRIVATE
    assert "no-store" in desk.get(LIST)["Cache-Control"]


def test_a_form_from_elsewhere_is_refused(campaign: str, cast: Cast, now: datetime) -> None:
    here = {"Sec-Fetch-Site": "same-origin"}
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.editor.user)
    form = gift_form(strict)
    for headers in ({}, {"Origin": "https://evil.example"}, here):
        assert strict.post(ENTER, form, headers=headers).status_code == 403
    form["csrfmiddlewaretoken"] = strict.cookies["csrf"].value
    assert strict.post(ENTER, form).status_code == 403
    assert raised(now) == 0
    assert strict.post(ENTER, form, headers=here).status_code == 303
