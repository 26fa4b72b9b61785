"""The publication as its pages show it, kept in memory until it changes, a second at most.

No Django here: the value and its keeper are told what they need.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from broadsheet.stories.shown import Link

# So soon does every process show what was changed in another one; its own at once.
KEPT_FOR: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Logo:
    """The logo as a file; sizes are in CSS pixels."""

    src: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class PolicyLink:
    """A page in which the house states its rules; `kind` is `masthead`, `ethics` and so on."""

    kind: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Face:
    """What is in force: what the desk says, and where it says nothing, `broadsheet.toml`.

    `direction` is `ltr` or `rtl`, `accent` is `#rrggbb` or empty, `time_zone` an IANA name. An
    empty `menu` means the sections.
    """

    name: str
    language: str
    direction: str
    time_zone: str
    currency: str
    tagline: str = ""
    logo: Logo | None = None
    accent: str = ""
    footer: str = ""
    menu: tuple[Link, ...] = ()
    footer_links: tuple[Link, ...] = ()
    policies: tuple[PolicyLink, ...] = ()


@dataclass(slots=True)
class Keeper:
    """Keeps the last reading. A reading that began before a change is not kept after it."""

    _lock: threading.Lock = field(default_factory=threading.Lock)
    _face: Face | None = None
    _read_at: datetime | None = None
    _changes: int = 0

    def get(self, *, now: datetime, read: Callable[[], Face]) -> Face:
        face, read_at, changes = self._face, self._read_at, self._changes
        if face is not None and read_at is not None and read_at <= now < read_at + KEPT_FOR:
            return face
        fresh = read()
        with self._lock:
            if self._changes == changes:
                self._face, self._read_at = fresh, now
        return fresh

    def known(self) -> Face | None:
        """Return the last reading, however old, or None: for when nothing can be read."""
        return self._face

    def forget(self, *, wholly: bool = False) -> None:
        """Read anew at the next question; `wholly`, as if nothing had been read at all."""
        with self._lock:
            self._changes += 1
            self._read_at = None
            if wholly:
                self._face = None


KEEPER: Final = Keeper()
