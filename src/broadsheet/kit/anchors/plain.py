"""Plain text in the form that anchors count in, and the way back to where it came from.

Offsets are Unicode code points of this text, as the Web Annotation Data Model asks of a
TextPositionSelector (https://www.w3.org/TR/annotation-model/#text-position-selector). What a
browser selects and what is stored differ in things that nobody sees: line ends, runs of white
space, no-break spaces, soft hyphens, marks of direction, composed or decomposed letters. Here both
become the same.
"""

import re
import unicodedata
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

PARAGRAPH: Final = "\n\n"
# Soft hyphen, zero-width space and word joiner, byte order mark, marks and isolates of direction,
# and controls that are no white space. Joiners (U+200C, U+200D) are spelling and stay.
_UNSEEN: Final = (
    "\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
    "\x00-\x08\x0e-\x1b\x7f\x80-\x84\x86-\x9f"
)
_SPACE: Final = r"\s\x1c-\x1f\x85"
_RUN: Final = re.compile(
    rf"(?P<clean>[^{_SPACE}{_UNSEEN}]+(?: [^{_SPACE}{_UNSEEN}]+)*)|(?P<other>[{_SPACE}{_UNSEEN}]+)"
)
_VISIBLE_SPACE: Final = re.compile(rf"[{_SPACE}]")
_LINE_END: Final = re.compile(r"\r\n|[\n\r\v\x85\u2028]")
_BREAK: Final = re.compile(r"[\f\u2029\x1c-\x1e]")
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
_BLANK_LINE: Final = 2
# Sorting the marks of one letter is quadratic in CPython; no script puts so many on one, and the
# Stream-Safe Text Format (UAX #15) draws the line at 30 too.
MOST_MARKS: Final = 30
_JAMO: Final = ("\u1160", "\u11ff")
_FIRST_MARK: Final = "\u0300"


@dataclass(frozen=True, slots=True)
class PlainText:
    """Normalised text: NFC, one space for any white space, `PARAGRAPH` between paragraphs.

    It neither begins nor ends with white space, and normalised again it stays what it is.
    `source_length` is that of what `plain` was given.
    """

    text: str
    source_length: int
    # For each code point where it began in the source, and at the end where the last one ended;
    # None when nothing was changed.
    _origin: array[int] | None = field(repr=False, compare=False)

    def to_source(self, *, start: int, end: int) -> tuple[int, int]:
        """Return the span in the source of a span here; of a part of a letter, the whole letter.

        Raises ValueError unless 0 ≤ start ≤ end ≤ the length of the text.
        """
        if not 0 <= start <= end <= len(self.text):
            raise ValueError(f"no span {start}:{end} in a text of {len(self.text)}")
        if self._origin is None:
            return start, end
        first, last = self._origin[start], self._origin[end]
        while start < end < len(self.text) and last <= self._origin[end - 1]:
            end += 1
            last = self._origin[end]
        return first, max(first, last)

    def from_source(self, *, start: int, end: int) -> tuple[int, int]:
        """Return the span here of a span in the source. What was dropped has no width."""
        length = len(self.text)
        return self._place(min(start, self.source_length), length), self._place(
            min(max(start, end), self.source_length), length
        )

    def _place(self, source: int, length: int) -> int:
        if self._origin is None:
            return min(source, length)
        low, high = 0, length
        while low < high:
            middle = (low + high) // 2
            if self._origin[middle] < source:
                low = middle + 1
            else:
                high = middle
        return low


def plain(source: str) -> PlainText:
    """Normalise text: any Unicode, at a cost that grows as its length does: 1 MB in a second.

    Paragraphs are told apart by a blank line, a form feed or U+2029; one line end alone is a space.
    """
    pieces: list[str] = []
    origin = array("L")
    end = 0
    for piece, start, stop in _seen(source):
        pieces.append(piece)
        origin.extend(range(start, stop) if len(piece) == stop - start else [start] * len(piece))
        end = stop
    origin.append(end)
    text = _SURROGATE.sub("\ufffd", "".join(pieces))
    if not unicodedata.is_normalized("NFC", text):
        text, origin = _composed(text, origin)
    return PlainText(text, len(source), None if text == source else origin)


def squashed(text: str) -> tuple[str, list[int]]:
    """Return the text without white space, and the place in `text` of each code point left."""
    places = [place for place, letter in enumerate(text) if letter not in " \n"]
    return "".join(text[place] for place in places), places


def is_mark(letter: str) -> bool:
    """Say whether a code point is read with the one before it."""
    return letter >= _FIRST_MARK and (
        unicodedata.category(letter)[0] == "M"
        or _JAMO[0] <= letter <= _JAMO[1]
        or letter == "\u200d"
        or "\U0001f3fb" <= letter <= "\U0001f3ff"
    )


def _seen(source: str) -> Iterator[tuple[str, int, int]]:
    """Yield what is seen of the source, piece by piece, with the span it comes from."""
    space: tuple[str, int, int] | None = None
    begun = False
    for run in _RUN.finditer(source):
        start, stop = run.span()
        if run["clean"] is not None:
            if space and begun:
                yield space
            space, begun = None, True
            yield run["clean"], start, stop
        elif _VISIBLE_SPACE.search(run["other"]):
            space = (_white(run["other"]), start, start + 1)


def _white(run: str) -> str:
    many = len(_LINE_END.findall(run)) >= _BLANK_LINE or _BREAK.search(run)
    return PARAGRAPH if many else " "


def _composed(text: str, origin: "array[int]") -> tuple[str, "array[int]"]:
    pieces: list[str] = []
    moved = array("L")
    start = 0
    while start < len(text):
        stop = start + 1
        while stop < len(text) and stop - start <= MOST_MARKS and is_mark(text[stop]):
            stop += 1
        piece = unicodedata.normalize("NFC", text[start:stop])
        pieces.append(piece)
        kept = len(piece) == stop - start
        moved.extend(origin[start:stop] if kept else [origin[start]] * len(piece))
        start = stop
    moved.append(origin[-1])
    return "".join(pieces), moved
