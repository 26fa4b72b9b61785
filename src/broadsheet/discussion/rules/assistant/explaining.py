"""Why a comment has its score: the facts and the words that moved it most, as people know them.

The model knows numbers of pieces. Which words they stand for is seen in the comment itself: what
each piece adds goes to the word it is a piece of, so that one word is one reason.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from broadsheet.discussion.rules.assistant.examples import (
    FIRST_FACT,
    Example,
    Fact,
)
from broadsheet.discussion.rules.assistant.history import Known
from broadsheet.discussion.rules.assistant.model import Model
from broadsheet.discussion.rules.assistant.words import (
    TABLE,
    Numbers,
    Pieces,
    Style,
    Text,
    runs_of,
    words_of,
)

REASONS: Final = 5
WORD_LIMIT: Final = 40
# Less than this is nothing that anybody could follow.
_LEAST: Final = 0.02
_WORDS: Final = 4
_PERCENT: Final = 100

# Facts that say the same to a person, under the name of the reason.
_NAMED: Final = {
    "length": (Fact.LENGTH,),
    "capitals": (Fact.CAPITALS,),
    "exclamations": (Fact.EXCLAMATIONS,),
    "questions": (Fact.QUESTIONS,),
    "quotes": (Fact.QUOTES,),
    "links": (Fact.LINKS,),
    "writer": (Fact.WRITER, Fact.WRITER_DECIDED, Fact.WRITER_NEW),
    "thread": (Fact.THREAD,),
    "answer": (Fact.ANSWER,),
    "answers_removed": (Fact.ANSWERS_REMOVED,),
}
KINDS: Final = ("word", *_NAMED)


@dataclass(frozen=True, slots=True)
class Reason:
    """One of KINDS, and how much it moved the score: up (towards a removal) or down.

    `word` is the word of the kind of that name; of a writer and a thread `of` were decided and
    `count` removed; else `count` is how many there are, or the percentage of capitals.
    """

    kind: str
    weight: float
    word: str = ""
    count: int = 0
    of: int = 0


def reasons_of(*, model: Model, text: Text, known: Known, example: Example) -> tuple[Reason, ...]:
    """Return at most five reasons for a score, the strongest first."""
    moved = model.weights[example.places] * example.values
    found = [*_of_words(text, example, moved), *_of_facts(model, text.style, known, example)]
    found = [reason for reason in found if abs(reason.weight) >= _LEAST]
    return tuple(sorted(found, key=lambda one: (-abs(one.weight), one.kind, one.word))[:REASONS])


def _of_facts(model: Model, style: Style, known: Known, example: Example) -> list[Reason]:
    weights = model.weights[FIRST_FACT:]
    moved = weights * (example.facts - model.usual)
    counts = {
        "length": (style.length, 0),
        "capitals": (round(style.capitals * _PERCENT), 0),
        "exclamations": (style.exclamations, 0),
        "questions": (style.questions, 0),
        "quotes": (style.quotes, 0),
        "links": (style.links, 0),
        "writer": (known.writer.removed, known.writer.decided),
        "thread": (known.thread.removed, known.thread.decided),
        "answer": (int(known.is_answer), 0),
        "answers_removed": (int(known.answers_removed), 0),
    }
    return [
        Reason(kind, float(sum(moved[fact] for fact in facts)), "", *counts[kind])
        for kind, facts in _NAMED.items()
        # That there are no links is no reason that anybody would give.
        if any(counts[kind]) or kind in {"writer", "length"}
    ]


def _of_words(text: Text, example: Example, moved: np.ndarray) -> list[Reason]:
    """Return what each word of a text did, the few that did most."""
    words = text.plain.split()
    if not words:
        return []
    points = np.frombuffer(text.plain.encode("utf-32-le", "replace"), dtype=np.uint32)
    # Which word each place of the text lies in; the text begins with a space.
    word_at = np.cumsum(points == ord(" ")) - 1
    sums = np.zeros(len(words) + 1)
    for pieces, offset in ((words_of(text), 0), (runs_of(text), TABLE)):
        shares = _shares(pieces, offset, example.places, moved)
        np.add.at(sums, word_at[pieces.begins], shares / 2)
        np.add.at(sums, word_at[pieces.ends], shares / 2)
    total: dict[str, float] = {}
    for word, weight in zip(words, sums, strict=False):
        bare = _bare(word)
        total[bare] = total.get(bare, 0.0) + float(weight)
    strongest = sorted(total.items(), key=lambda item: (-abs(item[1]), item[0]))
    return [Reason("word", weight, word) for word, weight in strongest[:_WORDS]]


def _shares(pieces: Pieces, offset: int, places: Numbers, moved: np.ndarray) -> np.ndarray:
    """Return what each piece added: what its number added, over all that have that number."""
    at = np.searchsorted(places[: -len(Fact)], pieces.numbers + offset)
    counts = np.bincount(at, minlength=len(places))
    return np.asarray(moved[at] / counts[at])


def _bare(word: str) -> str:
    """Return a word without what stands around it: two ways of ending a sentence are one word."""
    begin, end = 0, len(word)
    while begin < end and not word[begin].isalnum():
        begin += 1
    while end > begin and not word[end - 1].isalnum():
        end -= 1
    return (word[begin:end] or word)[:WORD_LIMIT]
