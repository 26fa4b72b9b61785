"""Is this file what its name says? Its first bytes say so: names and content types are claims.

What a newsroom publishes goes to readers under its name. A page that a server sent in place of a
file that is gone, or that somebody called a PDF, is not that.
"""

import re
from collections.abc import Callable
from typing import Final

# A recording of an hour or a report full of plans; the file is held in memory while it is kept.
MAX_BYTES: Final = 100 * 1024 * 1024
_HEAD: Final = 1024
# What a browser may take for a page of its own, behind a mark of the encoding, blanks and comments.
_PAGE: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s|<!--.{0,800}?-->|<\?xml[^>]{0,200}\?>)*"
    rb"<!?(?:doctype\s+html|html|head|body|title|meta|script|style|svg|iframe)\b",
    re.IGNORECASE | re.DOTALL,
)
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")

type Looks = Callable[[bytes], bool]


class WrongFileError(ValueError):
    """The bytes are none we keep under that name; the message is a few words for the report."""


def check_file(data: bytes, *, ending: str) -> None:
    """Look at a file that is called `….<ending>`. Raises WrongFileError."""
    if len(data) > MAX_BYTES:
        raise WrongFileError(f"larger than {MAX_BYTES // 1024 // 1024} MB")
    if not data:
        raise WrongFileError("an empty file")
    looks = LOOKS.get(ending)
    if looks is None:
        raise WrongFileError("a kind of file that is not taken")
    head = data[:_HEAD]
    if _PAGE.match(head):
        raise WrongFileError("a web page, not the file that it is called")
    if not looks(head):
        raise WrongFileError("not the kind of file that it is called")


def _begins(*marks: bytes) -> Looks:
    return lambda head: head.startswith(marks)


def _pdf(head: bytes) -> bool:
    # Readers of PDF take what stands before it, too; scanners put it there.
    return b"%PDF-" in head


def _text(head: bytes) -> bool:
    return head.startswith(_UTF16) or b"\0" not in head


def _mp3(head: bytes) -> bool:
    return head.startswith(b"ID3") or (head[0] == 0xFF and len(head) > 1 and head[1] >= 0xE0)  # noqa: PLR2004 - eleven bits that begin a frame


def _mp4(head: bytes) -> bool:
    return head[4:8] == b"ftyp"


def _wav(head: bytes) -> bool:
    return head.startswith((b"RIFF", b"RF64")) and head[8:12] == b"WAVE"


_zip = _begins(b"PK\x03\x04", b"PK\x05\x06")
# Word and Excel open each other's containers whatever they are called, and so they get called.
_office = _begins(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04", b"{\\rtf", b"\x09\x08")

# What a newsroom publishes, by ending; the same as `stories` sends to readers.
LOOKS: Final[dict[str, Looks]] = {
    **dict.fromkeys(("csv", "geojson", "gpx", "json", "txt"), _text),
    **dict.fromkeys(("docx", "epub", "odp", "ods", "odt", "pptx", "xlsx", "zip"), _zip),
    **dict.fromkeys(("doc", "ppt", "xls"), _office),
    "m4a": _mp4,
    "mp3": _mp3,
    "ogg": _begins(b"OggS"),
    "pdf": _pdf,
    "rtf": _begins(b"{\\rtf"),
    "wav": _wav,
}
