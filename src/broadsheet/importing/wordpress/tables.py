"""Plain tables of the old site, as they would be pasted from a spreadsheet."""

import csv
import io
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

_ROWS: Final = frozenset({"thead", "tbody", "tfoot"})
_CELLS: Final = frozenset({"th", "td"})
MAX_ROWS: Final = 500
MAX_COLUMNS: Final = 30
CAPTION_LENGTH: Final = 200


@dataclass(frozen=True, slots=True)
class Pasted:
    caption: str
    cells: str
    row_headings: bool


@dataclass(slots=True)
class _Row:
    heads: list[bool] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


def pasted(html: str) -> Pasted | None:
    """Return a sanitised table as text; None if anything of it would be lost.

    That is: one heading row, a caption, nothing in the cells but text, no cell over several places.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    caption = " ".join(reader.caption.split())
    if reader.odd or not caption or len(caption) > CAPTION_LENGTH:
        return None
    rows = reader.rows
    width = len(rows[0].heads) if rows else 0
    even = all(len(row.heads) == width and any(row.texts) for row in rows)
    if not (even and 2 <= len(rows) <= MAX_ROWS + 1 and 2 <= width <= MAX_COLUMNS):  # noqa: PLR2004 - a table has two of each
        return None
    head, *body = rows
    named = all(row.heads[0] for row in body)
    if not all(head.heads) or any(any(row.heads[named:]) for row in body):
        return None
    text = io.StringIO()
    csv.writer(text, delimiter="\t", lineterminator="\n").writerows(row.texts for row in rows)
    return Pasted(caption, text.getvalue().rstrip("\n"), named)


class _Reader(HTMLParser):
    """Collects rows; `odd` once something occurs that a pasted table can not hold."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[_Row] = []
        self.caption = ""
        self.odd = False
        self._tables = 0
        self._in_caption = False
        self._in_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append(_Row())
        elif tag in _CELLS and self.rows:
            self.odd |= any(name != "scope" for name, _ in attrs)
            self.rows[-1].heads.append(tag == "th")
            self.rows[-1].texts.append("")
            self._in_cell = True
        elif tag == "caption":
            self._in_caption = True
        elif tag == "table":
            self._tables += 1
            self.odd |= self._tables > 1
        else:
            self.odd |= tag not in _ROWS

    def handle_endtag(self, tag: str) -> None:
        if tag in _CELLS and self._in_cell:
            self.rows[-1].texts[-1] = " ".join(self.rows[-1].texts[-1].split())
            self._in_cell = False
        elif tag == "caption":
            self._in_caption = False

    def handle_data(self, data: str) -> None:
        if self._in_cell:
            self.rows[-1].texts[-1] += data
        elif self._in_caption:
            self.caption += data
        else:
            self.odd |= bool(data.strip())
