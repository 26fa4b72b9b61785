"""A stream without a server around it: when it ends, and that nothing is left of it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from broadsheet.live.api import Hub, Places, Told
from broadsheet.site.server import streams
from broadsheet.site.server.messages import Answer, Request, Send
from broadsheet.site.server.streams import Streams


async def look(_thread: int, event: int) -> Told:
    return Told(event=event + 1, data={"new": [event]}, face={})


class Reader:
    """The other end of a connection."""

    def __init__(self, send: Callable[[bytes], Awaitable[None]] | None = None) -> None:
        self.taken: list[bytes] = []
        self.left = asyncio.Event()
        self._more = asyncio.Condition()
        self._send = send or self._take

    def begin(self) -> Send:
        return self._send

    async def gone(self) -> None:
        await self.left.wait()

    async def took(self, number: int) -> None:
        """Wait until so many pieces have come."""
        async with self._more:
            await self._more.wait_for(lambda: len(self.taken) >= number)

    async def _take(self, data: bytes) -> None:
        async with self._more:
            self.taken.append(data)
            self._more.notify_all()


def request(method: str = "GET", query: str = "thread=1&since=0", **headers: str) -> Request:
    named = [(name.replace("_", "-"), value) for name, value in headers.items()]
    body: Any = None
    return Request(method, "/live/", query, "http", "HTTP/1.1", "192.0.2.7:5000", named, body)


def play(scene: Callable[[Streams], Awaitable[None]], *, total: int = 1) -> None:
    async def run() -> None:
        made = Streams(Hub(look), places=Places(total=total))
        await scene(made)
        assert made.places.taken == 0
        assert len(made.hub) == 0

    asyncio.run(run())


async def run_with(answer: Answer, reader: Reader) -> None:
    assert answer.stream is not None
    await asyncio.wait_for(answer.stream(reader.begin, reader.gone), 5)


def test_a_reader_who_leaves_ends_it() -> None:
    async def scene(made: Streams) -> None:
        reader = Reader()
        running = asyncio.ensure_future(run_with(made.answer(request()), reader))
        await reader.took(2)
        assert made.answer(request()).status == 503
        reader.left.set()
        await running
        assert b'"new":[0]' in reader.taken[1]

    play(scene)


def test_what_is_not_taken_in_time_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "_SEND_SECONDS", 0.01)

    async def scene(made: Streams) -> None:
        async def never(_data: bytes) -> None:
            await asyncio.Event().wait()

        await run_with(made.answer(request()), Reader(never))

    play(scene)


def test_a_connection_that_is_closed_ends_it() -> None:
    async def scene(made: Streams) -> None:
        async def closed(_data: bytes) -> None:
            raise RuntimeError("closed")

        await run_with(made.answer(request()), Reader(closed))

        class Broken(Reader):
            def begin(self) -> Send:
                raise RuntimeError("closed before it began")

        await run_with(made.answer(request()), Broken())

    play(scene)


def test_what_lies_unread_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody knows what of it was read: it ends, and the browser comes back for more."""
    monkeypatch.setattr(streams, "MOST_BYTES", 40)

    async def scene(made: Streams) -> None:
        reader = Reader()
        await run_with(made.answer(request(query="thread=1&since=0&meter=1")), reader)
        assert sum(map(len, reader.taken)) < 200
        assert b"id: " in reader.taken[-1]

    play(scene)


def test_when_the_process_stops_nobody_is_let_in() -> None:
    async def scene(made: Streams) -> None:
        made.hub.close()
        assert made.answer(request()).status == 503

    play(scene)


def test_one_network_cannot_take_all_places() -> None:
    async def scene(made: Streams) -> None:
        made.places.per_network = 2
        readers = [Reader(), Reader()]
        running = [
            asyncio.ensure_future(run_with(made.answer(request()), reader)) for reader in readers
        ]
        for reader in readers:
            await reader.took(1)
        assert made.answer(request()).status == 503
        for reader in readers:
            reader.left.set()
        await asyncio.gather(*running)

    play(scene, total=10)


@pytest.mark.parametrize(("total", "of_one_network"), [(2, 256), (100, 2)])
def test_pages_without_a_discussion_leave_half_of_the_places_to_others(
    total: int, of_one_network: int
) -> None:
    async def scene(made: Streams) -> None:
        made.places.per_network = of_one_network
        reader, meter = Reader(), request(query="meter=1")
        running = asyncio.ensure_future(run_with(made.answer(meter), reader))
        await reader.took(1)
        assert made.answer(meter).status == 503
        other = Reader()
        more = asyncio.ensure_future(run_with(made.answer(request()), other))
        await other.took(1)
        for each in (reader, other):
            each.left.set()
        await asyncio.gather(running, more)

    play(scene, total=total)


def test_what_the_browser_was_told_last_goes_before_the_address() -> None:
    async def scene(made: Streams) -> None:
        reader = Reader()
        answer = made.answer(request(last_event_id="41"))
        running = asyncio.ensure_future(run_with(answer, reader))
        await reader.took(2)
        reader.left.set()
        await running
        assert b'"new":[41]' in reader.taken[1]

    play(scene)
