"""Bodies that never come keep nobody out: neither readers, nor others who write."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from broadsheet.kit.netaddr import parse_networks
from broadsheet.site.server.arrivals import PER_NETWORK, TOTAL, Arrivals
from broadsheet.site.server.body import TooSlowError
from broadsheet.site.server.dispatcher import Dispatcher, Limits
from broadsheet.site.server.files import Files, Renditions
from broadsheet.site.server.messages import Request


async def never() -> AsyncIterator[bytes]:
    await asyncio.Event().wait()
    yield b""


async def at_once(body: bytes) -> AsyncIterator[bytes]:
    yield body


def ask(method: str, peer: str, body: AsyncIterator[bytes] | None = None, **more: str) -> Request:
    headers = [("content-length", "4")] if body else []
    headers += [(name.replace("_", "-"), value) for name, value in more.items()]
    return Request(
        method, "/t/1/", "", "http", "HTTP/1.1", f"{peer}:5000", headers, body or at_once(b"")
    )


def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["wsgi.input"].read() or b"hello"]


@pytest.fixture
def dispatcher(tmp_path: Path) -> Dispatcher:
    limits = Limits(threads=2, body=1024, trusted=parse_networks(["127.0.0.1/32"]))
    files = Files(static=None, renditions=Renditions(tmp_path))
    return Dispatcher(application, limits=limits, files=files)


@pytest.mark.parametrize("idle", [TOTAL, 2 * TOTAL])
def test_idle_forms_keep_out_neither_readers_nor_writers(dispatcher: Dispatcher, idle: int) -> None:
    async def scene() -> None:
        waiting = [
            asyncio.create_task(dispatcher.answer(ask("POST", f"10.{n % 200}.{n % 7}.9", never())))
            for n in range(idle)
        ]
        await asyncio.sleep(0)
        assert (await dispatcher.answer(ask("GET", "203.0.113.9"))).content == b"hello"
        posted = await dispatcher.answer(ask("POST", "203.0.113.9", at_once(b"here")))
        assert (posted.status, posted.content) == (200, b"here")
        # Of the same network too.
        posted = await dispatcher.answer(ask("POST", "10.1.1.200", at_once(b"here")))
        assert posted.status == 200
        assert len([task for task in waiting if not task.done()]) <= TOTAL
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        assert len(dispatcher._arrivals) == 0

    asyncio.run(scene())


def test_who_has_been_arriving_for_longest_gives_way_to_its_own_network(
    dispatcher: Dispatcher,
) -> None:
    async def scene() -> None:
        other = asyncio.create_task(dispatcher.answer(ask("POST", "198.51.100.7", never())))
        await asyncio.sleep(0)
        behind = {"x_forwarded_for": "203.0.113.77"}
        waiting = [
            asyncio.create_task(dispatcher.answer(ask("POST", "127.0.0.1", never(), **behind)))
            for _ in range(PER_NETWORK + 1)
        ]
        first = await waiting[0]
        assert first.status == 408
        assert not other.done()
        assert not any(task.done() for task in waiting[1:])
        for task in (other, *waiting[1:]):
            task.cancel()
        await asyncio.gather(other, *waiting[1:], return_exceptions=True)

    asyncio.run(scene())


def test_a_place_is_free_again_however_a_body_ends() -> None:
    async def break_off() -> None:
        raise TooSlowError("too slow")

    async def scene() -> None:
        arrivals = Arrivals(total=2, per_network=2)
        for _ in range(5):
            with suppress(TooSlowError):
                await arrivals.take("a", break_off())
        abandoned = asyncio.create_task(arrivals.take("a", asyncio.sleep(60)))
        await asyncio.sleep(0)
        assert len(arrivals) == 1
        abandoned.cancel()
        with pytest.raises(asyncio.CancelledError):
            await abandoned
        assert len(arrivals) == 0

    asyncio.run(scene())
