"""One thread grows to N comments; bench.py starts this with Django set up.

Reading and writing are measured through the door of the discussion, as a page does. The last line
that is printed is JSON.
"""

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import batched
from statistics import median
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from broadsheet.discussion import api as discussion
from broadsheet.discussion.models import Comment, Participant, Thread
from broadsheet.kit.actor import Actor, Role

NOW = datetime(2026, 6, 12, 9, 30, tzinfo=UTC)
SITE, SMALL = "bench", 100
# One root in five, each answered four times: what a lively thread looks like.
PER_ROOT = 5
BATCH = 5_000
ROUNDS = 60
POLICY = discussion.Policy(hold_first=False)


def main(comments: int) -> None:
    """Measure on the database of the settings, which is empty; print name → value."""
    call_command("migrate", interactive=False, verbosity=0)
    small, large = thread("small"), thread("large")
    fill(small, SMALL)
    fill(large, comments)
    bring_statistics_up_to_date()
    # By turns, so that what else the machine does falls on both alike.
    pages = in_turns(lambda: first_page("large"), lambda: first_page("small"))
    empty = thread("empty")
    posts = in_turns(lambda: post(large), lambda: post(empty))
    number = Comment.objects.filter(thread=small).values_list("pk", flat=True)[0]
    values = {
        "thread.first_page.1m_over_100": pages,
        "thread.post.1m_over_empty": posts,
        "post.queries": queries(lambda: post(small)),
        "vote.queries": queries(lambda: vote(number)),
    }
    print(json.dumps(values))


def thread(key: str) -> int:
    return discussion.open_thread(
        site=SITE, key=key, url=f"/bench/{key}/", title=key, language="en", now=NOW
    )


def fill(thread_id: int, comments: int) -> None:
    """Write rows as the operation would have; it would take an hour for a million."""
    author = Participant.objects.create(
        kind="guest", key=f"device:fill-{thread_id}", owner=f"device:fill-{thread_id}",
        name="Rhea Sands", created_at=NOW,
    )  # fmt: skip
    first = (Comment.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    for rows in batched(rows_of(thread_id, author.pk, first, comments), BATCH):
        Comment.objects.bulk_create(rows)
    roots = -(-comments // PER_ROOT)
    Thread.objects.filter(pk=thread_id).update(
        comment_count=comments, root_count=roots, events=comments
    )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence('discussion_comment', 'id'),"
                " (SELECT max(id) FROM discussion_comment))"
            )


def rows_of(thread_id: int, author: int, first: int, comments: int) -> Iterator[Comment]:
    for index in range(comments):
        number = first + index
        below = index % PER_ROOT
        root = number - below
        at = NOW - timedelta(seconds=comments - index)
        score = (index * 7919) % 23
        yield Comment(
            id=number, thread_id=thread_id, author_id=author, source="Words.", html="<p>Words.</p>",
            state="published", created_at=at, published_at=at, up=score, score=score, event=index,
            **({"parent_id": root, "root_id": root, "depth": 1, "path": number.to_bytes(8)}
               if below else {"reply_count": PER_ROOT - 1, "descendants": PER_ROOT - 1}),
        )  # fmt: skip


def bring_statistics_up_to_date() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def first_page(key: str) -> None:
    page = discussion.thread_page(site=SITE, key=key)
    if page is None or not page.comments:
        raise RuntimeError(f"the thread {key} is empty, so nothing would be measured")


_count = iter(range(10**9))


def someone() -> Actor:
    return Actor(id=f"device:{next(_count)}", roles=frozenset({Role.GUEST}), name="Ruben Tallow")


def post(thread_id: int) -> None:
    number = next(_count)
    discussion.post_comment(
        actor=someone(), thread_id=thread_id, parent_id=None, source=f"A remark, number {number}.",
        name="Ruben Tallow", email="", idempotency_key="", policy=POLICY,
        now=NOW + timedelta(seconds=number),
    )  # fmt: skip


def vote(number: int) -> None:
    discussion.vote(actor=someone(), comment_id=number, value=1, now=NOW)


def in_turns(large: Callable[[], Any], small: Callable[[], Any]) -> float:
    """Return how much longer `large` takes than `small`: the ratio of their medians."""
    for _ in range(5):
        large(), small()
    times: dict[str, list[float]] = {"large": [], "small": []}
    for _ in range(ROUNDS):
        for name, call in (("large", large), ("small", small)):
            started = time.perf_counter()
            call()
            times[name].append(time.perf_counter() - started)
    return median(times["large"]) / median(times["small"])


def queries(call: Callable[[], Any]) -> int:
    """Count statements, those that begin and end the transaction included."""
    with CaptureQueriesContext(connection) as captured:
        call()
    return len(captured)
