"""The house rules: versions, who changes them, and that a decision keeps the words it was under."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from broadsheet.discussion import api
from broadsheet.discussion.models import Comment, Decision, HouseRules
from broadsheet.discussion.rules.house import HouseRule, Rulebook, are_fit, changes, with_keys
from broadsheet.kit.actor import Actor, Role
from broadsheet.kit.verdict import RefusalError, Refused
from discussion.making import Room, guest, moderator, problems
from people import Cast

EDITOR = Actor(id="account:editor", roles=frozenset({Role.EDITOR}), name="Ed")
FIRST = api.Rulebook(
    1,
    (
        HouseRule("personal_attack", "Attacks", "Argue."),
        HouseRule("other", "Another reason", "Which?"),
    ),
)
LONG = "x" * 501


@pytest.mark.parametrize(
    ("wanted", "code", "place"),
    [
        ([], "rules_none", None),
        ([("", "T", "S")] * 31, "rules_many", None),
        ([("", "", "S")], "rule_title", 1),
        ([("", "T", "S"), ("", "U", "")], "rule_sentence", 2),
        ([("", LONG, "S")], "rule_long", 1),
        ([("", "T", LONG)], "rule_long", 1),
        ([("", "T", "S"), ("", "t", "R")], "rule_twice", 2),
        ([("hate", "T", "S")], "rules_changed", None),
        ([("other", "T", "S"), ("other", "U", "S")], "rules_changed", None),
    ],
)
def test_what_cannot_be_the_house_rules(
    wanted: list[tuple[str, str, str]], code: str, place: int | None
) -> None:
    verdict = are_fit(wanted=[HouseRule(*one) for one in wanted], known=FIRST.keys)
    assert isinstance(verdict, Refused)
    assert (verdict.code, dict(verdict.facts).get("place")) == (code, place)


def test_keys_are_made_of_titles_and_never_given_again() -> None:
    before = Rulebook(2, FIRST.rules, retired={"house_no_shouting": "No shouting"})
    new = [
        HouseRule("", title, "S") for title in ("No Shouting!", "Ça suffit", "静かに", "静かに。")
    ]
    made = with_keys(wanted=[*FIRST.rules, *new], before=before)
    keys = [rule.key for rule in made[2:]]
    assert keys == ["house_no_shouting_2", "house_ca_suffit", "house_rule", "house_rule_2"]
    (long,) = with_keys(wanted=[HouseRule("", LONG, "S")], before=before)
    assert len(long.key) <= 40


def test_what_a_version_changed() -> None:
    attack = FIRST.rules[0]
    new = HouseRule("house_new", "New", "S")
    other_words = HouseRule("other", "Anything else", "Which?")
    after = Rulebook(2, (other_words, attack, new))
    assert [(one.kind, one.number, one.rule.key) for one in changes(before=FIRST, after=after)] == [
        ("reworded", 1, "other"),
        ("moved", 2, "personal_attack"),
        ("added", 3, "house_new"),
    ]
    gone = Rulebook(3, (new,))
    assert [(one.kind, one.rule.key) for one in changes(before=after, after=gone)] == [
        ("removed", "other"),
        ("removed", "personal_attack"),
    ]


@pytest.mark.parametrize("name", ["guest", "banned_reader", "reader", "reporter", "moderator"])
def test_who_may_not_change_the_rules(db: None, actors: Cast[Actor], name: str, room: Room) -> None:
    with pytest.raises(RefusalError):
        api.change_rules(actor=actors[name], wanted=[HouseRule("", "T", "S")], on=1, now=room.now)
    assert api.current_rules().version == 1


def change(room: Room, *wanted: HouseRule, on: int | None = None) -> api.Rulebook:
    now = api.current_rules()
    return api.change_rules(actor=EDITOR, wanted=wanted, on=on or now.version, now=room.tick())


def test_a_decision_keeps_the_words_that_were_in_force(room: Room) -> None:
    device = guest()
    first, second = (room.post(words, by=device).number for words in ("one", "two"))
    room.decide(first, "remove", rule="hate")
    before = api.current_rules()
    assert change(room, *before.rules) == before, "nothing is changed, and no version made"
    spoilers = HouseRule("", "Spoilers", "No endings.")
    book = change(room, HouseRule("hate", "Contempt", "No contempt."), spoilers)
    assert (book.version, book.keys) == (2, ("hate", "house_spoilers"))
    assert list(HouseRules.objects.order_by("version").values_list("version", "actor_id")) == [
        (1, ""),
        (2, EDITOR.id),
    ]
    with pytest.raises(RefusalError, match="rules_changed"):
        change(room, *before.rules, on=1)
    with pytest.raises(RefusalError, match="rule_missing"):
        room.decide(second, "remove", rule="advertising")
    with pytest.raises(RefusalError, match="report_rule"):
        room.report(second, "advertising")
    room.decide(second, "remove", rule="house_spoilers")
    told = [api.status_for(owner=device.id, number=number) for number in (first, second)]
    assert [(one.broken.title, one.broken_number, one.book.version) for one in told] == [  # type: ignore[union-attr]  # there they are
        ("Hate", 2, 1),
        ("Spoilers", 2, 2),
    ]
    cited = dict(Comment.objects.values_list("pk", "cited"))
    assert cited == {first: "1 1.2", second: "3 2.2"}
    decision = Decision.objects.get(sequence=2)
    assert (decision.verb, decision.rules, decision.thread, decision.comment) == (
        "change_rules",
        2,
        None,
        None,
    )
    assert problems() == []


def page(path: str) -> BeautifulSoup:
    response = Client().get(path)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def test_everybody_reads_the_rules_and_each_version(room: Room) -> None:
    assert [one["data-rule"] for one in page("/rules/").select(".house li")][:2] == [
        "personal_attack",
        "hate",
    ]
    change(room, HouseRule("hate", "No <i>contempt</i>", "At all."), HouseRule("", "New", "N."))
    now = page("/rules/")
    assert [one.h2.text for one in now.select(".house li")] == ["No <i>contempt</i>", "New"]  # type: ignore[union-attr]  # each has one
    kinds = [one["data-change"] for one in now.select("[data-change]")]
    assert kinds == ["reworded", "added", *["removed"] * 8]
    stated = [str(one["datetime"]) for one in now.select("time")]
    assert stated, "to the day"
    assert {len(one) for one in stated} == {len("2026-06-12")}
    old = page("/rules/1/")
    assert old.select_one("#rule-2 h2").text == "Hate"  # type: ignore[union-attr]  # it is there
    assert old.select_one(".notice a")["href"] == "/rules/"  # type: ignore[index]  # as above
    assert Client().get("/rules/3/").status_code == 404


def test_reports_of_what_is_out_of_context_keep_their_list_whatever_the_rule_is_called(
    room: Room,
) -> None:
    number = room.post("words").number
    change(room, HouseRule("out_of_context", "Misquoted", "Quote fairly."))
    room.report(number, "out_of_context")
    assert room.waiting("context") == [number]
    room.now += timedelta(days=1)
    change(room, HouseRule("", "Kindness", "Be kind."))
    item = api.queue_item(number=number, actor=moderator(), now=room.now)
    assert item is not None
    assert item.reasons == ("reported", "context")
    assert problems() == []
