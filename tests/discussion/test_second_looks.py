"""Asking for a second look: who may, who answers, what it leads to, and what one is told."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup

from broadsheet.discussion import api, queries
from broadsheet.discussion.http import fragment, waits
from broadsheet.discussion.models import Appeal, Comment, Decision, Waiting
from broadsheet.discussion.rules.appealing import APPEAL_DAYS, MOST_OPEN, WORDS_LIMIT
from broadsheet.kit.actor import Actor, Role, Standing
from broadsheet.kit.verdict import RefusalError
from discussion.making import Room, guest, moderator, problems, reader, row
from discussion.test_http import as_, html, send
from discussion.test_sanctions import WITH_NETWORKS, limit
from people import Cast

MONA, BO = moderator(), moderator("Bo Quist")
ANNA = guest("anna")


@pytest.fixture(autouse=True)
def _people(settings: Any) -> None:
    settings.BROADSHEET_ACTOR = "discussion.test_http.actor_of"
    settings.BROADSHEET_NAMES_OF = f"{__name__}.names_of"
    waits.forget()


def names_of(*, actor_ids: list[str]) -> dict[str, str]:
    known = {MONA.id: "Mona Keel", BO.id: "Bo Quist"}
    return {one: known[one] for one in actor_ids if one in known}


def removed(room: Room, by: Actor = ANNA) -> int:
    number = room.post("The mayor lies.", by=by).number
    room.decide(number, "remove", rule="personal_attack", reason="Say what he did.")
    return number


def ask(room: Room, number: int, words: str = "He did.", *, by: Actor = ANNA) -> api.Asked:
    return api.ask_second_look(actor=by, comment_id=number, words=words, now=room.tick())


def code(error: pytest.ExceptionInfo[RefusalError]) -> str:
    return error.value.verdict.code


def reasons(number: int) -> set[str]:
    return set(Waiting.objects.filter(comment=number).values_list("reason", flat=True))


def drawn(room: Room) -> BeautifulSoup:
    """Return the list of comments as everybody sees it."""
    page = room.page()
    return BeautifulSoup(fragment.draw(page.comments, thread=page.thread), "html.parser")


# --- Who may ask --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "who", ["owner", "editor", "reporter", "moderator", "reader", "guest", "banned_reader"]
)
def test_nobody_asks_about_what_somebody_else_wrote(
    room: Room, actors: Cast[Actor], who: str
) -> None:
    number = removed(room)
    with pytest.raises(RefusalError) as refused:
        ask(room, number, by=actors[who])
    assert code(refused) == "not_your_comment"


def test_who_may_write_no_more_may_ask_all_the_same(room: Room) -> None:
    rhea = reader("Rhea")
    number = removed(room, by=rhea)
    banned = Actor(id=rhea.id, roles=rhea.roles, standing=Standing.BANNED)
    assert ask(room, number, by=banned).number == number


def test_what_there_is_nothing_to_look_at_again_of(room: Room) -> None:
    public = room.post("There.", by=ANNA).number
    first = room.post("First.", by=guest("new"), policy=api.Policy()).number
    gone = room.post("Mine.", by=ANNA).number
    room.withdraw(gone, by=ANNA)
    for number, by, expected in (
        (public, ANNA, "appeal_nothing"),
        (first, guest("new"), "appeal_waits"),
        (gone, ANNA, "appeal_nothing"),
    ):
        with pytest.raises(RefusalError) as refused:
            ask(room, number, by=by)
        assert code(refused) == expected


def test_it_is_asked_once_and_not_for_ever(room: Room) -> None:
    number = removed(room)
    with pytest.raises(RefusalError) as refused:
        ask(room, number, "x" * (WORDS_LIMIT + 1))
    assert code(refused) == "too_long"
    room.now += timedelta(days=APPEAL_DAYS)
    with pytest.raises(RefusalError) as refused:
        ask(room, number)
    assert code(refused) == "appeal_late"
    room.now -= timedelta(days=APPEAL_DAYS)
    ask(room, number)
    with pytest.raises(RefusalError) as refused:
        ask(room, number)
    assert code(refused) == "appeal_asked"
    assert problems() == []


# --- Who answers, and what comes of it ------------------------------------------------------------


def test_it_waits_and_whoever_decided_leaves_it_to_a_colleague(room: Room) -> None:
    number = removed(room)
    asked = ask(room, number)
    assert reasons(number) == {"appeal"}
    link = Decision.objects.get(sequence=asked.sequence)
    assert (link.verb, link.rule) == ("appeal", f"decision:{asked.decision}")
    with pytest.raises(RefusalError) as refused:
        api.uphold(actor=MONA, comment_id=number, reason="", now=room.tick())
    assert code(refused) == "appeal_own_decision"
    done = api.uphold(actor=BO, comment_id=number, reason="It names nothing.", now=room.tick())
    assert (done.state, reasons(number)) == ("removed", set())
    look = queries.second_look(actor=ANNA, number=number, now=room.now)
    assert (look.upheld, look.answer, look.may_ask) == (True, "It names nothing.", False)
    with pytest.raises(RefusalError) as refused:
        api.uphold(actor=BO, comment_id=number, reason="", now=room.tick())
    assert code(refused) == "already_decided"
    assert problems() == []


def test_the_owner_answers_alone_where_there_is_nobody_else(room: Room) -> None:
    odile = Actor(id="account:odile", roles=frozenset({Role.OWNER, Role.READER}))
    number = room.post("The mayor lies.", by=ANNA).number
    room.decide(number, "remove", by=odile)
    ask(room, number)
    with pytest.raises(RefusalError) as refused:
        api.uphold(actor=odile, comment_id=number, reason="", now=room.tick())
    assert code(refused) == "appeal_own_decision"
    api.uphold(actor=odile, comment_id=number, reason="", now=room.tick(), alone=True)
    assert queries.second_look(actor=ANNA, number=number, now=room.now).upheld is True


@pytest.mark.parametrize("by", [MONA, BO])
def test_bringing_it_back_answers_too_whoever_does(room: Room, by: Actor) -> None:
    number = removed(room)
    ask(room, number)
    room.decide(number, "restore", by=by)
    assert reasons(number) == set()
    assert queries.second_look(actor=ANNA, number=number, now=room.now).upheld is False
    assert problems() == []


def test_undoing_what_was_decided_answers_and_undoing_the_answer_asks_again(room: Room) -> None:
    number = removed(room)
    asked = ask(room, number)
    upheld = api.uphold(actor=BO, comment_id=number, reason="", now=room.tick())
    api.undo_decision(actor=BO, sequence=upheld.sequence, now=room.tick())
    assert reasons(number) == {"appeal"}
    undone = api.undo_decision(actor=MONA, sequence=asked.decision, now=room.tick())
    (appeal,) = Appeal.objects.all()
    assert (appeal.upheld, appeal.outcome.sequence) == (False, undone.sequence)
    assert row(number).state == "published"
    assert problems() == []
    restored = room.post("Again.", by=ANNA).number
    room.decide(restored, "remove")
    ask(room, restored)
    back = room.decide(restored, "restore", by=BO)
    api.undo_decision(actor=BO, sequence=back.sequence, now=room.tick())
    assert (row(restored).state, reasons(restored)) == ("removed", {"appeal"})
    assert queries.second_look(actor=ANNA, number=restored, now=room.now).upheld is None
    assert problems() == []


def test_the_stub_says_that_it_was_upheld_until_that_is_undone(room: Room) -> None:
    number = removed(room)
    said = ask(room, number).decision
    event = row(number).changed
    upheld = api.uphold(actor=BO, comment_id=number, reason="It is.", now=room.tick()).sequence
    assert row(number).cited == f"{said} 1.1 {upheld}"
    assert (row(number).changed or 0) > (event or 0)
    assert problems() == []
    stub = drawn(room)
    assert stub.select(f'a[href="/moderation/{upheld}/"]')
    assert "upheld on a second look" in stub.get_text()
    assert stub.select(f'a[href="/moderation/{said}/"]')
    # The author reads the same number on the page of the comment.
    page = BeautifulSoup(html(as_(ANNA).get(f"/c/{number}/status/")), "html.parser")
    assert page.select_one("#second-look").select(f'a[href="/moderation/{upheld}/"]')  # type: ignore[union-attr]
    restored = room.decide(number, "restore", by=BO)
    api.undo_decision(actor=BO, sequence=restored.sequence, now=room.tick())
    assert row(number).cited == f"{said} 1.1 {upheld}"
    api.undo_decision(actor=BO, sequence=upheld, now=room.tick())
    assert row(number).cited == f"{said} 1.1"
    assert "upheld" not in drawn(room).get_text()
    assert problems() == []


def test_a_stub_that_claims_an_answer_is_found_out(room: Room) -> None:
    number = removed(room)
    said = ask(room, number).decision
    Comment.objects.filter(pk=number).update(cited=f"{said} 1.1 {said}")
    assert "cites another answer" in problems()[0]
    api.uphold(actor=BO, comment_id=number, reason="", now=room.tick())
    Comment.objects.filter(pk=number).update(cited=f"{said} 1.1")
    assert "cites another answer" in problems()[0]


def test_what_was_held_by_a_moderator_says_so_too(room: Room) -> None:
    number = room.post("Hm.", by=ANNA).number
    held = room.decide(number, "hold")
    ask(room, number)
    assert row(number).cited == str(held.sequence)
    upheld = api.uphold(actor=BO, comment_id=number, reason="", now=room.tick())
    assert row(number).cited == f"{held.sequence} - {upheld.sequence}"
    assert "upheld" in drawn(room).get_text()
    assert problems() == []


def test_a_branch_that_went_is_asked_about_by_each_of_its_authors(room: Room) -> None:
    top = room.post("top", by=ANNA).number
    petra = guest("petra")
    below = room.post("below", to=top, by=petra).number
    gone = api.remove_branch(
        actor=MONA, comment_id=top, rule="off_topic", reason="", now=room.tick()
    )
    asked = ask(room, below, by=petra)
    assert asked.decision == gone.sequence
    assert ask(room, top).decision == gone.sequence
    room.decide(below, "restore", by=BO)
    assert reasons(top) == {"appeal"}
    assert problems() == []


def test_whoever_held_a_comment_does_not_answer_by_removing_it(room: Room) -> None:
    number = room.post("Hm.", by=ANNA).number
    room.decide(number, "hold")
    ask(room, number)
    room.decide(number, "remove")
    assert reasons(number) == {"appeal"}
    api.uphold(actor=BO, comment_id=number, reason="", now=room.tick())
    assert reasons(number) == set()
    # What was decided since is another decision.
    assert ask(room, number).sequence
    assert problems() == []


def test_an_author_who_takes_it_back_asks_no_more(room: Room) -> None:
    number = room.post("Hm.", by=ANNA).number
    room.decide(number, "hold")
    ask(room, number)
    room.withdraw(number, by=ANNA)
    assert reasons(number) == set()


def test_erasing_somebody_erases_what_they_asked(room: Room) -> None:
    number = removed(room)
    ask(room, number, "I am the baker's wife.")
    author = Comment.objects.get(pk=number).author.uuid
    api.erase_participant(actor=ANNA, participant=author, now=room.tick())
    (appeal,) = Appeal.objects.all()
    assert (appeal.words, "anna" in appeal.asker) == ("", False)
    assert problems() == []


# --- Pages ----------------------------------------------------------------------------------------


def test_it_is_asked_on_the_page_of_the_comment_and_answered_in_the_queue(room: Room) -> None:
    number = removed(room)
    status = f"/c/{number}/status/"
    page = html(as_(ANNA).get(status))
    assert "Say what he did." in page
    assert "Ask for a second look" in page
    assert as_(guest("other")).get(f"/c/{number}/second-look/").status_code == 404
    long = "y" * (WORDS_LIMIT + 1)
    refused = send(as_(ANNA), f"/c/{number}/second-look/", words=long)
    assert refused.status_code == 422
    assert long in html(refused)
    taken = send(as_(ANNA), f"/c/{number}/second-look/", words="He <b>did</b>.")
    assert (taken.status_code, taken["Location"]) == (303, f"{status}#second-look")
    waiting = html(as_(ANNA).get(status))
    assert "He &lt;b&gt;did&lt;/b&gt;." in waiting
    assert "Ask for a second look</button>" not in waiting

    own = BeautifulSoup(html(as_(MONA).get("/moderation/queue/?show=appeal")), "html.parser")
    assert "You took this decision" in own.select_one(".appeal").get_text()  # type: ignore[union-attr]
    assert not own.select("button[value=uphold]")
    assert own.select("button[value=restore]")
    others = BeautifulSoup(html(as_(BO).get("/moderation/queue/?show=appeal")), "html.parser")
    said = others.select_one(".appeal")
    assert said is not None
    assert "Mona Keel decided it" in said.get_text(" ")
    assert "Say what he did." in said.get_text()
    assert others.select("button[value=uphold]")
    done = send(
        as_(BO), "/moderation/queue/decisions/", script=True, number=number, does="uphold",
        reason="It names nothing.",
    )  # fmt: skip
    assert done.status_code == 200, html(done)
    assert "stands" in done.json()["message"]
    told = html(as_(ANNA).get(status))
    assert "the decision stands" in told
    assert "It names nothing." in told
    assert "Bo Quist" not in told
    assert "Mona" not in told


def test_a_record_has_every_decision_about_somebody_and_nobody_elses(room: Room) -> None:
    number = removed(room)
    other = room.post("Other.", by=guest("other")).number
    room.decide(other, "hold")
    top = room.post("top", by=guest("other")).number
    below = room.post("Deep down.", to=top, by=ANNA)
    api.remove_branch(
        actor=MONA, comment_id=top, rule="off_topic", reason="Enough.", now=room.tick()
    )
    ask(room, number)
    api.uphold(actor=BO, comment_id=number, reason="It names nothing.", now=room.tick())
    api.hold_author(
        actor=MONA, comment_id=number, rule="personal_attack", reason="Often.", now=room.tick()
    )
    api.turn_on(
        actor=MONA, scope=api.Scope(comment=number), kind="slow", seconds=60, now=room.tick()
    )
    record = queries.record_of(owner=ANNA.id)
    assert [(one.verb, one.number) for one in record.entries] == [
        ("hold_author", number),
        ("uphold", number),
        ("remove_branch", below.number),
        ("remove", number),
    ]
    assert [one.upheld for one in record.entries if one.asked] == [True]
    page = html(as_(ANNA).get("/me/record/"))
    for words in ("Often.", "It names nothing.", "Enough.", "Deep down.", "Say what he did."):
        assert words in page
    for words in ("Mona", "Bo Quist", "Other."):
        assert words not in page
    assert "Nothing was decided about you" in html(as_(guest("stranger")).get("/me/record/"))


def test_a_long_record_is_read_in_pages_by_as_many_queries(
    room: Room, django_assert_max_num_queries: Any
) -> None:
    number = room.post("Hm.", by=ANNA).number
    for _ in range(7):
        room.decide(number, "hold")
        room.decide(number, "publish")
    seen: list[int] = []
    before = 0
    while True:
        with django_assert_max_num_queries(7):
            page = queries.record_of(owner=ANNA.id, before=before, limit=4)
        seen += [one.sequence for one in page.entries]
        before = page.before
        if not before:
            break
    assert seen == sorted(Decision.objects.values_list("sequence", flat=True), reverse=True)


def test_of_one_decision_about_much_the_first_comment_alone_is_read(
    room: Room, django_assert_max_num_queries: Any
) -> None:
    top = room.post("top", by=guest("other")).number
    numbers = [room.post(f"Words {n}.", to=top, by=ANNA).number for n in range(4)]
    api.remove_branch(actor=MONA, comment_id=top, rule="hate", reason="", now=room.tick())
    with django_assert_max_num_queries(7) as asked:
        (entry,) = queries.record_of(owner=ANNA.id).entries
    assert (entry.number, entry.words) == (numbers[0], "Words 0.")
    reading = [one["sql"] for one in asked.captured_queries if '"html"' in one["sql"]]
    assert all("IN (" in sql and "moved" not in sql.lower() for sql in reading)


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0.2, "1 minute"), (20, "20 minutes"), (100, "2 hours"), (60 * 60, "3 days")],
)
def test_who_waits_is_told_how_long_that_usually_takes(
    room: Room, minutes: float, said: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waits, "utcnow", lambda: room.now)
    numbers = [room.post(str(n), by=guest(f"g{n}"), policy=api.Policy()).number for n in range(5)]
    assert waits.wait_words() == "", "nobody can say yet"
    waits.forget()
    for number in numbers:
        Comment.objects.filter(pk=number).update(held_at=room.now)
        api.decide(
            actor=MONA, comment_id=number, verb="publish", rule="", reason="",
            now=room.now + timedelta(minutes=minutes),
        )  # fmt: skip
    room.now += timedelta(minutes=minutes)
    assert f"takes {said} here" in waits.wait_words()
    held = room.post("New here.", by=ANNA, policy=api.Policy()).number
    assert f"takes {said} here" in html(as_(ANNA).get(f"/c/{held}/status/"))
    mine = as_(ANNA).get(f"/me/thread/{room.id}/").json()
    assert f"takes {said} here" in mine["held"][0]["message"]


# --- What holds for a person --------------------------------------------------------------------


def limited(room: Room, kind: str = "suspend") -> tuple[int, int]:
    """Return the comment that was the occasion, and the number of the limit."""
    number = room.post("Liar.", by=ANNA).number
    done = limit(room, number, kind, by=MONA, reason="Often.")
    return number, done.limit


def ask_about(room: Room, number: int, by: Actor = ANNA, words: str = "Once.") -> api.Asked:
    return api.ask_about_limit(actor=by, limit=number, words=words, now=room.tick())


def test_who_is_stopped_asks_about_that_and_lifting_it_answers(room: Room) -> None:
    number, held = limited(room)
    with pytest.raises(RefusalError) as refused:
        ask_about(room, held, by=guest("other"))
    assert code(refused) == "not_yours"
    asked = ask_about(room, held)
    assert (asked.number, reasons(number)) == (number, {"appeal"})
    with pytest.raises(RefusalError) as refused:
        ask_about(room, held)
    assert code(refused) == "appeal_asked"
    # What becomes of the comment is another matter.
    room.decide(number, "remove")
    assert reasons(number) == {"appeal"}
    assert ask(room, number).decision != asked.decision
    lifted = api.lift_limit(actor=BO, limit=held, reason="Enough.", now=room.tick())
    look = queries.looks_at(actor=ANNA, decisions=[asked.decision])[asked.decision]
    assert (look.upheld, look.answer, look.outcome) == (False, "Enough.", lifted.sequence)
    assert reasons(number) == {"appeal"}, "of the comment"
    with pytest.raises(RefusalError) as refused:
        ask_about(room, held)
    assert code(refused) == "appeal_over"
    api.undo_decision(actor=BO, sequence=lifted.sequence, now=room.tick())
    assert queries.looks_at(actor=ANNA, decisions=[asked.decision])[asked.decision].upheld is None
    assert problems() == []


def test_that_it_stands_is_not_asked_again_once_it_was_lifted(room: Room) -> None:
    number, held = limited(room, "mute")
    ask_about(room, held)
    upheld = api.uphold(actor=BO, comment_id=number, reason="", now=room.tick())
    lifted = api.lift_limit(actor=BO, limit=held, reason="", now=room.tick())
    with pytest.raises(RefusalError) as refused:
        api.undo_decision(actor=BO, sequence=upheld.sequence, now=room.tick())
    assert code(refused) == "decided_since"
    assert reasons(number) == set()
    api.undo_decision(actor=BO, sequence=lifted.sequence, now=room.tick())
    api.undo_decision(actor=BO, sequence=upheld.sequence, now=room.tick())
    assert reasons(number) == {"appeal"}
    assert problems() == []


def test_of_a_network_so_many_ask_at_once_and_one_answer_is_for_all(room: Room) -> None:
    bad = replace(ANNA, network="198.51.100.0/24")
    number = room.post("Liar.", by=bad, policy=WITH_NETWORKS).number
    held = limit(room, number, "suspend", by=MONA, reason="You, Anna.", network=True).limit
    neighbours = [replace(guest(f"near{n}"), network=bad.network) for n in range(MOST_OPEN + 1)]
    for one in neighbours[:-1]:
        ask_about(room, held, by=one)
    with pytest.raises(RefusalError) as refused:
        ask_about(room, held, by=neighbours[-1])
    assert code(refused) == "appeal_many"
    ask_about(room, held, by=bad)
    assert reasons(number) == {"appeal"}
    upheld = api.uphold(actor=BO, comment_id=number, reason="It was.", now=room.tick())
    assert reasons(number) == set()
    assert set(Appeal.objects.values_list("upheld", "outcome__sequence")) == {
        (True, upheld.sequence)
    }
    ask_about(room, held, by=neighbours[-1])
    assert problems() == []


def test_what_holds_has_a_statement_of_reasons(room: Room) -> None:
    _, held = limited(room, "mute")
    page = BeautifulSoup(html(as_(ANNA).get("/me/limits/")), "html.parser")
    (said,) = page.select(f"[data-limit='{held}'] .statement")
    words = said.get_text(" ")
    for part in ("What you can do here is limited", "Often.", "decided by a person"):
        assert part in words
    # It holds in one discussion, and a warning limits nobody.
    assert "The last ferry" in words
    assert "everywhere" not in words
    limited(room, "warn")
    page = BeautifulSoup(html(as_(ANNA).get("/me/limits/")), "html.parser")
    assert len(page.select("[data-limit]")) == 2
    assert len(page.select(".statement")) == 1


def test_that_it_stands_says_a_colleague_and_undoing_it_answers_too(room: Room) -> None:
    number, held = limited(room, "mute")
    asked = ask_about(room, held)
    with pytest.raises(RefusalError) as refused:
        api.uphold(actor=MONA, comment_id=number, reason="", now=room.tick())
    assert code(refused) == "appeal_own_decision"
    api.uphold(actor=BO, comment_id=number, reason="It was thrice.", now=room.tick())
    assert reasons(number) == set()
    look = queries.looks_at(actor=ANNA, decisions=[asked.decision])[asked.decision]
    assert (look.upheld, look.answer) == (True, "It was thrice.")
    other, held = limited(room, "slow_author")
    asked = ask_about(room, held)
    api.undo_decision(actor=MONA, sequence=asked.decision, now=room.tick())
    assert queries.looks_at(actor=ANNA, decisions=[asked.decision])[asked.decision].upheld is False
    assert reasons(other) == set()
    assert problems() == []


def test_it_is_asked_where_one_reads_what_holds(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("queue", "sanctions", "second_looks"):
        monkeypatch.setattr(f"broadsheet.discussion.http.{module}.utcnow", lambda: room.now)
    number, held = limited(room)
    page = html(as_(ANNA).get("/me/limits/"))
    assert "Ask for a second look" in page
    long = "z" * (WORDS_LIMIT + 1)
    refused = send(as_(ANNA), f"/me/limits/{held}/second-look/", words=long)
    assert refused.status_code == 422
    assert long in html(refused)
    assert send(as_(ANNA), "/me/limits/99/second-look/", words="").status_code == 404
    taken = send(as_(ANNA), f"/me/limits/{held}/second-look/", words="Once.")
    assert (taken.status_code, taken["Location"]) == (303, "/me/limits/")
    asked = html(as_(ANNA).get("/me/limits/"))
    assert "You asked for it" in asked
    assert "Ask for a second look</button>" not in asked
    queue = html(as_(BO).get("/moderation/queue/?show=appeal"))
    assert "Mona Keel suspended its author." in queue
    assert 'value="uphold"' in queue
    assert "It was looked at again" not in html(as_(ANNA).get("/me/record/"))
    api.uphold(actor=BO, comment_id=number, reason="", now=room.tick())
    assert "the decision stands" in html(as_(ANNA).get("/me/limits/"))
    assert "the decision stands" in html(as_(ANNA).get("/me/record/"))


def test_a_neighbour_who_is_reached_by_the_network_reads_no_words_that_are_not_theirs(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = replace(ANNA, network="198.51.100.0/24")
    number = room.post("Liar.", by=bad, policy=WITH_NETWORKS).number
    limit(room, number, "suspend", by=MONA, reason="You, Anna.", network=True)
    neighbour = guest("neighbour")
    (found,) = queries.my_limits(actor=replace(neighbour, network=bad.network), now=room.now)
    assert (found.reason, found.number) == ("", 0)
    monkeypatch.setattr("broadsheet.discussion.http.sanctions.utcnow", lambda: room.now)
    client = as_(replace(neighbour, network=bad.network))
    (said,) = BeautifulSoup(html(client.get("/me/limits/")), "html.parser").select(".statement")
    assert "You, Anna." not in said.get_text()
    assert "Written on" not in said.get_text()
    assert "You are suspended" in said.get_text()
