"""The counters a comment is part of, and its place in the thread. All need the thread's lock."""

from datetime import datetime

from django.db.models import F

from broadsheet.discussion.models import Comment, Note, Thread
from broadsheet.discussion.statements import run, update

# One statement for what is answered and for the root above it, which are often the same.
_ABOVE = """
UPDATE discussion_comment
SET reply_count = CASE WHEN id = %s THEN reply_count + %s ELSE reply_count END,
    descendants = CASE WHEN id = %s THEN descendants + %s ELSE descendants END
WHERE id IN (%s, %s)
"""


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
    parent, root = comment.parent_id, comment.root_id
    run(_ABOVE, parent, by, root, by, parent, root)


def next_event(thread: Thread) -> int:
    """Number an event of the locked thread: whatever changes what its page shows is one."""
    thread.events += 1
    return thread.events


def save_counts(thread: Thread) -> None:
    update(thread, "events", "comment_count", "root_count", "inline_count")


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
