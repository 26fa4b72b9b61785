"""One kept page: its bytes in each encoding, the headers it goes out with, and what it shows."""

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from hashlib import blake2b
from typing import Final

import brotli

from broadsheet.pagestore.versions import Versions

type Headers = list[tuple[str, str]]

# Smaller ones are not worth the processor's time.
COMPRESSED_FROM: Final = 500
# Measured on a story page of 60 KB: level 5 of brotli costs what level 6 of gzip does, and saves a
# tenth more; level 11 costs forty times that, for another tenth.
_BROTLI_QUALITY: Final = 5
_GZIP_LEVEL: Final = 6
_TEXT: Final = (
    "text/",
    "application/json",
    "application/xml",
    "application/jsonl",
    "image/svg+xml",
)
_TEXT_ENDINGS: Final = ("+xml", "+json")
_ENTITY: Final = frozenset({"content-type", "content-encoding", "content-length"})

ENCODERS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "br": lambda content: brotli.compress(content, quality=_BROTLI_QUALITY),
    "gzip": lambda content: gzip.compress(content, compresslevel=_GZIP_LEVEL, mtime=0),
}


@dataclass(frozen=True, slots=True)
class Variant:
    """A page in one encoding. `headers` go with 200, `short` with 304."""

    content: bytes
    etag: str
    headers: Headers
    short: Headers


class Page:
    """`keys` are what it shows, `as_of` the epoch at which its drawing began.

    `dated` is when its bytes were new, as a header says it; empty where no date tells them apart.
    """

    __slots__ = (
        "_headers",
        "_refilled_at",
        "_rest",
        "_turns",
        "as_of",
        "checked",
        "compressible",
        "counted",
        "dated",
        "digest",
        "failed_as_of",
        "failed_at",
        "keys",
        "modified",
        "size",
        "until",
        "uses",
        "variants",
    )

    def __init__(
        self,
        *,
        content: bytes,
        headers: Headers,
        keys: frozenset[str],
        as_of: int,
        until: float | None,
        modified: datetime,
    ) -> None:
        """`until` is by the monotonic clock: when the clock alone makes the page old."""
        self.keys = keys
        self.as_of = self.checked = as_of
        self.until = float("inf") if until is None else until
        self.uses = 0
        # Of its size, what its store has taken account of.
        self.counted = 0
        # When it was last tried in vain to draw it anew, and the epoch at which that began.
        self.failed_at, self.failed_as_of = float("-inf"), as_of
        self._turns = self._rest = self._refilled_at = 0.0
        self._headers = headers
        self.digest = blake2b(content, digest_size=12).hexdigest()
        self.compressible = len(content) >= COMPRESSED_FROM and _is_text(headers)
        self.variants: dict[str, Variant] = {}
        self.size = 1024
        self.modified = modified.replace(microsecond=0)
        self.dated = format_datetime(self.modified, usegmt=True)
        self._add("", content)

    def follows(self, before: "Page") -> None:
        """Take the place of an older drawing.

        With the same bytes it keeps their date. With others it needs a later one, and where there
        is none (dates know seconds only, and clocks are set back) it has none: whoever asks by the
        date of the older one would be told that nothing changed.
        """
        if self.digest == before.digest and before.dated:
            self.modified, self.dated = before.modified, before.dated
        elif self.modified <= before.modified:
            self.modified, self.dated = before.modified, ""
        else:
            return
        content = self.variants[""].content
        self.size -= len(content)
        self._add("", content)

    def drawn(self, now: float, *, before: "Page | None", burst: float, rest: float) -> None:
        """Note when it was drawn. After `burst` drawings in a row each rests for `rest` seconds."""
        turns = burst if before is None else before.turns(now, burst)
        self._turns, self._refilled_at, self._rest = turns - 1, now, rest

    def turns(self, now: float, burst: float) -> float:
        """Return how many drawings it has left at once."""
        refilled = (now - self._refilled_at) / self._rest if self._rest else burst
        return min(burst, self._turns + refilled)

    def may_be_drawn(self, now: float, burst: float, *, wanted: bool, retry: float = 0.0) -> bool:
        """Say whether it may be drawn anew, `retry` seconds after that failed at the earliest.

        `wanted` by somebody who wrote, it need not rest.
        """
        return now >= self.failed_at + retry and (wanted or self.turns(now, burst) >= 1)

    def is_current(self, versions: Versions, now: float) -> bool:
        """Say whether nothing it shows has changed, by anybody or by the clock."""
        if now >= self.until:
            return False
        epoch = versions.epoch
        if self.checked == epoch:
            return True
        if not versions.is_current(self.keys, since=self.as_of):
            return False
        self.checked = epoch
        return True

    def encoded(self, encoding: str) -> Variant | None:
        """Return the page in an encoding, None when that is still to be made."""
        return self.variants.get(encoding if self.compressible else "")

    def make(self, encoding: str) -> Variant:
        """Make the page in an encoding: a millisecond or more, so never on the event loop."""
        known = self.encoded(encoding)
        return known or self._add(encoding, ENCODERS[encoding](self.variants[""].content))

    def _add(self, encoding: str, content: bytes) -> Variant:
        etag = f'"{self.digest}{f"-{encoding}" if encoding else ""}"'
        headers = [*self._headers, ("etag", etag)]
        if self.dated:
            headers.append(("last-modified", self.dated))
        if self.compressible:
            headers.append(("vary", "accept-encoding"))
        if encoding:
            headers.append(("content-encoding", encoding))
        short = [header for header in headers if header[0] not in _ENTITY]
        variant = self.variants[encoding] = Variant(content, etag, headers, short)
        self.size += len(content)
        return variant


def _is_text(headers: Headers) -> bool:
    kind = next((value for name, value in headers if name == "content-type"), "")
    kind = kind.partition(";")[0].strip()
    return kind.startswith(_TEXT) or kind.endswith(_TEXT_ENDINGS)
