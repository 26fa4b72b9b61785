"""What is answered at once, on the event loop, and what goes to Django in a thread.

This knows neither granian nor Django: it is given a WSGI application and the files, and turns a
Request into an Answer.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO
from secrets import token_hex
from typing import IO, Any, Final
from urllib.parse import urlsplit

from broadsheet.kit.clock import utcnow
from broadsheet.kit.netaddr import Network, client_address, network_prefix, parse_address
from broadsheet.pagestore.api import SLIP, Key, Slip, Store, Versions
from broadsheet.site.server.arrivals import Arrivals
from broadsheet.site.server.body import BodyError, NoLengthError, read_body
from broadsheet.site.server.environ import build_environ
from broadsheet.site.server.files import Files
from broadsheet.site.server.handler import Application, run
from broadsheet.site.server.kept import KeptPages
from broadsheet.site.server.messages import NO_BODY, Answer, Request, busy, plain
from broadsheet.site.server.streams import STREAM, Streams

# Who would wait longer than a few turns of the pool has gone by then; better say so at once.
QUEUE_PER_THREAD: Final = 16
# How many pages are packed at once.
PACKERS: Final = 2
_REFUSED_METHODS: Final = frozenset({"CONNECT", "TRACE"})
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


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

    @property
    def of_a_network(self) -> int:
        """Return how many of them one network may have: the others are for everybody else."""
        return max(1, self.inside // 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """What public pages are kept by.

    `url` is the publication's, under which they are drawn; `is_ours` says whether a Host header
    means it, `key_of` by which key a path and a query are kept, None for not at all. A cache in
    front may keep a page for `shared_seconds`.
    """

    store: Store
    versions: Versions
    key_of: Callable[[str, str], Key | None]
    is_ours: Callable[[str], bool]
    url: str
    shared_seconds: int = 0


class Dispatcher:
    """Answers requests.

    Without `pages` every page is drawn for every request, as in development.
    """

    def __init__(
        self,
        application: Application,
        *,
        limits: Limits,
        files: Files,
        streams: Streams | None = None,
        pages: Pages | None = None,
    ) -> None:
        self._application = application
        self._limits = limits
        self.files = files
        self._streams = streams
        self._inside = 0
        self._inside_of: Counter[str] = Counter()
        self._arrivals = Arrivals()
        self.pool = ThreadPoolExecutor(limits.threads, thread_name_prefix="web")
        # Packing asks no database: while that hangs, and with it the pool, pages are packed.
        self.packers = ThreadPoolExecutor(PACKERS, thread_name_prefix="pack")
        self._pages = pages
        self.kept: KeptPages | None = None
        if pages is not None:
            self.kept = KeptPages(
                store=pages.store,
                versions=pages.versions,
                key_of=pages.key_of,
                is_ours=pages.is_ours,
                draw=self._draw,
                packers=self.packers,
                clock=utcnow,
                shared_seconds=pages.shared_seconds,
            )

    async def answer(self, request: Request) -> Answer:
        path = request.path
        if path == "/healthz":
            return plain(HTTPStatus.OK, "ok")
        if path == STREAM and self._streams is not None:
            return self._streams.answer(request)
        file = self.files.answer(request)
        if file is not None:
            return file
        if "\0" in path or not path.startswith("/"):
            return plain(HTTPStatus.BAD_REQUEST, "This address cannot exist.")
        if request.method in _REFUSED_METHODS:
            return plain(HTTPStatus.METHOD_NOT_ALLOWED, "Not here.", ("allow", "GET, HEAD, POST"))
        kept = await self._kept_answer(request)
        return await self._application_answer(request) if kept is None else kept

    async def _kept_answer(self, request: Request) -> Answer | None:
        if self.kept is None or request.method not in {"GET", "HEAD"}:
            return None
        return await self.kept.answer(request, self._client(request))

    def _client(self, request: Request) -> str:
        forwarded = request.header("x-forwarded-for")
        return client_address(request.peer, forwarded, self._limits.trusted)

    def _is_full(self, network: str) -> bool:
        there = self._inside_of[network] if network else 0
        return self._inside >= self._limits.inside or there >= self._limits.of_a_network

    async def _draw(self, key: Key, slip: Slip, client: str) -> Answer:
        """Have Django draw a public page, from a request with nothing of anybody's in it.

        `client` asked for it first, and it counts as theirs; as nobody's where that is empty.
        """
        assert self._pages is not None  # noqa: S101 - for the type checker
        received = time.monotonic()
        network = _network(client)
        if self._is_full(network):
            return busy()
        site = urlsplit(self._pages.url)
        request = Request(
            method="GET",
            path=key[0],
            query=key[1],
            scheme=site.scheme,
            protocol="HTTP/1.1",
            peer="",
            headers=[("host", site.netloc)],
            body=NO_BODY,
        )
        environ = build_environ(
            request,
            body=BytesIO(),
            length=0,
            server=self._limits.server,
            trusted=(),
            request_id=token_hex(8),
        )
        # As the proxy would say it, if there were one between.
        environ |= {"HTTP_X_FORWARDED_PROTO": site.scheme, SLIP: slip}
        return await self._run(environ, received, network)

    async def _application_answer(self, request: Request) -> Answer:
        received, network = time.monotonic(), _network(self._client(request))
        if self._is_full(network):
            return busy()
        try:
            body, length = await self._body(request)
        except BodyError as error:
            return plain(error.status, str(error), ("connection", "close"))
        if self._is_full(network):
            body.close()
            return busy()
        environ = build_environ(
            request,
            body=body,
            length=length,
            server=self._limits.server,
            trusted=self._limits.trusted,
            request_id=token_hex(8),
        )
        answer = await self._run(environ, received, network)
        if self.kept is not None and request.method not in SAFE_METHODS:
            self.kept.wrote(environ["REMOTE_ADDR"])
        return answer

    async def _run(self, environ: dict[str, Any], received: float, network: str) -> Answer:
        self._inside += 1
        self._inside_of[network] += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self.pool, self._in_thread, environ, received)
        finally:
            self._inside -= 1
            self._inside_of[network] -= 1
            if not self._inside_of[network]:
                del self._inside_of[network]

    def _in_thread(self, environ: dict[str, Any], received: float) -> Answer:
        answer = run(self._application, environ, received)
        wrote = environ["REQUEST_METHOD"] not in SAFE_METHODS
        # A database that failed them would keep them waiting for this, too.
        failed = answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        if self._pages is not None and wrote and not failed:
            # Before whoever wrote is answered: what they ask for next is as they left it.
            self._pages.versions.refresh()
        return answer

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
        network = network_prefix(self._client(request))
        return await self._arrivals.take(network, reading), length


def _network(client: str) -> str:
    """Return by which network somebody's share is counted; none for a proxy that nobody named."""
    address = parse_address(client)
    return "" if address is None or address.is_loopback else network_prefix(client)
