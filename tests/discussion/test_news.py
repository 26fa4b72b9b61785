"""What an open page is told of comments that came or changed since it was drawn."""

from collections.abc import Callable

import pytest
from django.test import Client

from broadsheet.discussion import api, queries
from broadsheet.discussion.comments import news
from broadsheet.discussion.comments.news import News
from broadsheet.discussion.models import Comment, Participant, Quote, Thread
from broadsheet.discussion.rules.quoting import Chosen
from broadsheet.discussion.threads import telling
from broadsheet.kit.actor import Actor
from discussion.making import Room, guest, moderator, problems, reader
from discussion.test_marking import mark
from discussion.test_pages import plan_of_many
from discussion.test_posting import queries_of

HELD = api.Policy(hold_first=False, hold_links=True)


def since(room: Room, event: int) -> News:
    found = queries.news_since(thread_id=room.id, event=event)
    assert found is not None
    return found


def now(room: Room) -> int:
    return room.page().thread.event


def test_what_is_published_is_new_and_votes_are_no_news(room: Room) -> None:
    there = room.post("There.").number
    drawn = now(room)
    assert since(room, drawn) == News(drawn)
    room.vote(there, 1)
    assert since(room, drawn) == News(drawn)
    root = room.post("A root.").number
    answer = room.post("An answer.", to=there).number
    found = since(room, drawn)
    assert (found.new, found.changed) == ((root, answer), ())
    # The next question begins where this answer ends.
    assert since(room, found.event) == News(found.event)


def test_removed_restored_and_edited_ones_have_changed(room: Room) -> None:
    rhea = reader("Rhea")
    number = room.post("Words.", by=rhea).number
    other = room.post("Others.").number
    for change in (
        lambda: room.edit(number, "Better words.", by=rhea),
        lambda: room.decide(number, "remove"),
        lambda: room.decide(number, "restore"),
        lambda: room.withdraw(number, by=rhea),
    ):
        drawn = now(room)
        change()
        found = since(room, drawn)
        assert (found.new, found.changed) == ((), (number,))
    room.decide(other, "remove")
    # Came and went: to whoever never saw it, it is no news to be shown.
    assert since(room, 0).new == ()
    assert not problems()


def test_what_waits_is_told_once_it_is_published(room: Room) -> None:
    drawn = now(room)
    waits = room.post("See https://a.example/", policy=HELD).number
    assert since(room, drawn) == News(drawn)
    room.decide(waits, "publish")
    assert since(room, drawn).new == (waits,)


def test_many_are_told_in_parts(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(news, "MOST", 2)
    numbers = [room.post(f"Comment {at}.").number for at in range(5)]
    told, event = [], 0
    while part := since(room, event).new:
        assert len(part) <= 2
        told += part
        event = since(room, event).event
    assert told == numbers


def told(room: Room, change: Callable[[], object]) -> tuple[int, ...]:
    drawn = now(room)
    change()
    found = since(room, drawn)
    assert found.new == ()
    return found.changed


def test_marks_are_told_and_of_an_answer_what_it_answers(room: Room) -> None:
    asked = room.post("A question.").number
    answer = room.post("It is so.", to=asked, by=moderator()).number
    for verb in ("pin", "unpin", "feature", "unfeature", "close", "reopen"):
        assert told(room, lambda verb=verb: mark(room, asked, verb, reason="So.")) == (asked,)
    for verb in ("mark_answer", "unmark_answer"):
        assert told(room, lambda verb=verb: mark(room, answer, verb)) in {
            (answer, asked),
            (asked, answer),
        }
    assert told(room, lambda: mark(room, answer, "unmark_answer")) == (), "it had none"
    assert not problems()


def quoted(room: Room, source: int, words: str, *, by: Actor) -> int:
    chosen = Chosen(source=source, exact=words, prefix="", suffix="", whole=False)
    return room.post("See there.", by=by, to=source, quotes=(chosen,)).number


def test_what_quotes_a_comment_is_told_with_it(room: Room) -> None:
    rhea, bo = reader("Rhea"), reader("Bo")
    source = room.post("The bus was late again.", by=rhea).number
    quoting = quoted(room, source, "was late", by=bo)
    other = room.post("Nothing to do with it.").number
    both = (source, quoting)
    for change in (
        lambda: room.edit(source, "The bus was late once.", by=rhea),
        lambda: room.decide(source, "remove"),
        lambda: room.decide(source, "restore"),
        lambda: room.withdraw(source, by=rhea),
    ):
        assert tuple(sorted(told(room, change))) == both
    assert other not in both

    source = room.post("The tram was late too.", by=rhea).number
    quoting = quoted(room, source, "was late", by=bo)
    room.edit(source, "The tram came.", by=rhea)
    blank = {"actor": moderator(), "comment_id": source, "number": 1, "reason": "A name in it."}
    assert told(room, lambda: api.blank_version(**blank, now=room.tick())) == (quoting,)
    assert not problems()


def test_a_quotation_found_by_matching_is_told_when_it_is_undone(room: Room) -> None:
    room.post("Hardly anyone used it by the end of the summer.")
    typed = room.post("> Hardly anyone used it by the end of the summer.\n\nWho says so?").number
    (quote,) = Quote.objects.filter(comment=typed)
    undo = {"actor": moderator(), "comment_id": typed, "quote_id": quote.pk}
    assert told(room, lambda: api.undo_quote(**undo, now=room.tick())) == (typed,)


def test_a_name_that_is_forgotten_is_told_wherever_it_stands(room: Room) -> None:
    rhea, bo = reader("Rhea"), reader("Bo")
    own = room.post("The bus was late again.", by=rhea).number
    answer = room.post("Was it?", by=bo, to=own).number
    quoting = quoted(room, own, "was late", by=bo)
    mentioning = room.post("As @Rhea said.", by=bo).number
    room.post("Nothing to do with it.", by=bo)
    person = Participant.objects.get(key=rhea.id).uuid
    erase = {"actor": rhea, "participant": person}
    found = told(room, lambda: api.erase_participant(**erase, now=room.tick()))
    assert set(found) == {own, answer, quoting, mentioning}
    page = room.page()
    assert page.thread.event >= max(Comment.objects.values_list("changed", flat=True))
    assert told(room, lambda: api.erase_participant(**erase, now=room.tick())) == ()
    assert not problems()


def test_many_at_once_are_told_in_parts_and_none_is_left_out(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert telling.TOGETHER <= news.MOST
    monkeypatch.setattr(news, "MOST", 5)
    monkeypatch.setattr(telling, "TOGETHER", 3)
    rhea = reader("Rhea")
    numbers = [room.post(f"Comment {at}.", by=rhea).number for at in range(10)]
    event = now(room)
    person = Participant.objects.get(key=rhea.id).uuid
    api.erase_participant(actor=rhea, participant=person, now=room.tick())
    found: list[int] = []
    while part := since(room, event).changed:
        assert len(part) <= news.MOST
        found += part
        event = since(room, event).event
    assert sorted(found) == numbers


def test_it_costs_two_queries_by_an_index(room: Room) -> None:
    for _ in range(3):
        room.post()
    assert queries_of(lambda: since(room, 0)) == 2
    rows = Comment.objects.filter(
        published_at__isnull=False, thread=room.id, changed__gt=0
    ).order_by("changed")
    statement, arguments = rows.values_list("pk")[:100].query.sql_with_params()
    assert "comment_changed" in plan_of_many(statement, arguments)


def test_the_address_answers_the_same_to_everybody(room: Room) -> None:
    drawn = now(room)
    number = room.post("New.", by=guest()).number
    path = f"/t/{room.id}/since/{drawn}/"
    answer = Client().get(path)
    told = {"event": drawn + 1, "new": [number], "changed": [], "closed": False}
    assert answer.json() == told
    assert answer.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    again = Client().get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    room.vote(number, 1)
    again = Client().get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    # Closed elsewhere: who is writing should hear of it before they send it.
    does = {"actor": moderator(), "thread_id": room.id, "now": room.tick()}
    api.close_thread(**does, reason="It is late.")
    again = Client().get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.json() == told | {"closed": True}
    api.reopen_thread(**does)
    assert Client().get(path).json() == told


@pytest.mark.parametrize("event", ["x", "-1", "01", "9" * 19, "1/2"])
def test_a_strange_event_is_not_found(room: Room, event: str) -> None:
    assert Client().get(f"/t/{room.id}/since/{event}/").status_code == 404


def test_of_a_hidden_thread_nothing_is_told(room: Room) -> None:
    room.post()
    Thread.objects.filter(pk=room.id).update(hidden_at=room.now)
    assert Client().get(f"/t/{room.id}/since/0/").status_code == 404
    assert Client().get("/t/987654/since/0/").status_code == 404
