"""What came into a thread, or changed in it, since somebody's page was drawn."""

from dataclasses import dataclass

from django.db.models import Subquery

from broadsheet.discussion.comments.rows import standing
from broadsheet.discussion.models import Comment, SiteState, Thread

# Whoever has missed more asks again from where this answer ends.
MOST = 100


@dataclass(frozen=True, slots=True)
class News:
    """Numbers of comments, in the order of what happened, and the event up to which they go.

    `new` were published since, `changed` were there and look different: removed, back, with other
    words, a mark, a quotation that is gone, or a name that is. `closed`: the thread takes nothing
    at present. Votes are no news, so that the answer stays the same until there is something to
    show.
    """

    event: int
    new: tuple[int, ...] = ()
    changed: tuple[int, ...] = ()
    closed: bool = False


def news_since(*, thread_id: int, event: int) -> News | None:
    """Return what happened after `event`; None where there is nothing to read. Two queries."""
    threads = Thread.objects.filter(pk=thread_id, hidden_at=None)
    site = SiteState.objects.filter(pk=1).values("closed_at")
    columns = ("closed_at", Subquery(site))
    found = threads.values_list(*columns).first()
    if found is None:
        return None
    rows = list(
        standing()
        .filter(thread=thread_id, changed__gt=event)
        .order_by("changed")
        .values_list("pk", "event", "changed", "state")[: MOST + 1]
    )
    if len(rows) > MOST:
        # What shares an event is told at once, for the next question begins after it.
        rows = [row for row in rows if row[2] != rows[MOST][2]]
    new: list[int] = []
    changed: list[int] = []
    last = event
    for number, appeared, at, state in rows:
        is_new = (appeared or 0) > event and state == Comment.State.PUBLISHED
        (new if is_new else changed).append(number)
        last = at or last
    return News(last, tuple(new), tuple(changed), closed=found != (None, None))
