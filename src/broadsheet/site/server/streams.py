"""The address of event streams: who may have one, and what goes over it."""

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qs

from broadsheet.kit.netaddr import Network, client_address, network_prefix
from broadsheet.live.api import HEADERS, Hub, Listener, Places
from broadsheet.site.server.messages import Answer, Gone, Request, Send, plain

STREAM: Final = "/live/"
# What a reader who takes nothing leaves lying is kept in memory: granian says of everything that it
# was sent. So a stream ends after so many bytes, which fit into the buffers of a connection, and a
# browser comes back for more.
MOST_BYTES: Final = 32 * 1024
# Should granian ever wait for the other end.
_SEND_SECONDS: Final = 30.0
_LARGEST: Final = 2**63
_RETRY_AFTER: Final = ("retry-after", "300")


class Streams:
    def __init__(self, hub: Hub, *, places: Places, trusted: tuple[Network, ...] = ()) -> None:
        self.hub = hub
        self.places = places
        self._trusted = trusted

    def answer(self, request: Request) -> Answer:
        """Answer with a stream, or say why there is none. A browser asks for none again then."""
        if request.method not in {"GET", "HEAD"}:
            return plain(HTTPStatus.METHOD_NOT_ALLOWED, "Only GET.", ("allow", "GET, HEAD"))
        try:
            thread, since, meter = _wanted(request)
        except ValueError as error:
            return plain(HTTPStatus.BAD_REQUEST, str(error))
        if thread is not None and self.hub.is_gone(thread):
            return Answer(HTTPStatus.NO_CONTENT, [("cache-control", "no-store")])
        if request.method == "HEAD":
            return Answer(HTTPStatus.OK, HEADERS)
        forwarded = request.header("x-forwarded-for")
        network = network_prefix(client_address(request.peer, forwarded, self._trusted))
        # Who listens for the meter alone leaves room for those who follow a discussion.
        if self.hub.closed or not self.places.take(network, spare=thread is None):
            # Pages go on by asking now and then.
            return plain(
                HTTPStatus.SERVICE_UNAVAILABLE, "Very many are listening at once.", _RETRY_AFTER
            )

        async def stream(begin: Callable[[], Send], gone: Gone) -> None:
            try:
                listener = self.hub.join(thread=thread, since=since, meter=meter)
                try:
                    await self._run(listener, begin, gone)
                finally:
                    self.hub.leave(listener)
            finally:
                self.places.leave(network)

        return Answer(HTTPStatus.OK, HEADERS, stream=stream)

    async def _run(self, listener: Listener, begin: Callable[[], Send], gone: Gone) -> None:
        left = asyncio.ensure_future(_when(gone, listener.end))
        try:
            send = begin()
            said, room = self.hub.hello(), MOST_BYTES
            while said:
                async with asyncio.timeout(_SEND_SECONDS):
                    await send(said)
                room -= len(said)
                said = await self.hub.message(listener) if room > 0 else b""
        except (TimeoutError, RuntimeError):
            # The reader went away, which is theirs to do.
            return
        finally:
            left.cancel()


async def _when(gone: Gone, then: Callable[[], None]) -> None:
    await gone()
    then()


def _wanted(request: Request) -> tuple[int | None, int, bool]:
    """Read which thread, since which event, and whether the meter; raises ValueError."""
    asked = {name: values[-1] for name, values in parse_qs(request.query).items()}
    thread = _number(asked["thread"]) if "thread" in asked else None
    # What a browser was told last, when it comes back by itself.
    last = request.header("last-event-id")
    since = _number(last or asked.get("since", "0"))
    meter = "meter" in asked
    if thread is None and not meter:
        raise ValueError("A stream is of a thread, or of the meter.")
    return thread, since, meter


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(_LARGEST))):
        raise ValueError("Numbers are digits.")
    number = int(text)
    if number >= _LARGEST:
        raise ValueError("There is no such number.")
    return number
