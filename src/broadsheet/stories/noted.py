"""Notes on phrases of a story, put where they belong: the words marked, the note below them.

A note says where its phrase is in the plain text of the story's version. Here that place is found
in the drawn blocks again; where the words cannot be marked, the note still stands at its block, and
without a block after the story.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any, Final

from django.utils.translation import gettext

from broadsheet.discussion.api import ShownNote
from broadsheet.kit.anchors import plain
from broadsheet.stories.noted_words import Words, piece_with, pieces_of, with_pieces
from broadsheet.stories.records.texts import lines_of
from broadsheet.stories.shown import Block
from broadsheet.stories.streams import raw_blocks

type Span = tuple[int, int]

_RUN: Final = re.compile(r"<[^>]*>|[^<]+")
_ANCHOR: Final = re.compile(r"<(/?)a\b", re.IGNORECASE)
_PARAGRAPH_END: Final = re.compile(r"</p>\s*", re.IGNORECASE)
_BETWEEN: Final = len("\n\n")


@dataclass(frozen=True, slots=True)
class Noted:
    """A body with its notes, and those without a place in it."""

    body: tuple[Block, ...]
    rest: tuple[ShownNote, ...] = ()


def with_notes(*, body: tuple[Block, ...], stream: Any, notes: Sequence[ShownNote]) -> Noted:
    """Put notes into a drawn body; `stream` is what it is drawn from. No query."""
    if not notes:
        return Noted(body)
    spans = _spans(stream)
    drawn = {block.place for block in body}
    at: dict[int, list[ShownNote]] = {}
    rest = []
    for note in notes:
        place = _block_at(note, spans)
        if place in drawn:
            at.setdefault(place, []).append(note)
        else:
            rest.append(note)
    parts = (
        part
        for block in body
        for part in _parts(block, at.get(block.place, ()), spans.get(block.place, (0, 0))[0])
    )
    return Noted(tuple(parts), tuple(rest))


def _spans(stream: Any) -> dict[int, Span]:
    """Return from where to where each block's words go in the plain text of the whole."""
    spans: dict[int, Span] = {}
    end = -_BETWEEN
    for place, block in enumerate(raw_blocks(stream)):
        start = end + _BETWEEN
        for line in lines_of(block):
            if words := plain(line).text:
                end += _BETWEEN + len(words)
        if end >= start:
            spans[place] = (start, end)
    return spans


def _block_at(note: ShownNote, spans: dict[int, Span]) -> int:
    """Return the place of the block in which a note's words end; -1 for none."""
    if note.start is None or note.end is None:
        return -1
    last = max(note.start, note.end - 1)
    return next((place for place, (start, end) in spans.items() if start <= last < end), -1)


def _parts(block: Block, notes: Sequence[ShownNote], start: int) -> Iterator[Block]:
    """Yield a block with its words marked, cut below each paragraph that has notes."""
    if not notes:
        yield block
        return
    if block.kind != "paragraph":
        yield _with_marks(block, notes, start)
        yield Block("notes", notes=tuple(notes))
        return
    html, ends = _marked(block.html, Words(block.html), notes, start)
    at = 0
    for cut, here in _below_paragraphs(html, ends):
        if html[at:cut].strip():
            yield replace(block, html=html[at:cut])
        yield Block("notes", notes=tuple(here))
        at = cut
    if html[at:].strip():
        yield replace(block, html=html[at:])


def _with_marks(block: Block, notes: Sequence[ShownNote], start: int) -> Block:
    """Return a block with the words of notes marked, where they stand in one piece of it."""
    pieces = pieces_of(block)
    of_piece: dict[int, list[ShownNote]] = {}
    for note in notes:
        found = piece_with(note, pieces, start)
        if found is not None:
            of_piece.setdefault(found, []).append(note)
    marked = {
        at: _marked(pieces[at].html, pieces[at].words, here, start + pieces[at].start)[0]
        for at, here in of_piece.items()
    }
    return with_pieces(block, marked) if marked else block


def _below_paragraphs(
    html: str, ends: Iterable[tuple[int, ShownNote]]
) -> Iterator[tuple[int, list[ShownNote]]]:
    """Yield where paragraphs with notes end, and the notes that belong there, in order."""
    cuts: dict[int, list[ShownNote]] = {}
    for end, note in ends:
        found = _PARAGRAPH_END.search(html, end)
        cuts.setdefault(found.end() if found else len(html), []).append(note)
    yield from sorted(cuts.items())


def _marked(
    html: str, words: Words, notes: Sequence[ShownNote], start: int
) -> tuple[str, list[tuple[int, ShownNote]]]:
    """Return HTML with the notes' words marked, and where in it each note's words end."""
    out: list[str] = []
    ends: list[tuple[int, ShownNote]] = []
    at = length = 0
    for note in notes:
        first, last = words.span_of(note, start)
        if first < at or not words.says(note, start):
            # Words of another note already, or of a passage that was rewritten.
            ends.append((length + max(last - at, 0), note))
            continue
        piece, after = _linked(html, first, last, note)
        piece = html[at:first] + piece
        out.append(piece)
        length += len(piece)
        ends.append((length, note))
        at = after
    return "".join([*out, html[at:]]), ends


def _linked(html: str, first: int, last: int, note: ShownNote) -> tuple[str, int]:
    """Return words as a link to their note, and where in the HTML to go on.

    Words that are in a link, or have a tag among them, are marked; the link comes after them.
    """
    words = html[first:last]
    target = f'id="noted-{note.id}" class="noted" href="#note-{note.id}" data-n="{note.answered}"'
    if note.question:
        target += f' aria-describedby="question-{note.id}"'
    if "<" not in words and not _in_link(html, first):
        return f"<a {target}>{words}</a>", last
    close = html.find("</a>", last) if _in_link(html, last) else -1
    after = close + len("</a>") if close >= 0 else last
    marked = _RUN.sub(lambda run: run[0] if run[0][0] == "<" else f"<mark>{run[0]}</mark>", words)
    label = gettext("About the words “%(words)s”") % {"words": note.exact}
    link = f'<a {target} aria-label="{escape(label)}"></a>'
    return f"{marked}{html[last:after]}{link}", after


def _in_link(html: str, at: int) -> bool:
    """Say whether a place in HTML is inside a link."""
    found = [tag[1] for tag in _ANCHOR.finditer(html, 0, at)]
    return bool(found) and not found[-1]
