"""From a language code as the web writes it to what Babel knows of it."""

from functools import cache

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
