"""A heartbeat for each stream, spread over the seconds, and the end of those that lasted long."""

import asyncio
from random import randrange
from typing import Final

from broadsheet.live.topic import Listener

# Proxies close what is silent for a minute, networks of telephones sooner.
EVERY: Final = 25
_SECOND: Final = 1.0
# No stream is for ever, a quarter to half an hour: what is half open somewhere ends, too.
_SHORTEST: Final = 36
_SPREAD: Final = 36


class Beats:
    """Streams in as many groups as there are seconds between two beats of each."""

    def __init__(self) -> None:
        self._groups: list[set[Listener]] = [set() for _ in range(EVERY)]
        self._left: dict[Listener, int] = {}
        self._next = 0
        self._timer: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._left)

    def add(self, listener: Listener) -> None:
        listener.slot = randrange(EVERY)  # noqa: S311 - only to be apart
        self._groups[listener.slot].add(listener)
        self._left[listener] = _SHORTEST + randrange(_SPREAD)  # noqa: S311 - only to be apart
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_SECOND, self._tick)

    def discard(self, listener: Listener) -> None:
        self._groups[listener.slot].discard(listener)
        self._left.pop(listener, None)

    def end_all(self) -> None:
        for listener in self._left:
            listener.end()

    def _tick(self) -> None:
        self._timer = (
            asyncio.get_running_loop().call_later(_SECOND, self._tick) if self._left else None
        )
        for listener in self._groups[self._next]:
            self._left[listener] -= 1
            listener.beat = True
            if self._left[listener] <= 0:
                listener.ended = True
            listener.wake()
        self._next = (self._next + 1) % EVERY
