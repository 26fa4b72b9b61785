"""One thread grows to N comments; bench.py starts this with Django set up.

Reading and writing are measured through the door of the discussion, as a page does. The last line
that is printed is JSON.
"""

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import batched, count
from random import Random
from statistics import median
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from broadsheet.discussion import api as discussion
from broadsheet.discussion.comments.cursors import RootCursor, write_root
from broadsheet.discussion.http.fragment import draw
from broadsheet.discussion.models import Comment, Participant, Thread
from broadsheet.discussion.rules.paths import path_of
from broadsheet.kit.actor import Actor, Role

NOW = datetime(2026, 6, 12, 9, 30, tzinfo=UTC)
SITE = "bench"
WORDS = "The ferry was late again, and the timetable says nothing about it. " * 3
HTML = f"<p>{WORDS}</p>"
SMALL, MIDDLE = 100, 10_000
# What readers are shown of a thread at once, and a good deal of what a lively one is altogether.
LIST = 50
# How many answers twenty roots have, over and over: few have many, by a power law. So any page of
# roots holds as many comments as any other, and pages can be compared. Now and then one is huge.
ANSWERS = (0, 1, 0, 2, 0, 4, 0, 1, 17, 0, 1, 0, 40, 0, 3, 0, 2, 8, 1, 0)
HUGE, HUGE_EVERY = 5_000, 1_000
DEEPEST = 12
BATCH = 5_000
ROUNDS, LONG_ROUNDS = 60, 200
POLICY = discussion.Policy(hold_first=False)
SORTS = ("newest", "oldest", "votes")


def main(comments: int) -> None:
    """Measure on the database of the settings, which is empty; print name → value."""
    call_command("migrate", interactive=False, verbosity=0)
    sizes = {"list": LIST, "small": SMALL, "middle": MIDDLE, "large": comments}
    threads = {name: thread(name) for name in sizes}
    for name, number in threads.items():
        fill(number, sizes[name])
    bring_statistics_up_to_date()
    values: dict[str, float] = {}
    for sort in SORTS:
        for name, of in (("middle", "10k"), ("large", "1m")):
            values[f"thread.first_page.{sort}.{of}_over_100"] = in_turns(
                lambda name=name, sort=sort: drawn(name, sort),
                lambda sort=sort: drawn("small", sort),
            )
            deep = write_root(half_way(threads[name], sort), sort=sort)
            values[f"thread.deep_page.{sort}.{of}_over_100"] = in_turns(
                lambda name=name, sort=sort, deep=deep: drawn(name, sort, deep),
                lambda sort=sort: drawn("small", sort),
            )
            at, of_small = (half_way(threads[key], sort).number for key in (name, "small"))
            values[f"thread.at_page.{sort}.{of}_over_100"] = in_turns(
                lambda name=name, sort=sort, at=at: drawn(name, sort, at=at),
                lambda sort=sort, at=of_small: drawn("small", sort, at=at),
            )
    values |= writing(threads)
    values["thread.list_of_50_cpu_ms"] = processor(lambda: drawn("list", "newest")) * 1000
    print(json.dumps(values))


def writing(threads: dict[str, int]) -> dict[str, float]:
    empty = thread("empty")
    number = Comment.objects.filter(thread=threads["small"]).values_list("pk", flat=True)[0]
    known = someone()
    post(threads["small"], by=known)
    return {
        "thread.post.1m_over_empty": in_turns(lambda: post(threads["large"]), lambda: post(empty)),
        # The dearest usual one: an answer, by somebody who has written here.
        "post.queries": queries(lambda: post(threads["small"], by=known, to=number)),
        "vote.queries": queries(lambda: vote(number)),
    }


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
    roots = Comment.objects.filter(thread=thread_id, parent=None).count()
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
    """Yield a thread's comments, each root with its answers behind it; the same at every run."""
    chance = Random(7)  # noqa: S311 - the same comments each time, no secret
    index = 0
    for root in count(1):
        below = HUGE if root % HUGE_EVERY == 0 else ANSWERS[root % len(ANSWERS)]
        places = range(index, min(index + below + 1, comments))
        if not places:
            return
        # Roots that stand together stand together by votes, too.
        score = root // len(ANSWERS) * 7919 % 23
        for row in branch([first + place for place in places], chance):
            row.thread_id, row.author_id = thread_id, author
            row.created_at = NOW - timedelta(seconds=comments - (row.pk - first))
            row.event = row.pk - first
            row.up = row.score = score
            yield row
        index = places.stop


def branch(numbers: list[int], chance: Random) -> list[Comment]:
    """Return a root and its answers; each answers any of those before it that is not too deep."""
    above: list[Comment] = []
    rows = []
    for number in numbers:
        row = Comment(
            id=number, source=WORDS, html=HTML, state="published", published_at=NOW
        )  # fmt: skip
        if above:
            parent = chance.choice(above)
            row.parent_id, row.root_id, row.depth = parent.pk, numbers[0], parent.depth + 1
            row.path = path_of(number=number, parent_path=parent.path)
            parent.reply_count += 1
        if row.depth < DEEPEST:
            above.append(row)
        rows.append(row)
    rows[0].descendants = len(rows) - 1
    return rows


def bring_statistics_up_to_date() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def drawn(key: str, sort: str, after: str = "", *, at: int | None = None) -> int:
    """Read a page of a thread and draw its list; returns how many comments stand on it."""
    page = discussion.thread_page(site=SITE, key=key, sort=sort, after=after, at=at)
    if page is None or not page.comments:
        raise RuntimeError(f"the thread {key} is empty, so nothing would be measured")
    draw(page.comments, thread=page.thread, sort=sort)
    return len(page.comments)


def half_way(thread_id: int, sort: str) -> RootCursor:
    """Return the root before which half of the others stand."""
    order = {"newest": ("-created_at", "-id"), "oldest": ("created_at", "id")}
    roots = Comment.objects.filter(thread=thread_id, parent=None)
    ordered = roots.order_by(*order.get(sort, ("-score", "-created_at", "-id")))
    root = ordered[roots.count() // 2]
    return RootCursor(root.created_at, root.pk, root.score)


_count = count()


def someone() -> Actor:
    return Actor(id=f"device:{next(_count)}", roles=frozenset({Role.GUEST}), name="Ruben Tallow")


def post(thread_id: int, *, by: Actor | None = None, to: int | None = None) -> None:
    number = next(_count)
    discussion.post_comment(
        actor=by or someone(), thread_id=thread_id, parent_id=to, name="Ruben Tallow",
        source=f"A remark, number {number}.", email="", idempotency_key="", policy=POLICY,
        now=NOW + timedelta(seconds=number),
    )  # fmt: skip


def vote(number: int) -> None:
    discussion.vote(actor=someone(), comment_id=number, value=1, now=NOW)


def in_turns(large: Callable[[], int | None], small: Callable[[], int | None]) -> float:
    """Return how much longer `large` takes than `small`: the ratio of their medians.

    Of pages, per comment that stands on them. By turns, so that what else the machine does falls on
    both alike.
    """
    for _ in range(5):
        large(), small()
    times: dict[str, list[float]] = {"large": [], "small": []}
    for _ in range(ROUNDS):
        for name, call in (("large", large), ("small", small)):
            started = time.perf_counter()
            shown = call() or 1
            times[name].append((time.perf_counter() - started) / shown)
    return median(times["large"]) / median(times["small"])


def processor(call: Callable[[], Any]) -> float:
    """Return the seconds of our processor that a call takes, with those of a database in it."""
    call()
    began = time.process_time()
    for _ in range(LONG_ROUNDS):
        call()
    return (time.process_time() - began) / LONG_ROUNDS


def queries(call: Callable[[], Any]) -> int:
    """Count statements, without those that begin and end the transaction."""
    with CaptureQueriesContext(connection) as captured:
        call()
    marks = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return sum(not query["sql"].startswith(marks) for query in captured)
