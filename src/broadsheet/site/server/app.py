"""The only file that knows granian's protocol, RSGI.

From its scope to a Request, from an Answer to its transport, and a worker's life.
"""

import asyncio
import json
import logging
import os
import signal
from collections.abc import AsyncIterator, Callable
from types import FrameType
from typing import IO, Any, Final, Protocol

from broadsheet.site.server.dispatcher import SAFE_METHODS, Dispatcher
from broadsheet.site.server.files import Files, preferred_encoding
from broadsheet.site.server.kept import KeptPages, not_modified
from broadsheet.site.server.messages import (
    NOT_STORED,
    Answer,
    Headers,
    Request,
    Send,
    busy,
    plain,
)
from broadsheet.site.server.supervisor import STOPS

logger = logging.getLogger("broadsheet.server")

# granian opens a file that it is told to send a moment later, by its name. Long enough that it has
# done so on the busiest machine: afterwards the name may be another file's.
_OPEN_SECONDS: Final = 30.0
# So many are held for that time: each is on the disk whole, also when its reader has gone.
SPOOLS: Final = 256
_PARENT_SECONDS: Final = 1.0
_NO_BODY: Final = frozenset({204, 304})
JSON: Final = ("content-type", "application/json")
COOKIE: Final = (
    "A cookie of this site or its domain holds letters that cannot be read: nobody can tell who "
    "you are. Please delete this site's cookies, and send this again."
)


class Scope(Protocol):
    proto: str
    http_version: str
    client: str
    scheme: str
    method: str
    path: str
    query_string: str
    authority: str | None
    headers: Any


class Stream(Protocol):
    async def send_bytes(self, data: bytes) -> None: ...


class Transport(Protocol):
    def __aiter__(self) -> AsyncIterator[bytes]: ...
    async def client_disconnect(self) -> None: ...
    def response_empty(self, status: int, headers: Headers) -> None: ...
    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None: ...
    def response_file(self, status: int, headers: Headers, file: str) -> None: ...
    def response_stream(self, status: int, headers: Headers) -> Stream: ...


class Worker(Protocol):
    """What a serving process holds: made after the fork, ended before it exits."""

    dispatcher: Dispatcher

    def ready(self) -> None:
        """Announce the server; called in a thread once the event loop runs."""

    def close_streams(self) -> None:
        """End what goes on for ever; called on the event loop, when it is to stop."""

    def stop(self) -> None: ...


class Application:
    """The RSGI application; `start` is called in the worker, after the fork."""

    def __init__(self, start: Callable[[], Worker]) -> None:
        self._start = start
        self._parent = os.getpid()
        self._spools = 0

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        # Ctrl-C reaches every process of the terminal; the supervisor alone decides to stop.
        loop.remove_signal_handler(signal.SIGINT)
        signal.signal(signal.SIGINT, signal.SIG_IGN)

        def stopping(_number: int, _frame: FrameType | None) -> None:
            # Before granian waits for what is open: it would wait for streams until it is killed.
            loop.call_soon_threadsafe(self._close_streams)

        # Python's own handler; granian's, on the loop, is woken beside it as before.
        signal.signal(signal.SIGTERM, stopping)
        # A stop that has waited since the fork is taken here, and heeded as soon as the loop runs.
        # Before there are threads: they would go on having it wait.
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
        self._worker = self._start()
        self._answer = self._worker.dispatcher.answer
        self._kept = self._worker.dispatcher.kept
        self._files = self._worker.dispatcher.files
        loop.call_later(_PARENT_SECONDS, self._watch_parent, loop)
        # The loop first runs when granian is serving.
        loop.call_soon(loop.run_in_executor, None, self._worker.ready)

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._worker.stop()

    async def __rsgi__(self, scope: Scope, transport: Transport) -> None:
        if scope.proto != "http":
            return
        if scope.method == "GET":
            if self._kept is not None and _hit(self._kept, scope, transport):
                return
            file = _file(self._files, scope)
            if file is not None:
                await self._send(transport, file, head=False)
                return
        refused = _unreadable(scope)
        if refused is not None:
            await self._send(transport, refused, head=scope.method == "HEAD")
            return
        request = Request(
            method=scope.method,
            path=scope.path,
            query=scope.query_string,
            scheme=scope.scheme,
            protocol=f"HTTP/{scope.http_version}",
            peer=scope.client,
            headers=scope.headers.items(),
            body=transport,
        )
        try:
            answer = await self._answer(request)
        except Exception:
            logger.exception("The dispatcher failed")
            answer = plain(500, "Something went wrong on our side.")
        await self._send(transport, answer, head=scope.method == "HEAD")

    async def _send(self, transport: Transport, answer: Answer, *, head: bool) -> None:
        headers = answer.headers
        if answer.status in _NO_BODY or head:
            if head and answer.content and not any(name == "content-length" for name, _ in headers):
                headers = [*headers, ("content-length", str(len(answer.content)))]
            if answer.spool is not None:
                answer.spool.close()
            transport.response_empty(answer.status, headers)
        elif answer.spool is not None:
            if self._spools < SPOOLS:
                self._send_spool(transport, answer.status, headers, answer.spool)
            else:
                answer.spool.close()
                await self._send(transport, busy(), head=head)
        elif answer.stream is not None:

            def begin() -> Send:
                return transport.response_stream(answer.status, headers).send_bytes

            await answer.stream(begin, transport.client_disconnect)
        elif answer.path:
            transport.response_file(answer.status, headers, answer.path)
        else:
            transport.response_bytes(answer.status, headers, answer.content)

    def _send_spool(
        self, transport: Transport, status: int, headers: Headers, spool: IO[bytes]
    ) -> None:
        """Send a temporary file, which has no name but that of its descriptor.

        Sent in pieces it would be in memory as a whole for as long as a reader is slow: granian
        takes every piece at once. Of a file it reads as much as the reader takes.
        """
        number = spool.fileno()
        length = ("content-length", str(os.fstat(number).st_size))
        transport.response_file(status, [*headers, length], f"/dev/fd/{number}")
        self._spools += 1
        asyncio.get_running_loop().call_later(_OPEN_SECONDS, self._let_go, spool)

    def _let_go(self, spool: IO[bytes]) -> None:
        self._spools -= 1
        spool.close()

    def _close_streams(self) -> None:
        self._worker.close_streams()

    def _watch_parent(self, loop: asyncio.AbstractEventLoop) -> None:
        """Stop when the supervisor was killed: nobody could stop or replace this process."""
        if os.getppid() == self._parent:
            loop.call_later(_PARENT_SECONDS, self._watch_parent, loop)
        else:
            logger.error("The supervising process is gone; stopping")
            os.kill(os.getpid(), signal.SIGTERM)


def _hit(kept: KeptPages, scope: Scope, transport: Transport) -> bool:
    """Answer a page that is kept, up to date and in the encoding asked for; False for all else.

    Nearly every request ends here, so it looks at three headers and makes no Request of them.
    """
    page = kept.find(scope.path, scope.query_string)
    if page is None:
        return False
    headers = scope.headers
    if scope.authority is not None or not kept.is_ours(headers.get("host", "")):
        return False
    variant = page.encoded(preferred_encoding(headers.get("accept-encoding", "")))
    if variant is None:
        return False
    tags, since = headers.get("if-none-match", ""), headers.get("if-modified-since", "")
    if (tags or since) and not_modified(page, variant, tags, since):
        transport.response_empty(304, variant.short)
    else:
        transport.response_bytes(200, variant.headers, variant.content)
    return True


def _file(files: Files, scope: Scope) -> Answer | None:
    headers = scope.headers
    accept, tags = headers.get("accept-encoding", ""), headers.get("if-none-match", "")
    return files.find(scope.path, accept=accept, tags=tags)


def _unreadable(scope: Scope) -> Answer | None:
    """Refuse who would be taken for somebody else; None for everybody else.

    Of what is not ASCII in headers granian shows nothing but that it is there.
    """
    if _is_left_out("x-forwarded-for", scope.headers):
        # They would be taken for the proxy, to whom nobody's limit or ban applies.
        return plain(400, "X-Forwarded-For holds letters that no address has.")
    if scope.method not in SAFE_METHODS and _is_left_out("cookie", scope.headers):
        # They would write as a guest, though they are signed in; they may read as one.
        logger.warning("A cookie that cannot be read: nobody can tell who writes")
        if "application/json" in scope.headers.get("accept", ""):
            # A script, which shows the sentence where the hand is.
            return Answer(400, [JSON, NOT_STORED], json.dumps({"message": COOKIE}).encode())
        return plain(400, COOKIE)
    return None


def _is_left_out(name: str, headers: Any) -> bool:
    return name in headers and headers.get(name) is None
