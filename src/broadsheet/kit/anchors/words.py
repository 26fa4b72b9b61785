"""Words and signs of a text, in any script."""

import re
from typing import Final

# Scripts that put no space between words are taken letter by letter: Thai, Lao, Burmese, Khmer,
# kana, and Han. Everything else between spaces and signs is a word, with the marks on its letters.
_ALONE: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_SIGNS: Final = (
    r"\s!-/:-@\[-`{-~\u00a1-\u00bf\u060c\u061b\u061f\u06d4\u0964\u0965\u2000-\u200b\u200e-\u206f"
    r"\u2190-\u2bff\u2e00-\u2e7f\u3000-\u303f\uff00-\uff0f\uff1a-\uff20"
)
WORD: Final = re.compile(rf"[{_ALONE}]|[^{_SIGNS}{_ALONE}]+")
WORD_OR_SIGN: Final = re.compile(rf"{WORD.pattern}|\S")
_LETTER: Final = re.compile(rf"[^{_SIGNS}{_ALONE}]")
_IS_ALONE: Final = re.compile(rf"[{_ALONE}]")


def is_word_end(text: str, place: int) -> bool:
    """Say whether no word goes on from before `place` to after it."""
    if not 0 < place < len(text):
        return True
    return not (_LETTER.match(text, place - 1) and _LETTER.match(text, place))


def stands_alone(word: str) -> bool:
    """Say whether this is a letter of a script that puts no space between words."""
    return bool(_IS_ALONE.match(word))
