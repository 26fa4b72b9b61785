"""Closing a whole discussion: by a moderator with a reason, by its age, and open again."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from broadsheet.discussion import api
from broadsheet.discussion.models import Decision, Thread
from broadsheet.discussion.threads.queries import thread_decisions
from broadsheet.kit.actor import Actor, system
from broadsheet.kit.verdict import RefusalError
from broadsheet.site import jobs
from discussion.making import Room, guest, moderator, open_room, problems
from discussion.test_http import as_, html, send
from discussion.test_marking import MODERATING
from discussion.test_posting import queries_of
from people import Cast

STORY = system(name="newsroom")


@pytest.fixture(autouse=True)
def _people(settings: Any) -> None:
    settings.BROADSHEET_ACTOR = "discussion.test_http.actor_of"
    settings.CONFIG = replace(
        settings.CONFIG,
        values=settings.CONFIG.values | {"hold_first_comment": False, "close_after_days": 30},
    )


def is_closed(room: Room) -> bool:
    return Thread.objects.get(pk=room.id).closed_at is not None


def close(room: Room, reason: str = "", *, by: Actor | None = None) -> None:
    api.close_thread(actor=by or moderator(), thread_id=room.id, reason=reason, now=room.tick())


def reopen(room: Room, *, by: Actor | None = None) -> None:
    api.reopen_thread(actor=by or moderator(), thread_id=room.id, now=room.tick())


@pytest.mark.parametrize("name", MODERATING)
def test_who_closes_and_opens(room: Room, actors: Cast[Actor], name: str) -> None:
    for does, closed in ((close, True), (reopen, False)):
        try:
            does(room, by=actors[name])
            got = ""
        except RefusalError as error:
            got = error.verdict.code
        assert got == MODERATING[name]
        assert is_closed(room) == (closed and not MODERATING[name])


def test_closing_is_one_decision_and_is_undone(room: Room) -> None:
    plain = queries_of(room.page)
    close(room, " It went in circles. ")
    close(room, "Again.")
    assert room.page().thread.closed_because == "It went in circles."
    assert queries_of(room.page) == plain + 1
    with pytest.raises(RefusalError, match="closed"):
        room.post("One more.")
    with pytest.raises(RefusalError, match="reason_too_long"):
        close(room, "x" * 1001)
    reopen(room)
    reopen(room)
    assert room.page().thread.closed_because == ""
    room.post("One more.")
    last, first = thread_decisions(thread_id=room.id)
    assert (first.verb, first.role, first.reason) == ("close", "moderator", "It went in circles.")
    assert (last.verb, last.reason) == ("reopen", "")
    assert set(Decision.objects.values_list("thread", "comment")) == {(room.id, None)}
    assert problems() == []


def test_a_story_published_again_does_not_open_what_a_moderator_closed(room: Room) -> None:
    close(room, by=STORY)
    assert Decision.objects.count() == 0, "it is the story's own setting"
    reopen(room, by=STORY)
    assert not is_closed(room)
    close(room)
    reopen(room, by=STORY)
    assert is_closed(room)
    reopen(room)
    close(room, by=STORY)
    assert room.page().thread.closed_because == ""
    reopen(room)
    assert not is_closed(room)


def test_old_discussions_are_closed_once(room: Room, now: datetime) -> None:
    young = open_room(now=now + timedelta(days=20), key="young")
    late = now + timedelta(days=30)
    assert api.close_old_threads(days=0, now=late) == 0
    assert api.close_old_threads(days=30, now=late - timedelta(seconds=1)) == 0
    jobs.close_old_discussions(late)
    assert (is_closed(room), is_closed(young)) == (True, False)
    decision = Decision.objects.get()
    assert (decision.verb, decision.rule, decision.by_role) == ("close", "after_days", "system")
    assert decision.actor_id == "system:calendar"
    reopen(room, by=STORY)
    assert is_closed(room), "published again, it is no younger"
    reopen(room)
    assert api.close_old_threads(days=30, now=late) == 0, "somebody opened it again"
    assert not is_closed(room)
    assert problems() == []


def test_old_discussions_are_closed_in_batches(room: Room, now: datetime) -> None:
    rooms = [room, *(open_room(now=now, key=f"thread-{n}") for n in range(4))]
    late = now + timedelta(days=1)
    closed = [api.close_old_threads(days=1, now=late, limit=2) for _ in range(4)]
    assert closed == [2, 2, 1, 0]
    assert all(is_closed(one) for one in rooms)


def test_the_page_of_a_discussion(room: Room) -> None:
    number = room.post("A comment.").number
    client, path = as_(moderator()), f"/moderation/queue/threads/{room.id}/"
    assert path in html(client.get(f"/moderation/queue/?comment={number}"))  # type: ignore[arg-type]
    assert "This discussion is open." in html(client.get(path))  # type: ignore[arg-type]
    done = send(client, path, verb="close", reason="Enough <b>said</b>.")
    assert (done.status_code, done["Location"]) == (303, path)
    page = html(client.get(path))  # type: ignore[arg-type]
    assert "This discussion is closed." in page
    assert "Enough &lt;b&gt;said&lt;/b&gt;." in page
    assert send(client, path, verb="reopen").status_code == 303
    assert not is_closed(room)
    long = send(client, path, verb="close", reason="kept " * 300)
    assert long.status_code == 422
    assert "kept kept" in html(long)
    assert send(client, path, verb="burn").status_code == 422
    assert client.get("/moderation/queue/threads/999999/").status_code == 404
    assert send(client, "/moderation/queue/threads/999999/", verb="close").status_code == 404


@pytest.mark.parametrize("name", MODERATING)
def test_who_sees_the_page_of_a_discussion(room: Room, actors: Cast[Actor], name: str) -> None:
    path = f"/moderation/queue/threads/{room.id}/"
    status = as_(actors[name]).get(path).status_code
    taken = send(as_(actors[name]), path, verb="close")
    if MODERATING[name]:
        assert status == (302 if name == "guest" else 403)
        assert taken.status_code == 403
    else:
        assert (status, taken.status_code) == (200, 303)
    assert is_closed(room) == (not MODERATING[name])


def test_readers_are_told_why(room: Room, rf: Any) -> None:
    from django.template.loader import render_to_string

    from broadsheet.discussion.http.thread import thread_context

    room.post("A comment.", by=guest())
    close(room, "Everything <i>was</i> said.")
    context = thread_context(rf.get("/"), site="main", key=room.key)
    page = render_to_string("discussion/thread.html", context)
    assert "Closed by the newsroom: <bdi>Everything &lt;i&gt;was&lt;/i&gt; said.</bdi>" in page
    assert 'id="composer"' not in page
