"""Reading notes: those beside a story, those that comments answer, and the moderators' list."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from django.utils.text import Truncator

from broadsheet.discussion.models import Comment, Note, Thread
from broadsheet.discussion.notes.placing import Place, places_of
from broadsheet.discussion.notes.shown import (
    NoteAnswer,
    NoteCard,
    NoteLine,
    NoteTarget,
    ShownNote,
    Standing,
)
from broadsheet.discussion.quotes.sources import StoryText, story_of
from broadsheet.discussion.rules.noting import Noted, verbs_for
from broadsheet.kit.html import plain_words

# Beside a story stand those of the newsroom and, of the readers', those with the most answers.
MOST_SHOWN: Final = 40
FIRST_ANSWERS: Final = 3
BEGINNING: Final = 160
LISTED: Final = 200

_COLUMNS = (
    "id",
    "exact",
    "question",
    "by_reader",
    "opened",
    "closed_at",
    "closed_because",
    "standing",
    "placed_on",
    "placed_at",
    "placed_end",
    "answer_count",
    "thread__edition",
)
_CARD = ("id", "exact", "question", "by_reader", "removed_at", "answer_count")

type Row = Mapping[str, Any]


def notes_of(*, thread_id: int) -> tuple[ShownNote, ...]:
    """Return the notes beside a story, in the order of the story, without answers. One query."""
    rows = Note.objects.filter(thread=thread_id, removed_at=None)
    chosen = rows.order_by("by_reader", "-answer_count", "id").values(*_COLUMNS)[:MOST_SHOWN]
    # A reader's whose first comment waits, or was removed, says nothing.
    found = [_shown(row) for row in chosen if row["answer_count"] or not row["by_reader"]]
    return tuple(sorted(found, key=lambda note: (note.start is None, note.start or 0, note.id)))


def with_answers(notes: Iterable[ShownNote], rows: Iterable[Row]) -> tuple[ShownNote, ...]:
    """Give notes their first answers, of comments in the order of time."""
    answers: dict[int, list[NoteAnswer]] = {}
    for row in rows:
        known = answers.setdefault(row["note_id"], [])
        if row["state"] == Comment.State.PUBLISHED and len(known) < FIRST_ANSWERS:
            known.append(_answer(row))
    return tuple(replace(note, answers=tuple(answers.get(note.id, ()))) for note in notes)


def cards_of(numbers: Collection[int], *, thread_id: int | None = None) -> dict[int, NoteCard]:
    """Return what answers say they are about, by note; perhaps only of one thread. One query."""
    rows = Note.objects.filter(pk__in=numbers).order_by("pk")
    if thread_id is not None:
        rows = rows.filter(thread=thread_id)
    return {row["id"]: _card(row) for row in rows.values(*_CARD)}


def card_of(note: ShownNote) -> NoteCard:
    return NoteCard(note.id, note.exact, note.question, shown=True)


def note_target(*, thread_id: int, number: int) -> NoteTarget | None:
    """Return the note `number` of the thread, to be answered; None for any other. One query."""
    rows = Note.objects.filter(pk=number, thread=thread_id, removed_at=None, closed_at=None)
    row = rows.values("id", "exact", "question").first()
    return NoteTarget(**row) if row else None


def note_lines(*, thread_id: int) -> tuple[NoteLine, ...]:
    """Return the notes of a thread for moderators, the newest first; one query.

    Readers' that nobody answered, whose first comment waits or was removed, are not among them.
    """
    rows = Note.objects.filter(thread=thread_id).exclude(by_reader=True, answer_count=0)
    columns = ("id", "exact", "question", "by_reader", "opened", "standing", "answer_count")
    more = ("created_at", "closed_at", "closed_because", "removed_at")
    found = rows.order_by("-created_at", "-pk").values(*columns, *more)[:LISTED]
    return tuple(_line(row) for row in found)


def thread_of_note(*, number: int) -> int | None:
    """Return the thread of a note, or None. One query."""
    return Note.objects.filter(pk=number).values_list("thread_id", flat=True).first()


def phrase_places(*, thread_id: int, words: str, story_text: StoryText) -> tuple[Place, ...]:
    """Return where these words are in the story as it is discussed now. Two queries."""
    thread = Thread.objects.filter(pk=thread_id).first()
    return places_of(words, story=story_of(thread, story_text)) if thread else ()


def _shown(row: Row) -> ShownNote:
    is_placed = row["placed_on"] == row["thread__edition"]
    return ShownNote(
        id=row["id"],
        exact=row["exact"],
        question=row["question"],
        by_reader=row["by_reader"],
        opened=row["opened"],
        closed=row["closed_at"] is not None,
        closed_because=row["closed_because"],
        standing=row["standing"],
        # The story has another edition, and nobody has looked yet where the words are in it.
        start=row["placed_at"] if is_placed else None,
        end=row["placed_end"] if is_placed else None,
        answered=row["answer_count"],
    )


def _answer(row: Row) -> NoteAnswer:
    beginning = Truncator(plain_words(row["html"])).chars(BEGINNING)
    number = row["guest_number"]
    name = "" if number else row["author__name"]
    return NoteAnswer(row["id"], name, number, beginning, row["created_at"])


def _card(row: Row) -> NoteCard:
    removed = row["removed_at"] is not None
    return NoteCard(
        id=row["id"],
        exact="" if removed else row["exact"],
        question="" if removed else row["question"],
        shown=not removed,
        removed=removed,
    )


def _line(row: Row) -> NoteLine:
    closed, removed = row["closed_at"] is not None, row["removed_at"] is not None
    standing: Standing = row["standing"]
    return NoteLine(
        id=row["id"],
        exact=row["exact"],
        question=row["question"],
        by_reader=row["by_reader"],
        opened=row["opened"],
        standing=standing,
        answered=row["answer_count"],
        created_at=row["created_at"],
        closed=closed,
        closed_because=row["closed_because"],
        removed=removed,
        verbs=verbs_for(Noted(same_thread=True, closed=closed, removed=removed)),
    )
