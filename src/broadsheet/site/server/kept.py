"""Public pages answered from memory, and drawn once for everybody who waits for them.

This knows neither granian nor Django: it is given the store, the versions, and a way to have a
page drawn. It runs on the event loop; drawing and compressing are done in pools of threads.
"""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from broadsheet.pagestore.api import Key, Page, Slip, Store, Variant, Versions, surrogate
from broadsheet.site.server.files import matches, preferred_encoding
from broadsheet.site.server.messages import Answer, Headers, Request

logger = logging.getLogger("broadsheet.pages")

# Who waits longer for a page to be drawn anew is given it as it was.
PATIENCE: Final = 0.5
# But who has just written, as far as their address tells, waits to see it: for so long after, and
# so long at most. So many addresses are remembered.
WROTE: Final = 10.0
PATIENCE_OF_WRITERS: Final = 10.0
_WRITERS: Final = 4096
# A page is drawn so often at once, and then at most once in so many times of what it costs. What
# is asked for in between is at most this old.
BURST: Final = 5.0
REST: Final = 4.0
SHORTEST_REST: Final = 0.02
LONGEST_REST: Final = 0.5
# After a drawing failed the page stands as it was, and is tried again; sooner for who wrote, and at
# once when a database that was away is back.
RETRY: Final = 1.0
RETRY_OF_WRITERS: Final = 0.1
_TURNS: Final = 3
CACHE: Final = "cache-control"
# Larger ones are drawn for each who asks, as documents are.
LARGEST: Final = 8 * 1024 * 1024
_DROPPED: Final = frozenset({"x-request-id", "etag", "last-modified", "vary", "content-length"})
# RFC 9211: who looks at a page can see that it could not be brought up to date.
STALE: Final = ("cache-status", "broadsheet; hit; detail=stale")

# The last is the client for whom it is drawn.
type Draw = Callable[[Key, Slip, str], Awaitable[Answer]]


class RefusedError(Exception):
    """A public page holds what belongs to one person; it is sent to nobody twice."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What came of a drawing: a page that is kept, or an answer that is the same for everybody.

    Neither where it is too large for that. `as_of` is the epoch at which the drawing began.
    """

    page: Page | None
    answer: Answer | None
    as_of: int


class KeptPages:
    def __init__(
        self,
        *,
        store: Store,
        versions: Versions,
        key_of: Callable[[str, str], Key | None],
        is_ours: Callable[[str], bool],
        draw: Draw,
        packers: Executor,
        clock: Callable[[], datetime],
        shared_seconds: int = 0,
    ) -> None:
        self._store = store
        self._versions = versions
        self._key_of = key_of
        self.is_ours = is_ours
        self._draw = draw
        self._packers = packers
        self._clock = clock
        self._shared_seconds = shared_seconds
        self._flights: dict[Key, asyncio.Task[Drawn]] = {}
        self._making: dict[tuple[Page, str], asyncio.Task[Variant]] = {}
        self._wrote: OrderedDict[str, float] = OrderedDict()
        self.drawings = 0

    def find(self, path: str, query: str) -> Page | None:
        """Return a page that is kept and up to date: the way of nearly every request."""
        key = (path, "") if not query else self._key_of(path, query)
        if key is None:
            return None
        page = self._store.get(key)
        if page is None or not page.is_current(self._versions, time.monotonic()):
            return None
        return page

    def wrote(self, client: str) -> None:
        """Note that somebody at this address wrote: what they see next is not older than that."""
        self._wrote[client] = time.monotonic()
        self._wrote.move_to_end(client)
        if len(self._wrote) > _WRITERS:
            self._wrote.popitem(last=False)

    async def answer(self, request: Request, client: str) -> Answer | None:
        """Answer a public page, drawn if need be; None for what has to go to Django by itself."""
        key = self._key_of(request.path, request.query)
        if key is None or not self.is_ours(request.header("host")):
            return None
        wrote = time.monotonic() - self._wrote.get(client, -WROTE) < WROTE
        found = await self._current(key, client, wrote=wrote)
        if isinstance(found, Drawn):
            # What is answered in a page's place may depend on the query as it was sent.
            return found.answer if request.query == key[1] else None
        page, is_stale = found
        variant = await self._encoded(key, page, request.header("accept-encoding"))
        # It may have changed while it was packed, and a cache in front have been told so already.
        is_stale = is_stale or not page.is_current(self._versions, time.monotonic())
        if not_modified(
            page, variant, request.header("if-none-match"), request.header("if-modified-since")
        ):
            return Answer(HTTPStatus.NOT_MODIFIED, self._said(variant.short, is_stale=is_stale))
        headers = self._said(variant.headers, is_stale=is_stale)
        return Answer(HTTPStatus.OK, headers, variant.content)

    def _said(self, headers: Headers, *, is_stale: bool) -> Headers:
        """Return headers as they are sent with a page that may be older than it should be.

        Then no cache in front keeps it: it may have been told already to forget what changed.
        """
        if not is_stale:
            return headers
        shared = self._shared("")
        return [*((name, value.removesuffix(shared)) for name, value in headers), STALE]

    async def _encoded(self, key: Key, page: Page, accept: str) -> Variant:
        """Return a page as somebody takes it; made once for all who wait for it."""
        encoding = preferred_encoding(accept)
        known = page.encoded(encoding)
        if known is not None:
            return known
        making = self._making.get((page, encoding))
        if making is None:
            making = asyncio.get_running_loop().create_task(self._make(key, page, encoding))
            self._making[page, encoding] = making
            making.add_done_callback(lambda _: self._making.pop((page, encoding), None))
        return await asyncio.shield(making)

    async def _make(self, key: Key, page: Page, encoding: str) -> Variant:
        made = await asyncio.get_running_loop().run_in_executor(self._packers, page.make, encoding)
        self._store.grown(key, page)
        return made

    async def _current(self, key: Key, client: str, *, wrote: bool) -> tuple[Page, bool] | Drawn:
        """Return a page and whether it is older than it should be, or what stands in its place."""
        deadline = time.monotonic() + (PATIENCE_OF_WRITERS if wrote else PATIENCE)
        drawn: Drawn | None = None
        for _ in range(_TURNS):
            now = time.monotonic()
            page = self._store.get(key)
            if page is not None and page.is_current(self._versions, now):
                return page, False
            flight = self._flights.get(key)
            if flight is None and page is not None and not self._may_draw(page, now, wrote=wrote):
                return page, True
            joined, epoch = flight is not None, self._versions.epoch
            # A page that there is already is drawn anew for everybody.
            flight = flight or self._begin(key, client if page is None else "")
            left = max(0.0, deadline - now) if page is not None else None
            try:
                drawn = await asyncio.wait_for(asyncio.shield(flight), left)
            except TimeoutError:
                if page is None:
                    raise
                return page, True
            if drawn.page is None:
                if joined and drawn.as_of < epoch:
                    # That there was nothing may be older than what whoever waits has published.
                    continue
                return self._instead(page, drawn)
            if drawn.page.is_current(self._versions, time.monotonic()):
                return drawn.page, False
            # Something changed while it was drawn: perhaps what whoever waits has just written.
        assert drawn is not None  # noqa: S101 - there was a turn
        return (drawn.page, True) if drawn.page is not None else drawn

    def _may_draw(self, page: Page, now: float, *, wrote: bool) -> bool:
        is_back = page.failed_as_of < self._versions.all_before
        retry = 0.0 if is_back else RETRY_OF_WRITERS if wrote else RETRY
        return page.may_be_drawn(now, BURST, retry=retry, wanted=wrote)

    def _headers(self, answer: Answer, slip: Slip) -> Headers:
        headers = [header for header in answer.headers if header[0] not in _DROPPED]
        if not self._shared_seconds:
            return headers
        keys = surrogate(slip.keys)
        return [
            *((name, self._shared(value) if name == CACHE else value) for name, value in headers),
            ("surrogate-key", " ".join(keys)),
            ("cache-tag", ",".join(keys)),
        ]

    def _shared(self, value: str) -> str:
        """Let a cache in front keep a page for a while; what is immutable it keeps anyway."""
        return value if "immutable" in value else f"{value}, s-maxage={self._shared_seconds}"

    def _instead(self, page: Page | None, drawn: Drawn) -> tuple[Page, bool] | Drawn:
        failed = drawn.answer and drawn.answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        return (page, True) if page is not None and failed else drawn

    def _begin(self, key: Key, client: str) -> asyncio.Task[Drawn]:
        loop = asyncio.get_running_loop()
        # Begun at once: a client for whom there is no room is refused here and now, and nobody else
        # with them.
        flight = asyncio.Task(self._fly(key, client), loop=loop, eager_start=True)
        if not flight.done():
            self._flights[key] = flight
            flight.add_done_callback(lambda _: self._flights.pop(key, None))
        return flight

    async def _fly(self, key: Key, client: str) -> Drawn:
        """Draw a page and keep it. What it shows is as of before the drawing began."""
        slip, began, as_of = Slip(self._clock()), time.monotonic(), self._versions.epoch
        self.drawings += 1
        answer = whole(await self._draw(key, slip, client))
        now = time.monotonic()
        if answer is None:
            self._store.remove(key)
            return Drawn(None, None, as_of)
        before = self._store.get(key)
        if not slip.kept or answer.status != HTTPStatus.OK:
            if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                if before is not None:
                    before.failed_at, before.failed_as_of = now, as_of
            else:
                # It has gone, or leads elsewhere.
                self._store.remove(key)
            return Drawn(None, answer, as_of)
        try:
            check(answer)
        except RefusedError:
            logger.exception("%s is not kept", key[0])
            self._store.remove(key)
            # Nor is it given to all who wait: each has their own drawn.
            return Drawn(None, None, as_of)
        page = self._page(answer, slip, as_of=as_of, before=before)
        rest = min(LONGEST_REST, max(SHORTEST_REST, REST * (now - began)))
        page.drawn(now, before=before, burst=BURST, rest=rest)
        self._store.put(key, page)
        return Drawn(page, answer, as_of)

    def _page(self, answer: Answer, slip: Slip, *, as_of: int, before: Page | None) -> Page:
        now = self._clock()
        left = None if slip.until is None else (slip.until - now) / timedelta(seconds=1)
        page = Page(
            content=answer.content,
            headers=self._headers(answer, slip),
            keys=frozenset(slip.keys),
            as_of=as_of,
            until=None if left is None else time.monotonic() + max(0.0, left),
            modified=now,
        )
        if before is not None:
            page.follows(before)
        return page


def whole(answer: Answer) -> Answer | None:
    """Return an answer with all of its bytes in memory; None when they are too many, or a file."""
    if answer.path:
        return None
    if answer.spool is None:
        return answer
    with answer.spool as spool:
        content = spool.read(LARGEST + 1)
    return None if len(content) > LARGEST else replace(answer, content=content, spool=None)


def check(answer: Answer) -> None:
    """Refuse to keep what belongs to one person. Raises RefusedError, naming what was found."""
    for name, value in answer.headers:
        if name == "set-cookie":
            raise RefusedError("it sets a cookie")
        if name == "cache-control" and ("private" in value or "no-store" in value):
            raise RefusedError(f"it says {value!r}")
        if name == "content-security-policy" and "'nonce-" in value:
            raise RefusedError("its policy has a nonce")
        if name == "vary" and value.strip().lower() not in {"", "accept-encoding"}:
            raise RefusedError(f"it varies by {value}")
    if b"csrfmiddlewaretoken" in answer.content:
        raise RefusedError("it holds a token")


def not_modified(page: Page, variant: Variant, tags: str, since: str) -> bool:
    """Say whether whoever asks has the page already (RFC 9110, 13.2.2: tags go before dates).

    By the very date that the page was given with, as a validator is compared: a later one may be of
    another page, drawn before a clock was set back or by another process.
    """
    if tags:
        return matches(tags, variant.etag)
    return bool(page.dated) and since == page.dated
