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
    Quote,
    Report,
    Vote,
)
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import RefusalError
from crowd import at_once
from discussion.making import IMPORTER, OPEN, guest, moderator, open_room, problems, reader, row

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


def test_the_same_form_sent_twice_is_one_comment_of_a_guest_too(now: datetime) -> None:
    room = open_room(now=now)
    device = guest()
    for key in ("", "random-1"):
        words = f"Twice, by {key or 'the same words'}."
        again = post(room.id, now, words, actor=device, idempotency_key=key)
        answers = at_once(*(again for _ in range(PEOPLE)))
        posted = [answer for answer in answers if isinstance(answer, api.Posted)]
        assert len(posted) == PEOPLE, "who sent it again is told the same"
        assert len({answer.number for answer in posted}) == 1
        assert sorted(answer.repeated for answer in posted) == [False] + [True] * (PEOPLE - 1)
    assert Comment.objects.count() == 2
    assert problems() == []


@pytest.mark.parametrize("last", [1, -1, 0])
def test_one_person_changes_their_vote_at_once_from_two_windows(now: datetime, last: int) -> None:
    room = open_room(now=now)
    number = room.post("root").number
    rhea, bo = reader("Rhea"), reader("Bo")
    room.vote(number, 1, by=rhea)
    events = row(number).thread.events

    def vote(actor: Actor, value: int) -> Callable[[], api.Voted]:
        return lambda: api.vote(actor=actor, comment_id=number, value=value, now=now)

    answers = at_once(vote(rhea, -1), vote(rhea, last), vote(bo, 1), vote(bo, 1))
    assert all(isinstance(answer, api.Voted) for answer in answers)
    comment = row(number)
    mine = Vote.objects.filter(voter=rhea.id).values_list("value", flat=True).first() or 0
    assert mine in {-1, last}
    assert (comment.up, comment.down) == (1 + (mine == 1), int(mine == -1))
    assert comment.thread.events <= events + 3, "the same vote again is no event"
    assert problems() == []


def test_a_vote_against_a_removal_and_against_a_close(now: datetime) -> None:
    room = open_room(now=now)
    for turn in range(4):
        number = room.post(f"words {turn}").number

        def vote(comment: int = number) -> api.Voted:
            return api.vote(actor=guest(), comment_id=comment, value=1, now=now)

        def remove(comment: int = number) -> api.Decided:
            return api.decide(
                actor=moderator(), comment_id=comment, verb="remove", rule="hate", reason="",
                now=now,
            )  # fmt: skip

        answers = at_once(vote, remove, vote)
        codes = {answer for answer in answers if isinstance(answer, str)}
        assert codes <= {"comment_gone"}
        comment = row(number)
        assert comment.up == sum(isinstance(answer, api.Voted) for answer in answers)
        assert comment.state == "removed"
    assert problems() == []


def test_an_edit_against_a_removal(now: datetime) -> None:
    room = open_room(now=now)
    rhea = reader("Rhea")
    for turn in range(4):
        words = f"words {turn}"
        number = room.post(words, by=rhea).number
        room.vote(number, 1)

        def remove(comment: int = number, seen: str = words) -> api.Decided:
            return api.decide(
                actor=moderator(), comment_id=comment, verb="remove", rule="hate", reason="",
                now=now, seen=api.mark_of(seen),
            )  # fmt: skip

        def edit(comment: int = number, seen: str = words) -> api.Edited:
            return api.edit_comment(
                actor=rhea, comment_id=comment, source="Other.", seen=api.mark_of(seen),
                policy=OPEN, now=now,
            )  # fmt: skip

        removed, edited = at_once(remove, edit)
        comment = row(number)
        if isinstance(removed, api.Decided):
            assert (edited, comment.source, comment.state) == ("edit_gone", words, "removed")
        else:
            assert removed == "changed_meanwhile", "nobody removes what they have not read"
            assert (comment.source, comment.state) == ("Other.", "published")
            assert CommentRevision.objects.get(comment=number).source == words
    assert problems() == []


@pytest.mark.parametrize("what", ["thread", "branch"])
def test_a_close_against_posts(now: datetime, what: str) -> None:
    room = open_room(now=now)
    for turn in range(3):
        root = room.post(f"root {turn}").number
        before = Comment.objects.count()

        def close(number: int = root) -> object:
            if what == "thread":
                return api.close_thread(
                    actor=moderator(), thread_id=room.id, reason="Enough.", now=now
                )
            return api.mark_comment(
                actor=moderator(), comment_id=number, verb="close", reason="", now=now
            )

        posts = (post(room.id, now, f"answer {turn} {n}", parent_id=root) for n in range(4))
        answers = at_once(close, *posts)[1:]
        refused = {answer for answer in answers if isinstance(answer, str)}
        assert refused <= {"closed" if what == "thread" else "branch_closed"}
        taken = sum(isinstance(answer, api.Posted) for answer in answers)
        assert Comment.objects.count() == before + taken
        assert row(root).reply_count == taken
        with pytest.raises(RefusalError, match="closed"):
            room.post("Late.", to=root)
        api.reopen_thread(actor=moderator(), thread_id=room.id, now=now)
    assert problems() == []


def test_what_is_quoted_is_taken_back_at_once(now: datetime) -> None:
    room = open_room(now=now)
    rhea = reader("Rhea")
    for turn in range(3):
        words = f"Words of turn {turn} that somebody wants to quote."
        source = room.post(words, by=rhea).number

        def withdraw(number: int = source) -> api.Withdrawn:
            return api.withdraw_comment(actor=rhea, comment_id=number, now=now)

        chosen = [api.Chosen(source, "that somebody wants")]
        quoting = (post(room.id, now, f"So {turn} {n}.", quotes=chosen) for n in range(3))
        answers = at_once(withdraw, *quoting)[1:]
        assert {answer for answer in answers if isinstance(answer, str)} <= {"quote_gone"}
        assert not Quote.objects.filter(source=source).exclude(exact="").exists()
    assert problems() == []


def test_one_person_reports_twice_at_once_and_two_dismiss(now: datetime) -> None:
    room = open_room(now=now)
    number = room.post("Words.").number
    device = guest()

    def report() -> api.Reported:
        return api.report_comment(actor=device, comment_id=number, rule="hate", words="", now=now)

    def dismiss() -> api.Decided:
        return api.dismiss_reports(actor=moderator(), comment_id=number, reason="", now=now)

    answers = at_once(*(report for _ in range(PEOPLE)))
    assert Report.objects.count() == 1
    assert sum(isinstance(a, api.Reported) and a.repeated for a in answers) == PEOPLE - 1
    assert sorted(str(type(answer).__name__) for answer in at_once(dismiss, dismiss)) == [
        "Decided",
        "str",
    ]
    assert Decision.objects.count() == 1
    assert problems() == []


def test_moderators_who_stop_one_person_at_once_do_so_once(now: datetime) -> None:
    """At comments in two threads, under two names: the lock is that of the person."""
    rooms, device = [open_room(now=now, key=f"story-{n}") for n in range(2)], guest()
    numbers = [room.post("Rude.", by=device, name=f"N{n}").number for n, room in enumerate(rooms)]
    wanted = api.Wanted("suspend", "hate", "", days=3)

    def stop(number: int, who: str) -> Callable[[], api.Limited]:
        return lambda: api.limit_person(
            actor=moderator(who), comment_id=number, wanted=wanted, now=now
        )

    answers = at_once(*(stop(numbers[n % 2], f"M{n}") for n in range(PEOPLE)))
    assert sum(isinstance(answer, api.Limited) for answer in answers) == 1
    assert [one for one in answers if isinstance(one, str)] == ["limit_there"] * (PEOPLE - 1)
    assert problems() == []


def test_of_filters_switched_on_at_once_one_holds(now: datetime) -> None:
    def switch(word: str) -> Callable[[], int]:
        filters = api.Filters(hold_words=(word,))
        digest = api.digest_of(api.written(filters))
        return lambda: api.switch_on(
            actor=moderator(), filters=filters, tried=digest, before="", reason="", now=now
        )

    answers = at_once(*(switch(f"word{n}") for n in range(PEOPLE)))
    assert [one for one in answers if isinstance(one, int)] == [1]
    assert [one for one in answers if isinstance(one, str)] == ["filter_changed"] * (PEOPLE - 1)
    assert problems() == []


def test_somebody_is_stopped_while_others_decide_about_them_and_they_write_on(
    now: datetime,
) -> None:
    """Nobody waits in a ring: for the person on one side, for the end of the chain on the other."""
    rooms, device = [open_room(now=now, key=f"story-{n}") for n in range(3)], guest()
    wanted = api.Wanted("hold_author", "hate", "")
    for turn in range(8):
        numbers = [room.post(f"Rude {turn}.", by=device).number for room in rooms[:2]]

        def stop(number: int = numbers[0]) -> api.Limited:
            return api.limit_person(actor=moderator(), comment_id=number, wanted=wanted, now=now)

        def remove(number: int = numbers[1]) -> api.Decided:
            return api.decide(
                actor=moderator("Max"), comment_id=number, verb="remove", rule="hate", reason="",
                now=now,
            )  # fmt: skip

        waits = post(
            rooms[2].id, now, f"Waits {turn}.", actor=device, policy=api.Policy(), name=f"N{turn}"
        )
        stopped, removed, _ = at_once(stop, remove, waits)
        assert isinstance(stopped, api.Limited)
        assert isinstance(removed, api.Decided)
        api.lift_limit(actor=moderator(), limit=stopped.limit, reason="", now=now)
    assert problems() == []
