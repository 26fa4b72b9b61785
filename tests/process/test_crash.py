"""A served newsroom is killed, or stopped, while many readers write."""

import http.client
import itertools
import re
import threading
import urllib.parse
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field

import pytest

from homes import Home
from serving import IN_CROWDS, Server, get, serve, start

pytestmark = pytest.mark.process

CLIENTS = 8
_numbers = itertools.count(1)


@dataclass
class Readers:
    """Guests who write one comment each, one after the other in each of `CLIENTS` threads."""

    server: Server
    thread: int
    # Number → words, of every comment that the server said it had taken.
    acknowledged: dict[int, str] = field(default_factory=dict)
    # Of every request whose head was sent and that got no whole answer.
    broken_off: list[str] = field(default_factory=list)
    enough: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def write_until_nobody_listens(self) -> None:
        host = urllib.parse.urlsplit(self.server.url).netloc
        while True:
            connection = http.client.HTTPConnection(host, timeout=60)
            try:
                connection.connect()
            except OSError:
                return
            with closing(connection):
                try:
                    self._write(connection, next(_numbers))
                except (OSError, http.client.HTTPException) as error:
                    self.broken_off.append(repr(error))
                    return

    def _write(self, connection: http.client.HTTPConnection, number: int) -> None:
        words = f"Comment number {number}."
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Sec-Fetch-Site": "same-origin",
            # No cookie: another device each time, and from another network.
            "X-Forwarded-For": f"10.{number >> 8}.{number & 255}.7",
        }
        body = urllib.parse.urlencode({"body": words, "key": f"key-{number}"})
        connection.request("POST", f"/t/{self.thread}/comments/", body, headers)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 303, answer.status
        found = re.search(r"#c(\d+)$", answer.headers["Location"])
        assert found, answer.headers["Location"]
        self.acknowledged[int(found[1])] = words
        self.enough.release()


def thread_of(server: Server) -> int:
    """Return the thread under the first story."""
    _, front = get(f"{server.url}/")
    for address in re.findall(r'href="(/[\w-]+/[\w-]+/)"', front):
        found = re.search(r'action="/t/(\d+)/comments/"', get(f"{server.url}{address}")[1])
        if found:
            return int(found[1])
    raise AssertionError("no story has a thread")


def write(home: Home, *, comments: int, end: Callable[[Server], object]) -> Readers:
    """Let readers write that many comments, end the server amid them, and return what was."""
    server = start(home.path, **home.environ, **IN_CROWDS)
    try:
        readers = Readers(server, thread_of(server))
        with ThreadPoolExecutor(CLIENTS) as pool:
            writing = [pool.submit(readers.write_until_nobody_listens) for _ in range(CLIENTS)]
            for _ in range(comments):
                assert readers.enough.acquire(timeout=120), server.log.read_text()
            end(server)
            for done in writing:
                done.result()
        return readers
    finally:
        if server.process.poll() is None:
            server.kill()
        assert server.process.stdout is not None
        server.process.stdout.close()


def check_all_there(home: Home, readers: Readers) -> None:
    """Start again: every acknowledged comment is there once, is shown, and all counts agree."""
    there = dict(home.rows("SELECT id, source FROM discussion_comment"))
    assert readers.acknowledged.items() <= there.items()
    times = Counter(there.values())
    assert {times[words] for words in readers.acknowledged.values()} == {1}
    with serve(home.path, **home.environ, **IN_CROWDS) as server:
        assert get(f"{server.url}/readyz")[0] == 200
        last = max(readers.acknowledged)
        status, page = get(f"{server.url}/c/{last}/")
        assert (status, readers.acknowledged[last] in page) == (200, True)
    checked = home.run("selfcheck")
    assert checked.returncode == 0, checked.stdout


@pytest.mark.both
@pytest.mark.deep
def test_a_stop_under_load_drops_nothing(home: Home) -> None:
    codes: list[int] = []
    readers = write(home, comments=60, end=lambda server: codes.append(server.stop()))
    assert codes == [0]
    assert readers.broken_off == []
    check_all_there(home, readers)


@pytest.mark.both
@pytest.mark.deep
def test_kills_during_posts_lose_no_acknowledged_comment(home: Home) -> None:
    for number in range(8):
        # At another moment each time, the first before the pool has warmed up.
        check_all_there(home, write(home, comments=10 + 37 * number % 200, end=Server.kill))
