"""Votes: one per person and comment, changeable, and counted with what was brought over."""

import pytest

from broadsheet.discussion import api
from broadsheet.discussion.models import Thread, Vote
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import RefusalError
from discussion.making import IMPORTER, Room, guest, problems, reader, row
from discussion.test_posting import queries_of
from people import Cast


def totals(number: int) -> tuple[int, int, int]:
    comment = row(number)
    return comment.up, comment.down, comment.score


def test_a_vote_counts_once_can_be_changed_and_taken_back(room: Room) -> None:
    number = room.post().number
    rhea = reader("Rhea")
    assert room.vote(number, 1, by=rhea) == api.Voted(number, 1, 0, 1, "/harbour/ferry/")
    assert room.vote(number, 1, by=rhea).up == 1
    assert room.vote(number, -1, by=rhea).score == -1
    assert totals(number) == (0, 1, -1)
    room.vote(number, 1)
    assert totals(number) == (1, 1, 0)
    assert room.vote(number, 0, by=rhea).mine == 0
    room.vote(number, 0, by=rhea)
    assert totals(number) == (1, 0, 1)
    assert Vote.objects.count() == 1
    assert problems() == []


def test_a_vote_keeps_the_weight_with_which_it_was_cast(room: Room) -> None:
    device = guest()
    numbers = [room.post(f"Words {n}").number for n in range(6)]
    for number in numbers:
        room.vote(number, 1, by=device)
    room.vote(numbers[0], -1, by=device)
    cast = Vote.objects.filter(voter=device.id).order_by("comment")
    weights = list(cast.values_list("weight", flat=True))
    assert weights == sorted(weights)
    assert (weights[0], weights[5]) == (pytest.approx(0.15), pytest.approx(0.575))


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("owner", ""),
        ("editor", ""),
        ("reporter", ""),
        ("moderator", ""),
        ("reader", ""),
        ("guest", ""),
        ("banned_reader", "banned"),
        ("stranger", "unknown_person"),
    ],
)
def test_who_votes(room: Room, actors: Cast[Actor], name: str, outcome: str) -> None:
    number = room.post().number
    try:
        room.vote(number, 1, by=actors[name])
        got = ""
    except RefusalError as error:
        got = error.verdict.code
    assert got == outcome
    assert totals(number)[0] == (0 if outcome else 1)


def test_nobody_votes_on_their_own_under_any_name(room: Room) -> None:
    device = guest()
    named = room.post("a", by=device, name="Anna").number
    nameless = room.post("b", by=device).number
    for number in (named, nameless):
        with pytest.raises(RefusalError, match="own_comment"):
            room.vote(number, 1, by=device)


def test_only_public_comments_are_voted_on(room: Room) -> None:
    held = room.post("held", policy=api.Policy()).number
    removed = room.post("removed").number
    room.decide(removed, "remove")
    for number in (held, removed):
        with pytest.raises(RefusalError, match="comment_gone"):
            room.vote(number, 1)
    with pytest.raises(api.UnknownCommentError):
        room.vote(10**12, 1)


def test_a_tally_stands_beside_the_votes(room: Room) -> None:
    number = room.bring("1").number
    room.vote(number, 1)
    for up, down in [(30, 4), (31, 4), (31, 4)]:
        api.import_tally(actor=IMPORTER, comment_id=number, source="wpdiscuz", up=up, down=down)
    assert totals(number) == (32, 4, 28)
    room.vote(number, -1)
    assert totals(number) == (32, 5, 27)
    assert problems() == []
    with pytest.raises(RefusalError):
        api.import_tally(actor=reader("Rhea"), comment_id=number, source="x", up=9, down=0)
    with pytest.raises(ValueError, match="counts votes"):
        api.import_tally(actor=IMPORTER, comment_id=number, source="x", up=-1, down=0)


def test_my_votes(room: Room) -> None:
    numbers = [room.post(str(n)).number for n in range(3)]
    rhea = reader("Rhea")
    room.vote(numbers[0], 1, by=rhea)
    room.vote(numbers[2], -1, by=rhea)
    room.vote(numbers[1], 1)
    assert api.my_votes(owner=rhea.id, thread_id=room.id) == {numbers[0]: 1, numbers[2]: -1}


def test_queries_of_a_vote(room: Room) -> None:
    """vote.queries: a first vote, a changed one, one that changes nothing."""
    number = room.post().number
    rhea = reader("Rhea")
    assert queries_of(lambda: room.vote(number, 1, by=rhea)) == 4
    assert queries_of(lambda: room.vote(number, -1, by=rhea)) == 4
    # With the one that takes the event back.
    assert queries_of(lambda: room.vote(number, -1, by=rhea)) == 3
    assert queries_of(lambda: room.vote(number, 0, by=rhea)) == 4


def test_a_vote_that_changes_nothing_is_no_event(room: Room) -> None:
    number = room.post().number
    rhea = reader("Rhea")
    room.vote(number, 1, by=rhea)
    before = Thread.objects.get(pk=room.id).events
    room.vote(number, 1, by=rhea)
    assert Thread.objects.get(pk=room.id).events == before
    room.vote(number, 0, by=rhea)
    assert Thread.objects.get(pk=room.id).events == before + 1
