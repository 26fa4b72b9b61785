"""What is answered at once, on the event loop, and what goes to Django in a thread.

This knows neither granian nor Django: it is given a WSGI application and the files, and turns a
Request into an Answer.
"""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO
from secrets import token_hex
from typing import IO, Final

from broadsheet.kit.netaddr import Network, client_address, network_prefix
from broadsheet.site.server.arrivals import Arrivals
from broadsheet.site.server.body import BodyError, NoLengthError, read_body
from broadsheet.site.server.environ import build_environ
from broadsheet.site.server.files import Renditions, StaticFiles
from broadsheet.site.server.handler import Application, run
from broadsheet.site.server.messages import Answer, Request, plain
from broadsheet.site.server.streams import STREAM, Streams

# Who would wait longer than a few turns of the pool has gone by then; better say so at once.
QUEUE_PER_THREAD: Final = 16
_REFUSED_METHODS: Final = frozenset({"CONNECT", "TRACE"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much is taken on. `body` is in bytes."""

    threads: int
    body: int
    server: tuple[str, int] = ("127.0.0.1", 8000)
    trusted: tuple[Network, ...] = ()

    @property
    def inside(self) -> int:
        return self.threads * (1 + QUEUE_PER_THREAD)


class Dispatcher:
    """Answers requests. `static` is None in development, where Django finds the files itself."""

    def __init__(
        self,
        application: Application,
        *,
        limits: Limits,
        static: StaticFiles | None,
        renditions: Renditions,
        streams: Streams | None = None,
    ) -> None:
        self._application = application
        self._limits = limits
        self._static = static
        self._renditions = renditions
        self._streams = streams
        self._inside = 0
        self._arrivals = Arrivals()
        self.pool = ThreadPoolExecutor(limits.threads, thread_name_prefix="web")

    async def answer(self, request: Request) -> Answer:  # noqa: PLR0911 - one for each kind of address
        path = request.path
        if path == "/healthz":
            return plain(HTTPStatus.OK, "ok")
        if path == STREAM and self._streams is not None:
            return self._streams.answer(request)
        if path.startswith("/static/") and self._static is not None:
            return self._static.answer(request)
        if path.startswith("/media/"):
            return self._renditions.answer(request)
        if "\0" in path or not path.startswith("/"):
            return plain(HTTPStatus.BAD_REQUEST, "This address cannot exist.")
        if request.method in _REFUSED_METHODS:
            return plain(HTTPStatus.METHOD_NOT_ALLOWED, "Not here.", ("allow", "GET, HEAD, POST"))
        return await self._application_answer(request)

    async def _application_answer(self, request: Request) -> Answer:
        received = time.monotonic()
        if self._inside >= self._limits.inside:
            return _busy()
        try:
            body, length = await self._body(request)
        except BodyError as error:
            return plain(error.status, str(error), ("connection", "close"))
        if self._inside >= self._limits.inside:
            body.close()
            return _busy()
        environ = build_environ(
            request,
            body=body,
            length=length,
            server=self._limits.server,
            trusted=self._limits.trusted,
            request_id=token_hex(8),
        )
        self._inside += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self.pool, run, self._application, environ, received)
        finally:
            self._inside -= 1

    async def _body(self, request: Request) -> tuple[IO[bytes], int]:
        announced = request.header("content-length")
        if request.header("transfer-encoding") or not announced.isascii():
            # Of a body in chunks nobody could tell whether its end arrived; no form is sent so.
            raise NoLengthError("A request with a body needs a Content-Length.")
        length = int(announced) if announced.isdecimal() else 0
        if not length:
            return BytesIO(), 0
        reading = read_body(
            request.body,
            announced=length,
            limit=self._limits.body,
            awaited=bool(request.header("expect")),
        )
        forwarded = request.header("x-forwarded-for")
        client = client_address(request.peer, forwarded, self._limits.trusted)
        return await self._arrivals.take(network_prefix(client), reading), length


def _busy() -> Answer:
    return plain(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Very many people are here at once. Please try again in a moment.",
        ("retry-after", "2"),
    )
