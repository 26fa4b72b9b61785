"""What the dispatcher is asked and what it answers; knows neither granian nor Django."""

from collections.abc import AsyncIterable, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import IO, Final


class _NoBody:
    """The body of a request that has none."""

    def __aiter__(self) -> "_NoBody":
        return self

    async def __anext__(self) -> bytes:
        raise StopAsyncIteration


NO_BODY: Final = _NoBody()

type Headers = list[tuple[str, str]]
type Send = Callable[[bytes], Awaitable[None]]
type Gone = Callable[[], Awaitable[None]]

JUST_TEXT = ("content-type", "text/plain; charset=utf-8")
NOT_STORED = ("cache-control", "no-store")


@dataclass(frozen=True, slots=True)
class Request:
    """One request, its headers read, its body not yet.

    `path` is decoded, `query` is not; `headers` are in order, names in lower case, with every
    duplicate. `peer` is the address (and port) at the other end of the socket.
    """

    method: str
    path: str
    query: str
    scheme: str
    protocol: str
    peer: str
    headers: Sequence[tuple[str, str]]
    body: AsyncIterable[bytes]

    def header(self, name: str) -> str:
        """Return a header's value, duplicates joined; "" when it was not sent."""
        separator = "; " if name == "cookie" else ", "
        return separator.join(value for key, value in self.headers if key == name)


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished answer: its body is `content`, or `spool` (read from its start, then closed).

    Or it is the file at `path`, with a content-length among the headers. Or it goes on for as long
    as `stream` runs, which is called whatever happens: it begins the answer by the first of what it
    is given, and the second returns when the client has gone.
    """

    status: int
    headers: Headers = field(default_factory=list)
    content: bytes = b""
    spool: IO[bytes] | None = None
    path: str = ""
    stream: Callable[[Callable[[], Send], Gone], Awaitable[None]] | None = None


def plain(status: int, text: str, *headers: tuple[str, str]) -> Answer:
    """Return a short answer in plain text that nobody keeps."""
    return Answer(status, [JUST_TEXT, NOT_STORED, *headers], f"{text}\n".encode())


def busy() -> Answer:
    return plain(
        503,
        "Very many people are here at once. Please try again in a moment.",
        ("retry-after", "2"),
    )
