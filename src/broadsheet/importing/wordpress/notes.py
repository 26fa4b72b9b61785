"""When all comments are here: inline questions get their place at words of the story.

They come as two halves: the shortcode in the text has the words and the question, and a comment
knows only the number of a row that no export holds. Within a story the numbers in ascending order
belong to the questions in the order of the text, as long as there are as many of one as of the
other; else the answers stay ordinary comments, and wait. What an earlier import kept, before there
was a place for it, is brought along.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from broadsheet.discussion import api as discussion
from broadsheet.importing.idmap import IdMap
from broadsheet.importing.models import ImportedRow, KeptForLater
from broadsheet.importing.report import Report
from broadsheet.importing.wordpress.comments import ACTOR
from broadsheet.kit.verdict import RefusalError
from broadsheet.stories import api as stories

BATCH: Final = 500
_FORM: Final = "question_form"


@dataclass(slots=True)
class _Story:
    """What is to be placed in one thread: questions, and comments by the form they answer."""

    questions: list[KeptForLater] = field(default_factory=list)
    answers: dict[str, list[KeptForLater]] = field(default_factory=dict)


def place_questions(*, ids: IdMap, report: Report, now: datetime) -> None:
    """Make notes of all questions that were kept, and comments their answers.

    Again it does nothing twice. What cannot be placed, because its words are not in the story, or
    more than once, stays kept.
    """
    for thread_id, story in _waiting(ids).items():
        with transaction.atomic():
            notes = _notes(thread_id, story, ids=ids, report=report, now=now)
            _attach(story, notes, ids=ids, report=report, now=now)


def _waiting(ids: IdMap) -> dict[int, _Story]:
    """Return what is kept, by the thread that it belongs to."""
    found: dict[int, _Story] = {}
    kept = KeptForLater.objects.filter(system=ids.system, site=ids.site)
    for batch in _batches(kept.filter(kind="question")):
        keys = {row.payload["story"] for row in batch}
        threads = discussion.thread_ids(site=settings.SITE_SLUG, keys=list(keys))
        for row in batch:
            if (thread := threads.get(row.payload["story"])) is not None:
                found.setdefault(thread, _Story()).questions.append(row)
    for batch in _batches(kept.filter(kind="comment", payload__has_key=_FORM)):
        of = discussion.threads_of(numbers=[row.payload["comment"] for row in batch])
        for row in batch:
            if (thread := of.get(row.payload["comment"])) is not None:
                answers = found.setdefault(thread, _Story()).answers
                answers.setdefault(str(row.payload[_FORM]), []).append(row)
    return found


def _batches(rows: Any) -> Iterator[list[KeptForLater]]:
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield batch
        last = batch[-1].pk


def _notes(
    thread_id: int, story: _Story, *, ids: IdMap, report: Report, now: datetime
) -> list[int | None]:
    """Return the notes of a story in the order of its text, None for what has no place."""
    placed: dict[int, int | None] = {}
    for row in story.questions:
        known = ids.find("note", row.foreign_id)
        note = int(known.local_id) if known else _note(thread_id, row, now)
        placed[row.payload["place"]] = note
        report.came("question", "kept" if note is None else "same" if known else "new")
        if note is not None:
            ids.put("note", row.foreign_id, local=("note", note), now=now)
            row.delete()
    for row in story.questions[:1]:
        # Those that came with an earlier import.
        beginning = row.foreign_id.rpartition("#")[0] + "#"
        earlier = ImportedRow.objects.filter(
            system=ids.system, site=ids.site, kind="note", foreign_id__startswith=beginning
        )
        for foreign_id, local_id in earlier.values_list("foreign_id", "local_id"):
            placed.setdefault(int(foreign_id.removeprefix(beginning)), int(local_id))
    return [placed[place] for place in sorted(placed)]


def _note(thread_id: int, row: KeptForLater, now: datetime) -> int | None:
    question = str(row.payload["question"]).strip()
    if not question:
        return None
    try:
        return discussion.import_note(
            actor=ACTOR,
            thread_id=thread_id,
            phrase=discussion.Phrase(str(row.payload["text"])),
            question=question,
            opened=bool(row.payload["opened"]),
            story_text=stories.text_of_edition,
            now=now,
        )
    except RefusalError:
        return None


def _attach(
    story: _Story, notes: list[int | None], *, ids: IdMap, report: Report, now: datetime
) -> None:
    forms = sorted(story.answers, key=lambda form: (len(form), form))
    by_order = dict(zip(forms, notes, strict=True)) if len(forms) == len(notes) else {}
    for form in forms:
        known = ids.find(_FORM, form)
        note = int(known.local_id) if known else by_order.get(form)
        if note is None:
            continue
        ids.put(_FORM, form, local=("note", note), now=now)
        rows = story.answers[form]
        numbers = [row.payload["comment"] for row in rows]
        attached = discussion.attach_answers(actor=ACTOR, note_id=note, numbers=numbers)
        report.came("answer", "tied", attached)
        for row in rows:
            _forget_form(row)


def _forget_form(row: KeptForLater) -> None:
    rest = {name: value for name, value in row.payload.items() if name != _FORM}
    if rest.keys() == {"comment"}:
        row.delete()
    else:
        row.payload = rest
        row.save(update_fields=["payload"])
