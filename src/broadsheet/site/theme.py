"""The publisher's own style: the accent as tokens, then `theme.css` of the home, as one file.

The page's policy forbids style inside of it, so both are served at an address that holds a hash of
what they say: `/theme/<hash>.css`.
"""

import logging
import os
import stat
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Final

from broadsheet.kit.colour import ColourError, accent

logger = logging.getLogger(__name__)

FILE_NAME: Final = "theme.css"
# As much as a style sheet can be that anybody waits for.
LARGEST: Final = 256 * 1024


class ThemeError(Exception):
    """`theme.css` is there and cannot be used; the message is one line for the publisher."""


@dataclass(frozen=True, slots=True)
class Stylesheet:
    css: bytes
    digest: str

    @property
    def path(self) -> str:
        return f"/theme/{self.digest}.css"


# The last sheet and what it was made of: made anew when the colour or the file changes.
_kept: dict[str, tuple[tuple[object, ...], Stylesheet | None]] = {}


def stylesheet(*, home: Path, accent_colour: str) -> Stylesheet | None:
    """Return the publisher's style, or None when there is none. Looks at the file's date only."""
    file = home / FILE_NAME
    made_of = (accent_colour, _signature(file))
    kept = _kept.get(str(home))
    if kept is None or kept[0] != made_of:
        kept = _kept[str(home)] = (made_of, _made(home, accent_colour))
    return kept[1]


class ThemeFile:
    """Says when `theme.css` has changed, of which no row tells: `{"site"}` then, else nothing."""

    def __init__(self, home: Path) -> None:
        self._file = home / FILE_NAME
        self._seen = _signature(self._file)

    def __call__(self) -> frozenset[str]:
        before, self._seen = self._seen, _signature(self._file)
        return frozenset({"site"}) if self._seen != before else frozenset()


def _made(home: Path, accent_colour: str) -> Stylesheet | None:
    try:
        own = read_theme(home=home)
    except ThemeError as error:
        logger.error("%s; readers get the house's style", error)  # noqa: TRY400 - the sentence says all
        own = ""
    css = (_tokens(accent_colour) + own).encode()
    if not css.strip():
        return None
    return Stylesheet(css, blake2b(css, digest_size=8).hexdigest())


def read_theme(*, home: Path) -> str:
    """Return the text of `theme.css`, empty when there is none. Raises ThemeError."""
    file = home / FILE_NAME
    try:
        # Without waiting, should somebody have put a pipe there.
        handle = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise ThemeError(f"{file} is not a file")
            data = _read(handle)
        finally:
            os.close(handle)
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise ThemeError(f"{file} cannot be read: {error.strerror}") from error
    if len(data) > LARGEST:
        raise ThemeError(f"{file} is larger than {LARGEST // 1024} KB")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ThemeError(f"{file} is not UTF-8 text") from error


def _read(handle: int) -> bytes:
    """Read to the end, or a little beyond what is taken."""
    with os.fdopen(handle, "rb", closefd=False) as opened:
        return opened.read(LARGEST + 1)


def _signature(file: Path) -> tuple[int, ...]:
    try:
        found = file.stat()
    except OSError:
        return ()
    return (found.st_ino, found.st_mtime_ns, found.st_size)


def _tokens(colour: str) -> str:
    """Write the accent as the style sheet's token: for light, for dark, and as the reader chose."""
    if not colour:
        return ""
    try:
        read = accent(colour)
    except ColourError:
        return ""
    dark = f"--accent:{read.dark}"
    # On screens alone: what is printed is printed on white.
    return (
        f":root{{--accent:{read.light}}}\n"
        "@media screen and (prefers-color-scheme:dark)"
        f"{{:root:not([data-theme=light]){{{dark}}}}}\n"
        f"@media screen{{:root[data-theme=dark]{{{dark}}}}}\n"
    )
