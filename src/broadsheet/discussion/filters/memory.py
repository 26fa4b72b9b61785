"""What was said lately, by whom, in the memory of this process; for words that come again.

A digest of the words and opaque ids, for at most a week and so many texts; nothing is written down.
A second process knows nothing of it, and neither does the next one after a restart: it is for
evenings on which the same text comes fifty times.
"""

import threading
from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Final

_MOST_TEXTS: Final = 20_000
_MOST_PEOPLE: Final = 64


class Memory:
    """Who said what, and when last. The text that was not said for the longest is forgotten."""

    def __init__(self, *, texts: int = _MOST_TEXTS) -> None:
        self._texts = texts
        self._lock = threading.Lock()
        self._said: OrderedDict[str, dict[str, datetime]] = OrderedDict()

    def said(self, text: str, *, by: str, since: datetime) -> tuple[bool, int]:
        """Say whether somebody said this since then, and how many others did."""
        with self._lock:
            people = self._said.get(text, {})
            lately = [who for who, at in people.items() if at >= since]
        return by in lately, len(set(lately) - {by})

    def remember(self, text: str, *, by: str, now: datetime) -> None:
        """Keep that somebody says this now."""
        with self._lock:
            people = self._said.setdefault(text, {})
            people.pop(by, None)
            people[by] = now
            self._said.move_to_end(text)
            while len(people) > _MOST_PEOPLE:
                people.pop(next(iter(people)))
            while len(self._said) > self._texts:
                self._said.popitem(last=False)

    def forget(self) -> None:
        """Forget everything, for tests."""
        with self._lock:
            self._said.clear()


MEMORY: Final = Memory()


def since(*, hours: int, now: datetime) -> datetime:
    return now - timedelta(hours=hours)
