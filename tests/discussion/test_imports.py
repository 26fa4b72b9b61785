"""Comments from elsewhere: once, in their place, and never more public than they were."""

from datetime import UTC, datetime

import pytest

from broadsheet.discussion import api
from broadsheet.discussion.models import Comment, CommentAlias, Participant, Thread
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import RefusalError
from discussion.making import Room, moderator, open_room, problems, row
from people import Cast

THEN = datetime(2019, 3, 4, 5, 6, 7, tzinfo=UTC)


def test_a_comment_comes_as_it_was(room: Room) -> None:
    brought = room.bring(
        "101",
        body="It <b>was</b> <script>x</script>so.\n\nYes.",
        created_at=THEN,
        pinned=True,
        language="de",
        author_email="petra@lund.example",
        newsroom=True,
    )
    assert brought == api.Imported(brought.number, created=True)
    comment = row(brought.number)
    assert comment.html == "<p>It <strong>was</strong> so.</p><p>Yes.</p>"
    assert (comment.created_at, comment.published_at) == (THEN, THEN)
    assert (comment.markup, comment.origin, comment.language) == ("html", "wordpress", "de")
    assert (comment.pinned, comment.voice) == (True, "newsroom")
    author = comment.author
    assert (author.kind, author.name, author.email) == (
        "imported",
        "Petra Lund",
        "petra@lund.example",
    )
    assert room.page().comments[0].anchors == ("comment-101",)
    assert problems() == []


def test_a_second_import_changes_nothing(room: Room) -> None:
    first = room.bring("1", state="held")
    room.decide(first.number, "publish")
    thread = Thread.objects.values().get(pk=room.id)
    again = room.bring("1", state="removed", body="Other words")
    assert again == api.Imported(first.number, created=False)
    assert Thread.objects.values().get(pk=room.id) == thread
    assert row(first.number).state == "published"
    assert Comment.objects.count() == CommentAlias.objects.count() == 1


def test_answers_find_what_they_answer(room: Room) -> None:
    root = room.bring("1").number
    reply = room.bring("2", parent_foreign_id="1").number
    orphan = room.bring("3", parent_foreign_id="77")
    elsewhere = open_room(now=room.now, key="bridge").bring("4", parent_foreign_id="1")
    assert row(reply).parent_id == root
    assert row(root).descendants == 1
    assert (orphan.detached, row(orphan.number).parent_id) == (True, None)
    assert elsewhere.detached
    assert problems() == []


def test_what_was_not_public_stays_so(room: Room) -> None:
    held = room.bring("1", state="held").number
    removed = room.bring("2", state="removed").number
    assert room.page().comments == ()
    assert room.waiting() == [held]
    assert row(removed).rule == "imported_removed"
    assert problems() == []


def test_a_public_answer_to_what_was_not_public_leaves_a_stub_above_it(room: Room) -> None:
    room.bring("1", state="removed", body="secret")
    room.bring("2", parent_foreign_id="1", state="held", body="secret")
    room.bring("3", parent_foreign_id="2", body="An answer.")
    comments = room.page().comments
    assert [comment.state for comment in comments] == ["removed", "held", "published"]
    assert "secret" not in repr(comments)
    assert problems() == []


def test_publishing_an_answer_before_what_it_answers(room: Room) -> None:
    root = room.bring("1", state="held").number
    reply = room.bring("2", parent_foreign_id="1", state="held").number
    room.decide(reply, "publish")
    assert [comment.state for comment in room.page().comments] == ["held", "published"]
    room.decide(root, "publish")
    assert [comment.state for comment in room.page().comments] == ["published", "published"]
    assert problems() == []


def test_one_person_is_one_participant_and_a_nameless_one_gets_a_number(room: Room) -> None:
    room.bring("1")
    room.bring("2")
    nameless = room.bring("3", author_key="import:wordpress:main:x", author_name=" ")
    assert Participant.objects.count() == 2
    assert row(nameless.number).guest_number == 1


def test_an_empty_comment_and_a_long_one(room: Room) -> None:
    assert row(room.bring("1", body="").number).html == ""
    long = "word " * 10_000
    assert len(row(room.bring("2", body=long).number).html) > 40_000
    with pytest.raises(api.TextTooLongError):
        room.bring("3", body="x" * 100_001)
    assert room.page().comment_count == 2


def test_a_closed_thread_can_be_imported_into(room: Room) -> None:
    api.close_thread(actor=moderator(), thread_id=room.id, now=room.now)
    assert room.bring("1").created


def test_strange_states_are_refused(room: Room) -> None:
    with pytest.raises(ValueError, match="cannot import"):
        room.bring("1", state="approved")
    with pytest.raises(ValueError, match="cannot import"):
        room.bring("1", markup="bbcode")


@pytest.mark.parametrize(
    "name", ["editor", "reporter", "moderator", "reader", "guest", "banned_reader", "stranger"]
)
def test_people_do_not_import(room: Room, actors: Cast[Actor], name: str) -> None:
    foreign = api.ForeignComment(
        system="wordpress",
        foreign_id="1",
        author_key="import:x",
        body="x",
        created_at=THEN,
        state="published",
    )
    with pytest.raises(RefusalError, match="not_yours"):
        api.import_comment(actor=actors[name], thread_id=room.id, foreign=foreign, now=room.now)
    assert Comment.objects.count() == 0
