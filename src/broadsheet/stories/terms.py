"""What somebody looks for, from what they typed; and where it stands in a text. Pure.

Only letters and digits are left of what was typed: no syntax of any database reaches it, and none
is an error.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

# More is cut off: nobody types it, and everybody may send it.
MAX_LENGTH: Final = 200
MAX_TERMS: Final = 10
# Around what was found, in characters.
CONTEXT: Final = 110
# How far into a text a snippet is looked for: a long read is a fraction of it.
MAX_TEXT: Final = 100_000
_CHUNKS: Final = re.compile(r'["“”„«»]([^"“”„«»]*)["“”„«»]|(\S+)')
_WORDS: Final = re.compile(r"[^\W_]+")
# An ending that a database takes off, more or less: "ferries" is found by "ferry".
_ENDING: Final = 3
_STEM: Final = 4


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; `found` is what was looked for."""

    text: str
    found: bool


def terms_of(text: str) -> tuple[tuple[str, ...], ...]:
    """Return what is looked for: each term a word, or the words of a phrase in their order.

    A phrase stands in quotation marks; what is written together, as "22:40", is one as well.
    """
    chunks = (quoted or plain for quoted, plain in _CHUNKS.findall(text[:MAX_LENGTH]))
    terms = (tuple(_WORDS.findall(chunk)) for chunk in chunks)
    return tuple(dict.fromkeys(term for term in terms if term))[:MAX_TERMS]


def is_beginning(term: Sequence[str]) -> bool:
    """Say whether longer words are found by a term as well: "council" finds "councillors"."""
    return len(term) == 1 and len(term[0]) >= _STEM


def at_least(least: int, phrases: Sequence[str], *, both: str, either: str) -> str:
    """Return the words of a query for what holds so many of the phrases, or all if they are fewer.

    `both` and `either` are what stands between two phrases in the language of the database.
    """
    least = min(least, len(phrases))
    if least == len(phrases):
        return both.join(phrases)
    if least == 1:
        return either.join(phrases)
    first, others = phrases[0], phrases[1:]
    # The first one and so many less of the others; or as many of the others.
    with_first = at_least(least - 1, others, both=both, either=either)
    without = at_least(least, others, both=both, either=either)
    return f"({first}{both}({with_first})){either}({without})"


def words_of(text: str, *, at_least: int = 1) -> tuple[str, ...]:
    """Return the different words of a text that are so long, in their order, small."""
    words = (word.casefold() for word in _WORDS.findall(text))
    return tuple(dict.fromkeys(word for word in words if len(word) >= at_least))


def marked(text: str, *, terms: Sequence[Sequence[str]]) -> tuple[Piece, ...]:
    """Return a text in pieces, with the words of the terms marked."""
    return tuple(_pieces(text, _wanted(terms)))


def snippet(text: str, *, terms: Sequence[Sequence[str]]) -> tuple[Piece, ...]:
    """Return where a text first says what is looked for, marked; its beginning if nowhere."""
    text = text[:MAX_TEXT]
    wanted = _wanted(terms)
    first = next((m for m in _WORDS.finditer(text) if _is_wanted(m[0], wanted)), None)
    at = first.start() if first else 0
    begin = _word_begin(text, max(0, at - CONTEXT // 2))
    end = _word_end(text, at + CONTEXT)
    cut = " ".join(text[begin:end].split())
    shown = f"{'… ' if begin else ''}{cut}{' …' if end < len(text) else ''}"
    return tuple(_pieces(shown, wanted))


def _wanted(terms: Sequence[Sequence[str]]) -> frozenset[str]:
    return frozenset(word.casefold() for term in terms for word in term)


def _pieces(text: str, wanted: frozenset[str]) -> Iterator[Piece]:
    at = 0
    for match in _WORDS.finditer(text):
        if _is_wanted(match[0], wanted):
            if match.start() > at:
                yield Piece(text[at : match.start()], found=False)
            yield Piece(match[0], found=True)
            at = match.end()
    if at < len(text):
        yield Piece(text[at:], found=False)


def _is_wanted(word: str, wanted: frozenset[str]) -> bool:
    small = word.casefold()
    return small in wanted or any(
        alike(small, other) or (len(other) >= _STEM and small.startswith(other)) for other in wanted
    )


def alike(word: str, other: str) -> bool:
    """Say whether two small words are one word with other endings, as well as letters can tell."""
    if abs(len(word) - len(other)) > _ENDING or min(len(word), len(other)) < _STEM:
        return word == other
    stem = max(_STEM, min(len(word), len(other)) - 1)
    return word[:stem] == other[:stem]


def _word_begin(text: str, at: int) -> int:
    return text.rfind(" ", 0, at) + 1 if at else 0


def _word_end(text: str, at: int) -> int:
    found = text.find(" ", at)
    return len(text) if at >= len(text) or found < 0 else found
