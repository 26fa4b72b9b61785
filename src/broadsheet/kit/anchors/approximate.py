"""Words found again that are not quite the same: edit distance, bounded.

The distance is Levenshtein's, reckoned a column at a time in the bits of one number (G. Myers, "A
fast bit-vector algorithm for approximate string matching based on dynamic programming", 1999, with
H. Hyyrö's form for whole strings, 2003). Where to look is told by pieces of the words that are
there unchanged: a match with at most k errors holds one of k + 1 pieces whole.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

# A piece is about so long: shorter ones are everywhere, longer ones seldom whole.
SEED: Final = 12
MAX_SEEDS: Final = 24
# How many places of one piece, and how many places in all, are looked at.
MAX_PER_SEED: Final = 12
MAX_LOOKS: Final = 24


@dataclass(frozen=True, slots=True)
class Near:
    """A span of a text and how many code points it differs in from what was sought."""

    start: int
    end: int
    errors: int


def similarity(one: str, other: str) -> float:
    """Return 1 less the edit distance over the longer length: 1 is equal, 0 has nothing alike.

    Costs len(one) × len(other) / 60 or so; meant for some hundred code points.
    """
    longest = max(len(one), len(other))
    if not longest:
        return 1.0
    return 1 - _distances(one, other, anywhere=False)[-1] / longest


def nearly(text: str, words: str, *, errors: int) -> list[Near]:
    """Return the places where `words` stand with at most `errors` edits, the best first.

    Places that overlap are one. Looks at `MAX_LOOKS` places of the text at most, each as wide as
    the words, and searches it for `MAX_SEEDS` pieces: the cost grows with the text by a plain
    search alone.
    """
    found: list[Near] = []
    for origin in _origins(text, words, errors):
        low = max(0, origin - errors - SEED)
        near = _best(text[low : origin + len(words) + errors + SEED], words, errors)
        if near is None:
            continue
        near = Near(near.start + low, near.end + low, near.errors)
        rival = next((n for n, one in enumerate(found) if _overlap(one, near)), None)
        if rival is None:
            found.append(near)
        elif near.errors < found[rival].errors:
            found[rival] = near
    return sorted(found, key=lambda near: (near.errors, near.start))


def _origins(text: str, words: str, errors: int) -> Iterator[int]:
    """Yield where the words may begin, each neighbourhood once, the best supported first."""
    votes: dict[int, list[int]] = {}
    width = errors + SEED
    for offset, seed in _seeds(words):
        place = -1
        for _ in range(MAX_PER_SEED):
            place = text.find(seed, place + 1)
            if place < 0:
                break
            votes.setdefault(max(0, place - offset) // width, []).append(max(0, place - offset))
    ranked = sorted(votes.values(), key=lambda origins: (-len(origins), origins[0]))
    for origins in ranked[:MAX_LOOKS]:
        yield origins[len(origins) // 2]


def _seeds(words: str) -> Iterator[tuple[int, str]]:
    length = min(SEED, max(4, len(words) // 3))
    step = max(length // 2, len(words) // MAX_SEEDS)
    for offset in range(0, max(1, len(words) - length + 1), step):
        yield offset, words[offset : offset + length]


def _best(window: str, words: str, errors: int) -> Near | None:
    """Return the place in a small window with the fewest edits, if there are not too many."""
    ends = _distances(words, window, anywhere=True)
    fewest = min(ends)
    if fewest > errors:
        return None
    end = ends.index(fewest)
    backwards = _distances(words[::-1], window[:end][::-1], anywhere=False)
    length = backwards.index(min(backwards))
    return Near(end - length, end, fewest)


def _distances(words: str, text: str, *, anywhere: bool) -> list[int]:
    """Return for each end in `text` the edits from `words` to what ends there.

    It begins at the start of the text, or `anywhere`.
    """
    size = len(words)
    if not size:
        return [0] * (len(text) + 1) if anywhere else list(range(len(text) + 1))
    full, high = (1 << size) - 1, 1 << (size - 1)
    where: dict[str, int] = {}
    for place, letter in enumerate(words):
        where[letter] = where.get(letter, 0) | 1 << place
    plus, minus, score = full, 0, size
    scores = [score]
    for letter in text:
        equal = where.get(letter, 0)
        across = equal | minus
        down = ((equal & plus) + plus) ^ plus | equal
        up = minus | full & ~(down | plus)
        less = plus & down
        score += bool(up & high) - bool(less & high)
        scores.append(score)
        up = up << 1 | (0 if anywhere else 1)
        plus = (less << 1 | ~(across | up)) & full
        minus = up & across & full
    return scores


def _overlap(one: Near, other: Near) -> bool:
    return one.start < other.end and other.start < one.end
