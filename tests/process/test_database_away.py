"""The database goes while readers read and write, and comes back: pages go on, posts say so."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from signal import SIGINT, SIGQUIT
from time import monotonic
from typing import Any, Final

import psycopg
import pytest

from conftest import on_postgresql
from formats.wxr_text import export, item
from homes import Home
from house.layers import ROOT
from process.test_crash import thread_of
from reading import BACK, FRESH, Heard, Line, post, reading, within
from serving import IN_CROWDS, Server, get, serve

pytestmark = [
    pytest.mark.process,
    pytest.mark.both,
    pytest.mark.deep,
    pytest.mark.skipif(not on_postgresql(), reason="only on PostgreSQL"),
]

# How many pages are read while there is no database.
MANY: Final = 500
# How long whoever posts waits to be told, also when many do: the patience of those who were the
# first to wait (site/postgresql/patience.py), and then some for a machine that is busy.
TOLD: Final = 15.0
# Answered by nobody who waits for a database.
AT_ONCE: Final = 5.0
POSTS: Final = 40
TYPED: Final = "Nobody rang us about the ferry."


@dataclass
class Newsroom:
    server: Server
    database: Any
    thread: int
    story: str
    heard: Heard

    def shows(self, words: str) -> bool:
        return words in get(f"{self.server.url}{self.story}")[1]

    def connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self.database.url, autocommit=True)

    def is_ready(self) -> bool:
        return get(f"{self.server.url}/readyz")[0] == 200

    def is_away(self, *, words: str) -> None:
        """Monitors are told; who posts has what they typed; who reads has the pages."""
        within(TOLD, lambda: not self.is_ready())
        status, page = post(self.server, self.thread, TYPED)
        assert (status, TYPED in page) == (503, True)
        assert post(self.server, self.thread, TYPED, accept="application/json")[0] == 503
        before = self.heard.told.total()
        within(BACK, lambda: self.heard.told.total() > before + MANY)
        assert self.shows(words)

    def is_back(self, *, words: str) -> None:
        within(BACK, self.is_ready)
        within(BACK, lambda: post(self.server, self.thread, words)[0] == 303)
        within(FRESH, lambda: self.shows(words))


@contextmanager
def newsroom(folder: Path) -> Iterator[Newsroom]:
    """Serve a newsroom under readers, on a PostgreSQL of its own."""
    sys.path.insert(0, str(ROOT / "tools"))
    from postgres import cluster

    with cluster() as database:
        home = one_story(folder, database.url)
        with serve(home.path, **home.environ, **IN_CROWDS) as server:
            _, front = get(f"{server.url}/")
            story = next(p for p in front.split('"') if p.startswith("/") and "ferry" in p)
            paths = ["/", story, f"{story}?sort=oldest", "/feed.xml", "/rules/", "/moderation/"]
            for path in paths:
                assert get(f"{server.url}{path}")[0] == 200, path
            with reading(server, paths) as heard:
                yield Newsroom(server, database, thread_of(server), story, heard)
            assert set(heard.told) == {200}
            assert (heard.refused, heard.cut) == ([], [])


def one_story(folder: Path, url: str) -> Home:
    home = Home(folder, {"DATABASE_URL": url})
    file = folder / "export.xml"
    file.write_text(export(item(post_name="ferry", post_date_gmt="2025-03-01 09:00:00")))
    for command in (("prepare",), ("import", "wordpress", str(file))):
        done = home.run(*command)
        assert done.returncode == 0, done.stderr
    return home


def test_readers_go_on_while_the_database_is_away(tmp_path: Path) -> None:
    with newsroom(tmp_path) as room:
        room.is_back(words="Before.")
        for number, how in enumerate((SIGQUIT, SIGINT)):
            room.database.stop(how)
            room.is_away(words=f"Afterwards, {number - 1}." if number else "Before.")
            room.database.start()
            room.is_back(words=f"Afterwards, {number}.")
        # So quickly that nobody is told.
        room.database.stop(SIGINT)
        room.database.start()
        room.is_back(words="In order.")
        # So quickly again, and with the loss of what was not written down: the numbers of those
        # transactions are given to what comes then.
        with closing(room.connect()) as admin:
            admin.execute("ALTER SYSTEM SET wal_writer_delay = '10s'")
            admin.execute("SELECT pg_reload_conf()")
        for number in range(4):
            with closing(room.connect()) as lost:
                for _ in range(20):
                    lost.execute("SELECT pg_current_xact_id()")
            room.server.notice()
            room.database.stop(SIGQUIT)
            room.database.start()
            room.is_back(words=f"At last, {number}.")


def test_readers_go_on_while_the_database_hangs(tmp_path: Path) -> None:
    with newsroom(tmp_path) as room:
        words = "Before."
        room.is_back(words=words)
        for number in range(3):
            with room.database.hanging(), ThreadPoolExecutor(POSTS) as pool:
                posting = [pool.submit(timed_post, room) for _ in range(POSTS)]
                for path, encoding in (("/healthz", ""), (room.story, "br"), (room.story, "")):
                    began = monotonic()
                    assert get_packed(room, path, encoding) == 200
                    assert monotonic() - began < AT_ONCE, path
                assert {status for status, _ in (one.result() for one in posting)} == {503}
                assert max(seconds for _, seconds in (one.result() for one in posting)) < TOLD
                room.is_away(words=words)
                # By now it is known, and nobody waits for what others wait for.
                told = [timed_post(room) for _ in range(POSTS)]
                assert {status for status, _ in told} == {503}
                assert max(seconds for _, seconds in told) < AT_ONCE
            words = f"Afterwards, {number}."
            room.is_back(words=words)


def timed_post(room: Newsroom) -> tuple[int, float]:
    began = monotonic()
    status, _ = post(room.server, room.thread, TYPED)
    return status, monotonic() - began


def get_packed(room: Newsroom, path: str, encoding: str) -> int:
    with closing(Line(room.server, room.heard)) as line:
        return line.ask("GET", path, Accept_Encoding=encoding)[0].status
