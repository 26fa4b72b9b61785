"""A quotation that somebody typed or pasted, matched with the earlier text that it is taken from.

It claims that one person quotes another, so it would rather say nothing: the words must be enough,
nearly all of them the same and in one piece, and in one place only.
"""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from zlib import crc32

from broadsheet.kit.anchors.anchor import MAX_EXACT, Anchor, Revision
from broadsheet.kit.anchors.approximate import nearly
from broadsheet.kit.anchors.making import make_anchor, occurrences
from broadsheet.kit.anchors.plain import PlainText, plain
from broadsheet.kit.anchors.sentences import sentences
from broadsheet.kit.anchors.words import WORD, stands_alone

# Fewer words, or shorter ones, are said by many: «I do not think so». A letter of Han or kana
# weighs as much as three of an alphabet.
LEAST_WORDS: Final = 5
LEAST_WEIGHT: Final = 24
HEAVY: Final = 3
# One letter in so many may be mistyped, and a second place must differ by that much more.
ONE_ERROR_IN: Final = 12
MAX_QUOTATION: Final = 10_000
# So many words in a row are looked up together. Those that more candidates share say nothing.
SHINGLE: Final = 4
MAX_SHARED: Final = 64
LEAST_SHARE: Final = 0.2
MAX_LOOKS: Final = 8

_MARGIN: Final = re.compile(r"^[ \t]*>[> \t]*", re.MULTILINE)
# A shingle's number: its words' checksums, as a polynomial (Karp and Rabin, 1987).
_BITS: Final = 32
_MIX: Final = 1_000_003
_WINDOW: Final = 2**_BITS - 1


@dataclass(frozen=True, slots=True)
class Quotable[Key]:
    """A text that may be quoted. `key` is the caller's name for it.

    Leave out of `text` what it quotes itself: words that stand in two places match neither.
    """

    key: Key
    text: PlainText
    revision: Revision


@dataclass(frozen=True, slots=True)
class TypedQuotation[Key]:
    """What was quoted: an anchor in the text `key`. A confidence of 1 is word for word.

    `is_whole` is false when the quotation is longer than an anchor may be; the anchor is of its
    first sentences then.
    """

    key: Key
    anchor: Anchor
    confidence: float
    is_whole: bool


class QuotationIndex[Key]:
    """Texts to look quotations up in: 8 bytes a word, built in one pass."""

    def __init__(self, candidates: Iterable[Quotable[Key]]) -> None:
        self._candidates = list(candidates)
        self._entries = array(
            "Q",
            sorted(
                {
                    shingle << _BITS | number
                    for number, candidate in enumerate(self._candidates)
                    for shingle in _shingles(WORD.findall(candidate.text.text.casefold()))
                }
            ),
        )

    def match(self, *, quotation: str) -> TypedQuotation[Key] | None:
        """Return what a quotation is taken from, or None unless there is just one such place.

        Case, punctuation, white space and quotation marks around it do not count, nor does the
        margin of `>`. At most `MAX_LOOKS` texts are compared with it.
        """
        source = plain(_MARGIN.sub("", quotation[:MAX_QUOTATION]))
        wanted = _Folded(source.text)
        if not _is_enough(wanted.words):
            return None
        found = [
            (confidence, number, span)
            for number in self._likely(wanted.words)
            for confidence, span in _places(self._candidates[number].text, wanted)
        ]
        found.sort(key=lambda one: -one[0])
        if not found or (len(found) > 1 and found[0][0] - found[1][0] < 1 / ONE_ERROR_IN):
            return None
        confidence, number, span = found[0]
        span = _with_signs(span, self._candidates[number].text.text, wanted, source.text)
        return self._anchored(number, span, confidence)

    def _likely(self, words: list[str]) -> list[int]:
        votes: Counter[int] = Counter()
        shingles = set(_shingles(words))
        for shingle in shingles:
            low = bisect_left(self._entries, shingle << _BITS)
            high = bisect_left(self._entries, (shingle + 1) << _BITS)
            if high - low <= MAX_SHARED:
                votes.update(entry & (2**_BITS - 1) for entry in self._entries[low:high])
        least = LEAST_SHARE * len(shingles)
        likely = [number for number, count in votes.items() if count >= least]
        return sorted(likely, key=lambda number: (-votes[number], number))[:MAX_LOOKS]

    def _anchored(
        self, number: int, span: tuple[int, int], confidence: float
    ) -> TypedQuotation[Key]:
        candidate = self._candidates[number]
        end = _fitting(candidate.text.text, *span)
        anchor = make_anchor(
            text=candidate.text, start=span[0], end=end, revision=candidate.revision
        )
        return TypedQuotation(candidate.key, anchor, confidence, is_whole=end == span[1])


def match_typed_quotation[Key](
    *, quotation: str, candidates: Iterable[Quotable[Key]]
) -> TypedQuotation[Key] | None:
    """Match one quotation; for more of them keep a `QuotationIndex`."""
    return QuotationIndex(candidates).match(quotation=quotation)


class _Folded:
    """A text as it is compared: its words without case, one space between them."""

    def __init__(self, text: str) -> None:
        found = list(WORD.finditer(text))
        self.words = [match[0].casefold() for match in found]
        self.spans = [match.span() for match in found]
        self.joined = " ".join(self.words)
        self.starts: list[int] = []
        place = 0
        for word in self.words:
            self.starts.append(place)
            place += len(word) + 1

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span in the text of the words that a span of `joined` touches."""
        first = max(0, bisect_right(self.starts, start) - 1)
        last = max(first, bisect_left(self.starts, end) - 1)
        return self.spans[first][0], self.spans[last][1]


def _shingles(words: list[str]) -> Iterator[int]:
    """Yield a number of `_BITS` bits for each few words in a row; two may share one by chance."""
    numbers = [crc32(word.encode("utf-8", "replace")) for word in words]
    for one in zip(*(numbers[place:] for place in range(SHINGLE)), strict=False):
        mixed = 0
        for number in one:
            mixed = (mixed * _MIX + number) & _WINDOW
        yield mixed


def _is_enough(words: list[str]) -> bool:
    weight = sum(HEAVY if stands_alone(word) else len(word) for word in words)
    return len(words) >= LEAST_WORDS and weight >= LEAST_WEIGHT


def _places(text: PlainText, wanted: _Folded) -> Iterator[tuple[float, tuple[int, int]]]:
    folded = _Folded(text.text)
    size = len(wanted.joined)
    exact = list(occurrences(f" {folded.joined} ", f" {wanted.joined} "))
    for place in exact:
        yield 1.0, folded.span(place, place + size)
    if exact:
        return
    for near in nearly(folded.joined, wanted.joined, errors=size // ONE_ERROR_IN):
        yield 1 - near.errors / size, folded.span(near.start, near.end)


def _with_signs(
    span: tuple[int, int], text: str, wanted: _Folded, quotation: str
) -> tuple[int, int]:
    """Take in the signs at the ends that the quotation has too, such as its full stop."""
    start, end = span
    head = quotation[: wanted.spans[0][0]]
    while head and start and text[start - 1] == head[-1]:
        start, head = start - 1, head[:-1]
    tail = quotation[wanted.spans[-1][1] :]
    while tail and end < len(text) and text[end] == tail[0]:
        end, tail = end + 1, tail[1:]
    return start, end


def _fitting(text: str, start: int, end: int) -> int:
    """Return where an anchor from `start` ends: at `end`, or after the last sentence that fits."""
    if end - start <= MAX_EXACT:
        return end
    stretch = text[start : start + MAX_EXACT]
    whole = [stop for _, stop in sentences(text[start : start + MAX_EXACT + 1]) if stop < MAX_EXACT]
    word = stretch.rfind(" ")
    return start + (whole[-1] if whole else word if word > 0 else MAX_EXACT)
