"""Names that look like another: letters of other scripts, capitals, spaces, what is not seen.

The skeletons of Unicode Technical Standard #39, and somewhat stricter, for they are compared with a
few names only: accents and other marks above or below letters, spaces and signs make no difference.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

_HEAD: Final = "# "
# They choose between forms of the same character.
_SELECTORS: Final = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")


@cache
def _table() -> dict[int, str]:
    text = (files("broadsheet.kit") / "lookalikes.txt").read_text(encoding="utf-8")
    lines = (line.split("\t") for line in text.splitlines() if not line.startswith(_HEAD))
    return {ord(source): target for source, target in lines}


@lru_cache(maxsize=2_000)
def skeletons(name: str) -> frozenset[str]:
    """Return what is left of a name by its looks; two that share one look alike. None for none.

    Two ways, because the look of a letter depends on its case: a capital I is like l, an i is not.
    """
    plain = unicodedata.normalize("NFKC", name)
    ways = (plain.casefold(), plain.translate(_table()))
    return frozenset(found for way in ways if (found := _letters(_folded(way))))


def looks(text: str) -> str:
    """Return a text letter by letter as it looks, and all that is no letter as it is."""
    return text.translate(_table())


def looks_like_one_of(name: str, others: Iterable[str]) -> bool:
    """Say whether a name looks like one of the others."""
    looks = skeletons(name)
    return bool(looks) and any(not looks.isdisjoint(skeletons(other)) for other in others)


def _folded(text: str) -> str:
    return text.casefold().translate(_table()).casefold()


def _letters(text: str) -> str:
    spread = unicodedata.normalize("NFD", _SELECTORS.sub("", text))
    return "".join(c for c in spread if unicodedata.category(c)[0] in "LN" or _tells_apart(c))


def _tells_apart(char: str) -> bool:
    """Say whether a mark is a vowel sign; those that stand on a letter have a combining class."""
    return unicodedata.category(char) in {"Mc", "Mn"} and not unicodedata.combining(char)
