"""Where the next page begins, as an opaque word in an address. An unreadable one is None."""

import base64
import binascii
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ROOT = struct.Struct(">cqqq")
_SORTS = {
    "newest": b"n",
    "oldest": b"o",
    "votes": b"v",
    "staff": b"s",
    "inline": b"i",
    "queue": b"q",
    "likely": b"l",
}
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class RootCursor:
    """The last root of a page: what it is ordered by, and its id to tell equals apart."""

    created_at: datetime
    number: int
    score: int


def write_root(cursor: RootCursor, *, sort: str) -> str:
    micros = (cursor.created_at - _EPOCH) // timedelta(microseconds=1)
    return _word(_ROOT.pack(_SORTS[sort], micros, cursor.number, cursor.score))


def read_root(word: str, *, sort: str) -> RootCursor | None:
    """Return the cursor of a page in this order; None for a strange one or of another order."""
    data = _bytes(word)
    if len(data) != _ROOT.size or data[:1] != _SORTS[sort]:
        return None
    _, micros, number, score = _ROOT.unpack(data)
    try:
        return RootCursor(_EPOCH + timedelta(microseconds=micros), number, score)
    except OverflowError:
        return None


def write_path(path: bytes) -> str:
    return _word(b"p" + path)


def read_path(word: str) -> bytes | None:
    """Return the path after which a page of answers begins, or None."""
    data = _bytes(word)
    path = data[1:]
    return path if data[:1] == b"p" and path and len(path) % 8 == 0 and len(path) <= 64 else None  # noqa: PLR2004 - rules.paths


def _word(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(word: str) -> bytes:
    if len(word) > _LONGEST:
        return b""
    try:
        return base64.b64decode(word + "=" * (-len(word) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""
