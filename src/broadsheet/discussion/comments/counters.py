"""The counters a comment is part of, and its place in the thread. All need the thread's lock."""

from datetime import datetime

from django.db.models import Case, F, Q, When

from broadsheet.discussion.models import Comment, Note, Thread


def count(*, thread: Thread, comment: Comment, by: int) -> None:
    """Add a comment that became public to the counters above it, or take it off (`by` = ±1).

    Changes the locked `thread` in memory; the caller saves it with `save_counts`.
    """
    thread.comment_count += by
    if comment.parent_id is None:
        thread.root_count += by
        if comment.note_id is not None:
            thread.inline_count += by
            Note.objects.filter(pk=comment.note_id).update(answer_count=F("answer_count") + by)
        return
    answered = Case(
        When(pk=comment.parent_id, then=F("reply_count") + by), default=F("reply_count")
    )
    below = Case(When(pk=comment.root_id, then=F("descendants") + by), default=F("descendants"))
    Comment.objects.filter(Q(pk=comment.parent_id) | Q(pk=comment.root_id)).update(
        reply_count=answered, descendants=below
    )


def next_event(thread: Thread) -> int:
    """Number an event of the locked thread: whatever changes what its page shows is one."""
    thread.events += 1
    return thread.events


def save_counts(thread: Thread) -> None:
    thread.save(update_fields=["events", "comment_count", "root_count", "inline_count"])


def give_ancestors_a_place(comment: Comment, *, at: datetime) -> None:
    """See that what a public comment answers stands in the thread, if only as a stub.

    Ancestors without a place occur where a moderator publishes an answer before the comment that
    was imported as held above it.
    """
    parent_id = comment.parent_id
    while parent_id is not None:
        parent = Comment.objects.only("parent_id", "published_at").get(pk=parent_id)
        if parent.published_at is not None:
            return
        Comment.objects.filter(pk=parent_id).update(published_at=at)
        parent_id = parent.parent_id
