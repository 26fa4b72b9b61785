"""Whose name stands after an "@" in a text."""

import re
import unicodedata
from collections.abc import Container, Iterator
from typing import Final

from broadsheet.discussion.rules.texts import NAME_LIMIT

# Whoever names more people than this talks to nobody.
MOST: Final = 10
# Not within an address, a word or another "@".
_SIGN: Final = re.compile(r"(?<![\w@./+-])@(?=\w)")


def candidates(text: str) -> tuple[str, ...]:
    """Return every beginning of what follows an "@" that may be a name; of the first MOST alone."""
    found: dict[str, None] = {}
    for at, _ in zip(_signs(text), range(MOST), strict=False):
        found.update(dict.fromkeys(name for name, _ in _beginnings(text, at)))
    return tuple(found)


def mentioned(text: str, known: Container[str]) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and name of each mention of somebody known: the longest name there is."""
    end = 0
    for at in _signs(text):
        names = [one for one in _beginnings(text, at) if one[0] in known]
        if names and at > end:
            name, end = names[-1]
            yield at - 1, end, name


def _signs(text: str) -> Iterator[int]:
    return (sign.end() for sign in _SIGN.finditer(text))


def _beginnings(text: str, at: int) -> Iterator[tuple[str, int]]:
    """Yield what may be a name at a place, and where it ends: where no word goes on."""
    line = text[at : at + NAME_LIMIT + 1].partition("\n")[0]
    for length in range(1, min(len(line), NAME_LIMIT) + 1):
        goes_on = length < len(line) and _is_of_word(line[length])
        if not goes_on and not line[length - 1].isspace():
            yield unicodedata.normalize("NFC", line[:length]), at + length


def _is_of_word(sign: str) -> bool:
    return sign.isalnum() or sign == "_" or unicodedata.category(sign).startswith("M")
