"""What moderators read: the queue in pages, and what was decided lately."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from django.db import connection
from django.db.models import Count, QuerySet

from broadsheet.discussion.comments.cursors import RootCursor, read_root, write_root
from broadsheet.discussion.comments.markdown import words
from broadsheet.discussion.comments.rows import person
from broadsheet.discussion.comments.shown import Person
from broadsheet.discussion.models import Comment, Decision, Moved, Waiting
from broadsheet.discussion.moderation.histories import MOST_COUNTED, Deed, deed
from broadsheet.discussion.moderation.items import QueueItem, items_of
from broadsheet.discussion.rules.deciding import may_moderate
from broadsheet.discussion.rules.undoing import UNDO_DAYS, UNDOABLE, reference
from broadsheet.discussion.rules.waiting import REASONS
from broadsheet.kit.actor import Actor

PAGE: Final = 25
NEWEST: Final = 50
MOST_AT_ONCE: Final = 100
LATELY: Final = 20
_SHOWN: Final = 120
# The order by what the assistant thinks; also the name of its cursors.
LIKELY: Final = "likely"


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of the queue: what waits for the reason `show`, or for any; the longest first.

    `counts` has how many wait for each reason, and under "" for any, at most MOST_COUNTED. `after`
    is the cursor of the next page, "" where this is the last. `order` is LIKELY or "".
    """

    show: str
    counts: Mapping[str, int]
    items: tuple[QueueItem, ...]
    after: str
    order: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that can still be undone. `comments` were moved by it; `words` begin the first."""

    deed: Deed
    number: int
    author: Person
    words: str
    comments: int
    mine: bool


def is_moderator(*, actor: Actor) -> bool:
    """Say whether the queue is open to the actor."""
    return bool(may_moderate(actor=actor))


def queue_page(  # noqa: PLR0913 - by so many things a list is chosen
    *,
    actor: Actor,
    now: datetime,
    show: str = "",
    after: str = "",
    author: int | None = None,
    match: str = "",
    alone: bool = False,
    order: str = "",
    limit: int = PAGE,
) -> Queue:
    """Return a page of what waits for a moderator, as `actor` sees it.

    What waits longest comes first: nobody waits for ever because others are worse. In the `order`
    LIKELY what the assistant thinks most likely to be removed does. `author` is a comment whose
    author's are wanted alone, `match` the key of what an entry of a filter stopped. It costs the
    same whatever waits: at most 22 queries.
    """
    show = show if show in REASONS else ""
    # Of one match the longest waiting come first: its index has no other order.
    order = LIKELY if order == LIKELY and not match else ""
    rows = _from(_waiting(show, author, match), after, order)
    by = "-likely" if order else "since"
    page = list(rows.order_by(by, "comment").values_list("comment", "since", "likely")[: limit + 1])
    numbers = [number for number, _, _ in page[:limit]]
    items = items_of(numbers, actor=actor, now=now, alone=alone)
    return Queue(
        show=show,
        counts=_counts(),
        items=tuple(items[number] for number in numbers if number in items),
        after=_written(page[limit - 1], order) if len(page) > limit else "",
        order=order,
    )


def waiting_numbers(
    *, author: int | None = None, match: str = "", limit: int = MOST_AT_ONCE
) -> list[int]:
    """Return what waits of an author or for a match, as `queue_page` knows them. Two queries.

    The longest waiting first, at most `limit`.
    """
    if author is None and not match:
        return []
    rows = _waiting("", author, match).order_by("since", "comment")
    return list(rows.values_list("comment", flat=True)[:limit])


def newest(*, actor: Actor, now: datetime, alone: bool = False) -> tuple[QueueItem, ...]:
    """Return the newest comments that do not wait, the newest first."""
    rows = Comment.objects.filter(held_at__isnull=True).order_by("-pk")
    numbers = list(rows.values_list("pk", flat=True)[:NEWEST])
    items = items_of(numbers, actor=actor, now=now, alone=alone)
    return tuple(items[number] for number in numbers if number in items)


def queue_items(
    *, numbers: Collection[int], actor: Actor, now: datetime, alone: bool = False
) -> dict[int, QueueItem]:
    """Return comments as the queue shows them, by number."""
    return items_of(numbers, actor=actor, now=now, alone=alone)


def queue_item(
    *, number: int, actor: Actor, now: datetime, alone: bool = False
) -> QueueItem | None:
    """Return one comment as the queue shows it."""
    return items_of([number], actor=actor, now=now, alone=alone).get(number)


def decided_lately(
    *, actor: Actor, now: datetime, limit: int = LATELY, sequence: int | None = None
) -> tuple[Decided, ...]:
    """Return what people decided in the queue that can be undone, the newest first. Four queries.

    With `sequence` that decision alone.
    """
    # By what people decided: what the rules hold is a row of the chain, too, and there may be many.
    taken = Moved.objects.order_by("-decision").values_list("decision", flat=True).distinct()
    # Some were undone: so many more are read.
    rows = Decision.objects.filter(pk__in=list(taken[: 2 * limit]))
    if sequence is not None:
        rows = Decision.objects.filter(sequence=sequence)
    rows = rows.filter(
        comment__isnull=False, verb__in=UNDOABLE, at__gte=now - timedelta(days=UNDO_DAYS)
    )
    columns = (
        *("sequence", "verb", "rule", "actor_id", "by_role", "at", "comment_id", "pk"),
        *("comment__html", "comment__author__name", "comment__guest_number"),
    )
    found = list(rows.order_by("-sequence").values(*columns))
    undone = set(
        Decision.objects.filter(
            verb="undo",
            comment__in={row["comment_id"] for row in found},
            rule__in=[reference(row["sequence"]) for row in found],
        ).values_list("rule", flat=True)
    )
    left = list(islice((row for row in found if reference(row["sequence"]) not in undone), limit))
    moved = _moved(row["pk"] for row in left)
    return tuple(
        Decided(
            deed=deed(row),
            number=row["comment_id"],
            author=person(
                {
                    "guest_number": row["comment__guest_number"],
                    "author__name": row["comment__author__name"],
                }
            ),
            words=_beginning(row["comment__html"]),
            comments=moved.get(row["pk"], 0),
            mine=row["actor_id"] == actor.id,
        )
        for row in left
    )


def _moved(decisions: Iterable[int]) -> dict[int, int]:
    rows = Moved.objects.filter(decision__in=list(decisions)).order_by()
    counted = rows.values("decision").annotate(n=Count("pk"))
    return dict(counted.values_list("decision", "n"))


def _beginning(html: str) -> str:
    text = " ".join(words(html).split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _waiting(reason: str, author: int | None, match: str) -> QuerySet[Waiting]:
    if match:
        return Waiting.objects.filter(match=match)
    rows = Waiting.objects.filter(reason=reason) if reason else Waiting.objects.filter(leads=True)
    if author is None:
        return rows
    wrote = Comment.objects.filter(pk=author).values("author")
    return rows.filter(comment__author__in=wrote)


def _counts() -> dict[str, int]:
    """Count each list up to a bound, all of them in one query. The rows that lead are "all"."""
    one = f"""
        SELECT %s, (SELECT COUNT(*) FROM (
            SELECT 1 FROM discussion_waiting WHERE {{which}} LIMIT {MOST_COUNTED}
        ) counted)
    """  # noqa: S608 - a number of our own
    parts = [one.format(which="leads"), *[one.format(which="reason = %s")] * len(REASONS)]
    values = ["", *(value for reason in REASONS for value in (reason, reason))]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        return {str(reason): int(count) for reason, count in cursor.fetchall()}


def _from(rows: QuerySet[Waiting], after: str, order: str) -> QuerySet[Waiting]:
    last = read_root(after, sort=order or "queue")
    if last is None:
        return rows
    if order:
        from_there = rows.filter(likely__lte=last.score)
        return from_there.exclude(likely=last.score, comment__lte=last.number)
    from_there = rows.filter(since__gte=last.created_at)
    return from_there.exclude(since=last.created_at, comment__lte=last.number)


def _written(row: tuple[int, datetime, int], order: str) -> str:
    number, since, likely = row
    return write_root(RootCursor(since, number, likely), sort=order or "queue")
