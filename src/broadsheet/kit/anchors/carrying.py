"""A span carried from an old text to a new one: what a word-level comparison says became of it.

The comparison is a patience diff (Bram Cohen's: align what is unique on both sides, by a longest
increasing subsequence, then go on in the gaps), over paragraphs first and words then. Only gaps
that touch the span are gone into, at most `MAX_DEPTH` deep, so that the cost grows as n log n with
the length n of both texts; a gap without anything unique is compared letter by letter only below
`MAX_CELLS`.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from broadsheet.kit.anchors.plain import PARAGRAPH
from broadsheet.kit.anchors.words import WORD_OR_SIGN

MAX_DEPTH: Final = 12
MAX_CELLS: Final = 20_000
# How many words on either side of the span are compared with it.
AROUND: Final = 24

type Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Parts:
    """What a text, or a stretch of it, is made of: words and signs, or paragraphs."""

    texts: list[str]
    starts: list[int]
    # Where the stretch begins; a place in nothing is there.
    begin: int

    def end(self, number: int) -> int:
        return self.starts[number] + len(self.texts[number])

    def touching(self, start: int, end: int) -> Pair:
        """Return the first and the last part that a span touches; last < first if none."""
        first = bisect_left(self.starts, start)
        if first and self.end(first - 1) > start:
            first -= 1
        return first, bisect_left(self.starts, end) - 1

    def stretch(self, low: int, high: int) -> Pair:
        """Return the span from part `low` to before `high`; of none, the place after `low` - 1."""
        if low < high:
            return self.starts[low], self.end(high - 1)
        place = self.end(low - 1) if low else self.begin
        return place, place


@dataclass(frozen=True, slots=True)
class Carried:
    """Where a span went. `kept` is how much of it is there still, 0 to 1, by letters.

    `support` counts the words that stayed in one piece around it, its own included; `held` says
    that its nearest neighbours stayed on both sides.
    """

    start: int
    end: int
    kept: float
    support: int
    held: bool


def carry(old: str, new: str, start: int, end: int) -> Carried:
    """Return where the span `start`:`end` of the old text is in the new one.

    A span that went altogether is carried to the place where it would be: `kept` is 0 then.
    """
    head, tail = _same_ends(old, new)
    words = len(WORD_OR_SIGN.findall(old, max(0, start - 200), min(len(old), end + 200)))
    if end <= head:
        return Carried(start, end, 1.0, words, held=True)
    if start > len(old) - tail:
        shift = len(new) - len(old)
        return Carried(start + shift, end + shift, 1.0, words, held=True)
    before, after = _paragraphs(old), _paragraphs(new)
    first, last = before.touching(start, end)
    pairs = dict(align(before.texts, after.texts, first, last))
    if all(n in pairs for n in range(first, last + 1)) and _in_a_row(pairs, first, last):
        # The paragraph stayed whole; words inside it need no comparison, and may not slip.
        shift = after.starts[pairs[first]] - before.starts[first]
        low, high = _run(pairs, first, last)
        around = before.stretch(max(low, first - 1), min(high, last + 1) + 1)
        words = len(WORD_OR_SIGN.findall(old, *around))
        return Carried(start + shift, end + shift, 1.0, words, held=True)
    old_part, new_part = _around(before, after, pairs, first, last)
    return _by_words(_words(old, *old_part), _words(new, *new_part), start, end)


def align(old: Sequence[str], new: Sequence[str], first: int, last: int) -> list[Pair]:
    """Return which of `old` is which of `new`, in order, near `first` to `last` of the old."""
    pairs: list[Pair] = []
    work = [(0, len(old), 0, len(new), 0)]
    while work:
        low, high, new_low, new_high, depth = work.pop()
        while low < high and new_low < new_high and old[low] == new[new_low]:
            pairs.append((low, new_low))
            low, new_low = low + 1, new_low + 1
        while low < high and new_low < new_high and old[high - 1] == new[new_high - 1]:
            high, new_high = high - 1, new_high - 1
            pairs.append((high, new_high))
        if low == high or new_low == new_high or low > last or high < first or depth > MAX_DEPTH:
            continue
        gap = (low, high, new_low, new_high)
        unique = _unique(old, new, gap)
        if not unique:
            pairs.extend(_longest(old, new, gap))
            continue
        for left, right in zip(
            [(low - 1, new_low - 1), *unique], [*unique, (high, new_high)], strict=True
        ):
            work.append((left[0] + 1, right[0], left[1] + 1, right[1], depth + 1))
        pairs.extend(unique)
    return sorted(pairs)


def _around(
    before: Parts, after: Parts, pairs: dict[int, int], first: int, last: int
) -> tuple[Pair, Pair]:
    """Return the stretches of both texts between the nearest paragraphs that stayed."""
    low = max((n for n in pairs if n < first), default=-1)
    high = min((n for n in pairs if n > last), default=len(before.texts))
    return (
        before.stretch(low + 1, high),
        after.stretch(pairs.get(low, -1) + 1, pairs.get(high, len(after.texts))),
    )


def _by_words(before: Parts, after: Parts, start: int, end: int) -> Carried:
    first, last = before.touching(start, end)
    pairs = dict(align(before.texts, after.texts, first - AROUND, last + AROUND))
    left = max((n for n in pairs if n < first), default=None)
    right = min((n for n in pairs if n > last), default=None)
    # Where the words that went would stand: between their neighbours that stayed.
    low, high = after.stretch(
        pairs[left] + 1 if left is not None else 0,
        pairs[right] if right is not None else len(after.texts),
    )
    inside = range(first, last + 1)
    stayed = [n for n in inside if n in pairs]
    total = sum(len(before.texts[n]) for n in inside) or 1
    kept = sum(len(before.texts[n]) for n in stayed) / total
    if first in pairs:
        low = after.starts[pairs[first]] + max(0, start - before.starts[first])
    if last in pairs:
        high = after.end(pairs[last]) - max(0, before.end(last) - end)
    if not (len(stayed) == len(inside) and _in_a_row(pairs, first, last)):
        kept = min(kept, 0.99)
    run = _run(pairs, first, last)
    return Carried(
        start=low,
        end=max(low, high),
        kept=kept,
        support=run[1] - run[0] + 1,
        held=left == first - 1 and right == last + 1,
    )


def _run(pairs: dict[int, int], first: int, last: int) -> Pair:
    """Return the first and last of what stayed in one piece around `first` to `last`."""
    low = first
    while low - 1 in pairs and pairs[low - 1] + 1 == pairs.get(low):
        low -= 1
    high = last
    while high + 1 in pairs and pairs[high + 1] - 1 == pairs.get(high):
        high += 1
    return low, high


def _in_a_row(pairs: dict[int, int], first: int, last: int) -> bool:
    return all(pairs[n + 1] == pairs[n] + 1 for n in range(first, last))


def _unique(old: Sequence[str], new: Sequence[str], gap: tuple[int, int, int, int]) -> list[Pair]:
    """Return what is once in both of a gap's sides, as much of it as keeps its order."""
    low, high, new_low, new_high = gap
    once = {text for text, count in Counter(old[low:high]).items() if count == 1}
    once &= {text for text, count in Counter(new[new_low:new_high]).items() if count == 1}
    place = {new[n]: n for n in range(new_low, new_high) if new[n] in once}
    return _increasing((n, place[old[n]]) for n in range(low, high) if old[n] in once)


def _increasing(pairs: Iterable[Pair]) -> list[Pair]:
    """Return the longest subsequence that increases on both sides (patience sorting)."""
    tops: list[int] = []
    piles: list[Pair] = []
    chain: dict[Pair, Pair | None] = {}
    for pair in pairs:
        pile = bisect_left(tops, pair[1])
        chain[pair] = piles[pile - 1] if pile else None
        tops[pile : pile + 1] = [pair[1]]
        piles[pile : pile + 1] = [pair]
    found = []
    link = piles[-1] if piles else None
    while link is not None:
        found.append(link)
        link = chain[link]
    return found[::-1]


def _longest(old: Sequence[str], new: Sequence[str], gap: tuple[int, int, int, int]) -> list[Pair]:
    """Return a longest common subsequence of a small gap (Wagner and Fischer, 1974)."""
    low, high, new_low, new_high = gap
    wide = new_high - new_low
    if (high - low) * wide > MAX_CELLS:
        return []
    rows = [[0] * (wide + 1)]
    for n in range(high - 1, low - 1, -1):
        below = rows[-1]
        row = [0] * (wide + 1)
        for m in range(wide - 1, -1, -1):
            same = old[n] == new[new_low + m]
            row[m] = below[m + 1] + 1 if same else max(below[m], row[m + 1])
        rows.append(row)
    rows.reverse()
    found, n, m = [], 0, 0
    while n < high - low and m < wide:
        if old[low + n] == new[new_low + m]:
            found.append((low + n, new_low + m))
            n, m = n + 1, m + 1
        elif rows[n + 1][m] >= rows[n][m + 1]:
            n += 1
        else:
            m += 1
    return found


def _same_ends(old: str, new: str) -> Pair:
    """Return how much of both is alike at the start and at the end, in whole paragraphs.

    Words of one paragraph are not enough: what was put before a paragraph may begin as it does.
    """
    most = min(len(old), len(new))
    head = _search(most, lambda n: old.startswith(new[:n]))
    tail = _search(most - head, lambda n: old.endswith(new[len(new) - n :]))
    last = old.find(PARAGRAPH, len(old) - tail)
    return max(0, old.rfind(PARAGRAPH, 0, head)), len(old) - last if last >= 0 else 0


def _search(most: int, holds: Callable[[int], bool]) -> int:
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low


def _words(text: str, start: int, end: int) -> Parts:
    found = list(WORD_OR_SIGN.finditer(text, start, end))
    return Parts([match[0] for match in found], [match.start() for match in found], start)


def _paragraphs(text: str) -> Parts:
    texts = text.split(PARAGRAPH)
    starts = list(accumulate((len(one) + len(PARAGRAPH) for one in texts[:-1]), initial=0))
    return Parts(texts, starts, 0)
