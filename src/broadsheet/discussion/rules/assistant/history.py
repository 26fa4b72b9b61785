"""What the assistant knows of a comment's writer and thread: only what was decided before."""

from dataclasses import dataclass
from math import log
from typing import Final

# As if two decisions had been taken before the first, a tenth of them removals: one removal is
# not yet a habit.
_PSEUDO: Final = 2.0
_PSEUDO_RATE: Final = 0.1
USUAL: Final = log(_PSEUDO_RATE / (1 - _PSEUDO_RATE))


@dataclass(frozen=True, slots=True)
class Tally:
    """How many comments were decided about, and how many of them were removed."""

    decided: int = 0
    removed: int = 0

    def with_one(self, *, removed: bool) -> "Tally":
        """Return the tally after one more decision."""
        return Tally(self.decided + 1, self.removed + removed)

    @property
    def log_odds(self) -> float:
        """Return the log-odds of a removal."""
        removed = self.removed + _PSEUDO * _PSEUDO_RATE
        kept = self.decided - self.removed + _PSEUDO * (1 - _PSEUDO_RATE)
        return log(removed / kept)


@dataclass(frozen=True, slots=True)
class Known:
    """What was known around a comment before it was decided about.

    `answers_removed`: what it answers was removed.
    """

    writer: Tally = Tally()
    thread: Tally = Tally()
    is_answer: bool = False
    answers_removed: bool = False
