"""What a version keeps of a story: its words, without how they look.

Read from the stream's raw values, so that nothing is looked up. A pull quote says nothing that the
story does not, and a correction is a record of its own: neither is part of the words.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from html import unescape
from typing import Any, Final

import nh3

from broadsheet.stories.streams import raw_blocks
from broadsheet.stories.tables import TableError, table_of

# The end of what stands on a line of its own.
_LINE_ENDS: Final = re.compile(
    r"</(?:p|li|h[1-6]|tr|blockquote|figcaption|caption|dt|dd|pre|div|summary)>|<br\s*/?>|<hr\s*/?>",
    re.IGNORECASE,
)
_CELL_ENDS: Final = re.compile(r"</t[dh]>", re.IGNORECASE)


def plain_body(stream: Any) -> str:
    """Return a body as plain paragraphs, a blank line between two."""
    return "\n\n".join(line for block in raw_blocks(stream) for line in lines_of(block))


def digest_of(*, headline: str, standfirst: str, text: str) -> str:
    """Return what changes exactly when the words do."""
    return sha256(f"{headline}\0{standfirst}\0{text}".encode()).hexdigest()


def plain_lines(html: str) -> Iterator[str]:
    """Yield the lines of stored HTML as text."""
    broken = _LINE_ENDS.sub("\n", _CELL_ENDS.sub(" · ", html))
    for line in unescape(nh3.clean(broken, tags=set())).split("\n"):
        words = " ".join(line.split()).strip(" ·")
        if words:
            # The database of PostgreSQL takes any text but this.
            yield words.replace("\0", "")


def lines_of(block: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of one block of a body."""
    read = _READ.get(block["type"])
    if read is not None:
        yield from (line for html in read(block.get("value")) for line in plain_lines(html))


def _rich(value: Any) -> Iterator[str]:
    yield str(value or "")


def _parts(*names: str) -> Callable[[Any], Iterator[str]]:
    def read(value: Any) -> Iterator[str]:
        yield from (str(_get(value, name)) for name in names)

    return read


def _get(value: Any, name: str) -> Any:
    return (value.get(name) if isinstance(value, Mapping) else None) or ""


def _quote(value: Any) -> Iterator[str]:
    yield str(_get(value, "text"))
    said = [
        str(_get(value, name)) for name in ("speaker", "role", "source_title") if _get(value, name)
    ]
    if said:
        yield "— " + ", ".join(said)


def _gallery(value: Any) -> Iterator[str]:
    yield str(_get(value, "title"))
    for item in _get(value, "pictures") or ():
        inner = item.get("value", item) if isinstance(item, Mapping) else None
        yield str(_get(inner, "caption"))


def _table(value: Any) -> Iterator[str]:
    yield str(_get(value, "caption"))
    try:
        table = table_of(str(_get(value, "cells")))
    except TableError:
        return
    for row in (table.head, *table.rows):
        yield " · ".join(row)


_READ: Final[dict[str, Callable[[Any], Iterator[str]]]] = {
    "paragraph": _rich,
    "list": _rich,
    "html": _rich,
    "heading": _parts("text"),
    "image": _parts("caption"),
    "gallery": _gallery,
    "quote": _quote,
    "document": _parts("title", "summary"),
    "table": _table,
    "embed": _parts("title"),
    "note": _parts("title", "text"),
}
