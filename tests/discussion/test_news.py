"""What an open page is told of comments that came or changed since it was drawn."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from broadsheet.discussion import api, queries
from broadsheet.discussion.comments import news
from broadsheet.discussion.comments.news import Heard, News
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


def test_what_is_published_is_new(room: Room) -> None:
    there = room.post("There.").number
    drawn = now(room)
    assert since(room, drawn) == News(drawn, count=1)
    root = room.post("A root.").number
    answer = room.post("An answer.", to=there).number
    found = since(room, drawn)
    assert (found.new, found.changed, found.count) == ((root, answer), (), 3)
    # The next question begins where this answer ends.
    assert since(room, found.event) == News(found.event, count=3)


def test_votes_are_told_as_totals(room: Room) -> None:
    rhea, bo = reader("Rhea"), reader("Bo")
    one, other = room.post("One.").number, room.post("Other.").number
    room.vote(one, 1, by=rhea)
    drawn = now(room)
    for value in (1, -1, 0, -1):
        room.vote(one, value, by=bo)
    room.vote(other, 1, by=bo)
    found = since(room, drawn)
    assert (found.votes, found.new, found.changed) == ({one: (1, 1), other: (1, 0)}, (), ())
    assert since(room, found.event).is_empty
    # What is taken back is news, too; the same vote again is none.
    room.vote(other, 0, by=bo)
    assert since(room, found.event).votes == {other: (0, 0)}
    drawn = now(room)
    room.vote(one, -1, by=bo)
    assert since(room, drawn).is_empty
    # Of what nobody sees no totals are told.
    room.decide(one, "remove")
    assert since(room, found.event).votes == {other: (0, 0)}
    assert not problems()


def test_what_nobody_may_see_moves_the_event_and_nothing_else(room: Room) -> None:
    room.post("There.")
    drawn = now(room)
    waits = room.post("See https://a.example/", policy=HELD).number
    heard = queries.heard_since(thread_id=room.id, event=drawn)
    assert heard is not None
    assert heard.news.is_empty
    assert heard.event == Thread.objects.get(pk=room.id).events
    room.decide(waits, "remove")
    assert since(room, drawn).is_empty


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
    assert since(room, 0).is_empty
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


def test_it_costs_three_queries_by_an_index_each(room: Room) -> None:
    for _ in range(3):
        room.post()
    assert queries_of(lambda: since(room, 0)) == 3
    for column in ("changed", "tallied"):
        rows = Comment.objects.filter(
            published_at__isnull=False, thread=room.id, **{f"{column}__gt": 0}
        ).order_by(column)
        statement, arguments = rows.values_list("pk")[:100].query.sql_with_params()
        assert f"comment_{column}" in plan_of_many(statement, arguments)


def test_the_address_answers_the_same_to_everybody(room: Room) -> None:
    drawn = now(room)
    number = room.post("New.", by=guest()).number
    path = f"/t/{room.id}/since/{drawn}/"
    answer = Client().get(path)
    comments = {"new": [number], "changed": [], "votes": {}}
    whole = {"closed": False, "counted": "1 comment", "edition": 0}
    told = {"event": drawn + 1, **comments, **whole}
    assert answer.json() == told
    assert answer.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    again = Client().get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    room.vote(number, 1)
    told |= {"event": drawn + 2, "votes": {str(number): [1]}}
    assert Client().get(path).json() == told
    # Closed elsewhere: who is writing should hear of it before they send it.
    does = {"actor": moderator(), "thread_id": room.id, "now": room.tick()}
    api.close_thread(**does, reason="It is late.")
    again = Client().get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.json() == told | {"closed": True}
    api.reopen_thread(**does)
    assert Client().get(path).json() == told


@pytest.mark.parametrize(("votes", "told"), [("counted", [1, 1]), ("both", [1]), ("up", [1])])
def test_who_found_something_not_useful_is_told_where_pages_tell_it(
    room: Room, settings: Settings, votes: str, told: list[int]
) -> None:
    settings.CONFIG = replace(settings.CONFIG, values=settings.CONFIG.values | {"votes": votes})
    number = room.post().number
    room.vote(number, 1, by=reader("Rhea"))
    room.vote(number, -1, by=reader("Bo"))
    assert Client().get(f"/t/{room.id}/since/0/").json()["votes"] == {str(number): told}


def test_more_than_is_told_at_once_is_said(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(news, "MOST", 2)
    for _ in range(3):
        room.post()
    path = f"/t/{room.id}/since/"
    first = Client().get(f"{path}0/").json()
    assert first["more"] is True
    assert "more" not in Client().get(f"{path}{first['event']}/").json()


@pytest.mark.parametrize("event", ["x", "-1", "01", "9" * 19, "1/2"])
def test_a_strange_event_is_not_found(room: Room, event: str) -> None:
    assert Client().get(f"/t/{room.id}/since/{event}/").status_code == 404


def test_of_a_hidden_thread_nothing_is_told(room: Room) -> None:
    room.post()
    Thread.objects.filter(pk=room.id).update(hidden_at=room.now)
    assert Client().get(f"/t/{room.id}/since/0/").status_code == 404
    assert Client().get("/t/987654/since/0/").status_code == 404


def test_nothing_is_told_that_came_while_it_was_read(room: Room) -> None:
    """Of two that come then, the first would be left out for ever with the second told."""
    first = room.post("Before.").number
    drawn = now(room)
    came: list[int] = []

    def between(execute: Callable[..., object], sql: str, *rest: object) -> object:
        if '"tallied" >' in sql and not came:
            came.append(room.post("Meanwhile.").number)
            room.vote(first, 1)
        return execute(sql, *rest)

    with connection.execute_wrapper(between):
        heard = queries.heard_since(thread_id=room.id, event=drawn)
    assert heard == Heard(News(drawn, count=1), drawn)
    assert since(room, drawn).new == tuple(came)


def test_who_knows_more_than_there_is_is_told_how_much_there_is(room: Room) -> None:
    """A backup was put back: what comes under the same numbers is something else."""
    room.post("Before.")
    there = now(room)
    heard = queries.heard_since(thread_id=room.id, event=there + 12)
    assert heard is not None
    assert heard.event == there
