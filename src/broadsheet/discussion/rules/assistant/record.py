"""The assistant's record: each comment was scored before what was decided about it was learned."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

import numpy as np

from broadsheet.discussion.rules.assistant.approving import upper_bound

# The newest decisions that the record is made of.
WINDOW: Final = 2_000
LEAST_DECISIONS: Final = 300
LEAST_REMOVALS: Final = 30
# A guess, which knows no more than how many are removed, is right about half of the pairs.
GUESS: Final = 0.5
# So much better than a guess, surely, before anybody is shown a score.
MARGIN: Final = 0.05
_SURE: Final = 1.96
# The half that it would remove last: what was removed of that half is said beside the base rate.
_HALF: Final = 0.5
# So many comments, a tenth of the record within these bounds, say what a score near theirs means.
_ALIKE: Final = (10, 100)
# Nobody is asked to read again because of fewer.
_ASKED_OF: Final = 20


@dataclass(frozen=True, slots=True)
class Record:
    """How good the scores of the last `decisions` were.

    `auc` is how often a comment that was removed had a higher score than one that was not; it lies
    between `low` and `high`, surely (95 of 100). None where nothing can be said yet. Of the half
    with the lowest scores `errors` were removed, at most the share `errors_high`, surely.
    """

    decisions: int
    removals: int
    auc: float | None = None
    low: float | None = None
    high: float | None = None
    half: int = 0
    errors: int = 0
    errors_high: float | None = None

    @property
    def base_rate(self) -> float:
        return self.removals / self.decisions if self.decisions else 0.0

    @property
    def speaks(self) -> bool:
        """Say whether the scores have shown to be better than a guess; else they are not shown."""
        return (
            self.decisions >= LEAST_DECISIONS
            and self.removals >= LEAST_REMOVALS
            and self.low is not None
            and self.low > GUESS + MARGIN
        )


def record_of(*, scores: Sequence[float], removed: Sequence[bool]) -> Record:
    """Return the record of scores and what became of them, in the order of the decisions."""
    ranked = np.asarray(scores, dtype=np.float64)[-WINDOW:]
    gone = np.asarray(removed, dtype=bool)[-WINDOW:]
    decisions, removals = len(gone), int(gone.sum())
    if not 0 < removals < decisions:
        return Record(decisions, removals)
    value = auc(scores=ranked, removed=gone)
    spread = _SURE * _deviation(value, removals, decisions - removals)
    half = int(decisions * _HALF)
    errors = int(gone[np.argsort(ranked, kind="stable")[:half]].sum())
    return Record(
        decisions=decisions,
        removals=removals,
        auc=value,
        low=max(0.0, value - spread),
        high=min(1.0, value + spread),
        half=half,
        errors=errors,
        errors_high=upper_bound(errors=errors, of=half) if half else None,
    )


def auc(*, scores: Sequence[float] | np.ndarray, removed: Sequence[bool] | np.ndarray) -> float:
    """Return the share of pairs, one removed and one not, in which the removed one scored higher.

    Half of the pairs with equal scores count. There must be a pair.
    """
    ranked, gone = np.asarray(scores, dtype=np.float64), np.asarray(removed, dtype=bool)
    _, place, counts = np.unique(ranked, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    yes = int(gone.sum())
    no = len(gone) - yes
    return float((ranks[gone].sum() - yes * (yes + 1) / 2) / (yes * no))


def _deviation(value: float, yes: int, no: int) -> float:
    """Return the standard error of an AUC (Hanley and McNeil, 1982)."""
    both, twice = value / (2 - value), 2 * value * value / (1 + value)
    variance = (
        value * (1 - value)
        + (yes - 1) * (both - value * value)
        + (no - 1) * (twice - value * value)
    ) / (yes * no)
    return sqrt(max(variance, 1 / (12 * yes * no)))


class Scale:
    """What became of comments that scored alike: how a score is said to people."""

    def __init__(self, scores: Sequence[float], removed: Sequence[bool]) -> None:
        ranked = np.asarray(scores, dtype=np.float64)[-WINDOW:]
        order = np.argsort(ranked, kind="stable")
        self._scores = ranked[order]
        gone = np.asarray(removed, dtype=bool)[-WINDOW:][order]
        self._removed = np.concatenate(([0], np.cumsum(gone)))

    def percent(self, score: float) -> int:
        """Return how many of a hundred were removed of the comments that scored most like it."""
        count = len(self._scores)
        if not count:
            return 0
        near = min(count, max(_ALIKE[0], min(_ALIKE[1], count // 10)))
        at = int(np.searchsorted(self._scores, score))
        begin = max(0, min(at - near // 2, count - near))
        return round(100 * int(self._removed[begin + near] - self._removed[begin]) / near)


def asking_score(*, scores: Sequence[float], removed: Sequence[bool]) -> float | None:
    """Return the score from which more than half were removed, the lowest; None without one."""
    ranked = np.asarray(scores, dtype=np.float64)[-WINDOW:]
    gone = np.asarray(removed, dtype=bool)[-WINDOW:]
    order = np.argsort(-ranked, kind="stable")
    counts = np.arange(1, len(order) + 1)
    enough = np.flatnonzero((np.cumsum(gone[order]) > counts / 2) & (counts >= _ASKED_OF))
    return float(ranked[order][enough[-1]]) if len(enough) else None
