"""Asking about a phrase, deciding about a note, and keeping it at its words."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from broadsheet.discussion import chain
from broadsheet.discussion.models import Comment, Note, Thread
from broadsheet.discussion.notes.placing import anchor_of, columns_of, place_again
from broadsheet.discussion.quotes.sources import StoryText, story_of
from broadsheet.discussion.rules import noting
from broadsheet.discussion.rules.deciding import may_moderate
from broadsheet.discussion.rules.noting import Noted, Phrase
from broadsheet.discussion.rules.policy import Policy
from broadsheet.discussion.rules.texts import clean_text
from broadsheet.discussion.threads.operations import lock_thread
from broadsheet.discussion.threads.telling import TOGETHER, tell
from broadsheet.kit.actor import Actor
from broadsheet.kit.anchors import PlainText, plain
from broadsheet.kit.verdict import require


class UnknownNoteError(LookupError):
    """No note has this number."""


@dataclass(frozen=True, slots=True)
class NoteDecided:
    """What was decided about a note, and in which thread."""

    note: int
    thread: int
    verb: str


def ask(
    *,
    actor: Actor,
    thread_id: int,
    phrase: Phrase,
    question: str,
    opened: bool,
    story_text: StoryText,
    now: datetime,
) -> int:
    """Attach a question to a phrase of the story; returns the note's number.

    The phrase is looked for in the story as it is now. With `opened` its answers are open at once.
    Raises RefusalError, UnknownThreadError.
    """
    require(may_moderate(actor=actor))
    with transaction.atomic():
        thread = lock_thread(thread_id)
        words = clean_text(question)
        asked = Note.objects.filter(thread=thread, by_reader=False, removed_at=None).count()
        hidden = thread.hidden_at is not None
        require(noting.may_ask(actor=actor, question=words, asked=asked, hidden=hidden))
        anchor = anchor_of(
            phrase,
            story=story_of(thread, story_text),
            edition=thread.edition,
            length=noting.PHRASE_LIMIT,
        )
        note = Note.objects.create(
            thread=thread,
            question=words,
            opened=opened,
            author=actor.id,
            created_at=now,
            **columns_of(anchor),
        )
        _decided(thread, note, "ask", actor=actor, reason="", now=now)
    return note.pk


def decide_note(
    *, actor: Actor, note_id: int, verb: str, reason: str, now: datetime
) -> NoteDecided:
    """Close a note, open it again, take it away or bring it back; and write down who and why.

    `verb` is one of rules.noting's; each has one that undoes it. Readers see why one is closed. Its
    answers stay in the thread whatever becomes of it. Raises RefusalError, UnknownNoteError.
    """
    require(may_moderate(actor=actor))
    with transaction.atomic():
        its = Note.objects.filter(pk=note_id).values("thread_id")
        thread = Thread.objects.select_for_update().filter(pk__in=its).first()
        if thread is None:
            raise UnknownNoteError(note_id)
        note, words = Note.objects.get(pk=note_id), reason.strip()
        facts = facts_of(note, thread)
        require(noting.may_decide(actor=actor, verb=verb, note=facts, reason=words))
        if verb == noting.CLOSES:
            note.closed_at, note.closed_because = now, words
        elif verb == noting.REOPENS:
            note.closed_at, note.closed_because = None, ""
        else:
            note.removed_at = now if verb == noting.REMOVES else None
        note.save(update_fields=["closed_at", "closed_because", "removed_at"])
        if verb not in {noting.CLOSES, noting.REOPENS}:
            # Each says what it is about: those that open pages show, for it shall not cost more
            # with a million answers than with one.
            answers = Comment.objects.filter(note=note, published_at__isnull=False)
            newest = answers.order_by("-created_at", "-id").values_list("pk", flat=True)
            tell(thread=thread, numbers=newest[:TOGETHER])
        _decided(thread, note, verb, actor=actor, reason=words, now=now)
    return NoteDecided(note_id, thread.pk, verb)


def note_to_answer(*, thread: Thread, number: int) -> Note:
    """Return the note that a comment of the locked thread is about to answer; one query.

    Raises RefusalError where it takes none.
    """
    note = Note.objects.filter(pk=number).first()
    require(noting.may_answer(note=facts_of(note, thread) if note else None))
    assert note is not None  # noqa: S101 - the rule refuses None
    return note


def start_note(
    *,
    actor: Actor,
    thread: Thread,
    phrase: Phrase,
    policy: Policy,
    story_text: StoryText | None,
    now: datetime,
) -> Note:
    """Begin a reader's note in the locked thread, or return the one that began at these words.

    Raises RefusalError.
    """
    require(noting.may_start(actor=actor, policy=policy))
    story = story_of(thread, story_text)
    edition, length = thread.edition, noting.PHRASE_LIMIT
    anchor = anchor_of(phrase, story=story, edition=edition, length=length)
    at = anchor.position
    same = Note.objects.filter(
        thread=thread,
        by_reader=True,
        revision=edition,
        start=at.start,
        end=at.end,
        removed_at=None,
        closed_at=None,
    )
    if found := same.order_by("pk").first():
        return found
    started = Note.objects.filter(thread=thread, by_reader=True).count()
    require(noting.may_start(actor=actor, policy=policy, started=started))
    return Note.objects.create(
        thread=thread, by_reader=True, author=actor.id, created_at=now, **columns_of(anchor)
    )


def carry_notes(*, site: str, key: str, story_text: StoryText) -> int:
    """Find the phrases of a thread's notes in the edition that is discussed now; returns how many.

    Those whose words were rewritten say so. Done again it changes nothing. One query where there is
    nothing to do.
    """
    behind = Note.objects.filter(thread__site=site, thread__key=key)
    behind = behind.exclude(placed_on=F("thread__edition"))
    thread_id = behind.values_list("thread_id", flat=True).first()
    if thread_id is None:
        return 0
    with transaction.atomic():
        thread = lock_thread(thread_id)
        text = story_of(thread, story_text)
        if text is None:
            return 0
        notes = list(behind.order_by("pk"))
        texts: dict[int, PlainText | None] = {}
        for note in notes:
            if note.revision not in texts:
                old = story_text(key=key, edition=note.revision)
                texts[note.revision] = plain(old) if old else None
            place_again(note, edition=thread.edition, text=text, old=texts[note.revision])
        Note.objects.bulk_update(notes, ["placed_on", "placed_at", "placed_end", "standing"], 500)
        Thread.objects.filter(pk=thread.pk).update(events=F("events") + 1)
    return len(notes)


def facts_of(note: Note, thread: Thread) -> Noted:
    """Return what the rules of notes know of one."""
    return Noted(
        same_thread=note.thread_id == thread.pk,
        closed=note.closed_at is not None,
        removed=note.removed_at is not None,
    )


def _decided(
    thread: Thread, note: Note, verb: str, *, actor: Actor, reason: str, now: datetime
) -> None:
    rule = f"note:{note.pk}"
    chain.append(
        thread=thread, comment=None, verb=verb, rule=rule, actor=actor, now=now, reason=reason
    )
    Thread.objects.filter(pk=thread.pk).update(events=thread.events + 1)
