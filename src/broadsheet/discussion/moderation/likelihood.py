"""What the assistant says of a comment that waits: how likely it is to be removed, and why."""

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Why:
    """One reason of a score, as rules.assistant.explaining has it."""

    kind: str
    word: str
    count: int
    of: int
    weight: float

    @property
    def raises(self) -> bool:
        return self.weight > 0


@dataclass(frozen=True, slots=True)
class Likelihood:
    """Of a hundred comments that scored like it `percent` were removed; the strongest reasons."""

    percent: int
    reasons: tuple[Why, ...]

    @property
    def up(self) -> tuple[Why, ...]:
        return tuple(one for one in self.reasons if one.raises)

    @property
    def down(self) -> tuple[Why, ...]:
        return tuple(one for one in self.reasons if not one.raises)


def likelihood_of(percent: int | None, reasons: str | None) -> Likelihood | None:
    """Return what was written of a comment; None where nothing was, as while it is silent."""
    if percent is None or reasons is None:
        return None
    return Likelihood(percent, tuple(Why(*one) for one in json.loads(reasons)))
