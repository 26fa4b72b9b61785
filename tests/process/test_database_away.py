"""The database stops while readers read and write, and comes back: pages go on, posts say so."""

import http.client
import sys
import threading
import urllib.parse
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Final

import pytest

from conftest import on_postgresql
from formats.wxr_text import export, item
from homes import Home
from house.layers import ROOT
from process.test_crash import thread_of
from serving import IN_CROWDS, Server, get, serve

pytestmark = [pytest.mark.process, pytest.mark.both, pytest.mark.deep]

READERS: Final = 4
# How many pages are read while there is no database, and how soon all is said and well again.
MANY: Final = 500
BACK: Final = 10.0
TYPED: Final = "Nobody rang us about the ferry."


@contextmanager
def reading(server: Server, paths: list[str]) -> Iterator[Counter[int]]:
    """Let readers ask for pages all the while; yields how often they were told what."""
    told: Counter[int] = Counter()
    over = threading.Event()

    def read() -> None:
        line = http.client.HTTPConnection(urllib.parse.urlsplit(server.url).netloc, timeout=30)
        while not over.wait(0.002):
            for path in paths:
                line.request("GET", path)
                answer = line.getresponse()
                answer.read()
                told[answer.status] += 1

    with ThreadPoolExecutor(READERS) as pool:
        readers = [pool.submit(read) for _ in range(READERS)]
        try:
            yield told
        finally:
            over.set()
        for reader in readers:
            reader.result()


def post(server: Server, thread: int, words: str, accept: str = "text/html") -> tuple[int, str]:
    line = http.client.HTTPConnection(urllib.parse.urlsplit(server.url).netloc, timeout=30)
    headers = {
        "Accept": accept,
        "Content-Type": "application/x-www-form-urlencoded",
        "Sec-Fetch-Site": "same-origin",
    }
    line.request("POST", f"/t/{thread}/comments/", urllib.parse.urlencode({"body": words}), headers)
    answer = line.getresponse()
    body = answer.read().decode()
    line.close()
    return answer.status, body


def within(seconds: float, condition: Callable[[], bool]) -> None:
    """Wait until it is so."""
    until = monotonic() + seconds
    pause = threading.Event()
    while not condition():
        assert monotonic() < until, "it took too long"
        pause.wait(0.1)


@pytest.mark.skipif(not on_postgresql(), reason="only on PostgreSQL")
def test_readers_go_on_while_the_database_is_away(tmp_path: Path) -> None:
    sys.path.insert(0, str(ROOT / "tools"))
    from postgres import cluster

    with cluster() as database:
        home = one_story(tmp_path, database.url)
        with serve(home.path, **home.environ, **IN_CROWDS) as server:
            thread = thread_of(server)
            _, front = get(f"{server.url}/")
            story = next(p for p in front.split('"') if p.startswith("/") and "ferry" in p)
            paths = ["/", story, f"{story}?sort=oldest", "/feed.xml", "/rules/", "/moderation/"]
            for path in paths:
                assert get(f"{server.url}{path}")[0] == 200, path

            def shows(words: str) -> bool:
                return words in get(f"{server.url}{story}")[1]

            with reading(server, paths) as told:
                assert post(server, thread, "Before.")[0] == 303
                within(1, lambda: shows("Before."))
                database.stop()
                within(BACK, lambda: get(f"{server.url}/readyz")[0] == 503)
                status, page = post(server, thread, TYPED)
                assert (status, TYPED in page) == (503, True)
                assert post(server, thread, TYPED, accept="application/json")[0] == 503
                before = told.total()
                within(BACK, lambda: told.total() > before + MANY)
                assert shows("Before.")
                database.start()
                within(BACK, lambda: get(f"{server.url}/readyz")[0] == 200)
                within(BACK, lambda: post(server, thread, "Afterwards.")[0] == 303)
                within(1, lambda: shows("Afterwards."))
            assert set(told) == {200}


def one_story(folder: Path, url: str) -> Home:
    home = Home(folder, {"DATABASE_URL": url})
    file = folder / "export.xml"
    file.write_text(export(item(post_name="ferry", post_date_gmt="2025-03-01 09:00:00")))
    for command in (("prepare",), ("import", "wordpress", str(file))):
        done = home.run(*command)
        assert done.returncode == 0, done.stderr
    return home
