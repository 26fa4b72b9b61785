"""Notes: a phrase of the story with a question, answered beside it and in the thread."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection

from broadsheet.discussion import api
from broadsheet.discussion import queries as api_queries
from broadsheet.discussion.comments.cursors import RootCursor
from broadsheet.discussion.comments.first_replies import reply_rows
from broadsheet.discussion.comments.parts import inline_numbers
from broadsheet.discussion.models import Comment, Decision, Note, Thread
from broadsheet.discussion.rules import noting
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import RefusalError
from discussion.making import IMPORTER, OPEN, Room, guest, moderator, open_room, problems, reader
from discussion.test_http import _people as _people  # noqa: PLC0414 - a fixture
from discussion.test_marking import MODERATING
from discussion.test_pages import check_plan, plan
from discussion.test_pages import long_room as long_room  # noqa: PLC0414 - a fixture
from discussion.test_posting import queries_of
from people import Cast

STORY = (
    "The last ferry is back.\n\nIt sails at 22:40 from the old quay, every night of the week.\n\n"
    "Nobody asked the night shift. The quay is closed to cars at night."
)
EDITED = STORY.replace("22:40 from the old quay", "22:45 from the old quay")
REWRITTEN = STORY.replace(
    "It sails at 22:40 from the old quay, every night of the week.",
    "It goes at 22:40 from the old quay, on Fridays.",
)
EDITIONS = {1: STORY, 2: EDITED, 3: REWRITTEN, 4: "Something else altogether.", 5: STORY}
READERS = replace(OPEN, reader_notes=True)


def story_text(*, key: str, edition: int) -> str | None:
    return EDITIONS.get(edition)


@pytest.fixture
def told(room: Room) -> Room:
    """A thread whose story is known."""
    Thread.objects.filter(pk=room.id).update(edition=1, editions_url="/s/x/versions/")
    return room


def ask(
    room: Room,
    words: str = "22:40 from the old quay",
    question: str = "Who takes it?",
    *,
    by: Actor | None = None,
    opened: bool = False,
    **more: Any,
) -> int:
    return api.ask(
        actor=by or moderator(),
        thread_id=room.id,
        phrase=api.Phrase(words, **more),
        question=question,
        opened=opened,
        story_text=story_text,
        now=room.tick(),
    )


def start(room: Room, words: str = "the night shift", **more: Any) -> api.Posted:
    values = {"policy": READERS, "story_text": story_text} | more
    return room.post("I was on it.", phrase=api.Phrase(words), **values)


def decide(room: Room, note: int, verb: str, *, reason: str = "", by: Actor | None = None) -> Any:
    return api.decide_note(
        actor=by or moderator(), note_id=note, verb=verb, reason=reason, now=room.tick()
    )


def code(call: Any, *args: Any, **more: Any) -> str:
    with pytest.raises(RefusalError) as caught:
        call(*args, **more)
    return caught.value.verdict.code


def inline(room: Room, **more: Any) -> list[int]:
    found = api.thread_page(site="main", key=room.key, show="inline", **more)
    assert found is not None
    return [comment.number for comment in found.comments]


def edition(room: Room, number: int) -> None:
    Thread.objects.filter(pk=room.id).update(edition=number)
    api.carry_notes(site="main", key=room.key, story_text=story_text)


@pytest.mark.parametrize("name", MODERATING)
def test_who_asks_and_decides(told: Room, actors: Cast[Actor], name: str) -> None:
    note = ask(told)
    for does in (
        lambda: ask(told, by=actors[name]),
        lambda: decide(told, note, "close_note", by=actors[name]),
    ):
        try:
            does()
            got = ""
        except RefusalError as error:
            got = error.verdict.code
        assert got == MODERATING[name]
    assert problems() == []


def test_a_question_stands_at_its_words_with_its_answers(told: Room) -> None:
    note = ask(told, " 22:40  from the\nold quay", opened=True)
    numbers = [told.post(f"Answer {n}.", note_id=note).number for n in range(5)]
    page = told.page()
    (one,) = page.notes
    assert (one.exact, one.question) == ("22:40 from the old quay", "Who takes it?")
    assert STORY[one.start : one.end] == one.exact
    assert (one.opened, one.closed, one.by_reader, one.standing) == (True, False, False, "stands")
    assert [answer.number for answer in one.answers] == numbers[:3], "the first ones, by time"
    assert (one.answered, one.more, page.thread.inline_count) == (5, 2, 5)
    card = next(comment.note for comment in page.comments if comment.number == numbers[0])
    assert card == api.NoteCard(note, one.exact, one.question, shown=True)
    assert inline(told) == numbers[::-1]
    assert problems() == []


@pytest.mark.parametrize(
    ("words", "question", "expected"),
    [
        ("no such words", "Why?", "phrase_missing"),
        ("", "Why?", "phrase_empty"),
        ("The", "Why?", "phrase_twice"),
        ("is back. It sails", "Why?", "phrase_paragraphs"),
        ("x" * 3000, "Why?", "phrase_long"),
        ("the old quay", " ", "question_missing"),
        ("the old quay", "x" * 301, "question_long"),
    ],
)
def test_what_cannot_be_asked(told: Room, words: str, question: str, expected: str) -> None:
    assert code(ask, told, words, question) == expected
    assert not Note.objects.exists()


def test_one_of_several_places_is_chosen(told: Room) -> None:
    from broadsheet.discussion.queries import phrase_places

    places = phrase_places(thread_id=told.id, words="quay", story_text=story_text)
    assert [STORY[place.start :][:4] for place in places] == ["quay", "quay"]
    assert places[1].after == " is closed to cars at night."
    ask(told, "quay", start=places[1].start)
    assert Note.objects.get().start == places[1].start
    ask(told, "quay", prefix="from the old ")
    assert Note.objects.latest("pk").start == places[0].start


def test_nothing_is_asked_where_the_story_is_not_known(room: Room) -> None:
    assert code(ask, room) == "phrase_nowhere"


def test_the_newsroom_asks_only_so_much(told: Room) -> None:
    for number in range(noting.MOST_ASKED):
        ask(told, question=f"Question {number}?")
    assert code(ask, told) == "asked_enough"


@pytest.mark.parametrize(
    ("does", "undoes"), [("close_note", "reopen_note"), ("remove_note", "restore_note")]
)
def test_each_decision_is_chained_and_undone(told: Room, does: str, undoes: str) -> None:
    note = ask(told)
    number = told.post("Me.", note_id=note).number
    decide(told, note, does, reason=" Enough. ")
    assert code(decide, told, note, does) == "note_decided"
    refused = "note_closed" if does == "close_note" else "note_gone"
    assert code(told.post, "Me too.", note_id=note) == refused
    page = told.page()
    assert page.thread.inline_count == 1, "answers stay"
    assert inline(told) == [number]
    card = page.comments[0].note
    assert card is not None
    if does == "close_note":
        assert (page.notes[0].closed, page.notes[0].closed_because) == (True, "Enough.")
    else:
        assert (page.notes, card.removed, card.exact, card.question) == ((), True, "", "")
    decide(told, note, undoes)
    told.post("Me too.", note_id=note)
    assert not told.page().notes[0].closed
    verbs = list(Decision.objects.order_by("sequence").values_list("verb", "rule"))
    assert verbs == [(verb, f"note:{note}") for verb in ("ask", does, undoes)]
    assert problems() == []


def test_decisions_about_notes_are_none_about_the_thread(told: Room) -> None:
    api.close_thread(actor=moderator(), thread_id=told.id, reason="Night.", now=told.tick())
    decide(told, ask(told), "close_note", reason="Other.")
    assert told.page().thread.closed_because == "Night."


def test_an_answer_is_a_comment(told: Room) -> None:
    note = ask(told)
    held = told.post("Me.", note_id=note, policy=api.Policy()).number
    assert (told.page().thread.inline_count, inline(told)) == (0, [])
    told.decide(held, "publish")
    assert (told.page().thread.inline_count, inline(told)) == (1, [held])
    answer = told.post("And you?", to=held, note_id=note).number
    assert Comment.objects.get(pk=answer).note_id is None, "what answers a comment is on no phrase"
    told.decide(held, "remove")
    page = told.page()
    assert (page.thread.inline_count, page.notes[0].answers, page.comments[0].note) == (0, (), None)
    told.decide(held, "restore")
    assert told.page().notes[0].answered == 1
    assert problems() == []


def test_the_same_words_to_two_questions_are_two_answers(told: Room) -> None:
    rhea = reader("Rhea")
    one, two = ask(told), ask(told, "the night shift")
    first = told.post("Yes.", by=rhea, note_id=one)
    assert not told.post("Yes.", by=rhea, note_id=two).repeated
    again = told.post("Yes.", by=rhea, note_id=one)
    assert (again.repeated, again.number) == (True, first.number)


def test_an_answer_is_to_a_question_of_its_own_thread(told: Room) -> None:
    other = open_room(now=told.now, key="other")
    assert code(other.post, "Me.", note_id=ask(told)) == "note_gone"
    assert code(told.post, "Me.", note_id=10**9) == "note_gone"


def test_readers_begin_where_the_publisher_lets_them(told: Room) -> None:
    assert code(start, told, policy=OPEN) == "notes_by_newsroom"
    assert code(start, told, "no such words") == "phrase_missing"
    first = start(told)
    (note,) = told.page().notes
    assert (note.by_reader, note.question, note.exact) == (True, "", "the night shift")
    assert [answer.number for answer in note.answers] == [first.number]
    start(told, by=guest("another"))
    assert Note.objects.count() == 1, "the same words are one note"
    assert told.page().notes[0].answered == 2
    assert problems() == []


def test_a_readers_note_waits_as_its_comment_does(told: Room) -> None:
    held = start(told, policy=api.Policy(reader_notes=True))
    assert held.state == "held"
    assert told.page().notes == ()
    told.decide(held.number, "publish")
    assert len(told.page().notes) == 1
    told.decide(held.number, "remove")
    assert told.page().notes == ()
    assert problems() == []


def test_a_refused_comment_begins_nothing(told: Room) -> None:
    api.close_thread(actor=moderator(), thread_id=told.id, now=told.tick())
    assert code(start, told) == "closed"
    assert not Note.objects.exists()


def test_readers_begin_only_at_so_many_places(told: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(noting, "MOST_STARTED", 1)
    start(told)
    assert code(start, told, "every night") == "notes_enough"
    start(told, by=guest())


@pytest.mark.parametrize(
    ("number", "standing", "words"),
    [
        (2, "edited", "sails at 22:45 from the old quay, every night"),
        (3, "changed", None),
        (4, "gone", None),
        (5, "stands", "sails at 22:40 from the old quay, every night"),
    ],
)
def test_a_note_follows_its_words(
    told: Room, number: int, standing: str, words: str | None
) -> None:
    asked = "sails at 22:40 from the old quay, every night"
    told.post("Me.", note_id=ask(told, asked))
    edition(told, number)
    (one,) = told.page().notes
    assert (one.standing, one.exact) == (standing, asked)
    if words:
        assert EDITIONS[number][one.start : one.end] == words
    edition(told, 5)
    assert told.page().notes[0].standing == "stands", "what came back is found again"
    assert problems() == []


def test_an_edition_that_nobody_looked_at_places_nothing(told: Room) -> None:
    ask(told)
    Thread.objects.filter(pk=told.id).update(edition=2)
    assert told.page().notes[0].start is None
    assert any("was not looked for" in problem for problem in problems())
    edition(told, 2)
    again = {"site": "main", "key": told.key, "story_text": story_text}
    assert queries_of(lambda: api.carry_notes(**again)) == 1, "done again, nothing is done"


def test_the_filter_has_pages_and_can_be_of_one_note(told: Room) -> None:
    one, two = ask(told), ask(told, "the night shift")
    mine = [told.post(f"One {n}.", note_id=one).number for n in range(23)]
    other = told.post("Two.", note_id=two).number
    told.post("On the story.")
    page = api.thread_page(site="main", key=told.key, show="inline", note=one)
    assert page is not None
    assert page.note is not None
    assert (page.note.id, page.after != "") == (one, True)
    first = [comment.number for comment in page.comments]
    rest = inline(told, note=one, after=page.after)
    assert first + rest == mine[::-1]
    assert inline(told)[0] == other
    assert inline(told, note=10**9) == inline(told), "a strange one means all"


def test_what_a_page_asks_the_database(told: Room) -> None:
    for number in range(3):
        told.post(f"Comment {number}.")
    before = queries_of(told.page)
    note = ask(told)
    assert queries_of(told.page) == before + 1, "the notes"
    for number in range(6):
        told.post(f"Answer {number}.", note_id=note)
    assert queries_of(told.page) == before + 1, "their answers come with the replies"
    rhea = reader("Rhea")
    told.post("First.", by=rhea)
    assert queries_of(lambda: told.post("Second.", by=rhea)) == 5
    assert queries_of(lambda: told.post("Me.", by=rhea, note_id=note)) == 7


@pytest.mark.slow
def test_filter_and_beginnings_are_read_by_their_own_indexes(long_room: Room) -> None:
    Thread.objects.filter(pk=long_room.id).update(edition=1)
    notes = [ask(long_room), ask(long_room, "the night shift")]
    roots = Comment.objects.filter(thread=long_room.id, parent=None)
    roots.update(note=notes[0])
    middle = roots.order_by("pk").values_list("pk", flat=True)[roots.count() // 2]
    roots.filter(pk__gt=middle).update(note=notes[1])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    last = RootCursor(long_room.now, 1_000, 0)
    for after in (None, last):
        for note, index in ((None, "comment_inline"), (notes[0], "comment_of_note")):
            rows = inline_numbers(thread_id=long_room.id, cursor=after, note=note)
            check_plan(plan(*rows[:21].query.sql_with_params()), index)
    seen: list[tuple[str, tuple[object, ...]]] = []

    def keep(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append((sql, tuple(params or ())))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        reply_rows([], notes)
    assert plan(*seen[0]).count("comment_of_note") == len(notes), "each arm by the index"


def test_what_is_brought_over(told: Room) -> None:
    rhea = told.bring("1").number
    held = told.bring("2", state="held").number
    below = told.bring("3", parent_foreign_id="1").number
    own = told.post("Not from there.").number
    note = api.import_note(
        actor=IMPORTER,
        thread_id=told.id,
        phrase=api.Phrase("the night shift"),
        question="Were you?",
        opened=True,
        story_text=story_text,
        now=told.tick(),
    )
    attach = {"actor": IMPORTER, "note_id": note, "numbers": [rhea, held, below, own]}
    assert api.attach_answers(**attach) == 2
    assert api.attach_answers(**attach) == 0
    assert inline(told) == [rhea]
    told.decide(held, "publish")
    assert told.page().thread.inline_count == 2
    assert problems() == []


def test_answers_are_drawn_anew_when_their_note_is_taken_away(told: Room) -> None:
    note = ask(told)
    answer = told.post("I do.", note_id=note).number
    told.post("Nothing to do with it.")
    for verb, changed in (
        ("close_note", ()),
        ("reopen_note", ()),
        ("remove_note", (answer,)),
        ("restore_note", (answer,)),
    ):
        drawn = told.page().thread.event
        decide(told, note, verb, reason="So.")
        found = api_queries.news_since(thread_id=told.id, event=drawn)
        assert found is not None
        assert (found.new, found.changed) == ((), changed), verb
