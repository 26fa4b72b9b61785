"""What came into a thread, or changed in it, since somebody's page was drawn."""

from dataclasses import dataclass, field

from django.db.models import Subquery

from broadsheet.discussion.comments.rows import standing
from broadsheet.discussion.models import Comment, SiteState, Thread
from broadsheet.discussion.watched import EVERYWHERE, of_thread
from broadsheet.pagestore.api import shows

# Whoever has missed more asks again from where this answer ends.
MOST = 100


@dataclass(frozen=True, slots=True)
class News:
    """Numbers of comments, in the order of what happened, and the event up to which they go.

    `new` were published since, `changed` were there and look different: removed, back, with other
    words, a mark, a quotation that is gone, or a name that is. `votes` has the totals of those
    that were voted on, useful and not. `closed`: the thread takes nothing at present. `count` is
    how many comments it has, `edition` which text is discussed. With `more` there is more of it
    after `event`.
    """

    event: int
    new: tuple[int, ...] = ()
    changed: tuple[int, ...] = ()
    votes: dict[int, tuple[int, int]] = field(default_factory=dict)
    closed: bool = False
    count: int = 0
    edition: int = 0
    more: bool = False

    @property
    def is_empty(self) -> bool:
        """Say whether nothing happened to any comment."""
        return not (self.new or self.changed or self.votes)


@dataclass(frozen=True, slots=True)
class Heard:
    """News, and the last event of the thread when they were read: there is none before it."""

    news: News
    event: int


def news_since(*, thread_id: int, event: int) -> News | None:
    """Return what happened after `event`; None where there is nothing to read. Three queries."""
    heard = heard_since(thread_id=thread_id, event=event)
    return heard.news if heard else None


def heard_since(*, thread_id: int, event: int) -> Heard | None:
    """Return the news since `event` and how far they reach; three queries, one with no thread."""
    shows(of_thread(thread_id), EVERYWHERE)
    threads = Thread.objects.filter(pk=thread_id, hidden_at=None)
    site = SiteState.objects.filter(pk=1).values("closed_at")
    columns = ("closed_at", Subquery(site), "events", "comment_count", "edition")
    found = threads.values_list(*columns).first()
    if found is None:
        return None
    *shut, last, count, edition = found
    closed = shut != [None, None]
    # Up to there and no further: what came while this is read would be told, and what came before
    # that left out.
    news = _news(thread_id, event, last, closed=closed, count=count, edition=edition)
    return Heard(news, last)


def _news(thread_id: int, event: int, end: int, *, closed: bool, count: int, edition: int) -> News:
    rows = list(
        standing()
        .filter(thread=thread_id, changed__gt=event, changed__lte=end)
        .order_by("changed")
        .values_list("pk", "event", "changed", "state")[: MOST + 1]
    )
    more = len(rows) > MOST
    if more:
        # What shares an event is told at once, for the next question begins after it.
        rows = [row for row in rows if row[2] != rows[MOST][2]]
    new: list[int] = []
    changed: list[int] = []
    last = event
    for number, appeared, at, state in rows:
        is_new = (appeared or 0) > event and state == Comment.State.PUBLISHED
        (new if is_new else changed).append(number)
        last = at or last
    votes, voted = _votes(thread_id, event, end)
    return News(
        # Where there is more of the one, all of the other is told once more.
        last if more else max(last, voted),
        tuple(new),
        tuple(changed),
        votes,
        closed=closed,
        count=count,
        edition=edition,
        more=more,
    )


def _votes(thread_id: int, event: int, end: int) -> tuple[dict[int, tuple[int, int]], int]:
    """Return the totals of what was voted on since `event`, the latest, and when that last was."""
    rows = list(
        standing()
        .filter(
            thread=thread_id, tallied__gt=event, tallied__lte=end, state=Comment.State.PUBLISHED
        )
        .order_by("-tallied")
        .values_list("pk", "up", "down", "tallied")[:MOST]
    )
    return {row[0]: (row[1], row[2]) for row in rows}, (rows[0][3] or event) if rows else event
