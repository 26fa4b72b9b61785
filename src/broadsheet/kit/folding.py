"""Words as people read them, whatever they are written with; to be compared with a list of words.

A word is what stands between spaces and signs. Two words are the same when they have a form in
common: NFKC, small letters, the looks of Unicode Technical Standard #39, without what nobody sees
and marks that stand on a letter in no language, and a letter that comes three times or more as one
or as two. All of it is linear in the length of the text.
"""

import re
import unicodedata
from functools import cache, lru_cache
from typing import Final

from broadsheet.kit.lookalikes import looks

# A word may hold signs that stand for letters, and no two of them.
_WORD: Final = re.compile(r"[^\W_]+(?:[@$!|*+][^\W_]+)*")
# Vowel signs are no letters to the engine: those of India, Thailand, Tibet and their neighbours.
_VOWELS: Final = (
    r"\u0900-\u0963\u0966-\u0dff\u0e31-\u0e4e\u0eb1-\u0ecd\u0f71-\u0fbc\u102b-\u109d\u17b6-\u17d3"
)
_LETTER: Final = rf"(?:[^\W_]|[{_VOWELS}])"
_ANY_WORD: Final = re.compile(rf"{_LETTER}+(?:[@$!|*+]{_LETTER}+)*")
# Three letters or more, each of them alone: a word that somebody spaced out.
_SPACED: Final = re.compile(r"(?<![^\W_])[^\W_](?:[\W_]{1,2}[^\W_](?![^\W_])){2,}")
# Beside these, a text of European letters has nothing to leave out, and no vowel signs.
_NOT_EUROPEAN: Final = (
    r"[^\x00-\xac\xae-\u02ff\u0370-\u0482\u048a-\u058f\u2010-\u2027\u2030-\u205e\u20a0-\u20bf]"
)
_ODD: Final = re.compile(_NOT_EUROPEAN)
# A letter beside one of these is not alone; one beside an emoji is.
_OTHER_LETTERS: Final = re.compile(rf"(?:(?={_LETTER}){_NOT_EUROPEAN})+")
_OTHER_SIGNS: Final = re.compile(rf" ?{_NOT_EUROPEAN}+ ?")
_FEW: Final = 3
_NO_LETTERS: Final = re.compile(r"[\W_]+")
_SIGNS: Final = re.compile(r"[@$!|*+]")
_RUN: Final = re.compile(r"(.)\1{2,}", re.DOTALL)
_STANDS_FOR: Final = str.maketrans("@$!|13457+08", "asilieasttob")
# Longer ones are no words, and cost as much as they are long.
LONGEST: Final = 64
# A sign may stand for eighteen; no comment that anybody reads becomes longer than this.
MOST_READ: Final = 20_000
# Selectors of forms, and fillers, that are no characters of format.
_OTHER_UNSEEN: Final = (
    *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0),
    *range(0xFE00, 0xFE10),
    *range(0xE0100, 0xE01F0),
)
# The A of each alphabet in circles and in squares.
_WHITE_ON_BLACK: Final = (0x1F150, 0x1F170)
# Where a mark on a letter makes another word of it: in the scripts of India and its neighbours.
_OF_THEIR_OWN: Final = (range(0x0900, 0x1100), range(0x1780, 0x1800))
# Scripts that put no space between words: Thai, Lao, Burmese, Khmer, kana, Han and its neighbours.
_WITHOUT_SPACES: Final = (
    *(range(0x0E00, 0x0F00), range(0x1000, 0x10A0), range(0x1780, 0x1800)),
    *(range(0x3040, 0x3100), range(0x31F0, 0x3200), range(0x3400, 0x4DC0)),
    *(range(0x4E00, 0xA000), range(0xF900, 0xFB00), range(0xFF66, 0xFF9E)),
    range(0x20000, 0x323B0),
)


def words_of(text: str) -> list[str]:
    """Return the words of a readable text; of European letters also those that are spaced out."""
    if _ODD.search(text):
        found = _ANY_WORD.findall(text)
        text = _OTHER_SIGNS.sub(" ", _OTHER_LETTERS.sub("xx", text))
    else:
        found = _WORD.findall(text)
    for spaced in _SPACED.findall(text):
        letters = _NO_LETTERS.sub("", spaced)
        found.append(letters)
        # "a f o o l", "f o o l I know": a word of one letter stood beside it.
        found += [letters[1:], letters[:-1]] if len(letters) > _FEW else []
    return found


def readable(text: str) -> str:
    """Return a text as it is read, with circled letters and the like as letters.

    Left out is what nobody sees or no language writes: joiners, soft hyphens, marks of direction,
    marks on letters that do not take them.
    """
    if not _ODD.search(text):
        return unicodedata.normalize("NFKC", text[:MOST_READ])
    composed = unicodedata.normalize("NFKC", text[:MOST_READ].translate(_left_out()))
    return unicodedata.normalize("NFC", composed[:MOST_READ].translate(_marks()))


@lru_cache(maxsize=8_000)
def forms(word: str) -> frozenset[str]:
    """Return the forms of one word; each is a form of itself."""
    word = word[:LONGEST]
    # A capital I looks like an l, a small one does not.
    found = (*_runs(normal(word)), *_runs(normal(looks(word))))
    if word.isalpha():
        return frozenset(found)
    # Signs and digits may stand for letters, or between words.
    leet = _runs(normal(word.casefold().translate(_STANDS_FOR)))
    parts = [normal(part) for part in _SIGNS.split(word) if part != word]
    return frozenset((*found, *leet, *parts))


def normal(text: str) -> str:
    """Return a text in small letters by its looks. Done again, it changes nothing."""
    before = ""
    while before != text:
        before = text
        text = looks(readable(text).casefold()).casefold()
    return text


def is_without_spaces(char: str) -> bool:
    """Say whether a character is of a script that puts no spaces between words."""
    return any(ord(char) in codes for codes in _WITHOUT_SPACES)


@cache
def _left_out() -> dict[int, str | None]:
    """Return what nobody sees, to be left out, and white letters on black, which NFKC leaves."""
    first = ord("A")
    letters = {start + at: chr(first + at) for start in _WHITE_ON_BLACK for at in range(26)}
    return {**_unseen(), **letters}


def _unseen() -> dict[int, None]:
    planes = (*range(0x30000), *range(0xE0000, 0xE0100))
    formats = (code for code in planes if unicodedata.category(chr(code)) == "Cf")
    return dict.fromkeys((*formats, *_OTHER_UNSEEN))


@cache
def _marks() -> dict[int, None]:
    """Return the marks to leave out where they are left after composing."""
    kept = {code for codes in _OF_THEIR_OWN for code in codes}
    marks = (code for code in range(0x300, 0x1F000) if unicodedata.combining(chr(code)))
    return dict.fromkeys(code for code in marks if code not in kept)


def _runs(word: str) -> tuple[str, ...]:
    """Return a word with a letter that comes often once, and twice."""
    once = _RUN.sub(r"\1", word)
    return (word,) if once == word else (once, _RUN.sub(r"\1\1", word))
