"""From a language code as the web writes it to what Babel knows of it."""

from collections.abc import Collection
from functools import cache
from pathlib import Path

from babel.core import Locale, UnknownLocaleError


@cache
def locale_of(code: str) -> Locale:
    """Return the locale of a code such as `pt-br`; of one that CLDR does not know, the nearest.

    That is the bare language, else English: figures must be written somehow.
    """
    for candidate in (code.replace("-", "_"), code.partition("-")[0], "en"):
        try:
            return Locale.parse(candidate)
        except (UnknownLocaleError, ValueError):
            continue
    raise AssertionError("Babel knows English")


def catalogues(folder: Path) -> tuple[str, ...]:
    """Return the codes of the languages that a folder holds a compiled catalogue of."""
    found = folder.glob("*/LC_MESSAGES/django.mo")
    return tuple(sorted(file.parts[-3].replace("_", "-").lower() for file in found))


def is_spoken(code: str, *, languages: Collection[str]) -> bool:
    """Say whether a language, or the one it is a kind of (`de-at` of `de`), is among these."""
    return code in languages or code.partition("-")[0] in languages


def direction_of(code: str) -> str:
    """Return `rtl` for a language that runs from right to left, else `ltr`."""
    return str(locale_of(code).text_direction)
