"""What the assistant sees of the words of a comment: numbers of hashed pieces, never the words.

Pieces are words, pairs of neighbouring words, and the runs of two to five characters inside words
(with the edges of the word as characters). A run's number is a polynomial of its code points,
worked out for all places of the text at once.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int32]

# Of longer texts the beginning and the end are looked at: padding hides nothing before it.
HEAD: Final = 2_400
TAIL: Final = 800
TABLE_BITS: Final = 18
TABLE: Final = 1 << TABLE_BITS
# No word that people write, so that it stands for links alone.
LINK: Final = "\u2192link"

_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_REPEATED = re.compile(r"(.)\1{2,}", re.DOTALL)
_WORD = re.compile(r"\w\w+")
_QUOTES = re.compile('["„“”«»‹›]')
_RUNS: Final = (2, 3, 4, 5)
_SPACE: Final = 32
_MULTIPLIER: Final = np.uint32(0x9E3779B1)
_SPREAD: Final = np.uint32(0x85EBCA6B)
_HALF: Final = np.uint32(15)


@dataclass(frozen=True, slots=True)
class Style:
    """How a text is written, before it is made plain."""

    length: int
    capitals: float
    exclamations: int
    questions: int
    quotes: int
    links: int


@dataclass(frozen=True, slots=True)
class Text:
    """A comment made plain: small letters, one space before, between and after what it says."""

    plain: str
    style: Style


@dataclass(frozen=True, slots=True)
class Pieces:
    """The numbers of a text's pieces, each place of the text where there is one.

    `begins` is where, `ends` the last place of it that belongs to a word: for a pair of words they
    lie in two words, else in one.
    """

    numbers: Numbers
    begins: Numbers
    ends: Numbers


def read(text: str) -> Text:
    """Return a text made plain: one form of each character, links and long letters short.

    Only HEAD and TAIL characters of it are looked at.
    """
    text, links = _LINK.subn(f" {LINK} ", _ends(text))
    style = Style(
        length=len(text),
        capitals=sum(map(str.isupper, text)) / max(sum(map(str.isalpha, text)), 1),
        exclamations=text.count("!"),
        questions=text.count("?") + text.count("؟"),
        quotes=len(_QUOTES.findall(text)),
        links=links,
    )
    # Some characters are eighteen others to NFKC: cut again, that nobody makes us work by them.
    plain = _ends(unicodedata.normalize("NFKC", text)).lower()
    plain = " ".join(_REPEATED.sub(r"\1\1", plain).split())
    return Text(f" {plain} " if plain else "", style)


def _ends(text: str) -> str:
    return text if len(text) <= HEAD + TAIL else f"{text[:HEAD]} {text[-TAIL:]}"


def words_of(text: Text) -> Pieces:
    """Return the words of a text and the pairs of neighbours."""
    spans = [match.span() for match in _WORD.finditer(text.plain)]
    marks = [crc32(text.plain[begin:end].encode("utf-8", "replace")) for begin, end in spans]
    numbers = np.array(marks, dtype=np.uint32)
    begins = np.array([begin for begin, _ in spans], dtype=np.int32)
    pairs = (numbers[:-1] * _MULTIPLIER) ^ (numbers[1:] + _SPREAD)
    return Pieces(
        _folded(np.concatenate((numbers, pairs))),
        np.concatenate((begins, begins[:-1])),
        np.concatenate((begins, begins[1:])),
    )


def runs_of(text: Text) -> Pieces:
    """Return the runs of two to five characters of a text that hold no space inside."""
    points = np.frombuffer(text.plain.encode("utf-32-le", "replace"), dtype=np.uint32)
    spaces = np.zeros(len(points) + 1, dtype=np.int32)
    np.cumsum(points == _SPACE, out=spaces[1:])
    numbers, begins = [], []
    hashes = points * _MULTIPLIER + _SPREAD
    for length in _RUNS:
        count = len(points) - length + 1
        if count < 1:
            break
        hashes = (hashes[:count] ^ points[length - 1 :]) * _MULTIPLIER + np.uint32(length)
        # The first and the last character may be a space.
        whole = spaces[length - 1 : length - 1 + count] == spaces[1 : 1 + count]
        at = np.flatnonzero(whole).astype(np.int32)
        numbers.append(hashes[at])
        begins.append(at)
    if not numbers:
        nothing = np.zeros(0, dtype=np.int32)
        return Pieces(nothing, nothing, nothing)
    places = np.concatenate(begins)
    # A run that begins at a space belongs to the word after it.
    inside = places + (points[places] == _SPACE)
    return Pieces(_folded(np.concatenate(numbers)), inside, inside)


def _folded(numbers: NDArray[np.uint32]) -> Numbers:
    mixed = (numbers ^ (numbers >> _HALF)) * _SPREAD
    return (mixed >> np.uint32(32 - TABLE_BITS)).astype(np.int32)
