"""Many at once: counters stay right, guest labels stay unique, a double click is one comment.

On SQLite writers wait for one another before they begin; the same tests hold there.
"""

from collections.abc import Callable
from datetime import datetime

import pytest

from broadsheet.discussion import api
from broadsheet.discussion.models import (
    Comment,
    CommentRevision,
    Decision,
    GuestLabel,
    Participant,
    Vote,
)
from crowd import at_once
from discussion.making import IMPORTER, OPEN, guest, moderator, open_room, problems, reader

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 6


def post(room_id: int, now: datetime, words: str, **more: object) -> Callable[[], api.Posted]:
    values: dict[str, object] = {"actor": guest(), "policy": OPEN} | more
    return lambda: api.post_comment(thread_id=room_id, source=words, now=now, **values)  # type: ignore[arg-type]  # as given


def test_posts_at_once_are_all_counted_and_guests_numbered_apart(now: datetime) -> None:
    room = open_room(now=now)
    root = room.post("root", by=reader("Rhea")).number
    at_once(*(post(room.id, now, f"n{n}", parent_id=root) for n in range(PEOPLE)))
    numbers = sorted(GuestLabel.objects.values_list("number", flat=True))
    assert numbers == list(range(1, PEOPLE + 1))
    events = sorted(Comment.objects.values_list("event", flat=True))
    assert events == list(range(1, PEOPLE + 2))
    assert problems() == []


def test_a_double_click_is_one_comment(now: datetime) -> None:
    room = open_room(now=now)
    rhea = reader("Rhea")
    answers = at_once(*(post(room.id, now, "Twice.", actor=rhea) for _ in range(PEOPLE)))
    assert len({answer.number for answer in answers if isinstance(answer, api.Posted)}) == 1
    assert Comment.objects.count() == Participant.objects.count() == 1
    assert problems() == []


def test_one_person_first_posts_in_two_threads_at_once(now: datetime) -> None:
    rooms = [open_room(now=now, key=f"story-{n}") for n in range(PEOPLE)]
    rhea = reader("Rhea")
    at_once(*(post(room.id, now, "Hello.", actor=rhea) for room in rooms))
    assert Participant.objects.count() == 1
    assert Comment.objects.count() == PEOPLE


def test_votes_at_once_are_all_counted_and_one_persons_once(now: datetime) -> None:
    room = open_room(now=now)
    number = room.post("root").number
    rhea = reader("Rhea")

    def vote(actor: object, value: int) -> Callable[[], api.Voted]:
        return lambda: api.vote(actor=actor, comment_id=number, value=value, now=now)  # type: ignore[arg-type]  # an Actor

    at_once(*(vote(guest(), 1 if n % 2 else -1) for n in range(PEOPLE)))
    at_once(*(vote(rhea, 1) for _ in range(PEOPLE)))
    assert Vote.objects.count() == PEOPLE + 1
    assert problems() == []
    comment = Comment.objects.get()
    assert (comment.up, comment.down) == (PEOPLE // 2 + 1, PEOPLE // 2)


def test_posts_votes_and_decisions_at_once_do_not_wait_for_each_other_in_a_ring(
    now: datetime,
) -> None:
    room = open_room(now=now)
    root = room.post("root").number
    others = [room.post(f"other {n}").number for n in range(2)]

    def decide(number: int, verb: str, rule: str = "") -> Callable[[], api.Decided]:
        return lambda: api.decide(
            actor=moderator(), comment_id=number, verb=verb, rule=rule, reason="", now=now
        )

    for turn in range(4):
        at_once(
            post(room.id, now, f"answer {turn}", parent_id=root),
            post(room.id, now, f"waits {turn}", policy=api.Policy()),
            lambda: api.vote(actor=guest(), comment_id=root, value=1, now=now),
            lambda: api.import_tally(actor=IMPORTER, comment_id=root, source="x", up=3, down=1),
            decide(others[0], "remove" if turn % 2 == 0 else "restore", "hate"),
            decide(others[1], "hold" if turn % 2 == 0 else "publish"),
        )
    assert problems() == []
    assert Decision.objects.count() == 12


def test_of_two_edits_at_once_the_second_sees_the_first(now: datetime) -> None:
    room = open_room(now=now)
    rhea = reader("Rhea")
    number = room.post("Before.", by=rhea).number
    room.vote(number, 1)
    seen = api.mark_of("Before.")

    def edit(words: str) -> Callable[[], api.Edited]:
        return lambda: api.edit_comment(
            actor=rhea, comment_id=number, source=words, seen=seen, policy=OPEN, now=now
        )

    answers = at_once(edit("One."), edit("Two."))
    assert sorted(type(answer).__name__ for answer in answers) == ["Edited", "str"]
    assert "edit_conflict" in answers
    assert Comment.objects.get().source in {"One.", "Two."}
    assert [row.source for row in CommentRevision.objects.all()] == ["Before."]
    at_once(*(edit(Comment.objects.get().source) for _ in range(PEOPLE)))
    assert CommentRevision.objects.count() == 1, "the same words again change nothing"
    assert problems() == []


def test_edits_withdrawals_reports_and_removals_at_once(now: datetime) -> None:
    room = open_room(now=now)
    rhea = reader("Rhea")
    for turn in range(3):
        number = room.post(f"words {turn}", by=rhea).number
        seen = api.mark_of(f"words {turn}")

        def remove(comment: int = number) -> api.Decided:
            return api.decide(
                actor=moderator(), comment_id=comment, verb="remove", rule="hate", reason="",
                now=now,
            )  # fmt: skip

        def edit(comment: int = number, mark: str = seen) -> api.Edited:
            return api.edit_comment(
                actor=rhea, comment_id=comment, source="Other.", seen=mark, policy=OPEN, now=now
            )

        def withdraw(comment: int = number) -> api.Withdrawn:
            return api.withdraw_comment(actor=rhea, comment_id=comment, now=now)

        def report(comment: int = number) -> api.Reported:
            return api.report_comment(
                actor=guest(), comment_id=comment, rule="hate", words="", now=now
            )

        at_once(remove, edit, withdraw, withdraw, report, report)
        assert Comment.objects.get(pk=number).state == "removed"
        assert Decision.objects.filter(comment=number).count() == 1
    assert problems() == []


def test_two_moderators_decide_the_same(now: datetime) -> None:
    room = open_room(now=now)
    number = room.post("root").number

    def remove(name: str) -> Callable[[], api.Decided]:
        return lambda: api.decide(
            actor=moderator(name), comment_id=number, verb="remove", rule="hate", reason="", now=now
        )

    answers = at_once(remove("Mona"), remove("Max"))
    assert sorted(type(answer).__name__ for answer in answers) == ["Decided", "str"]
    assert "already_decided" in answers
    assert Decision.objects.count() == 1
    assert problems() == []
