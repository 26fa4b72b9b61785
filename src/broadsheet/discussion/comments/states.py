"""Bringing a comment from one state into another. Needs the thread's lock."""

from datetime import datetime

from broadsheet.discussion.comments import counters
from broadsheet.discussion.models import Comment, Thread
from broadsheet.discussion.threads.telling import quoting, tell


def move(
    *,
    thread: Thread,
    comment: Comment,
    state: str,
    rule: str,
    now: datetime,
    cited: str = "",
    may_be_quoted: bool = True,
) -> None:
    """Bring a comment of the locked thread into `state`, with its place and all counters.

    `cited` is what its stub cites (rules.citing). What quotes it shows its words no more, or again;
    not `may_be_quoted` saves looking for that.
    """
    was_public = comment.state == Comment.State.PUBLISHED
    is_public = state == Comment.State.PUBLISHED
    comment.state, comment.rule, comment.cited = state, rule, cited
    comment.held_at = now if state == Comment.State.HELD else None
    if is_public and comment.published_at is None:
        comment.published_at = now
        comment.event = comment.changed = counters.next_event(thread)
        counters.give_ancestors_a_place(comment, at=now)
    elif comment.published_at is not None:
        comment.changed = counters.next_event(thread)
        if may_be_quoted:
            tell(thread=thread, numbers=quoting(sources=Comment.objects.filter(pk=comment.pk)))
    columns = ("state", "rule", "cited", "held_at", "published_at", "event", "changed")
    comment.save(update_fields=columns)
    if was_public != is_public:
        counters.count(thread=thread, comment=comment, by=1 if is_public else -1)
    counters.save_counts(thread)
