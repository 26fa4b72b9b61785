"""What an open page is told of comments that came or changed since it was drawn."""

import pytest
from django.test import Client

from broadsheet.discussion import api, queries
from broadsheet.discussion.comments import news
from broadsheet.discussion.comments.news import News
from broadsheet.discussion.models import Comment, Thread
from discussion.making import Room, guest, problems, reader
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
    assert answer.json() == {"event": drawn + 1, "new": [number], "changed": []}
    assert answer.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    again = Client().get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    room.vote(number, 1)
    again = Client().get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("event", ["x", "-1", "01", "9" * 19, "1/2"])
def test_a_strange_event_is_not_found(room: Room, event: str) -> None:
    assert Client().get(f"/t/{room.id}/since/{event}/").status_code == 404


def test_of_a_hidden_thread_nothing_is_told(room: Room) -> None:
    room.post()
    Thread.objects.filter(pk=room.id).update(hidden_at=room.now)
    assert Client().get(f"/t/{room.id}/since/0/").status_code == 404
    assert Client().get("/t/987654/since/0/").status_code == 404
