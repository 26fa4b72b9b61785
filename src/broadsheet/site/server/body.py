"""The body of a request is read before a thread is taken for it: whole, capped, and in time."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO, Final

# Above this a body waits on disk.
IN_MEMORY: Final = 512 * 1024
# A sender that pauses longer than this has gone away, or means harm …
IDLE_SECONDS: Final = 20.0
# … and so has one that is slower than a bad telephone line.
BASE_SECONDS: Final = 30.0
BYTES_PER_SECOND: Final = 8 * 1024
# What is read and thrown away of a body that is too large.
DRAIN_BYTES: Final = 64 * 1024 * 1024
DRAIN_SECONDS: Final = 10.0


class BodyError(Exception):
    """The body cannot be had; `status` and the message are the answer."""

    status = 400


class TooLargeError(BodyError):
    status = 413


class TooSlowError(BodyError):
    status = 408


class NoLengthError(BodyError):
    status = 411


class TruncatedError(BodyError):
    status = 400


async def read_body(
    body: AsyncIterable[bytes],
    *,
    announced: int,
    limit: int,
    awaited: bool = False,
    idle: float = IDLE_SECONDS,
) -> IO[bytes]:
    """Read a body of at most `limit` bytes and return it, rewound. The caller closes it.

    `announced` is its Content-Length; `awaited` says that the sender waits to be asked for it
    (Expect: 100-continue). Raises BodyError; a body that is too large and on its way is drained
    first, so that the sender comes to reading the answer.
    """
    # Once: the server hands out its iterator a single time.
    chunks = aiter(body)
    if announced > limit:
        if not awaited:
            await _drain(chunks)
        raise TooLargeError(
            f"This is too large: at most {limit // 1024 // 1024} MB are taken at once. "
            "Go back, choose something smaller, and send it again."
        )
    spool: IO[bytes] = BytesIO() if announced <= IN_MEMORY else TemporaryFile()  # noqa: SIM115 - handed on, open
    try:
        await _fill(spool, chunks, announced=announced, idle=idle)
    except BaseException:
        spool.close()
        raise
    spool.seek(0)
    return spool


async def _fill(
    spool: IO[bytes], chunks: AsyncIterator[bytes], *, announced: int, idle: float
) -> None:
    loop = asyncio.get_running_loop()
    started, length = loop.time(), 0
    # Not until the end is said: that is one more wait, and the server gives no more than announced.
    while length < announced:
        left = started + BASE_SECONDS + length / BYTES_PER_SECOND - loop.time()
        try:
            chunk = await asyncio.wait_for(_next(chunks), min(idle, left))
        except TimeoutError:
            raise TooSlowError("The request took too long to arrive.") from None
        if chunk is None:
            break
        length += len(chunk)
        spool.write(chunk)
    if length != announced:
        # The server does not say that the sender went away in the middle.
        raise TruncatedError("The request ended before its body did.")


async def _next(chunks: AsyncIterator[bytes]) -> bytes | None:
    """Return the next chunk, None at the end.

    Not `anext(chunks, None)`: its own awaitable, around the one of granian 2.8, ends the process.
    """
    try:
        return await chunks.__anext__()
    except StopAsyncIteration:
        return None


async def _drain(chunks: AsyncIterator[bytes]) -> None:
    drained = 0
    try:
        async with asyncio.timeout(DRAIN_SECONDS):
            while drained <= DRAIN_BYTES and (chunk := await _next(chunks)) is not None:
                drained += len(chunk)
    except TimeoutError:
        return
