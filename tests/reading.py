"""Readers and a writer who are always there, while a newsroom's worker or its database goes.

What each was told is counted; whoever is cut off is noted with when, and asks again.
"""

import gzip
import http.client
import re
import threading
import urllib.parse
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from secrets import token_hex
from time import monotonic
from typing import Final

from serving import Server

READERS: Final = 4
# What a page may be behind (a second, and more on a busy machine), and what it takes at most until
# something is as it should be.
FRESH: Final = 3.0
BACK: Final = 10.0
_PAUSE: Final = 0.002
_BROKEN = (OSError, http.client.HTTPException)
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Cut:
    """A connection that ended in the middle: when it was made, and when that was noticed."""

    made: float
    ended: float
    asked: str
    error: str


@dataclass(frozen=True, slots=True)
class Page:
    path: str
    asked: float
    text: str


@dataclass
class Heard:
    """What all of them met. `told` counts answers by their status."""

    told: Counter[int] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)
    cut: list[Cut] = field(default_factory=list)
    slowest: float = 0.0

    def connect(self, server: Server) -> http.client.HTTPConnection:
        line = http.client.HTTPConnection(urllib.parse.urlsplit(server.url).netloc, timeout=60)
        try:
            line.connect()
        except OSError as error:
            self.refused.append(repr(error))
            raise
        return line


class Line:
    """A connection that is kept, and made anew where it ended."""

    def __init__(self, server: Server, heard: Heard) -> None:
        self._server = server
        self._heard = heard
        self._line: http.client.HTTPConnection | None = None
        self._made = 0.0

    def ask(
        self, method: str, path: str, body: str | None = None, **headers: str
    ) -> tuple[http.client.HTTPResponse, bytes, float]:
        """Return an answer, its bytes, and when it was asked for; asks again until there is one."""
        first = monotonic()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        while True:
            asked = monotonic()
            if self._line is None or self._line.sock is None:
                self._line, self._made = self._heard.connect(self._server), asked
            try:
                self._line.request(method, path, body, named)
                answer = self._line.getresponse()
                content = answer.read()
            except _BROKEN as error:
                cut = Cut(self._made, monotonic(), f"{method} {path}", repr(error))
                self._heard.cut.append(cut)
                self.close()
                continue
            self._heard.told[answer.status] += 1
            self._heard.slowest = max(self._heard.slowest, monotonic() - first)
            return answer, content, asked

    def close(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


@contextmanager
def reading(
    server: Server, paths: list[str], *, check: Callable[[Page], None] = lambda _: None
) -> Iterator[Heard]:
    """Let readers ask for pages all the while, half of them packed; each page is checked."""
    heard = Heard()
    over = threading.Event()

    def read(encoding: str) -> None:
        line = Line(server, heard)
        try:
            while not over.wait(_PAUSE):
                for path in paths:
                    answer, content, asked = line.ask("GET", path, Accept_Encoding=encoding)
                    if answer.headers["Content-Encoding"] == "gzip":
                        # Its last bytes are a checksum: a half is never taken for a whole.
                        content = gzip.decompress(content)
                    check(Page(path, asked, content.decode()))
        finally:
            line.close()

    with all_the_while(over, *(lambda at=at: read(("gzip", "")[at % 2]) for at in range(READERS))):
        yield heard


@contextmanager
def all_the_while(over: threading.Event, *calls: Callable[[], None]) -> Iterator[None]:
    """Run calls until the block ends; what one of them raised is raised then."""
    with ThreadPoolExecutor(len(calls)) as pool:
        running = [pool.submit(call) for call in calls]
        try:
            yield
        finally:
            over.set()
        for each in running:
            each.result()


def post(server: Server, thread: int, words: str, accept: str = "text/html") -> tuple[int, str]:
    """Send a comment once; return the answer's status and text."""
    line = Line(server, Heard())
    form = urllib.parse.urlencode({"body": words})
    headers = _form(accept, network=next_number())
    try:
        answer, content, _ = line.ask("POST", _comments(thread), form, **headers)
    finally:
        line.close()
    return answer.status, content.decode()


@dataclass
class Writer:
    """Writes numbered comments, one after the other; what is cut off is sent again as it was."""

    server: Server
    thread: int
    heard: Heard
    # When the server said of which number that it had taken it.
    acknowledged: dict[int, float] = field(default_factory=dict)
    addresses: dict[int, str] = field(default_factory=dict)

    def write(self, line: Line, *, number: int = 0, more: str = "") -> int:
        """Write one comment: the next one, or one of `next_number()`."""
        number = number or next_number()
        form = urllib.parse.urlencode({"body": words_of(number) + more, "key": token_hex(16)})
        headers = _form("text/html", network=number)
        answer, _, _ = line.ask("POST", _comments(self.thread), form, **headers)
        assert answer.status == 303, answer.status
        self.addresses[number] = answer.headers["Location"]
        self.acknowledged[number] = monotonic()
        return number

    def line(self) -> Line:
        return Line(self.server, self.heard)

    def last_before(self, moment: float) -> int:
        """Return the last number that was acknowledged by then."""
        return max((n for n, at in [*self.acknowledged.items()] if at <= moment), default=0)


@contextmanager
def writing(writer: Writer) -> Iterator[None]:
    """Let the writer write all the while."""
    over = threading.Event()

    def write() -> None:
        line = writer.line()
        try:
            while not over.wait(10 * _PAUSE):
                writer.write(line)
        finally:
            line.close()

    with all_the_while(over, write):
        yield


def next_number() -> int:
    return next(_numbers)


def words_of(number: int) -> str:
    return f"Comment number {number}."


def last_on(text: str) -> int:
    """Return the greatest number of a writer's comment on a page."""
    return max(map(int, re.findall(r"Comment number (\d+)\.", text)), default=0)


def within(seconds: float, condition: Callable[[], bool]) -> None:
    """Wait until it is so."""
    until = monotonic() + seconds
    pause = threading.Event()
    while not condition():
        assert monotonic() < until, "it took too long"
        pause.wait(0.005)


def _comments(thread: int) -> str:
    return f"/t/{thread}/comments/"


def _form(accept: str, *, network: int) -> dict[str, str]:
    # No cookie: another device each time, and from another network.
    return {
        "X_Forwarded_For": f"10.{network >> 8 & 255}.{network & 255}.7",
        "Accept": accept,
        "Content_Type": "application/x-www-form-urlencoded",
        "Sec_Fetch_Site": "same-origin",
    }
