"""What a page shows, collected while it is drawn: by these keys it is known to be old.

A route names what its page always shows; what only the drawing knows (which thread, until when
slow mode lasts) is told from below by `shows` and `true_until`. Outside of a drawing that is kept
both do nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

# Every page shows the publication's face, its menu, the meter in its head, and its style.
EVERY_PAGE: Final = frozenset({"stories", "funding", "site"})
# What a route that says nothing depends on: any change of anything.
ANYTHING: Final = "*"
# Where in the server's environment the slip of a drawing lies.
SLIP: Final = "broadsheet.slip"


@dataclass(slots=True)
class Slip:
    """Travels with the drawing of one page; filled in on the way.

    `until` is the first moment after `began` at which the clock alone changes what it shows.
    """

    began: datetime
    kept: bool = False
    keys: set[str] = field(default_factory=set)
    until: datetime | None = None


_current: ContextVar[Slip | None] = ContextVar("slip", default=None)


@contextmanager
def collecting(slip: Slip) -> Iterator[Slip]:
    """Collect what is shown within the block, in this thread."""
    token = _current.set(slip)
    try:
        yield slip
    finally:
        _current.reset(token)


def shows(*keys: str) -> None:
    """Say that the page which is being drawn shows what these keys name."""
    slip = _current.get()
    if slip is not None:
        slip.keys.update(keys)


def true_until(*moments: datetime | None) -> None:
    """Say when the clock alone makes old what is being drawn; None is never, what is past too."""
    slip = _current.get()
    if slip is None:
        return
    ahead = [each for each in (slip.until, *moments) if each is not None and each > slip.began]
    slip.until = min(ahead, default=None)
