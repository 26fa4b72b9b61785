"""The form of what is sent: Server-Sent Events, as the HTML standard has them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from random import randrange
from typing import Any, Final

# A comment: nobody is told, and a connection that nobody holds any more is found out.
BEAT: Final = b":\n\n"
# How soon a browser comes back, in milliseconds: not all at once, and the later the more there are.
_RETRY_FIRST: Final = 2_000
_RETRY_SPREAD: Final = 6_000
_RETRY_EACH: Final = 2
# A proxy must neither keep nor change it, and nginx not wait until there is more of it.
HEADERS: Final = [
    ("content-type", "text/event-stream"),
    ("cache-control", "no-store, no-transform"),
    ("x-accel-buffering", "no"),
    ("x-content-type-options", "nosniff"),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is to be told of a thread since one of its events: numbers and totals, never words.

    It goes up to `event`, the thread's last. `data` has the comments that came, changed or were
    voted on, by what happened to them; `face` what holds of the whole discussion. Where there is
    more than was read it is not `is_whole`.
    """

    event: int
    data: Mapping[str, Any]
    face: Mapping[str, Any]
    is_whole: bool = True

    @property
    def is_empty(self) -> bool:
        return not any(self.data.values())

    @property
    def is_light(self) -> bool:
        """Say whether there are but votes in it."""
        return not any(value for name, value in self.data.items() if name != "votes")


def hello(listening: int) -> bytes:
    """Return what a stream begins with, where so many are listening."""
    spread = _RETRY_SPREAD + _RETRY_EACH * listening
    return b"retry: %d\n\n" % (_RETRY_FIRST + randrange(spread))  # noqa: S311 - only to be apart


def thread_message(told: Told, *, event: int) -> bytes:
    """Return the message that brings a page up to `event`, by which it can be resumed."""
    if told.is_whole:
        said = {name: value for name, value in told.data.items() if value}
    else:
        # So much that the page had better be read again.
        said = {"reset": True}
    return b"id: %d\n" % event + message({"event": event, **said, **told.face})


def message(said: Mapping[str, Any]) -> bytes:
    """Return an event; its JSON is one line."""
    text = json.dumps(said, separators=(",", ":"))
    return b"data: %s\n\n" % text.encode()
