"""Pinned, chosen by the newsroom, its answer, closed below: set, shown, chained, taken off."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection

from broadsheet.discussion import api
from broadsheet.discussion.comments import branches, queries
from broadsheet.discussion.models import Comment, Decision
from broadsheet.discussion.rules import marking
from broadsheet.kit.actor import Actor, Role
from broadsheet.kit.verdict import RefusalError
from discussion.making import Room, guest, moderator, problems, reader, row
from discussion.test_http import as_, html, send
from discussion.test_pages import plan, plan_of_many
from discussion.test_posting import queries_of
from people import Cast

PAIRS = list(zip(marking.SETS, marking.TAKES_OFF, strict=True))
MODERATING = {
    "owner": "",
    "editor": "",
    "moderator": "",
    "reporter": "not_a_moderator",
    "reader": "not_a_moderator",
    "guest": "not_a_moderator",
    "banned_reader": "banned",
    "stranger": "not_a_moderator",
}


@pytest.fixture(autouse=True)
def _people(settings: Any) -> None:
    settings.BROADSHEET_ACTOR = "discussion.test_http.actor_of"
    settings.CONFIG = replace(
        settings.CONFIG, values=settings.CONFIG.values | {"hold_first_comment": False}
    )


def mark(
    room: Room, number: int, verb: str, *, reason: str = "", by: Actor | None = None
) -> api.Marked:
    return api.mark_comment(
        actor=by or moderator(), comment_id=number, verb=verb, reason=reason, now=room.tick()
    )


def refused(room: Room, number: int, verb: str, **more: Any) -> str:
    with pytest.raises(RefusalError) as caught:
        mark(room, number, verb, **more)
    return caught.value.verdict.code


def staff(name: str = "Edda Marsh") -> Actor:
    return replace(reader(name), roles=frozenset({Role.EDITOR, Role.READER}))


def answered(room: Room) -> tuple[int, int]:
    """Write a question, and the newsroom's reply to it."""
    question = room.post("When does it sail?").number
    return question, room.post("At six.", to=question, by=staff()).number


def numbers(page: api.ThreadPage) -> list[int]:
    return [comment.number for comment in page.comments]


@pytest.mark.parametrize("verbs", PAIRS)
@pytest.mark.parametrize("name", MODERATING)
def test_who_marks(room: Room, actors: Cast[Actor], name: str, verbs: tuple[str, str]) -> None:
    question, reply = answered(room)
    number = question if verbs[0] == "pin" else reply
    for verb in verbs:
        try:
            assert mark(room, number, verb, by=actors[name]) == api.Marked(number, verb, True)
            got = ""
        except RefusalError as error:
            got = error.verdict.code
        assert got == MODERATING[name]
    taken = list(Decision.objects.order_by("sequence").values_list("verb", "by_role", "actor_id"))
    expected = [] if MODERATING[name] else [(verb, name, actors[name].id) for verb in verbs]
    assert taken == expected
    assert problems() == []


@pytest.mark.parametrize("verbs", PAIRS)
def test_each_mark_is_one_decision_and_is_undone(room: Room, verbs: tuple[str, str]) -> None:
    question, reply = answered(room)
    number = question if verbs[0] == "pin" else reply
    does, undoes = verbs
    before = room.page().thread.event
    assert mark(room, number, does, reason=" Worth it. ").changed
    assert not mark(room, number, does).changed, "twice is once"
    decision = Decision.objects.get()
    assert (decision.verb, decision.comment_id, decision.at) != (None, None, None)
    assert decision.reason.text == "Worth it."
    comment = row(number)
    marks = (comment.pinned, comment.featured, comment.answer, comment.closed_at is not None)
    assert marks == tuple(verb == does for verb in marking.SETS)
    assert room.page().thread.event == before + 1

    assert mark(room, number, undoes).changed
    assert not mark(room, number, undoes).changed
    comment = row(number)
    assert not any((comment.pinned, comment.featured, comment.answer, comment.closed_at))
    assert [one.verb for one in Decision.objects.order_by("sequence")] == [does, undoes]
    assert problems() == []


def test_what_cannot_be_marked(room: Room) -> None:
    question, reply = answered(room)
    other = room.post("I do not think so.", to=question).number
    assert refused(room, reply, "pin") == "pin_reply"
    assert refused(room, question, "mark_answer") == "answer_by_staff"
    assert refused(room, other, "mark_answer") == "answer_by_staff"
    assert refused(room, question, "applaud") == "unknown_verb"
    assert refused(room, question, "pin", reason="x" * 1001) == "reason_too_long"
    mark(room, question, "pin")
    room.decide(question, "remove")
    for verb in ("feature", "close"):
        assert refused(room, question, verb) == "mark_gone"
    assert mark(room, question, "unpin").changed, "a mark is taken off whatever became of it"
    with pytest.raises(api.UnknownCommentError):
        mark(room, 10**12, "pin")


def test_three_are_pinned_at_most(room: Room) -> None:
    roots = [room.post(str(n)).number for n in range(4)]
    for number in roots[:3]:
        mark(room, number, "pin")
    assert refused(room, roots[3], "pin") == "pinned_enough"
    assert not mark(room, roots[0], "pin").changed
    room.decide(roots[0], "remove")
    assert mark(room, roots[3], "pin").changed, "what nobody sees takes no place"


@pytest.mark.parametrize("sort", queries.SORTS)
def test_pinned_comments_stand_first_and_once(room: Room, sort: str) -> None:
    roots = [room.post(str(n)).number for n in range(30)]
    low, high = roots[3], roots[28]
    below = room.post("A reply.", to=low).number
    usual = [number for page in room.pages(sort=sort) for number in numbers(page)]
    for number in (low, high):
        mark(room, number, "pin")
    first = room.page(sort=sort)
    assert numbers(first)[:3] == [high, low, below]
    assert len(set(numbers(first))) == len(first.comments)
    rest = [number for number in numbers(first)[3:] if number != below]
    assert rest == [n for n in usual[: usual.index(rest[-1]) + 1] if n not in {low, high, below}]
    later = room.page(sort=sort, after=first.after)
    assert set(usual) == set(numbers(first)) | set(numbers(later))
    assert numbers(later) == usual[-len(later.comments) :], "in its own place as before"
    mark(room, low, "unpin")
    mark(room, high, "unpin")
    assert [n for page in room.pages(sort=sort) for n in numbers(page)] == usual


def test_queries_of_a_page_with_pinned_comments(room: Room) -> None:
    number = room.post().number
    plain = queries_of(room.page)
    mark(room, number, "pin")
    assert queries_of(room.page) == plain + 1
    found = queries.pinned_roots(thread_id=room.id)
    assert "comment_pinned" in plan_of_many(*found.query.sql_with_params())


def test_below_a_closed_comment_nothing_new_is_taken(room: Room) -> None:
    root = room.post("root").number
    chain = [root]
    for depth in range(9):
        chain.append(room.post(f"level {depth}", to=chain[-1]).number)
    beside = room.post("beside", to=root).number
    mark(room, chain[2], "close", reason="It goes round in circles.")
    for number in chain[2:9]:
        with pytest.raises(RefusalError, match="branch_closed"):
            room.post("One more.", to=number)
    for number in (root, chain[1], beside):
        room.post("One more.", to=number)
    mark(room, chain[2], "reopen")
    room.post("One more.", to=chain[5])
    mark(room, root, "close")
    for number in (*chain, beside):
        if number not in chain[9:]:
            with pytest.raises(RefusalError, match="branch_closed"):
                room.post("One more.", to=number)
    room.post("A comment on the story.")
    assert problems() == []


def test_a_branch_closes_at_any_depth(room: Room) -> None:
    chain = [room.post("root").number]
    for depth in range(16):
        chain.append(room.post(f"level {depth}", to=chain[-1]).number)
    beside = room.post("beside", to=chain[9]).number
    for at in (7, 8, 9, 10, 12):
        mark(room, chain[at], "close")
        for number in chain[at:]:
            with pytest.raises(RefusalError, match="branch_closed"):
                room.post("One more.", to=number)
        room.post("One more.", to=chain[at - 1])
        if at > 9:
            room.post("One more.", to=beside)
        mark(room, chain[at], "reopen")
    rhea = reader("Rhea")
    room.post("Known.", by=rhea)
    flat = queries_of(lambda: room.post("Answer.", by=rhea, to=chain[8]))
    assert queries_of(lambda: room.post("Answer.", by=rhea, to=chain[16])) == flat + 1
    assert problems() == []


def test_a_closed_branch_is_looked_for_by_index(room: Room) -> None:
    root = room.post("root").number
    reply = room.post("reply", to=root).number
    rhea = reader("Rhea")
    room.post("Known.", by=rhea)
    assert queries_of(lambda: room.post("Answer.", by=rhea, to=reply)) == 8
    if connection.vendor != "sqlite":
        pytest.skip("only on SQLite: a planner that weighs rows reads few of them in any way")
    seen: list[tuple[str, tuple[object, ...]]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append((sql, tuple(params or ())))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        branches.answered_with(reply, now=room.now)
    planned = plan(*seen[0])
    assert planned.count("comment_subtree") == 7
    assert "SCAN" not in planned


def test_marks_on_the_page(room: Room) -> None:
    question, reply = answered(room)
    below = room.post("Thanks.", to=reply).number
    other = room.post("Another question.").number
    for number, verb in (
        (question, "pin"),
        (other, "feature"),
        (reply, "mark_answer"),
        (reply, "close"),
    ):
        mark(room, number, verb)
    page = html(as_(guest()).get(f"/c/{question}/"))  # type: ignore[arg-type]
    assert page.count('data-mark="pinned">Pinned<') == 1
    assert page.count('data-mark="answer">Answer of the newsroom<') == 1
    assert page.count('data-mark="closed">No more replies<') == 1
    assert f'<a class="edition answered" href="#c{reply}">Answered by the newsroom</a>' in page
    assert f'data-reply="{question}"' in page
    assert f'data-reply="{reply}"' not in page
    assert f'data-reply="{below}"' not in page, "closed with what stands above it"
    other_page = html(as_(guest()).get(f"/c/{other}/"))  # type: ignore[arg-type]
    assert 'data-mark="featured">Chosen by the newsroom<' in other_page
    room.decide(reply, "remove")
    page = html(as_(guest()).get(f"/c/{question}/"))  # type: ignore[arg-type]
    assert "answered" not in page
    assert f'data-reply="{below}"' not in page


def test_a_reply_to_a_closed_branch_keeps_its_words(room: Room) -> None:
    number = room.post("root").number
    mark(room, number, "close")
    path = f"/t/{room.id}/comments/"
    response = send(as_(guest()), path, body="kept words", parent=number)
    assert response.status_code == 403
    assert "kept words" in html(response)
    assert "No more replies are taken there" in html(response)
    script = send(as_(guest()), path, script=True, body="kept words", parent=number)
    assert script.json()["code"] == "branch_closed"  # type: ignore[attr-defined]


def test_marks_from_the_moderation_page(room: Room) -> None:
    question, reply = answered(room)
    client = as_(moderator())
    page = html(client.get(f"/moderation/queue/?comment={reply}"))  # type: ignore[arg-type]
    for verb in ("mark_answer", "feature", "close"):
        assert f'name="does" value="{verb}"' in page
    path = "/moderation/queue/decisions/"
    done = send(client, path, number=question, verb="pin", reason="A good start.")
    assert (done.status_code, done["Location"]) == (
        303,
        f"/moderation/queue/?done={question}&did=pin",
    )
    landed = html(client.get(done["Location"]))  # type: ignore[arg-type]
    assert f"Comment {question} is pinned." in landed
    assert 'name="does" value="unpin"' in landed
    wrong = send(client, path, number=reply, verb="pin", reason="my words")
    assert wrong.status_code == 422
    assert "my words" in html(wrong)
    assert "not a reply" in html(wrong)
    assert send(client, path, number=10**12, verb="pin").status_code == 404
    assert send(as_(guest()), path, number=reply, verb="feature").status_code == 403
    assert not row(reply).featured


def test_the_author_is_not_told_of_marks_as_if_of_a_verdict(room: Room) -> None:
    device = guest()
    number = room.post("mine", by=device).number
    mark(room, number, "pin", reason="Only for the record.")
    status = api.status_for(owner=device.id, number=number)
    assert status is not None
    assert (status.reason, status.decided_at) == ("", None)
    assert Comment.objects.get().state == "published"
