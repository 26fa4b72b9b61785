"""Marking a comment: pinned, chosen by the newsroom, its answer, or closed to replies."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from broadsheet.discussion import chain
from broadsheet.discussion.comments import counters
from broadsheet.discussion.models import Comment
from broadsheet.discussion.pace.switching import Scope, turn_off, turn_on
from broadsheet.discussion.rules import marking
from broadsheet.discussion.rules.deciding import may_moderate
from broadsheet.discussion.rules.pacing import CLOSED
from broadsheet.discussion.threads.operations import lock_thread_of
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import require


@dataclass(frozen=True, slots=True)
class Marked:
    """`changed` is False where the comment was so already; then nothing was written."""

    number: int
    verb: str
    changed: bool


def mark_comment(*, actor: Actor, comment_id: int, verb: str, reason: str, now: datetime) -> Marked:
    """Set a mark of a comment or take it off, and write down who decided it and why.

    `verb` is one of rules.marking.MARKS; each has one that undoes it. Done twice, it changes
    nothing. Raises RefusalError, UnknownCommentError.
    """
    require(may_moderate(actor=actor))
    with transaction.atomic():
        thread = lock_thread_of(comment_id)
        comment = Comment.objects.defer("html", "source").get(pk=comment_id)
        words = reason.strip()
        facts = markable(comment)
        beside = _pinned_beside(comment) if verb == "pin" else 0
        require(
            marking.may_mark(
                actor=actor, verb=verb, comment=facts, pinned_beside=beside, reason=words
            )
        )
        wanted = verb in marking.SETS
        if (marking.MARKS[verb] in facts.marks) == wanted:
            return Marked(comment_id, verb, changed=False)
        if marking.MARKS[verb] == CLOSED:
            _close(actor, comment, wanted=wanted, reason=words, now=now)
            return Marked(comment_id, verb, changed=True)
        comment.changed = counters.next_event(thread)
        _set(comment, marking.MARKS[verb], wanted=wanted)
        if marking.MARKS[verb] == "answer" and comment.parent_id:
            # What it answers says so.
            Comment.objects.filter(pk=comment.parent_id).update(changed=comment.changed)
        chain.append(
            thread=thread,
            comment=comment,
            verb=verb,
            rule="",
            actor=actor,
            now=now,
            reason=words,
        )
        counters.save_counts(thread)
    return Marked(comment_id, verb, changed=True)


def markable(comment: Comment) -> marking.Markable:
    """Return what the rules of marks know of a comment."""
    has = {
        "pinned": comment.pinned,
        "featured": comment.featured,
        "answer": comment.answer,
        "closed": comment.closed_at is not None,
    }
    return marking.Markable(
        is_root=comment.parent_id is None,
        is_public=comment.state == Comment.State.PUBLISHED,
        by_staff=comment.voice != Comment.Voice.READER,
        marks=frozenset(mark for mark, there in has.items() if there),
    )


def _pinned_beside(comment: Comment) -> int:
    return (
        Comment.objects.filter(
            thread=comment.thread_id,
            parent__isnull=True,
            published_at__isnull=False,
            pinned=True,
            state=Comment.State.PUBLISHED,
        )
        .exclude(pk=comment.pk)
        .count()
    )


def _close(actor: Actor, comment: Comment, *, wanted: bool, reason: str, now: datetime) -> None:
    """Stop replies below a comment until somebody takes them again: a switch without an end."""
    scope = Scope(comment.thread_id, comment.pk)
    if wanted:
        turn_on(actor=actor, scope=scope, kind=CLOSED, reason=reason, now=now)
    else:
        turn_off(actor=actor, scope=scope, kind=CLOSED, reason=reason, now=now)


def _set(comment: Comment, mark: str, *, wanted: bool) -> None:
    setattr(comment, mark, wanted)
    comment.save(update_fields=[mark, "changed"])
