"""Decisions: what they change, that they are chained, and that a change of them is found."""

from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from broadsheet.discussion import api
from broadsheet.discussion.models import (
    Comment,
    Decision,
    Participant,
    Thread,
    Vote,
)
from broadsheet.kit.actor import Actor, Role
from broadsheet.kit.verdict import RefusalError
from discussion.making import Room, guest, moderator, problems, reader, row
from people import Cast

CAREFUL = api.Policy()


def counts(room: Room) -> tuple[int, int]:
    thread = Thread.objects.get(pk=room.id)
    return thread.comment_count, thread.root_count


def test_publishing_what_waited(room: Room) -> None:
    root = room.post("root").number
    held = room.post("held", to=root, policy=CAREFUL).number
    before = room.page().thread.event
    assert api.decide(
        actor=moderator(), comment_id=held, verb="publish", rule="", reason="", now=room.now
    ) == api.Decided(held, "published", 2)
    assert counts(room) == (2, 1)
    assert (row(root).reply_count, row(root).descendants) == (1, 1)
    assert row(held).event == before + 1
    assert problems() == []


def test_removing_leaves_a_stub_and_its_answers(room: Room) -> None:
    root = room.post("root").number
    reply = room.post("reply", to=root).number
    room.decide(root, "remove", rule="private_data", reason="A telephone number.")

    stub, answer = room.page().comments
    assert (stub.number, stub.state, stub.rule, stub.html) == (root, "removed", "private_data", "")
    assert stub.author == api.Person()
    assert (answer.number, answer.answers) == (reply, None)
    assert counts(room) == (1, 0)

    room.decide(root, "restore")
    assert counts(room) == (2, 1)
    assert room.page().comments[0].html == "<p>root</p>\n"
    assert room.page().comments[0].rule == ""
    assert problems() == []


def test_what_was_never_public_leaves_no_stub(room: Room) -> None:
    held = room.post("held", policy=CAREFUL).number
    room.decide(held, "remove", rule="advertising")
    assert room.page().comments == ()
    assert api.comment_page(number=held) is None
    room.decide(held, "restore")
    assert [comment.number for comment in room.page().comments] == [held]
    assert problems() == []


def test_holding_back_what_was_public_keeps_its_place(room: Room) -> None:
    root = room.post("root").number
    room.post("reply", to=root)
    room.decide(root, "hold")
    stub = room.page().comments[0]
    assert (stub.state, stub.rule, stub.html) == ("held", "second_look", "")
    assert room.waiting() == [root]
    room.decide(root, "publish")
    assert counts(room) == (2, 1)
    assert problems() == []


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("owner", ""),
        ("editor", ""),
        ("moderator", ""),
        ("reporter", "not_a_moderator"),
        ("reader", "not_a_moderator"),
        ("guest", "not_a_moderator"),
        ("banned_reader", "banned"),
        ("stranger", "not_a_moderator"),
    ],
)
def test_who_decides(room: Room, actors: Cast[Actor], name: str, outcome: str) -> None:
    number = room.post().number
    try:
        room.decide(number, "remove", by=actors[name])
        got = ""
    except RefusalError as error:
        got = error.verdict.code
    assert got == outcome
    assert row(number).state == ("published" if outcome else "removed")
    assert Decision.objects.count() == (0 if outcome else 1)
    if not outcome:
        assert Decision.objects.get().by_role == name


def test_the_second_of_two_same_decisions_is_told(room: Room) -> None:
    number = room.post().number
    room.decide(number, "remove")
    with pytest.raises(RefusalError, match="already_decided"):
        room.decide(number, "remove")
    with pytest.raises(api.UnknownCommentError):
        room.decide(10**12, "remove")
    assert Decision.objects.count() == 1


def test_the_author_reads_why(room: Room) -> None:
    device = guest()
    number = room.post("mine", by=device).number
    room.decide(number, "remove", rule="off_topic", reason="About another ferry.")
    status = api.status_for(owner=device.id, number=number)
    assert status is not None
    assert (status.state, status.rule, status.reason) == (
        "removed",
        "off_topic",
        "About another ferry.",
    )
    assert status.source == "mine"
    assert api.status_for(owner=guest().id, number=number) is None


def test_counters_that_drift_are_found(room: Room) -> None:
    root = room.post("root").number
    room.post("reply", to=root)
    Comment.objects.filter(pk=root).update(up=3, score=3, reply_count=0, descendants=4)
    Thread.objects.update(comment_count=9, guests=7)
    found = problems()
    assert f"thread {room.id} counts 9 comments, 1 of them roots; there are 2 and 1" in found
    assert f"thread {room.id} says it gave 7 guest labels; there are 2" in found
    assert f"comment {root} counts 0 replies and 4 below it; there are 1 and 1" in found
    assert f"comment {root} counts +3 -0; its votes are +0 -0" in found


def test_a_tree_that_does_not_hold_together_is_found(room: Room) -> None:
    root = room.post("root").number
    reply = room.post("reply", to=root).number
    Comment.objects.filter(pk=reply).update(path=b"x" * 8, depth=4)
    assert problems() == [f"comment {reply} does not stand where its parent {root} says"]
    Comment.objects.filter(pk=root).update(state="removed")
    assert f"comment {root} is removed, and nobody decided so" in problems()


def test_erasure_blanks_one_row_and_keeps_words_votes_and_chain(room: Room) -> None:
    device = guest()
    root = room.post("root").number
    mine = room.post("mine", by=device, name="Anna", email="a@b.example").number
    room.vote(root, 1, by=device)
    author = row(mine).author
    with pytest.raises(RefusalError, match="not_yours"):
        api.erase_participant(actor=guest(), participant=author.uuid, now=room.now)
    before = room.page().thread.event

    for _ in range(2):
        api.erase_participant(actor=device, participant=author.uuid, now=room.now)

    gone = Participant.objects.get(pk=author.pk)
    assert (gone.name, gone.email, gone.erased_at) == ("", "", room.now)
    assert device.id not in gone.key + gone.owner
    assert not Vote.objects.filter(voter=device.id).exists()
    shown = room.page()
    assert shown.thread.event == before + 1
    assert {c.number: c.author for c in shown.comments}[mine] == api.Person()
    assert "Anna" not in repr(shown)
    assert problems() == []
    with pytest.raises(api.UnknownParticipantError):
        api.erase_participant(actor=device, participant=uuid4(), now=room.now)


def test_staff_of_the_system_may_erase(room: Room) -> None:
    number = room.post(by=reader("Rhea")).number
    owner = replace(reader("Odile"), roles=frozenset({Role.OWNER}))
    api.erase_participant(actor=owner, participant=row(number).author.uuid, now=room.now)
    assert row(number).author.name == ""


def test_erasure_takes_locks_in_the_order_in_which_a_post_takes_them(room: Room) -> None:
    """Threads, then people: the other way round two of them could wait for each other for ever."""
    device = guest()
    author = row(room.post("mine", by=device).number).author
    with CaptureQueriesContext(connection) as queries:
        api.erase_participant(actor=device, participant=author.uuid, now=room.now)
    read = [
        query["sql"].partition('FROM "discussion_')[2].partition('"')[0]
        for query in queries
        if query["sql"].startswith("SELECT")
    ]
    assert read[:2] == ["thread", "participant"]
