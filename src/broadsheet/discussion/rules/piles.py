"""Marks piled on a letter until they cover the lines around it: shown are as many as are read.

Only for showing. Nothing is lost of what was typed: the source of a comment and the name of its
author are kept as they came.
"""

import unicodedata
from typing import Final

MOST: Final = 4
# Hebrew with points and accents, Tibetan stacks: their spelling asks for more.
MOST_IN_DEEP_SCRIPTS: Final = 6
_DEEP: Final = ((0x0591, 0x05C7), (0x0F00, 0x0FFF))
_FIRST_MARK: Final = "\u0300"
_PILES: Final = {"Mn", "Me"}
# Nothing is seen of them, and between marks they would begin a new pile.
_UNSEEN: Final = {"Cf"}


def without_piles(text: str) -> str:
    """Return the text, or HTML, with at most MOST marks in a row on one letter.

    Tags between them make no new letter.
    """
    if text.isascii() or max(text) < _FIRST_MARK:
        return text
    shown: list[str] = []
    run = 0
    in_tag = False
    for char in text:
        if char < _FIRST_MARK:
            in_tag = char == "<" or (in_tag and char != ">")
            run = run if in_tag or char == ">" else 0
        elif (category := unicodedata.category(char)) in _PILES:
            run += 1
            if run > _most(char):
                continue
        elif category not in _UNSEEN:
            run = 0
        shown.append(char)
    return "".join(shown)


def _most(mark: str) -> int:
    deep = any(first <= ord(mark) <= last for first, last in _DEEP)
    return MOST_IN_DEEP_SCRIPTS if deep else MOST
