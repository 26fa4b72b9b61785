"""The words of drawn blocks that notes can mark: in which piece of a block, and where in it."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape, unescape
from itertools import count
from typing import Final

from broadsheet.discussion.api import ShownNote
from broadsheet.kit.anchors import PlainText, plain
from broadsheet.kit.html import SafeHtml
from broadsheet.stories.shown import Block, Picture
from broadsheet.stories.tables import Table

type Span = tuple[int, int]
# HTML that may hold marks, and what is said between it and the piece before, in the plain text.
type Html = tuple[str, str]

_TOKEN: Final = re.compile(r"<[^>]*>|&(?:#\d+|#[xX][0-9a-fA-F]+|\w+);|[^<&]+|[<&]")
_LINE_END: Final = re.compile(
    r"</(?:p|li|h[1-6]|blockquote|pre|div)>|<br\s*/?>|<hr\s*/?>", re.IGNORECASE
)
_LINE: Final = "\n\n"
# As the story's plain text says who is quoted.
_SAID_BY: Final = f"{_LINE}\u2014 "
_SAID_AS: Final = ", "
# As the story's plain text has a row of a table.
_CELL: Final = " \u00b7 "


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a block that is drawn as one run of HTML; `start` is where its words begin."""

    html: str
    words: "Words"
    start: int


def pieces_of(block: Block) -> list[Piece]:
    """Return the parts of a block that words can be marked in, in the order of its plain text.

    What is drawn from more than its words (a credit, a document's title, an embed) is none.
    """
    pieces: list[Piece] = []
    end = 0
    for html, before in _READ.get(block.kind, _nothing)(block):
        words = Words(html)
        start = end + len(before) if end else 0
        pieces.append(Piece(html, words, start))
        if words.length or before == _CELL:
            # Of an empty cell the plain text has the sign, and one space.
            end = start + words.length if words.length else start - 1
    return pieces


def piece_with(note: ShownNote, pieces: Sequence[Piece], start: int) -> int | None:
    """Return in which piece of a block that begins at `start` the words of a note stand.

    Where the count is of no help, the one that has them alone; None where they are in none.
    """
    for at, piece in enumerate(pieces):
        here = start + piece.start
        if piece.words.holds(note, here) and piece.words.says(note, here):
            return at
    having = [at for at, piece in enumerate(pieces) if note.exact in piece.words.text]
    return having[0] if len(having) == 1 and note.standing == "stands" else None


def with_pieces(block: Block, html: Mapping[int, str]) -> Block:
    """Return a block with some of its pieces drawn otherwise."""
    return _WRITE[block.kind](block, html)


def _nothing(_block: Block) -> Iterator[Html]:
    return iter(())


def _html(block: Block) -> Iterator[Html]:
    yield block.html, _LINE


def _quote(block: Block) -> Iterator[Html]:
    yield block.html, _LINE
    if block.speaker:
        yield escape(block.speaker), _SAID_BY
        yield escape(block.role), _SAID_AS


def _document(block: Block) -> Iterator[Html]:
    if block.file:
        yield escape(block.file.summary), _LINE


def _noted(block: Block) -> Iterator[Html]:
    # Its title is drawn apart, and is a piece so that the count goes on.
    if block.text:
        yield escape(block.text), _LINE
    yield block.html, _LINE


def _heading(block: Block) -> Iterator[Html]:
    yield escape(block.text), _LINE


def _image(block: Block) -> Iterator[Html]:
    if block.picture:
        yield block.picture.caption, _LINE


def _gallery(block: Block) -> Iterator[Html]:
    yield escape(block.text), _LINE
    for picture in block.pictures:
        yield picture.caption, _LINE


def _table(block: Block) -> Iterator[Html]:
    yield escape(block.text), _LINE
    for row in _rows(block.table):
        said = [at for at, cell in enumerate(row) if cell]
        for at, cell in enumerate(row):
            # Empty cells at either end of a row are not in the plain text.
            inside = said and said[0] <= at <= said[-1]
            yield escape(cell), (_LINE if at == said[0] else _CELL) if inside else ""


def _rows(table: Table | None) -> Sequence[tuple[str, ...]]:
    return (table.head, *table.rows) if table else ()


def _with_html(block: Block, html: Mapping[int, str]) -> Block:
    return replace(block, html=html[0])


def _with_quote(block: Block, html: Mapping[int, str]) -> Block:
    speaker, role = (
        SafeHtml(html[at]) if at in html else text
        for at, text in enumerate((block.speaker, block.role), 1)
    )
    return replace(block, html=html.get(0, block.html), speaker=speaker, role=role)


def _with_summary(block: Block, html: Mapping[int, str]) -> Block:
    file = replace(block.file, summary=SafeHtml(html[0])) if block.file else None
    return replace(block, file=file)


def _with_text(block: Block, html: Mapping[int, str]) -> Block:
    return replace(block, text=SafeHtml(html[0]))


def _with_note(block: Block, html: Mapping[int, str]) -> Block:
    if not block.text:
        return _with_html(block, html)
    text = SafeHtml(html[0]) if 0 in html else block.text
    return replace(block, text=text, html=html.get(1, block.html))


def _with_picture(block: Block, html: Mapping[int, str]) -> Block:
    return replace(block, picture=_captioned(block.picture, html[0]) if block.picture else None)


def _with_pictures(block: Block, html: Mapping[int, str]) -> Block:
    pictures = tuple(
        _captioned(picture, html.get(at, picture.caption))
        for at, picture in enumerate(block.pictures, 1)
    )
    return replace(block, text=SafeHtml(html[0]) if 0 in html else block.text, pictures=pictures)


def _captioned(picture: Picture, caption: str) -> Picture:
    return replace(picture, caption=caption)


def _with_cells(block: Block, html: Mapping[int, str]) -> Block:
    text = SafeHtml(html[0]) if 0 in html else block.text
    at = count(1)
    rows = [
        tuple(SafeHtml(html[here]) if (here := next(at)) in html else cell for cell in row)
        for row in _rows(block.table)
    ]
    if block.table is None:
        return block
    return replace(block, text=text, table=replace(block.table, head=rows[0], rows=tuple(rows[1:])))


_READ: Final[dict[str, Callable[[Block], Iterator[Html]]]] = {
    "list": _html,
    "quote": _quote,
    "document": _document,
    "note": _noted,
    "heading": _heading,
    "image": _image,
    "gallery": _gallery,
    "table": _table,
}
_WRITE: Final[dict[str, Callable[[Block, Mapping[int, str]], Block]]] = {
    "list": _with_html,
    "quote": _with_quote,
    "document": _with_summary,
    "note": _with_note,
    "heading": _with_text,
    "image": _with_picture,
    "gallery": _with_pictures,
    "table": _with_cells,
}


class Words:
    """The plain words of a piece of HTML, and the way back to where they are in it."""

    def __init__(self, html: str) -> None:
        letters: list[str] = []
        self._at: list[Span] = []
        for token in _TOKEN.finditer(html):
            start, end = token.span()
            piece = token[0]
            if _LINE_END.fullmatch(piece):
                piece, spans = "\n\n", [(start, start)] * 2
            elif piece.startswith("<") and len(piece) > 1:
                continue
            elif piece.startswith("&"):
                piece = unescape(piece)
                spans = [(start, end)] * len(piece)
            else:
                spans = [(at, at + 1) for at in range(start, end)]
            letters.append(piece)
            self._at += spans
        self._text: PlainText = plain("".join(letters))

    @property
    def text(self) -> str:
        return self._text.text

    @property
    def length(self) -> int:
        return len(self._text.text)

    def holds(self, note: ShownNote, start: int) -> bool:
        """Say whether the place of a note is in words that begin at `start`."""
        if note.start is None or note.end is None:
            return False
        return start <= note.start and note.end <= start + self.length

    def says(self, note: ShownNote, start: int) -> bool:
        """Say whether a block that begins at `start` has a note's words, as they are told now."""
        begin, end = self._place(note, start)
        words = self._text.text[begin:end]
        as_it_was = note.standing == "stands" and words == note.exact
        return bool(words) and (as_it_was or note.standing == "edited")

    def span_of(self, note: ShownNote, start: int) -> Span:
        """Return where a note's words are, or were, in the HTML of a block that begins there."""
        begin, end = self._place(note, start)
        if not self._at:
            return 0, 0
        first, last = self._text.to_source(start=begin, end=end)
        return self._at[min(first, len(self._at) - 1)][0], self._at[max(last - 1, 0)][1]

    def _place(self, note: ShownNote, start: int) -> Span:
        words = self._text.text
        begin = min(max((note.start or 0) - start, 0), len(words))
        end = min(max((note.end or 0) - start, begin), len(words))
        if note.standing == "stands" and words[begin:end] != note.exact:
            # Counted otherwise; the words themselves say where they are, if they are there once.
            place = words.find(note.exact)
            if place >= 0 and words.find(note.exact, place + 1) < 0:
                return place, place + len(note.exact)
        return begin, end
