"""The moderators' queue with a hundred and with a hundred thousand comments in it.

bench.py starts this with Django set up. Rows are written in bulk, as posts and reports leave them;
the last line that is printed is JSON. bench_browser.py fills newsrooms with them by `fill_up`.
"""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import median

from django.core.management import call_command
from django.db import connection, transaction

from broadsheet.discussion import api
from broadsheet.discussion.models import Comment, Decision, Participant, Report, Thread, Waiting
from broadsheet.kit.actor import Actor, Role

NOW = datetime(2026, 6, 12, 9, 30, tzinfo=UTC)
FEW, MANY, AUTHORS, BATCH, ROUNDS = 100, 100_000, 2_000, 5_000, 15
MONA = Actor(id="account:mona", roles=frozenset({Role.MODERATOR, Role.READER}), name="Mona Keel")


def main() -> None:
    """Measure on the database of the settings, which is empty; print name → value."""
    call_command("migrate", interactive=False, verbosity=0)
    thread, authors = begun()
    fill(thread, authors, 0, FEW)
    few = {name: measured(call) for name, call in PAGES.items()}
    fill_from(thread, authors, FEW, MANY)
    many = {name: measured(call) for name, call in PAGES.items()}
    print(json.dumps({f"queue.{name}.100k_over_100": many[name] / few[name] for name in PAGES}))


def fill_up(number: int) -> None:
    """Let so many wait in the newsroom of the settings."""
    fill_from(*begun(), 0, number)


def begun() -> tuple[Thread, list[Participant]]:
    thread = Thread.objects.get(
        pk=api.open_thread(
            site="main", key="queue", url="/town/queue/", title="Queue", language="en", now=NOW
        )
    )
    authors = Participant.objects.bulk_create(
        (
            Participant(
                kind="guest", key=f"q{n}", owner=f"device:q{n}", name=f"Q{n}", created_at=NOW
            )
            for n in range(AUTHORS)
        ),
        batch_size=500,
    )
    return thread, authors


def fill_from(thread: Thread, authors: list[Participant], first: int, end: int) -> None:
    for start in range(first, end, BATCH):
        fill(thread, authors, start, min(end, start + BATCH))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


PAGES: dict[str, Callable[[], object]] = {
    "all": lambda: api.queue_page(actor=MONA, now=NOW),
    "likely": lambda: api.queue_page(actor=MONA, now=NOW, order="likely"),
    "reported": lambda: api.queue_page(actor=MONA, now=NOW, show="reported"),
    "lately": lambda: api.decided_lately(actor=MONA, now=NOW),
}


def measured(call: Callable[[], object]) -> float:
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        call()
        took.append(time.perf_counter() - began)
    return median(took)


@transaction.atomic
def fill(thread: Thread, authors: list[Participant], start: int, end: int) -> None:
    """Let every other comment wait because it is a first one, the rest because it was reported."""
    since = {n: NOW - timedelta(days=3) + timedelta(seconds=n) for n in range(start, end)}
    comments = Comment.objects.bulk_create(
        Comment(
            thread=thread,
            author=authors[n % AUTHORS],
            source="Words of a comment. " * 10,
            html=f"<p>{'Words of a comment. ' * 10}</p>",
            state="held" if n % 2 else "published",
            rule="first_comment" if n % 2 else "",
            created_at=at,
            held_at=at if n % 2 else None,
            published_at=None if n % 2 else at,
        )
        for n, at in since.items()
    )
    held = [one for one in comments if one.state == "held"]
    rest = [one for one in comments if one.state != "held"]
    Report.objects.bulk_create(
        Report(comment=one, reporter=f"device:r{one.pk}", rule="hate", reported_at=one.created_at)
        for one in rest
    )
    Waiting.objects.bulk_create(
        Waiting(
            comment=one,
            reason="first" if one.state == "held" else "reported",
            since=one.created_at,
            leads=True,
            likely=one.pk * 7919 % 8_000 - 4_000,
        )
        for one in comments
    )
    Decision.objects.bulk_create(
        Decision(
            sequence=one.pk,
            thread=thread,
            comment=one,
            verb="hold",
            rule="first_comment",
            actor_id="system:rules",
            by_role="system",
            at=one.created_at,
            previous=bytes(32),
            hash=bytes(32),
        )
        for one in held
    )
