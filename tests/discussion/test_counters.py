"""Whatever people do in whatever order, the counters are what a recount says."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.discussion import api
from broadsheet.discussion.models import Comment, Note, Thread
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import RefusalError
from discussion.making import IMPORTER, OPEN, Room, guest, moderator, open_room, problems, reader

OTHERS = ["edit", "edit", "withdraw", "report", "dismiss", "decide", "decide", "bring", "erase"]
NOTES = ["ask", "answer", "answer", "begin", "decide_note"]
WORDS = ["The ferry", "the old quay", "every night", "the bus"]
STORY = "The ferry sails from the old quay, every night, and the bus waits."
PEOPLE = [guest("a"), guest("b"), reader("Rhea"), reader("Bo")]
ACTS = st.tuples(
    st.sampled_from(["post", "post", "reply", "reply", "vote", "vote", *OTHERS, *NOTES]),
    st.integers(min_value=0, max_value=9),
    st.integers(min_value=0, max_value=3),
    st.integers(min_value=0, max_value=5),
)


ALWAYS = api.Policy(hold_first=False, edit_minutes=-1)


def by_author(number: int) -> Actor:
    """Return whoever wrote the comment, if that is one of PEOPLE; else somebody refused."""
    owner = Comment.objects.filter(pk=number).values_list("author__owner", flat=True).first()
    return next((person for person in PEOPLE if person.id == owner), PEOPLE[0])


def act(room: Room, serial: int, verb: str, which: int, who: int, how: int) -> None:
    numbers = list(Comment.objects.order_by("pk").values_list("pk", flat=True))
    number = numbers[which % len(numbers)] if numbers else 10**9
    person = PEOPLE[who]
    match verb:
        case "post" | "reply":
            to = number if verb == "reply" else None
            name = ["", "Anna", "Zoë"][how % 3]
            policy = api.Policy() if how == 5 else OPEN
            room.post(f"words {serial}", by=person, to=to, name=name, policy=policy)
        case "vote":
            room.vote(number, how % 3 - 1, by=person)
        case "edit":
            link = "https://a.example/" if how == 4 else ""
            room.edit(number, f"words {serial} {link}", by=by_author(number), policy=ALWAYS)
        case "withdraw":
            room.withdraw(number, by=by_author(number))
        case "report":
            room.report(number, by=person)
        case "dismiss":
            api.dismiss_reports(actor=moderator(), comment_id=number, reason="", now=room.now)
        case "decide":
            room.decide(number, ["publish", "hold", "remove", "restore"][how % 4])
        case "bring":
            state = ["published", "held", "removed"][how % 3]
            brought = room.bring(
                str(which), parent_foreign_id=str(how) if how < which else "", state=state
            )
            api.import_tally(
                actor=IMPORTER, comment_id=brought.number, source="x", up=how, down=who
            )
        case "ask" | "answer" | "begin" | "decide_note":
            act_on_notes(room, serial, verb, which, person, how)
        case "erase":
            found = Comment.objects.filter(pk=number).select_related("author").first()
            if found:
                themselves = replace(person, id=found.author.owner)
                api.erase_participant(actor=themselves, participant=found.author.uuid, now=room.now)


def story_text(*, key: str, edition: int) -> str:
    return STORY


def act_on_notes(room: Room, serial: int, verb: str, which: int, person: Actor, how: int) -> None:
    notes = list(Note.objects.order_by("pk").values_list("pk", flat=True))
    note = notes[which % len(notes)] if notes else 10**9
    policy = api.Policy(reader_notes=True, hold_first=how == 5)
    phrase = api.Phrase(WORDS[which % len(WORDS)])
    match verb:
        case "ask":
            api.ask(
                actor=moderator(),
                thread_id=room.id,
                phrase=phrase,
                question=f"Question {serial}?",
                opened=how > 2,
                story_text=story_text,
                now=room.tick(),
            )
        case "answer":
            room.post(f"answer {serial}", by=person, note_id=note, policy=policy)
        case "begin":
            words = f"begun {serial}"
            room.post(words, by=person, phrase=phrase, policy=policy, story_text=story_text)
        case "decide_note":
            verbs = ["close_note", "reopen_note", "remove_note", "restore_note"]
            api.decide_note(
                actor=moderator(), note_id=note, verb=verbs[how % 4], reason="", now=room.tick()
            )


def check_counters(steps: list[tuple[str, int, int, int]]) -> None:
    room = open_room(now=datetime(2026, 6, 12, 9, 30, tzinfo=UTC), key="random")
    Thread.objects.filter(pk=room.id).update(edition=1)
    for serial, step in enumerate(steps):
        try:
            act(room, serial, *step)
        except (RefusalError, api.UnknownCommentError, api.UnknownNoteError):
            continue
    assert problems() == []
    first = room.page()
    assert first.thread.inline_count == sum(Note.objects.values_list("answer_count", flat=True))
    assert all(note.answers or not note.by_reader for note in first.notes)
    assert all(not (c.note and c.note.removed and c.note.exact) for c in first.comments)
    pages = [page for sort in ("newest", "votes") for page in room.pages(sort=sort)]
    for page in pages:
        assert all(c.html == "" for c in page.comments if not c.is_public)
    check_versions()


def check_versions() -> None:
    """Earlier words are open exactly while the comment is, and what is taken back stays so."""
    for comment in Comment.objects.all():
        found = api.comment_versions(number=comment.pk)
        open_ = comment.state == "published" and comment.revision > 1
        assert (found is not None) == open_
        if comment.decisions.filter(verb="withdraw").exists():
            assert (comment.state, comment.rule) == ("removed", "withdrawn")


def check_in_an_empty_room(steps: list[tuple[str, int, int, int]]) -> None:
    """Each example in a savepoint of its own: the next one begins with an empty room."""
    with transaction.atomic():
        check_counters(steps)
        transaction.set_rollback(True)


@pytest.mark.slow
@pytest.mark.django_db
@settings(max_examples=8, deadline=None)
@given(st.lists(ACTS, min_size=10, max_size=25))
def test_counters_are_what_a_recount_says(steps: list[tuple[str, int, int, int]]) -> None:
    check_in_an_empty_room(steps)


@pytest.mark.deep
@pytest.mark.django_db
@settings(max_examples=60, deadline=None)
@given(st.lists(ACTS, min_size=20, max_size=90))
def test_long_histories_too(steps: list[tuple[str, int, int, int]]) -> None:
    check_in_an_empty_room(steps)
