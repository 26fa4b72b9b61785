"""Whatever happens in a newsroom, a page that is taken to be up to date is what would be drawn.

Pages are kept here as the server keeps them: with what they said they show, and until when they
said they would be true. After each step those that nothing made old are drawn again, and compared.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import unified_diff
from random import Random
from typing import Any, Final

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, example, given
from hypothesis import settings as run
from hypothesis import strategies as st

from broadsheet.discussion import api as discussion
from broadsheet.discussion.http.log import spans_of_months
from broadsheet.pagestore.api import SLIP, DatabaseChanges, Slip, Versions
from clocks import Clock
from committed import committing
from conftest import on_postgresql
from happening import STEPS, Newsroom
from people import Cast, Person, invent_cast
from world import World, public_addresses

FRESH: Final = {"X-Request-Id", "ETag", "Date", "Content-Length"}
JUST_BEFORE: Final = timedelta(microseconds=1)
HAPPENS: Final = st.lists(
    st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 9), st.integers(0, 11)),
    min_size=4,
    max_size=12,
)
# Every step at least once, in an order in which none is refused.
EVERYTHING: Final = [
    *(("post", 0, how) for how in (0, 1, 2, 5)),
    *(("vote", 1, 0), ("vote", 1, 2), ("edit", 1, 0), ("edit", 1, 0), ("blank", 1, 0)),
    *(("report", 1, 1), ("mark", 1, 0), ("mark", 0, 4), ("decide", 3, 2), ("undo", 0, 0)),
    *(("branch", 0, 0), ("undo", 0, 0), ("limit", 2, 0), ("hide", 0, 0), ("hide", 0, 1)),
    *(("switch", 0, 0), ("wait", 1, 0), ("wait", 2, 0), ("switch", 1, 1), ("chores", 0, 0)),
    *(
        ("switch", 3, 0),
        ("close", 0, 1),
        ("close", 0, 0),
        ("rules", 0, 0),
        ("withdraw", 2, 0),
        ("erase", 1, 0),
    ),
    *(("give", 2, 5), ("give_back", 0, 0), ("give_back", 0, 1)),
    *(("plan", 0, how) for how in range(3)),
    *(("revise", 0, how) for how in range(4)),
    *(("publish", 0, 0), ("publish", 0, 1), ("write", 0, 0), ("write", 0, 1), ("wait", 2, 0)),
    *(("chores", 0, 0), ("rename_section", 0, 1), ("face", 0, 1), ("face", 0, 0)),
    *(("rename", 0, how) for how in range(4)),
    *(("move", 0, 0), ("move", 0, 1), ("wait", 4, 0), ("chores", 0, 0)),
]


@dataclass(frozen=True, slots=True)
class Seen:
    status: int
    content: bytes
    headers: dict[str, str]


class Kept:
    """Pages by address, with what makes them old; `versions` read what the triggers write."""

    def __init__(self, world: World, clock: Clock) -> None:
        self.clock, self.addresses = clock, list(public_addresses(world))
        self.versions = Versions(DatabaseChanges())
        self.versions.refresh()
        self.pages: dict[str, tuple[Slip, int, Seen]] = {}
        self.turn = 0

    def draw(self, address: str) -> tuple[Slip, Seen]:
        slip = Slip(self.clock.now)
        extra: dict[str, Any] = {SLIP: slip}
        response: Any = Client().get(address, **extra)
        content = b"".join(response) if response.streaming else response.content
        headers = {n: v for n, v in response.headers.items() if n not in FRESH}
        return slip, Seen(response.status_code, content, headers)

    def stale(self, *, share: int) -> Iterator[str]:
        """Look at one in `share` addresses; yield those that are old and not known to be."""
        self.versions.refresh()
        self.turn += 1
        for at, address in enumerate(self.addresses):
            if (at + self.turn) % share:
                continue
            epoch = self.versions.epoch
            slip, seen = self.draw(address)
            kept = self.pages.pop(address, None)
            if kept is not None and self.is_current(kept[0], kept[1]) and kept[2] != seen:
                yield f"{address}\n{difference(kept[2], seen)}"
            if slip.kept:
                self.pages[address] = (slip, epoch, seen)

    def is_current(self, slip: Slip, as_of: int) -> bool:
        early = slip.until is None or self.clock.now < slip.until
        return early and self.versions.is_current(slip.keys, since=as_of)


def difference(old: Seen, new: Seen) -> str:
    """Return the lines in which two answers differ; what a failure is read by."""
    before, after = (
        [f"{one.status} {one.headers}", *one.content.decode(errors="replace").splitlines()]
        for one in (old, new)
    )
    return "\n".join(unified_diff(before, after, lineterm="", n=0))


def play(
    steps: list[tuple[str, int, int]], cast: Cast[Person], clock: Clock, *, share: int
) -> Newsroom:
    """Each example in a savepoint of its own: the next one begins with the same newsroom."""
    start = clock.now
    with transaction.atomic():
        newsroom = act(steps, cast, clock, share=share)
        transaction.set_rollback(True)
    clock.at(start)
    return newsroom


def act(
    steps: list[tuple[str, int, int]], cast: Cast[Person], clock: Clock, *, share: int
) -> Newsroom:
    world = World(cast, clock.now)
    clock.at(clock.now + timedelta(seconds=1))
    kept, newsroom = Kept(world, clock), Newsroom(world, cast, clock)
    assert list(kept.stale(share=1)) == []
    for step in steps:
        newsroom.does(*step)
        assert "\n".join(kept.stale(share=share)) == "", step
    assert "\n".join(kept.stale(share=1)) == ""
    return newsroom


@pytest.fixture
def clock(now: datetime, monkeypatch: pytest.MonkeyPatch) -> Clock:
    if on_postgresql():
        pytest.skip(
            "only on SQLite: an example is one transaction, and PostgreSQL tells at its end"
        )
    return Clock(monkeypatch, now)


@pytest.mark.slow
def test_everything_that_can_happen_makes_old_what_shows_it(
    cast: Cast[Person], clock: Clock
) -> None:
    newsroom = play(EVERYTHING, cast, clock, share=12)
    assert set(STEPS) - set(newsroom.done) == set()


@pytest.mark.slow
def test_what_time_alone_changes_is_known_to_be_old(
    cast: Cast[Person], clock: Clock, settings: Any
) -> None:
    """A month ends, news is no news any more: nobody wrote anything.

    Nor does a page say when it was drawn: up to the moment that it names it is the same bytes.
    """
    settings.BROADSHEET_CONTACT = "desk@harbour.example"
    start = clock.now
    world = World(cast, start)
    branch = discussion.Scope(world.values["thread_id"], world.values["number"])
    slow: dict[str, Any] = {"kind": "slow", "seconds": 60, "until": start + timedelta(hours=30)}
    discussion.turn_on(actor=cast.moderator.actor, scope=branch, **slow, now=start)
    discussion.keep_figures(spans=spans_of_months(start), now=start)
    kept = Kept(world, clock)
    for hours in (0, 50, 24 * 20, 24 * 30):
        clock.at(clock.now + timedelta(hours=hours, seconds=1))
        assert "\n".join(kept.stale(share=1)) == "", hours
    clock.at(start + timedelta(seconds=1))
    for address in kept.addresses:
        slip, seen = kept.draw(address)
        if slip.kept and slip.until:
            clock.at(slip.until - JUST_BEFORE)
            assert difference(seen, kept.draw(address)[1]) == "", address
            clock.at(start + timedelta(seconds=1))


@pytest.mark.deep
@run(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=HAPPENS)
@example(steps=[(name, 1, 0) for name in STEPS])
def test_whatever_happens_no_page_is_taken_for_what_it_is_not(
    cast: Cast[Person], clock: Clock, steps: list[tuple[str, int, int]]
) -> None:
    play(steps, cast, clock, share=2)


@pytest.mark.deep
@pytest.mark.postgres
@pytest.mark.parametrize("seed", range(4))
def test_the_same_where_every_operation_is_a_transaction_of_its_own(
    seed: int,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    django_db_blocker: Any,
) -> None:
    steps = list(EVERYTHING)
    if seed:
        choose = Random(seed)  # noqa: S311 - nothing secret
        names = sorted(STEPS)
        steps = [
            (choose.choice(names), choose.randrange(10), choose.randrange(12)) for _ in range(40)
        ]
    with django_db_blocker.unblock(), committing():
        newsroom = act(steps, invent_cast(now=now), Clock(monkeypatch, now), share=4)
    assert seed or set(STEPS) - set(newsroom.done) == set()
