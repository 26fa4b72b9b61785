"""Which entry of a filter stopped a comment: said at the comment, marked in it, decided by it."""

from html.parser import HTMLParser
from typing import Any

import pytest

from broadsheet.discussion import api
from broadsheet.discussion.chain import facts_of
from broadsheet.discussion.comments.markdown import render
from broadsheet.discussion.filters import judging
from broadsheet.discussion.models import Decision, Participant, Waiting
from broadsheet.discussion.notices.reasons import statement_of
from broadsheet.discussion.rules.sieving import HOLD, HOST, PATTERN, WORD, Match
from broadsheet.discussion.rules.spotting import key_of, marked
from broadsheet.kit.actor import Actor, Role
from broadsheet.kit.html import stored
from broadsheet.kit.verdict import RefusalError
from discussion.making import Room, guest, moderator, problems, reader, row
from discussion.test_filters import on
from discussion.test_posting import queries_of
from discussion.test_queue_http import as_, send, soup

pytestmark = pytest.mark.usefixtures("_people")
MONA = moderator()
OWNER = Actor(id="account:olga", roles=frozenset({Role.OWNER}))


@pytest.fixture
def _people(settings: Any) -> None:
    settings.BROADSHEET_ACTOR = "discussion.test_http.actor_of"
    settings.BROADSHEET_NAMES_OF = "discussion.test_queue_http.names_of"
    judging.forget()


class _Marks(HTMLParser):
    """What stands in `mark`, and whether all of it is well nested."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        if tag != "br":
            self.open.append(tag)
        if tag == "mark":
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "mark" in self.open:
            self.found[-1] += data


def marks(text: str, rule: str, entry: str) -> list[str]:
    html = stored(render(text))
    drawn = marked(html, Match(HOLD, rule, entry))
    assert drawn.replace("<mark>", "").replace("</mark>", "") == html
    parser = _Marks()
    parser.feed(drawn)
    assert not parser.open
    return parser.found


@pytest.mark.parametrize(
    ("rule", "entry", "text", "found"),
    [
        (WORD, "fool", "You fool, and f o o l! (FOOOOL?!)", ["fool", "f o o l", "FOOOOL"]),
        (WORD, "fool", "You **fo**ol.", ["fo", "ol"]),
        (WORD, "fool", "foolish fools, a <fool> & more", ["fool"]),
        (WORD, "idiot*", "An *1d10t* is idiotic.", ["1d10t", "idiotic"]),
        (WORD, "go home", "Go\nhome, or go home.", ["Go", "home", "go home"]),
        (WORD, "笨蛋", "你是笨蛋吗", ["笨蛋"]),
        (WORD, "a&b", "a&b", ["a&b"]),
        (PATTERN, r"c[a4]t\s+food", "Buy c4t  food now, cat", ["c4t  food"]),
        (
            HOST,
            "spam.example",
            "[this](https://a.spam.example/?b=1&c) https://ok.example",
            ["this"],
        ),
        (WORD, "gone", "Nothing of it.", []),
    ],
)
def test_what_was_found_is_marked(rule: str, entry: str, text: str, found: list[str]) -> None:
    assert marks(text, rule, entry) == found


def test_an_item_says_what_stopped_it_and_leads_to_all_of_the_same(room: Room) -> None:
    on(room, hold_words=("fool", "liar"))
    fools = [room.post(f"You {word}, {n}.").number for n, word in enumerate(("fool", "f00l"))]
    liar = room.post("You liar.").number
    room.post("Said.")
    assert problems() == []
    by_number = {item.number: item for item in room.queue().items}
    assert by_number[fools[1]].match == Match(HOLD, WORD, "fool", "f00l")
    assert "<mark>f00l</mark>" in by_number[fools[1]].html
    key = by_number[fools[1]].match_key
    assert key != by_number[liar].match_key
    assert [one.number for one in room.queue(match=key).items] == fools
    page = soup(as_(MONA))
    (said,) = page.select(f"#c{fools[1]} .matched")
    assert "fool" in said.get_text()
    assert "f00l" in said.get_text()
    assert page.select(f"#c{fools[1]} .txt mark")
    (way,) = said.select("a")
    assert way["href"] == f"/moderation/queue/?match={key}"
    listed = soup(as_(MONA), str(way["href"]))
    assert [int(str(one["data-comment"])) for one in listed.select(".case")] == fools
    assert "“fool”" in listed.select_one("#waiting").get_text()  # type: ignore[union-attr]
    # Each form comes back to this list, and one tick takes all of it.
    assert len(listed.select(f'input[name=match][value="{key}"]')) == 3
    room.post("A fool again.")
    fields = {"match": key, "whole": "1", "does": "remove personal_attack"}
    done = send(as_(MONA), "/moderation/queue/batch/", **fields)
    assert done["Location"] == f"/moderation/queue/?match={key}&all=3&left=0"
    assert room.waiting() == [liar]
    empty = soup(as_(MONA), done["Location"])
    assert "3 comments are decided." in empty.get_text()
    assert send(as_(MONA), "/moderation/queue/batch/", **fields).status_code == 422
    assert (
        send(as_(MONA), "/moderation/queue/batch/", **(fields | {"match": "x"})).status_code == 422
    )
    assert soup(as_(MONA), "/moderation/queue/?match=nonsense").select(f"#c{liar}")


def test_what_says_the_same_is_one_match(room: Room) -> None:
    on(room, repeat_hours=24, repeat_people=3)
    said = [f"Everybody says this {word} tonight, all of us, again." for word in ("lie", "song")]
    held = [[room.post(words).number for _ in range(4)][2:] for words in said]
    keys = {item.match_key for item in room.queue().items}
    assert len(keys) == 2
    found = [[item.number for item in room.queue(match=key).items] for key in keys]
    assert sorted(found) == sorted(held)
    assert "again" in soup(as_(MONA)).select_one(".matched").get_text()  # type: ignore[union-attr]
    assert problems() == []


def test_a_match_lasts_as_long_as_it_is_why(room: Room) -> None:
    lina = reader("Lina")
    number = room.post("Fine words.", by=lina).number
    on(room, hold_words=("fool", "liar"))
    room.edit(number, "You fool.", by=lina)
    held = room.queue().items[0]
    assert held.match is not None
    assert room.queue(match=held.match_key).items[0].number == number
    room.decide(number, "publish")
    room.report(number)
    assert (room.queue().items[0].match, room.queue(match=held.match_key).items) == (None, ())
    room.edit(number, "You liar.", by=lina)
    assert room.queue().items[0].match == Match(HOLD, WORD, "liar", "liar")
    assert problems() == []


def test_a_decision_names_the_version_of_the_filters(room: Room) -> None:
    on(room, hold_words=("fool",))
    first = api.filters_in_force()
    number = room.post("You fool.").number
    on(room, hold_words=("fool", "liar"))
    decision = Decision.objects.select_related("reason").get(comment=number)
    assert first is not None
    assert facts_of(decision.reason) == {
        "entry": "fool", "filter": WORD, "filters": first.digest, "found": "fool",
    }  # fmt: skip


def test_a_filter_names_the_house_rule_that_it_suspects_in_its_version(room: Room) -> None:
    on(room, hold_words=("fool",), most_links=0, house_rule="personal_attack")
    device = guest("suspect")
    number = room.post("You fool.", by=device).number
    linked = room.post("See https://a.example", by=guest()).number
    decision = Decision.objects.get(comment=number)
    assert (decision.rule, decision.rules) == (WORD, 1)
    assert Decision.objects.get(comment=linked).rules is None
    assert facts_of(decision.reason)["house"] == "personal_attack"
    item = next(one for one in room.queue().items if one.number == number)
    assert item.match == Match(HOLD, WORD, "fool", "fool", "personal_attack")
    page = soup(as_(MONA))
    said = page.select_one(f"#c{number} [data-suspected=personal_attack]")
    assert said is not None
    assert "rule 1, Personal attacks" in said.get_text()
    button = page.select_one(f'#c{number} button[value="remove personal_attack"]')
    assert button is not None
    assert "suspected" in button.get_text()
    # The author reads it as it was in force, and the statement names it.
    status = api.status_for(owner=device.id, number=number)
    assert status is not None
    assert status.suspected is not None
    assert (status.suspected_number, status.suspected.title) == (1, "Personal attacks")
    assert status.suspected.sentence in soup(as_(device), f"/c/{number}/status/").get_text()
    reasons = statement_of(number=decision.sequence)
    assert reasons is not None
    assert reasons["incompatible_content_ground"] == "Personal attacks"
    assert (reasons["house_rules_version"], reasons["automated_detection"]) == (1, "Yes")
    with pytest.raises(RefusalError, match="filter_rule"):
        on(room, hold_words=("fool",), house_rule="nonsense")
    assert problems() == []


def test_undoing_gives_the_match_back(room: Room) -> None:
    on(room, hold_words=("fool",))
    number = room.post("You fool.").number
    decided = room.decide(number, "remove")
    assert room.queue().items == ()
    api.undo_decision(actor=MONA, sequence=decided.sequence, now=room.tick(), reason="")
    assert room.queue().items[0].match == Match(HOLD, WORD, "fool", "fool")
    assert Waiting.objects.get(comment=number).match == room.queue().items[0].match_key
    assert problems() == []


def test_who_is_read_first_is_found_by_the_word_as_well(room: Room) -> None:
    device = guest("read-first")
    first = room.post("Something.", by=device).number
    api.hold_author(
        actor=MONA, comment_id=first, rule="hate", reason="", now=room.tick(), free=False, staff=()
    )
    on(room, hold_words=("fool",))
    number = room.post("You fool.", by=device).number
    assert row(number).rule == "read_first"
    same = room.queue(match=key_of(Match(HOLD, WORD, "fool"))).items
    assert [item.number for item in same] == [number]
    status = api.status_for(owner=device.id, number=number)
    assert status is not None
    assert status.found == ""
    assert problems() == []


def test_erasing_somebody_forgets_what_was_found(room: Room) -> None:
    on(room, hold_words=("fool",))
    lina = reader("Lina")
    room.post("You fool.", by=lina)
    uuid = Participant.objects.get(owner=lina.id).uuid
    api.erase_participant(actor=OWNER, participant=uuid, now=room.tick())
    assert room.queue().items[0].match is None
    assert problems() == []


def test_the_list_of_a_match_costs_what_the_queue_does(room: Room) -> None:
    on(room, hold_words=("fool",))
    for n in range(6):
        room.post(f"You fool {n}.")
    key = room.queue().items[0].match_key
    found = room.queue(match=key, order="likely")
    assert (found.order, [item.number for item in found.items]) == ("", room.waiting())
    few = queries_of(lambda: room.queue(match=key, limit=2))
    assert queries_of(lambda: room.queue(match=key, limit=6)) == few <= 21
