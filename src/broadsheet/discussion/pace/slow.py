"""Slow mode: how long somebody waits before they write again in a branch, a thread, the site."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet

from broadsheet.discussion.models import Comment, Switch, Thread
from broadsheet.discussion.rules import pacing
from broadsheet.discussion.statements import as_sent, first
from broadsheet.discussion.threads.standing import switches_of
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import require
from broadsheet.pagestore.api import true_until

_LAST_HERE: Final = """
SELECT max(comment.id) FROM discussion_participant author
JOIN discussion_comment comment ON comment.author_id = author.id AND comment.thread_id = %s
WHERE author.owner = %s
"""
_LAST_ANYWHERE: Final = """
SELECT max(comment.id) FROM discussion_participant author
JOIN discussion_comment comment ON comment.author_id = author.id
WHERE author.owner = %s
"""
# From what somebody wrote in the thread lately upwards, to see what of it stands in the branch.
_LAST_BELOW: Final = """
WITH RECURSIVE up(number, id, parent_id) AS (
    SELECT comment.id, comment.id, comment.parent_id FROM discussion_participant author
    JOIN discussion_comment comment ON comment.author_id = author.id AND comment.thread_id = %s
    WHERE author.owner = %s AND comment.created_at > %s
    UNION ALL
    SELECT up.number, above.id, above.parent_id
    FROM up JOIN discussion_comment above ON above.id = up.parent_id
)
SELECT max(number) FROM up WHERE id = %s
"""
_IS_ABOVE: Final = """
WITH RECURSIVE up(id, parent_id) AS (
    SELECT id, parent_id FROM discussion_comment WHERE id = %s
    UNION ALL
    SELECT above.id, above.parent_id
    FROM up JOIN discussion_comment above ON above.id = up.parent_id
)
SELECT 1 FROM up WHERE id = %s
"""


def require_patience(*, actor: Actor, thread: Thread, parent_id: int | None, now: datetime) -> None:
    """Refuse who wrote a moment ago where a slow mode holds; staff write as they must.

    Of branch, thread and site the one for which they wait longest counts. No query where nothing
    holds, two for each that does. Raises RefusalError.
    """
    if actor.is_staff:
        return
    waits = [
        (_written_at(number), seconds)
        for number, seconds in _last(actor, thread, parent_id, now=now)
    ]
    require(pacing.may_go_on(waits, now=now))


def slow_below(*, number: int, thread_id: int, now: datetime) -> int:
    """Return the most seconds of the slow modes of branches in which comment `number` stands."""
    return max((one.seconds for one in _branches(thread_id, number, now=now)), default=0)


def slow_branches(*, thread_id: int, now: datetime) -> dict[int, int]:
    """Return the seconds of each branch of a thread with a slow mode, by number. One query."""
    on = _on(thread_id).values_list("comment_id", "seconds", "until")
    return {
        number: seconds
        for number, seconds, until in on
        if number and pacing.is_on(on=True, until=until, now=now)
    }


def _last(
    actor: Actor, thread: Thread, parent_id: int | None, *, now: datetime
) -> Iterator[tuple[int | None, int]]:
    """Yield, for each slow mode that holds, what the actor wrote last there, and its seconds."""
    here, anywhere = (pacing.slow_seconds(one, now=now) for one in switches_of(thread))
    if here:
        yield _number(_LAST_HERE, thread.pk, actor.id), here
    if anywhere:
        yield _number(_LAST_ANYWHERE, actor.id), anywhere
    if thread.slow_branches and parent_id is not None:
        for branch in _branches(thread.pk, parent_id, now=now):
            lately = as_sent(Comment, "created_at", now - timedelta(seconds=branch.seconds))
            below = _number(_LAST_BELOW, thread.pk, actor.id, lately, branch.comment_id)
            yield below, branch.seconds


def _branches(thread_id: int, number: int, *, now: datetime) -> list[Switch]:
    above = [
        one
        for one in _on(thread_id)
        if pacing.is_on(on=True, until=one.until, now=now)
        and first(_IS_ABOVE, number, one.comment_id) is not None
    ]
    true_until(*(one.until for one in above))
    return above


def _on(thread_id: int) -> QuerySet[Switch]:
    return Switch.objects.filter(
        thread=thread_id, comment__isnull=False, kind=Switch.Kind.SLOW, ended_at=None
    )


def _number(sql: str, *values: object) -> int | None:
    found = first(sql, *values)
    return found[0] if found else None


def _written_at(number: int | None) -> datetime | None:
    if number is None:
        return None
    return Comment.objects.values_list("created_at", flat=True).get(pk=number)
