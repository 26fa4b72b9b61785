"""Bringing a note over from another system, and its answers, which came as comments."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import F

from broadsheet.discussion.models import Comment, Note, Thread
from broadsheet.discussion.notes.operations import UnknownNoteError
from broadsheet.discussion.notes.placing import anchor_of, columns_of
from broadsheet.discussion.quotes.sources import StoryText, story_of
from broadsheet.discussion.rules.importing import may_import
from broadsheet.discussion.rules.noting import Phrase
from broadsheet.discussion.rules.texts import clean_text
from broadsheet.discussion.threads.operations import lock_thread
from broadsheet.kit.actor import Actor
from broadsheet.kit.anchors import MAX_EXACT
from broadsheet.kit.verdict import require


def import_note(
    *,
    actor: Actor,
    thread_id: int,
    phrase: Phrase,
    question: str,
    opened: bool,
    story_text: StoryText,
    now: datetime,
) -> int:
    """Bring a question at a phrase over; returns its number. The caller knows what came before.

    Raises RefusalError where the phrase is not, once and in one paragraph, in the story.
    """
    require(may_import(actor=actor))
    with transaction.atomic():
        thread = lock_thread(thread_id)
        story = story_of(thread, story_text)
        anchor = anchor_of(phrase, story=story, edition=thread.edition, length=MAX_EXACT)
        note = Note.objects.create(
            thread=thread,
            question=clean_text(question),
            opened=opened,
            author=actor.id,
            created_at=now,
            **columns_of(anchor),
        )
        Thread.objects.filter(pk=thread.pk).update(events=F("events") + 1)
    return note.pk


def attach_answers(*, actor: Actor, note_id: int, numbers: Collection[int]) -> int:
    """Make comments that were brought over the answers of a note; returns how many became one.

    Only roots of its thread that answer none yet. Raises RefusalError, UnknownNoteError.
    """
    require(may_import(actor=actor))
    with transaction.atomic():
        note = Note.objects.filter(pk=note_id).first()
        if note is None:
            raise UnknownNoteError(note_id)
        thread = lock_thread(note.thread_id)
        chosen = Comment.objects.filter(pk__in=numbers, thread=thread, parent=None, note=None)
        chosen = chosen.exclude(origin="")
        public = chosen.filter(state=Comment.State.PUBLISHED).count()
        attached = chosen.update(note=note)
        Note.objects.filter(pk=note_id).update(answer_count=F("answer_count") + public)
        Thread.objects.filter(pk=thread.pk).update(
            inline_count=F("inline_count") + public, events=F("events") + 1
        )
    return attached
