from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from broadsheet.funding import api as funding
from broadsheet.funding import books
from broadsheet.funding.http import context
from broadsheet.kit.actor import Actor
from clocks import Clock
from treasury import Give, usd

MAY = datetime(2026, 5, 20, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    """It stands still: what is kept for a second is kept on a slow machine too."""
    Clock(monkeypatch, now)


class Marks(HTMLParser):
    """Collects the attributes of every element, by tag."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def having(self, name: str) -> list[dict[str, str | None]]:
        return [attrs for _, attrs in self.elements if name in attrs]


def read(client: Client, path: str = "/support/") -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def plain(text: str) -> str:
    from django.utils.html import strip_tags

    return " ".join(strip_tags(text).split())


def test_the_month_with_its_marks(give: Give, client: Client) -> None:
    assert "Last entry" not in read(client)
    give(112_000)
    text = read(client)
    marks = [mark for mark in Marks(text).having("data-meter") if mark["class"] == "meter"]
    assert [
        (m["data-meter"], m["data-raised"], m["data-goal"], m["data-currency"]) for m in marks
    ] == [("2026-06", "112000", "500000", "USD")]
    words = plain(text)
    assert "Given by readers in June 2026" in words
    assert "$1,120 of $5,000, 22%" in words
    assert "$2,500 pays both reporters" in words
    assert "Gifts received this month, less refunds, before bank fees." in words
    assert "Last entry: June 12, 2026, 11:30" in words
    assert "Support The Harbour Post" in words


def test_how_to_give_is_plain_text(campaign: str, client: Client) -> None:
    text = read(client)
    assert '<p dir="auto">By transfer to Orrin Savings Bank.</p>' in text
    assert "Write &lt;b&gt;gift&lt;/b&gt;<br>as reference." in text


def test_public_entries_show_date_amount_and_kind_alone(
    give: Give, client: Client, keeper: Actor, now: datetime
) -> None:
    gift = give(10_000, method="cash", note="Maren gave it at the door").gift
    assert gift is not None
    funding.refund_gift(
        actor=keeper, gift=gift, amount=usd(2500), effective_at=now, reason="moved", now=now
    )
    text = read(client)
    assert len(Marks(text).having("data-entry")) == 2
    words = plain(text)
    assert "Refund-$25.00" in words
    assert "Gift$100.00" in words
    assert "Sum of 2 entries$75.00" in words
    for secret in ("Maren", "moved", "cash", "keeper", str(gift)):
        assert secret not in text


def test_closed_months_stay_at_their_address(give: Give, client: Client) -> None:
    give(2500, at=MAY)
    assert 'href="/support/2026-05/"' in read(client)
    words = plain(read(client, "/support/2026-05/"))
    assert "The books of May 2026" in words
    assert "This month is closed." in words
    assert "recorded after the month had closed" in words
    assert "$25 of $5,000" in words


@pytest.mark.parametrize(
    "path",
    [
        "/support/2026-07/",
        "/support/2026-04/",
        "/support/2026-13/",
        "/support/may/",
        "/support/?after=x",
        "/support/?after=-1",
        "/support/?after=99999999999999999999",
    ],
)
def test_what_is_not_there(path: str, campaign: str, client: Client) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.django_db
def test_without_a_campaign_the_page_says_so(client: Client) -> None:
    text = read(client)
    assert "is not asking its readers for money at present" in plain(text)
    assert not Marks(text).having("data-meter")
    assert context.meter_context() == {"meter": None}
    for fragment in ("meter", "masthead_meter"):
        assert render_to_string(f"funding/{fragment}.html", {"meter": None}).strip() == ""


def test_entries_are_paged_by_key(
    give: Give, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for amount in range(100, 107):
        give(amount)
    monkeypatch.setattr(books.public_books, "__kwdefaults__", {"after": None, "size": 3})
    seen, path = 0, "/support/"
    for _ in range(3):
        text = read(client, path)
        seen += len(Marks(text).having("data-entry"))
        nexts = [a for a in Marks(text).having("rel") if a["rel"] == "next"]
        path = f"/support/{nexts[0]['href']}" if nexts else ""
    assert (seen, path) == (7, "")


def queries(run: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as seen:
        run()
    return len(seen)


def test_query_counts(give: Give, now: datetime) -> None:
    for number in range(30):
        give(100 + number, at=now - timedelta(days=number % 20))
    assert queries(lambda: funding.meter(now=now)) == 2
    month = funding.CalendarMonth(2026, 5)
    assert queries(lambda: funding.meter_of_month(month=month, now=now)) == 2
    assert queries(lambda: funding.closed_months(now=now)) == 1
    assert queries(lambda: funding.support_page(now=now)) == 6
    assert queries(funding.latest_gifts) == 1


def test_queries_of_the_page(give: Give, client: Client) -> None:
    client.get("/support/")
    empty = queries(lambda: client.get("/support/"))
    for number in range(30):
        give(100 + number)
    # Five are ours; the others draw the menu and the foot.
    assert queries(lambda: client.get("/support/")) == empty <= 9


def test_a_page_is_the_same_for_everybody(give: Give, client: Client, cast: Any) -> None:
    give(5000)
    stranger = client.get("/support/?utm_source=x", headers={"accept-language": "de"})
    client.force_login(cast.owner.user)
    owner = client.get("/support/")
    assert stranger.content == owner.content
    assert not owner.cookies


def test_no_inline_style_or_script(give: Give, client: Client) -> None:
    give(5000)
    marks = Marks(read(client))
    assert not marks.having("style")
    assert all("src" in attrs for tag, attrs in marks.elements if tag == "script")


def test_the_meter_alone_for_pages_that_are_open(give: Give, client: Client) -> None:
    give(112_000)
    with CaptureQueriesContext(connection) as queries:
        page = client.get("/support/meter/")
    assert len(queries) <= 5
    text = page.content.decode()
    assert text.count('data-raised="112000"') == 2
    for part in ('class="mast-meter', '<section class="meter"', 'class="fill"'):
        assert part in text
    assert "<html" not in text


@pytest.mark.django_db
def test_without_a_campaign_there_is_no_meter_to_move(client: Client) -> None:
    page = client.get("/support/meter/")
    assert (page.status_code, page.content.decode().strip()) == (200, "")


def test_masthead(give: Give, now: datetime) -> None:
    give(112_000)
    text = render_to_string("funding/masthead_meter.html", context.meter_context())
    (mark,) = Marks(text).having("data-meter")
    assert (mark["data-raised"], mark["href"]) == ("112000", "/support/")
    assert plain(text) == "Given by readers in June 2026: $1,120 of $5,000"
    assert 'width="22.4%"' in text


@pytest.mark.parametrize("language", ["en", "de", "ar", "ja"])
def test_figures_follow_the_language(
    language: str, give: Give, now: datetime, settings: Any
) -> None:
    give(112_000)
    settings.LANGUAGE_CODE = language
    with translation.override(language):
        text = render_to_string("funding/meter.html", context.meter_context())
    amount = {
        "en": "$1,120",
        "de": "1.120\xa0$",
        "ar": usd(112_000).format(locale="ar", whole=True),
        "ja": "$1,120",
    }[language]
    assert f"<bdi>{amount}</bdi>" in text
    # SVG and the marks are for machines in every language.
    assert 'width="22.4%"' in text
    assert 'data-raised="112000"' in text
    first = Marks(text).having("text-anchor")[0]
    assert first["x"] == ("100%" if language == "ar" else "0%")


def test_labels_never_stand_on_each_other(campaign: str, keeper: Actor, now: datetime) -> None:
    steps = [funding.Step(usd(n), f"step {n}") for n in (10_000, 250_000, 260_000, 490_000)]
    funding.plan_month(
        actor=keeper, campaign=campaign, year=2026, month=6, goal=usd(500_000), steps=steps, now=now
    )
    text = render_to_string("funding/meter.html", context.meter_context())
    assert [mark["x"] for mark in Marks(text).having("text-anchor")] == ["0%", "50%", "100%"]
    assert text.count('class="tick"') == 4
    for step in steps:
        assert step.label in text
