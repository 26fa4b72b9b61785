"""The worker is killed under readers: whoever comes waits for the next one, and nothing is lost."""

import os
import re
import signal
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from random import Random
from time import monotonic
from typing import Any, Final

import pytest

from formats.wxr_text import export, item
from homes import Home
from listening import Listening
from process.test_crash import thread_of
from reading import (
    BACK,
    FRESH,
    Heard,
    Line,
    Page,
    Writer,
    last_on,
    next_number,
    reading,
    within,
    writing,
)
from serving import IN_CROWDS, Server, freeze, get, kill_child, serve

pytestmark = pytest.mark.process

AT_RANDOM: Final = 8
# Pages that are drawn, or packed, one after the other: some are, when the first has been.
PERMALINKS: Final = 24
LARGE: Final = 2_000_000
# How often a kill may come too early or too late for the moment it is meant for.
TRIES: Final = 8
# Of who writes at that moment.
AT_ONCE: Final = 12
HELD: Final = " Held."


@dataclass
class Newsroom:
    """A served newsroom with its readers; a page they read may not be older than it says."""

    home: Home
    server: Server
    story: str
    writer: Writer
    # Before and after each.
    kills: list[tuple[float, float]] = field(default_factory=list)

    def check(self, page: Page) -> None:
        assert page.text.rstrip().endswith(("</html>", "</rss>")), page.path
        if page.path != self.story:
            return
        # What was taken before the worker was killed is there at once, for memory is empty.
        killed = max((before for before, after in self.kills if after < page.asked), default=0.0)
        due = self.writer.last_before(max(page.asked - FRESH, killed))
        assert last_on(page.text) >= due, f"{last_on(page.text)} is shown, {due} was acknowledged"

    def kill(self, *, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Kill the worker, do something before there is another one, and wait for its answers."""
        supervisor, worker = self.server.process.pid, self.server.worker
        freeze(supervisor)
        try:
            before = monotonic()
            kill_child(worker)
            self.kills.append((before, monotonic()))
            meanwhile()
        finally:
            os.kill(supervisor, signal.SIGCONT)
        told = self.writer.heard.told
        goal = told[200] + 10
        within(BACK, lambda: told[200] >= goal)

    def check_all(self, heard: Heard) -> None:
        """Nobody was refused; who was cut off was connected at a kill; all is there once."""
        assert heard.refused == []
        assert set(heard.told) <= {200, 303}
        for cut in heard.cut:
            assert any(cut.made <= after and before <= cut.ended for before, after in self.kills), (
                cut
            )
        there = [words for (words,) in self.home.rows("SELECT source FROM discussion_comment")]
        numbers = [number for number in map(last_on, there) if number]
        assert len(set(numbers)) == len(numbers)
        assert self.writer.acknowledged.keys() <= set(numbers)


@contextmanager
def newsroom(home: Home, server: Server) -> Iterator[Newsroom]:
    """Let readers and a writer in; checks at the end what must be true of all."""
    thread = thread_of(server)
    _, front = get(f"{server.url}/")
    story = next(p for p in front.split('"') if p.startswith("/") and p.endswith("ferry/"))
    paths = ["/", f"{story}?sort=newest", "/feed.xml"]
    writer = Writer(server, thread, Heard())
    room = Newsroom(home, server, paths[1], writer)
    with reading(server, paths, check=room.check) as writer.heard, writing(writer):
        within(BACK, lambda: len(writer.acknowledged) > 3)
        yield room
    room.check_all(writer.heard)


@pytest.mark.both_in_depth
def test_readers_wait_while_a_killed_worker_is_replaced(served: tuple[Home, Server]) -> None:
    with newsroom(*served) as room:
        query = f"thread={room.writer.thread}&since=0"
        with Listening(room.server.url, query) as page:
            assert page.next() is not None
            room.kill()
            assert_ended(page)
        last = room.writer.last_before(monotonic())
        with Listening(room.server.url, query, last=page.last) as page:
            number = number_of(room.writer.addresses[last])
            page.until(lambda said: number in said.get("new", []))


def assert_ended(page: Listening) -> None:
    try:
        while page.next() is not None:
            pass
    except ConnectionResetError:
        pass


def number_of(address: str) -> int:
    return int(address.rpartition("#c")[2])


@pytest.mark.both
@pytest.mark.deep
def test_kills_at_any_moment_refuse_nobody_and_lose_nothing(home: Home) -> None:
    file = home.path / "large.xml"
    words = "".join(f"<p>{' '.join(map(str, range(at, at + 999)))}</p>" for at in range(800))
    content = f"<content:encoded><![CDATA[{words}]]></content:encoded>"
    about = {"post_id": "8", "post_name": "flood", "post_date_gmt": "2025-02-01 09:00:00"}
    file.write_text(export(item(content, title="A flood of words", **about)))
    done = home.run("import", "wordpress", str(file))
    assert done.returncode == 0, done.stderr
    with serve(home.path, **home.environ, **IN_CROWDS) as server, newsroom(home, server) as room:
        while_pages_are_drawn(room)
        while_a_large_page_is_packed(room)
        while_a_transaction_is_open(room)
        between_commit_and_answer(room)
        at_random(room)
    checked = home.run("selfcheck")
    assert checked.returncode == 0, checked.stdout


def at_random(room: Newsroom) -> None:
    told = room.writer.heard.told
    for more in Random(7).sample(range(300), AT_RANDOM):  # noqa: S311 - the same each time
        goal = told.total() + more
        within(BACK, lambda goal=goal: told.total() >= goal)
        room.kill()


def while_pages_are_drawn(room: Newsroom) -> None:
    """Of many pages that nobody has kept the first is drawn, then others are."""
    within(BACK, lambda: len(room.writer.acknowledged) > PERMALINKS)
    numbers = [number_of(address) for address in [*room.writer.addresses.values()]]
    kill_amid(room, [(f"/c/{number}/", "") for number in numbers[:PERMALINKS]])


def while_a_large_page_is_packed(room: Newsroom) -> None:
    _, front = get(f"{room.server.url}/")
    (story,) = set(re.findall(r'"(/[^"]*flood/)"', front))
    paths = [f"{story}{sort}" for sort in ("", "?sort=oldest", "?sort=newest")]
    for path in paths:
        # From now on it is kept, and only to be packed.
        status, page = get(f"{room.server.url}{path}")
        assert (status, len(page) > LARGE) == (200, True)
    kill_amid(room, [(path, encoding) for path in paths for encoding in ("br", "gzip")])


def kill_amid(room: Newsroom, asked: list[tuple[str, str]]) -> None:
    """Ask for pages at once and kill when one has come; the others come from the next worker."""
    heard = Heard()

    def ask(path: str, encoding: str) -> int:
        with closing(Line(room.server, heard)) as line:
            return line.ask("GET", path, Accept_Encoding=encoding)[0].status

    with ThreadPoolExecutor(len(asked)) as pool:
        asking = [pool.submit(ask, *each) for each in asked]
        within(BACK, lambda: heard.told.total() > 0)
        room.kill()
        assert {each.result() for each in asking} == {200}
    assert heard.refused == []
    assert heard.cut


def while_a_transaction_is_open(room: Newsroom) -> None:
    heard = Heard()
    holding = held_on_postgresql if room.home.environ else held_on_sqlite
    with (
        ThreadPoolExecutor(1) as pool,
        closing(Line(room.server, heard)) as line,
        holding(room.home) as (is_held, let_go),
    ):
        number = next_number()
        writing = pool.submit(room.writer.write, line, number=number, more=HELD)
        within(BACK, is_held)
        room.kill(meanwhile=let_go)
        writing.result()
    assert len(heard.cut) == 1


@contextmanager
def held_on_sqlite(home: Home) -> Iterator[tuple[Callable[[], bool], Callable[[], None]]]:
    """A trigger that counts for ever, in the transaction that writes `HELD`."""
    with closing(sqlite3.connect(home.path / "broadsheet.sqlite3", autocommit=True)) as database:
        database.execute("PRAGMA busy_timeout = 10000")
        database.execute(
            "CREATE VIEW for_ever AS"
            " WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT 1 FROM n) SELECT x FROM n"
        )
        database.execute(
            "CREATE TRIGGER held AFTER INSERT ON discussion_comment"
            " WHEN NEW.source LIKE '% Held.' BEGIN SELECT sum(x) FROM for_ever; END"
        )

        def is_held() -> bool:
            # Longer than anybody else writes.
            with closing(
                sqlite3.connect(home.path / "broadsheet.sqlite3", timeout=0.5, autocommit=True)
            ) as other:
                try:
                    other.execute("BEGIN IMMEDIATE")
                except sqlite3.OperationalError:
                    return True
                other.execute("ROLLBACK")
                return False

        def let_go() -> None:
            database.execute("DROP TRIGGER held")
            database.execute("DROP VIEW for_ever")

        yield is_held, let_go


@contextmanager
def held_on_postgresql(home: Home) -> Iterator[tuple[Callable[[], bool], Callable[[], None]]]:
    """A trigger that waits for a lock which the test has, in the transaction that writes `HELD`."""
    with closing(home.connect()) as database:
        database.autocommit = True
        database.execute("SELECT pg_advisory_lock(28150)")
        database.execute(
            "CREATE FUNCTION held() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN PERFORM pg_advisory_xact_lock(28150); RETURN NULL; END $$"
        )
        database.execute(
            "CREATE TRIGGER held AFTER INSERT ON discussion_comment FOR EACH ROW"
            " WHEN (NEW.source LIKE '% Held.') EXECUTE FUNCTION held()"
        )

        def is_held() -> bool:
            (row,) = database.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            ).fetchall()
            return bool(row[0])

        def let_go() -> None:
            # Its statement ends, nobody is there to be told, and it is as if it had never been.
            database.execute("SELECT pg_advisory_unlock(28150)")
            database.execute("DROP TRIGGER held ON discussion_comment")
            database.execute("DROP FUNCTION held()")

        yield is_held, let_go


def between_commit_and_answer(room: Newsroom) -> None:
    """Many write at once and the worker is killed: some were written and never told so."""
    for _ in range(TRIES):
        numbers = [next_number() for _ in range(AT_ONCE)]
        written: dict[int, int] = {}
        with ThreadPoolExecutor(AT_ONCE) as pool, closing(room.home.connect()) as database:
            database.autocommit = True
            asking = {number: pool.submit(was_cut, room, number) for number in numbers}
            while not written:
                note(database, numbers, written)
            room.kill(meanwhile=partial(note, database, numbers, written))
            cut = {number for number, asked in asking.items() if asked.result()}
        # Sent again, each is the same.
        for number, comment in written.items():
            assert number_of(room.writer.addresses[number]) == comment
        if cut & written.keys():
            return
    raise AssertionError("each was told before the worker was killed")


def was_cut(room: Newsroom, number: int) -> bool:
    """Write a comment until the server says that it was taken; say whether it took two attempts."""
    heard = Heard()
    with closing(Line(room.server, heard)) as line:
        room.writer.write(line, number=number)
    assert heard.refused == []
    return bool(heard.cut)


def note(database: Any, numbers: list[int], written: dict[int, int]) -> None:
    """Note which numbers others can see by now, and as which comments."""
    newest = "SELECT id, source FROM discussion_comment ORDER BY id DESC LIMIT 50"
    rows = {last_on(source): number for number, source in database.execute(newest).fetchall()}
    written.update({number: rows[number] for number in numbers if number in rows})
