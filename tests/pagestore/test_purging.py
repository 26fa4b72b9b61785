"""A cache in front is told what is old, until it has heard it."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from broadsheet.pagestore import purging
from broadsheet.pagestore.api import ANYTHING, HttpPurger, PurgeError, Purging, surrogate

WAIT = 20.0


class Cache:
    """Notes what it is told, and can be deaf for some calls."""

    def __init__(self, deaf: int = 0) -> None:
        self.told: list[list[str]] = []
        self.deaf = deaf
        self.heard = threading.Event()

    def purge(self, keys: list[str]) -> None:
        if self.deaf:
            self.deaf -= 1
            raise PurgeError("away")
        self.told.append(keys)
        self.heard.set()


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setattr(purging, "_LONGEST_PAUSE", 0.05)
    begun: list[Purging] = []

    def start(cache: Cache) -> Purging:
        begun.append(Purging(cache))
        return begun[-1]

    yield start
    for each in begun:
        each.stop()


def test_what_comes_together_is_told_together(started: Any) -> None:
    cache = Cache()
    purging = started(cache)
    purging.changed(frozenset({"thread:17"}))
    purging.changed(frozenset({"talk", "thread:17"}))
    assert cache.heard.wait(WAIT)
    assert cache.told == [["any", "talk", "thread-17"]]


@pytest.mark.parametrize(
    "changed",
    [
        # What changed before a start, or while the database was away.
        {ANYTHING},
        # More than fit into a header: an import.
        {f"thread:{number}" for number in range(5_000)},
    ],
)
def test_where_anything_may_have_changed_all_pages_are_forgotten(
    started: Any, changed: set[str]
) -> None:
    cache = Cache(deaf=1)
    started(cache).changed(frozenset(changed))
    assert cache.heard.wait(WAIT)
    assert cache.told == [["any", "funding", "site", "stories"]]


def test_it_is_told_again_until_it_has_heard(started: Any) -> None:
    cache = Cache(deaf=2)
    purging = started(cache)
    purging.changed(frozenset({"stories"}))
    assert cache.heard.wait(WAIT)
    assert cache.told == [["any", "stories"]]


def test_keys_are_words_without_a_colon() -> None:
    assert surrogate({"thread:17", "*", "stories"}) == ["any", "stories", "thread-17"]


class Answering(BaseHTTPRequestHandler):
    status = 200
    seen: list[tuple[str, str | None]] = []  # noqa: RUF012 - emptied by the test

    def do_PURGE(self) -> None:
        self.seen.append((self.path, self.headers["Surrogate-Key"]))
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def server() -> Iterator[HTTPServer]:
    Answering.seen.clear()
    Answering.status = 200
    with HTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_over_http(server: HTTPServer) -> None:
    purger = HttpPurger(f"http://127.0.0.1:{server.server_port}/cache")
    purger.purge(["any", "thread-17"])
    assert Answering.seen == [("/cache", "any thread-17")]
    Answering.status = 403
    with pytest.raises(PurgeError, match="answered 403"):
        purger.purge(["any"])


def test_nobody_there() -> None:
    with pytest.raises(PurgeError, match=r"127\.0\.0\.1:9"):
        HttpPurger("http://127.0.0.1:9/").purge(["any"])
