"""The public log: what it says and what not, its pages and figures, and stubs that cite it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client

from broadsheet.discussion import api, queries
from broadsheet.discussion.http import log_words
from broadsheet.discussion.http.fragment import draw
from broadsheet.discussion.http.log import spans_of_months
from broadsheet.discussion.models import Comment, Decision, MonthOfLog
from broadsheet.site.jobs import count_months
from clocks import Clock
from discussion.making import Room, guest, moderator, problems, reader

CAREFUL = api.Policy()
SECRETS = ("Mona", "mona", "Rhea", "Somebody", "He lives in Mill Lane", "account:", "device:")


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    Clock(monkeypatch, now + timedelta(hours=2))


def page(path: str) -> BeautifulSoup:
    response = Client().get(path)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def an_evening(room: Room) -> list[int]:
    rhea = reader("Rhea")
    numbers = [room.post(f"Somebody {n}", by=rhea, policy=CAREFUL).number for n in (1, 2)]
    numbers.append(room.post("Somebody 3", by=guest()).number)
    room.decide(numbers[0], "publish")
    room.decide(numbers[2], "remove", rule="private_data", reason="He lives in Mill Lane.")
    api.undo_decision(actor=moderator(), sequence=4, now=room.tick())
    return numbers


def test_an_entry_says_what_when_and_why_not_who_and_not_in_which_words(room: Room) -> None:
    an_evening(room)
    log = page("/moderation/")
    rows = {row["data-entry"]: " ".join(row.text.split()) for row in log.select("ol.log > li")}
    assert list(rows) == ["5", "4", "3", "2", "1"]
    assert "Entry 4 undone" in rows["5"]
    assert "Comment removed: rule 5, Private details" in rows["4"]
    assert "by a moderator · undone by entry 5" in rows["4"]
    assert "Comment published" in rows["3"]
    assert "held back to be read: the first comment under a name" in rows["1"]
    assert "automatic" in rows["1"]
    for path in ("/moderation/", "/moderation/4/", "/moderation/1/"):
        text = str(page(path).select_one("main"))
        assert not [one for one in SECRETS if one in text]
        assert "/c/" not in text
    times = [str(one["datetime"]) for one in log.select("ol.log time")]
    assert times
    assert all(re.search(r"T\d\d:\d\d:00[+-Z]", one) for one in times), "to the minute"
    entry = page("/moderation/4/")
    assert entry.select_one("a[href='/rules/1/#rule-5']")
    assert entry.select_one("a[href='/moderation/5/']")
    assert Client().get("/moderation/99/").status_code == 404


@pytest.mark.slow
def test_pages_of_the_log_follow_each_other_by_number(room: Room) -> None:
    number = room.post("x").number
    for _ in range(60):
        room.decide(number, "hold")
        room.decide(number, "publish")
    first = page("/moderation/")
    seen = [int(str(row["data-entry"])) for row in first.select("ol.log > li")]
    link = first.select_one("a[rel=next]")
    assert link is not None
    while link is not None:
        further = page(f"/moderation/{link['href']}")
        assert not further.select("table"), "the figures stand once"
        seen += [int(str(row["data-entry"])) for row in further.select("ol.log > li")]
        link = further.select_one("a[rel=next]")
    assert seen == list(range(120, 0, -1))
    for asked in ("x", "0", "-1", "9" * 30, "1"):
        assert Client().get("/moderation/", {"after": asked}).status_code == 200


def test_queries_of_the_log(room: Room, django_assert_num_queries: object) -> None:
    an_evening(room)
    with django_assert_num_queries(4):  # type: ignore[operator]  # of pytest-django
        queries.log_page()
    with django_assert_num_queries(3):  # type: ignore[operator]  # of pytest-django
        queries.log_entry(number=4)
    with django_assert_num_queries(7):  # type: ignore[operator]  # of pytest-django
        queries.figures(since=room.now - timedelta(days=1), until=room.now)
    count_months(room.now)
    with django_assert_num_queries(1):  # type: ignore[operator]  # of pytest-django
        queries.figures_of(spans=spans_of_months(room.now), now=room.now)


def test_figures_of_a_month(room: Room) -> None:
    numbers = an_evening(room)
    room.decide(numbers[1], "remove", rule="hate")
    until = room.now + timedelta(1)
    found = queries.figures(since=room.now - timedelta(days=1), until=until)
    assert (found.posted, found.removed, found.overturned) == (3, 1, 1)
    assert (found.decisions, found.automatic) == (6, 2)
    assert found.wait == timedelta(minutes=4)
    assert round(found.share) == 33
    none = queries.figures(since=until, until=until + timedelta(3))
    assert (none.posted, none.share, none.wait) == (0, 0.0, None)


def test_figures_are_counted_again_until_nothing_can_change_them(room: Room) -> None:
    numbers = an_evening(room)
    removed = room.decide(numbers[1], "remove", rule="hate")
    june = spans_of_months(room.now)[:1]

    def kept() -> tuple[int, int]:
        count_months(room.now)
        (found,) = queries.figures_of(spans=june, now=room.now)
        return found.removed, found.overturned

    assert kept() == (1, 1)
    # In the month that is not over, at each opportunity; and after it, as long as it is undone.
    room.decide(numbers[2], "remove", rule="hate")
    assert kept() == (2, 1)
    room.now = june[0][1] + timedelta(days=2)
    assert kept() == (2, 1)
    api.undo_decision(actor=moderator(), sequence=removed.sequence, now=room.tick())
    assert kept() == (2, 1), "some hours old"
    room.now += timedelta(hours=6)
    assert kept() == (1, 1)
    room.now = june[0][1] + timedelta(days=40)
    assert kept() == (1, 1)
    assert {row.counted_at < room.now for row in MonthOfLog.objects.filter(since=june[0][0])} == {
        False
    }
    room.now += timedelta(days=40)
    queries_before = MonthOfLog.objects.get(since=june[0][0]).counted_at
    count_months(room.now)
    assert MonthOfLog.objects.get(since=june[0][0]).counted_at == queries_before, "for good"


def test_figures_that_nobody_counted_lately_are_counted(room: Room) -> None:
    numbers = an_evening(room)
    june = spans_of_months(room.now)[:1]
    count_months(room.now)
    room.decide(numbers[1], "remove", rule="hate")
    room.now += timedelta(days=2)
    (found,) = queries.figures_of(spans=june, now=room.now)
    assert (found.posted, found.removed) == (3, 1)
    # A second count finds the row of the first.
    MonthOfLog.objects.all().delete()
    count_months(room.now)
    count_months(room.now)
    assert MonthOfLog.objects.count() == 3


def test_months_go_over_the_year() -> None:
    spans = spans_of_months(datetime(2027, 1, 31, 23, 59, tzinfo=UTC))
    assert [(a.strftime("%y-%m-%d"), b.strftime("%y-%m-%d")) for a, b in spans] == [
        ("27-01-01", "27-02-01"),
        ("26-12-01", "27-01-01"),
        ("26-11-01", "26-12-01"),
    ]
    (last, _), *_ = spans_of_months(datetime(2026, 12, 2, tzinfo=UTC))
    assert last.strftime("%y-%m") == "26-12"


def drawn(room: Room, *, at: int = 0) -> BeautifulSoup:
    found = room.page()
    return BeautifulSoup(draw(found.comments, thread=found.thread, at=at), "html.parser")


def lines(soup: BeautifulSoup) -> list[str]:
    found = []
    for item in soup.find_all("li"):
        assert isinstance(item, Tag)
        line = item.select_one(":scope > details.gones > summary, :scope > article .gone p")
        found.append(" ".join(line.text.split()) if line else "a comment")
    return found


def test_a_removal_is_one_quiet_line_and_neighbours_are_one_together(room: Room) -> None:
    numbers = [room.post(f"n {n}").number for n in range(6)]
    for number, rule in zip(numbers[1:4], ("hate", "hate", "off_topic"), strict=True):
        room.decide(number, "remove", rule=rule)
    room.decide(numbers[5], "remove", rule="personal_attack")
    soup = drawn(room)
    assert lines(soup) == [
        "Removed: rule 1 · log 4",
        "a comment",
        "3 comments removed: rule 2 (2), rule 3",
        "a comment",
    ]
    folded = soup.select("details.gones article[data-comment]")
    assert [int(str(one["data-comment"])) for one in folded] == numbers[3:0:-1]
    links = [str(a["href"]) for a in folded[0].select("a")]
    assert links == ["/rules/1/#rule-3", "/moderation/3/"]
    assert len(soup.select("article[data-comment]")) == 6, "each can be found by its number"
    assert lines(drawn(room, at=numbers[2]))[2:5] == [
        "Removed: rule 3 · log 3",
        "Removed: rule 2 · log 2",
        "Removed: rule 2 · log 1",
    ]


def test_what_stands_below_a_stub_or_between_keeps_it_apart(room: Room) -> None:
    root = room.post("root").number
    replies = [room.post(f"reply {n}", to=root).number for n in range(4)]
    room.post("below", to=replies[1])
    for number in replies[:3]:
        room.decide(number, "remove", rule="hate")
    mine = guest()
    room.withdraw(room.post("mine", to=root, by=mine).number, by=mine)
    assert lines(drawn(room)) == [
        "a comment",
        "Removed: rule 2 · log 1",
        "Removed: rule 2 · log 2",
        "a comment",
        "Removed: rule 2 · log 3",
        "a comment",
        "Withdrawn by its author.",
    ]
    api.remove_branch(
        actor=moderator(), comment_id=root, rule="other", reason="All of it.", now=room.tick()
    )
    text = str(drawn(room))
    assert text.count("<li>") == text.count("</li>")
    assert text.count("<details") == text.count("</details>")


def test_a_stub_cites_what_hid_it_also_after_an_undoing(room: Room) -> None:
    number = room.post("x").number
    room.decide(number, "remove", rule="hate")
    room.decide(number, "restore")
    assert Comment.objects.get().cited == ""
    api.undo_decision(actor=moderator(), sequence=2, now=room.tick())
    assert Comment.objects.get().cited == "1 1.2"
    assert problems() == []
    Comment.objects.update(cited="3 1.2")
    assert problems() == [f"comment {number} is removed, and entry 3 of the log did not hide it"]
    Comment.objects.update(cited="1 1.3")
    assert problems() == [f"comment {number} cites another rule than entry 1 of the log"]
    Comment.objects.update(cited="")
    assert problems() == [f"comment {number} is removed, and cites no entry of the log"]


def test_a_hidden_comment_without_an_entry_is_found(room: Room) -> None:
    number = room.post("x").number
    Comment.objects.update(state="removed", rule="hate", cited="1 1.2")
    found = problems()
    assert f"comment {number} is removed, and entry 1 of the log did not hide it" in found
    assert f"comment {number} is removed, and nobody decided so" in found
    assert not Decision.objects.exists()


def test_every_verb_has_its_words_in_the_log() -> None:
    assert set(Decision.Verb.values) - set(log_words.ACTIONS) == set()
