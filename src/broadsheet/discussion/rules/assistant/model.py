"""The model: logistic, learning one decision after the other, and some earlier ones again.

AdaGrad (Duchi and others, 2011). Removals are rarer than approvals: each counts as much more, up to
a bound, and of each kind as many are kept to be learned again. Everything follows from the order of
the decisions: chance is a sequence of its own, counted by the steps.
"""

import struct
from dataclasses import dataclass, field
from math import exp
from typing import Final

import numpy as np

from broadsheet.discussion.rules.assistant.examples import (
    FACTS,
    FIRST_FACT,
    SIZE,
    Example,
    Fact,
    Values,
)
from broadsheet.discussion.rules.assistant.words import Numbers

RATE: Final = 0.7
# What a place has seen before it sees anything. Without it the first comment with a rare word would
# move that word as far as a hundred others could.
_SEEN: Final = 2e-3
_SEEN_FACTS: Final = 0.1
_HEAVIEST: Final = 8.0
_AGAIN: Final = 4
_KEPT_OF_EACH: Final = 500
# Of a very long comment an even part is kept: what is kept has a bound.
_KEPT_PLACES: Final = 1_000
# Somebody whose comments were removed before, and a thread where many were, say something from the
# first day.
_PRIOR: Final = {Fact.WRITER: 0.7, Fact.THREAD: 0.4}
_FAR: Final = 30.0
_MASK: Final = (1 << 64) - 1


@dataclass(slots=True)
class Kept:
    """Examples of one kind that are learned again, each with the number of its comment."""

    seen: int = 0
    comments: list[int] = field(default_factory=list)
    examples: list[Example] = field(default_factory=list)


class Model:
    """What was learned. `score` changes nothing; `learn` is the only thing that does."""

    def __init__(self) -> None:
        self.weights: Values = np.zeros(SIZE, dtype=np.float32)
        self.squares: Values = np.full(SIZE, _SEEN, dtype=np.float32)
        self.squares[FIRST_FACT:] = _SEEN_FACTS
        # The mean of each fact: what is usual explains nothing.
        self.usual: Values = np.zeros(FACTS, dtype=np.float32)
        self.step = 0
        self.kept = {False: Kept(), True: Kept()}
        for fact, weight in _PRIOR.items():
            self.weights[FIRST_FACT + fact] = weight

    @property
    def learned(self) -> int:
        """Return how many decisions were learned."""
        return self.kept[False].seen + self.kept[True].seen

    def score(self, example: Example) -> float:
        """Return the log-odds of a removal, as if removals were as frequent as approvals."""
        return float(self.weights[example.places] @ example.values)

    def learn(self, example: Example, *, removed: bool, comment: int = 0) -> None:
        """Learn one decision, and some earlier ones again."""
        kept = self.kept[removed]
        kept.seen += 1
        self.usual += (example.facts - self.usual) / np.float32(self.learned)
        weight = min(_HEAVIEST, self.learned / (2 * kept.seen))
        self._follow(example.places, example.values, removed=removed, weight=weight)
        self._keep(kept, example, comment)
        for turn in range(_AGAIN):
            kind = bool(turn % 2)
            if again := self.kept[kind].examples:
                one = again[self._chance(len(again))]
                self._follow(one.places, one.values, removed=kind, weight=1.0)

    def forget(self, comments: set[int]) -> bool:
        """Drop what is kept of comments; say whether anything was."""
        dropped = False
        for kept in self.kept.values():
            left = [at for at, comment in enumerate(kept.comments) if comment not in comments]
            dropped |= len(left) < len(kept.comments)
            kept.comments = [kept.comments[at] for at in left]
            kept.examples = [kept.examples[at] for at in left]
        return dropped

    def _follow(self, places: Numbers, values: Values, *, removed: bool, weight: float) -> None:
        here = self.weights[places]
        odds = max(-_FAR, min(_FAR, float(here @ values)))
        error = 1 / (1 + exp(-odds)) - removed
        slope = values * np.float32(error * weight)
        seen = self.squares[places] + slope * slope
        self.squares[places] = seen
        self.weights[places] = here - np.float32(RATE) * slope / np.sqrt(seen)

    def _keep(self, kept: Kept, example: Example, comment: int) -> None:
        if len(kept.examples) < _KEPT_OF_EACH:
            kept.comments.append(comment)
            kept.examples.append(_bounded(example))
        elif (at := self._chance(kept.seen)) < _KEPT_OF_EACH:
            kept.comments[at], kept.examples[at] = comment, _bounded(example)

    def _chance(self, below: int) -> int:
        """Return a number below a bound: splitmix64 of how many were drawn."""
        self.step += 1
        mixed = (self.step * 0x9E3779B97F4A7C15) & _MASK
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
        return (mixed ^ (mixed >> 31)) % below

    # -- as bytes --------------------------------------------------------------------------------

    def to_bytes(self) -> bytes:
        """Return all of it, to go on later exactly where it stopped."""
        parts = [_HEADER.pack(_FORMAT, self.step), self.usual.tobytes()]
        parts += [self.weights.tobytes(), self.squares.tobytes()]
        for kind in (False, True):
            kept = self.kept[kind]
            lengths = np.array([len(one.places) for one in kept.examples], dtype=np.int32)
            parts.append(_KEPT.pack(kept.seen, len(kept.examples)))
            parts += [np.array(kept.comments, dtype=np.int64).tobytes(), lengths.tobytes()]
            parts += [one.places.tobytes() + one.values.tobytes() for one in kept.examples]
        return b"".join(parts)

    @classmethod
    def from_bytes(cls, data: bytes) -> "Model":
        """Return what `to_bytes` wrote. Raises ValueError for anything else."""
        try:
            return _read(cls(), data)
        except (struct.error, IndexError) as error:
            raise ValueError("not a model of the assistant") from error


# Raised with whatever changes what the numbers mean; an older model is then learned anew.
_FORMAT: Final = b"BSA1"
_HEADER: Final = struct.Struct("<4sQ")
_KEPT: Final = struct.Struct("<QI")


def _read(model: Model, data: bytes) -> Model:
    form, model.step = _HEADER.unpack_from(data)
    if form != _FORMAT:
        raise ValueError("a model of another version")
    at = _HEADER.size

    def array(kind: type[np.generic], count: int) -> np.ndarray:
        nonlocal at
        found = np.frombuffer(data, dtype=kind, count=count, offset=at).copy()
        at += found.nbytes
        return found

    model.usual = array(np.float32, FACTS)
    model.weights, model.squares = array(np.float32, SIZE), array(np.float32, SIZE)
    for kind in (False, True):
        seen, count = _KEPT.unpack_from(data, at)
        at += _KEPT.size
        comments = array(np.int64, count).tolist()
        lengths = array(np.int32, count).tolist()
        examples = [Example(array(np.int32, n), array(np.float32, n)) for n in lengths]
        model.kept[kind] = Kept(seen, comments, examples)
    return model


def _bounded(example: Example) -> Example:
    words = len(example.places) - FACTS
    if words <= _KEPT_PLACES:
        return example
    part = np.linspace(0, words - 1, _KEPT_PLACES).astype(np.int32)
    at = np.concatenate((part, np.arange(words, words + FACTS)))
    values = example.values[at]
    values[:-FACTS] *= np.float32((words / _KEPT_PLACES) ** 0.5)
    return Example(example.places[at], values)
