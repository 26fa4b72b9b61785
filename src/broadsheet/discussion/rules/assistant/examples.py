"""A comment as the model takes it: numbers of what is there, and how much of it."""

from dataclasses import dataclass
from enum import IntEnum
from math import log1p
from typing import Final

import numpy as np
from numpy.typing import NDArray

from broadsheet.discussion.rules.assistant.history import USUAL, Known
from broadsheet.discussion.rules.assistant.words import (
    TABLE,
    Numbers,
    Style,
    Text,
    runs_of,
    words_of,
)

Values = NDArray[np.float32]

# All words of a comment together, and all its runs, count about as much as one fact of its history.
_OF_WORDS: Final = 0.4


class Fact(IntEnum):
    """What is known beside the words, in the order in which it stands in the model."""

    ALWAYS = 0
    LENGTH = 1
    CAPITALS = 2
    EXCLAMATIONS = 3
    QUESTIONS = 4
    QUOTES = 5
    LINKS = 6
    WRITER = 7
    THREAD = 8
    WRITER_DECIDED = 9
    WRITER_NEW = 10
    ANSWER = 11
    ANSWERS_REMOVED = 12


FACTS: Final = len(Fact)
FIRST_FACT: Final = 2 * TABLE
SIZE: Final = FIRST_FACT + FACTS
_PLACES_OF_FACTS: Final = np.arange(FIRST_FACT, SIZE, dtype=np.int32)


@dataclass(frozen=True, slots=True)
class Example:
    """What is there (`places` in the model, each once), and how much of each."""

    places: Numbers
    values: Values

    @property
    def facts(self) -> Values:
        return self.values[-FACTS:]


def example_of(*, text: Text, known: Known) -> Example:
    """Return a comment as an example; the last FACTS of it are its facts."""
    words, of_words = _counted(words_of(text).numbers)
    runs, of_runs = _counted(runs_of(text).numbers)
    facts = np.array(_facts(text.style, known), dtype=np.float32)
    return Example(
        np.concatenate((words, runs + np.int32(TABLE), _PLACES_OF_FACTS)),
        np.concatenate((of_words, of_runs, facts)),
    )


def _counted(numbers: Numbers) -> tuple[Numbers, Values]:
    """Return each number once, and its count; the counts are one vector of a given length."""
    if not len(numbers):
        return numbers, np.zeros(0, dtype=np.float32)
    ordered = np.sort(numbers)
    first = np.empty(len(ordered), dtype=bool)
    first[0] = True
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    at = np.flatnonzero(first)
    counts = np.diff(at, append=len(ordered)).astype(np.float32)
    return ordered[at], counts * np.float32(_OF_WORDS / np.sqrt(counts @ counts))


def _facts(style: Style, known: Known) -> tuple[float, ...]:
    """Return the facts in the order of Fact, all of about the same size."""
    return (
        1.0,
        log1p(style.length) / 6,
        style.capitals * 2,
        log1p(style.exclamations) / 2,
        log1p(style.questions) / 2,
        log1p(style.quotes) / 2,
        log1p(style.links),
        known.writer.log_odds - USUAL,
        known.thread.log_odds - USUAL,
        log1p(known.writer.decided) * 0.3,
        float(known.writer.decided == 0),
        float(known.is_answer),
        float(known.answers_removed),
    )
