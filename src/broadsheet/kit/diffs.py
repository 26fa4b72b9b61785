"""What changed between two versions, word by word, at a bounded cost. Pure.

The shortest edit is found as E. W. Myers describes it ("An O(ND) Difference Algorithm", 1986), over
paragraphs first and over the words of those that changed. Its work grows with the square of what
differs; beyond a bound the whole is called changed, which is then also true for whoever reads it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isqrt
from typing import Final, Literal

type Kind = Literal["same", "ins", "del"]

# Steps that one comparison may take, all its paragraphs together: about half a second. After
# that, paragraphs are changed as a whole.
MAX_STEPS: Final = 400_000
# How far a paragraph may have moved down, past others that went away.
LOOK_AHEAD: Final = 8
# Two paragraphs that share fewer of their words are two paragraphs, not one that changed.
ALIKE: Final = 0.4
# A word alone between two changes is read as part of them.
_TOO_SHORT: Final = 1


@dataclass(frozen=True, slots=True)
class Run:
    """Words that stayed, came or went; before another run they end with a space."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: one run if it stayed, came or went whole."""

    runs: tuple[Run, ...]

    @property
    def is_same(self) -> bool:
        return all(run.kind == "same" for run in self.runs)


def compare(*, before: Sequence[str], after: Sequence[str]) -> tuple[Paragraph, ...]:
    """Return the paragraphs of both, in reading order, with what changed in each."""
    return tuple(_paragraphs(before, after, _Budget(MAX_STEPS)))


def compare_line(*, before: str, after: str) -> Paragraph:
    """Return what changed in a line that is one, however unlike the two are."""
    return Paragraph(tuple(_runs(before.split(), after.split(), _Budget(MAX_STEPS))))


def words_changed(paragraphs: Sequence[Paragraph]) -> tuple[int, int]:
    """Return how many words came and how many went."""
    runs = [run for paragraph in paragraphs for run in paragraph.runs]
    came, went = (
        sum(len(run.text.split()) for run in runs if run.kind == kind) for kind in ("ins", "del")
    )
    return came, went


@dataclass(slots=True)
class _Budget:
    """How many steps are left; finding an edit of n takes about n times n."""

    steps: int


def _paragraphs(
    before: Sequence[str], after: Sequence[str], budget: _Budget
) -> Iterator[Paragraph]:
    for kind, old, new in _edits(before, after, budget):
        if kind == "same":
            yield from (Paragraph((Run("same", text),)) for text in old)
        else:
            yield from _changed(list(old), list(new), budget)


def _changed(old: list[str], new: list[str], budget: _Budget) -> Iterator[Paragraph]:
    """Pair what was rewritten with what it became, in order."""
    came: list[str] = []
    for text in new:
        place = next((n for n, gone in enumerate(old[:LOOK_AHEAD]) if _alike(gone, text)), None)
        if place is None:
            came.append(text)
            continue
        yield from _apart(old[:place], came)
        yield Paragraph(tuple(_runs(old[place].split(), text.split(), budget)))
        old, came = old[place + 1 :], []
    yield from _apart(old, came)


def _apart(gone: list[str], came: list[str]) -> Iterator[Paragraph]:
    yield from (Paragraph((Run("del", text),)) for text in gone)
    yield from (Paragraph((Run("ins", text),)) for text in came)


def _alike(old: str, new: str) -> bool:
    before, after = set(old.casefold().split()), set(new.casefold().split())
    return len(before & after) >= ALIKE * max(1, min(len(before), len(after)))


def _runs(before: list[str], after: list[str], budget: _Budget) -> Iterator[Run]:
    gone: list[str] = []
    came: list[str] = []
    edits = list(_edits(before, after, budget))
    for number, (kind, old, new) in enumerate(edits):
        between = (gone or came) and number + 1 < len(edits)
        if kind != "same" or (between and len(new) <= _TOO_SHORT):
            gone += old
            came += new
            continue
        yield from _told(gone, came)
        gone, came = [], []
        yield Run("same", _joined(new))
    yield from _told(gone, came)


def _told(gone: list[str], came: list[str]) -> Iterator[Run]:
    if gone:
        yield Run("del", _joined(gone))
    if came:
        yield Run("ins", _joined(came))


def _joined(words: Sequence[str]) -> str:
    return "".join(f"{word} " for word in words)


def _edits(
    before: Sequence[str], after: Sequence[str], budget: _Budget
) -> Iterator[tuple[Kind, Sequence[str], Sequence[str]]]:
    """Yield what stayed ("same", with both sides) and what was replaced, in turn."""
    start = _common(before, after)
    end = _common(before[start:][::-1], after[start:][::-1])
    if start:
        yield "same", before[:start], after[:start]
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    if old or new:
        yield from _middle(old, new, budget)
    if end:
        yield "same", before[len(before) - end :], after[len(after) - end :]


def _common(before: Sequence[str], after: Sequence[str]) -> int:
    pairs = enumerate(zip(before, after, strict=False))
    return next((n for n, (old, new) in pairs if old != new), min(len(before), len(after)))


def _middle(
    old: Sequence[str], new: Sequence[str], budget: _Budget
) -> Iterator[tuple[Kind, Sequence[str], Sequence[str]]]:
    matches = _matches(old, new, budget)
    x = y = 0
    for at, to, length in (*matches, (len(old), len(new), 0)):
        if at > x or to > y:
            yield "del", old[x:at], new[y:to]
        if length:
            yield "same", old[at : at + length], new[to : to + length]
        x, y = at + length, to + length


def _matches(old: Sequence[str], new: Sequence[str], budget: _Budget) -> list[tuple[int, int, int]]:
    """Return the stretches that both have, of the shortest edit; none if it is too long."""
    furthest = {1: 0}
    trace: list[dict[int, int]] = []
    for edits in range(min(len(old) + len(new), isqrt(max(0, budget.steps))) + 1):
        budget.steps -= 2 * edits
        trace.append(dict(furthest))
        for k in range(-edits, edits + 1, 2):
            down = k == -edits or (k != edits and furthest[k - 1] < furthest[k + 1])
            x = furthest[k + 1] if down else furthest[k - 1] + 1
            y = x - k
            while x < len(old) and y < len(new) and old[x] == new[y]:
                x, y = x + 1, y + 1
            furthest[k] = x
            if x >= len(old) and y >= len(new):
                return _way_back(trace, len(old), len(new))
    return []


def _way_back(trace: list[dict[int, int]], x: int, y: int) -> list[tuple[int, int, int]]:
    found: list[tuple[int, int, int]] = []
    for edits in range(len(trace) - 1, -1, -1):
        furthest, k = trace[edits], x - y
        down = k == -edits or (k != edits and furthest[k - 1] < furthest[k + 1])
        before = k + 1 if down else k - 1
        from_x = furthest[before] if edits else 0
        from_y = from_x - before if edits else 0
        begin_x = (from_x if down else from_x + 1) if edits else 0
        if x > begin_x:
            found.append((begin_x, y - (x - begin_x), x - begin_x))
        x, y = from_x, from_y
    return found[::-1]
