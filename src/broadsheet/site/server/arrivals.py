"""The bodies that are arriving: many at once, and nobody keeps the others out by being slow.

They cost memory and disk, not threads. A client that sends the head of a form and never its body
holds a place for as long as it is waited for; so when places are short, whoever has been arriving
for longest gives way, of the same network first.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any, Final

from broadsheet.site.server.body import TooSlowError

TOTAL: Final = 256
PER_NETWORK: Final = 32


class Arrivals:
    def __init__(self, *, total: int = TOTAL, per_network: int = PER_NETWORK) -> None:
        self._total = total
        self._per_network = per_network
        # By network, in the order in which they began.
        self._lines: dict[str, dict[asyncio.Task[Any], None]] = {}
        self._given_way: set[asyncio.Task[Any]] = set()

    def __len__(self) -> int:
        return sum(len(line) for line in self._lines.values())

    async def take[T](self, network: str, reading: Coroutine[Any, Any, T]) -> T:
        """Wait for a body of somebody in `network`. Raises TooSlowError if it had to give way."""
        # It begins at once: a short form has most often arrived with its head.
        loop = asyncio.get_running_loop()
        task = asyncio.Task(reading, loop=loop, eager_start=True)
        if task.done():
            return task.result()
        self._make_room(network)
        self._lines.setdefault(network, {})[task] = None
        try:
            return await task
        except asyncio.CancelledError:
            if task in self._given_way:
                raise TooSlowError("The request took too long to arrive.") from None
            raise
        finally:
            task.cancel()
            self._given_way.discard(task)
            self._leave(network, task)

    def _make_room(self, network: str) -> None:
        if len(self._lines.get(network, ())) >= self._per_network:
            self._oldest_gives_way(network)
        elif len(self) >= self._total:
            self._oldest_gives_way(max(self._lines, key=lambda name: len(self._lines[name])))

    def _oldest_gives_way(self, network: str) -> None:
        task = next(iter(self._lines[network]))
        self._leave(network, task)
        self._given_way.add(task)
        task.cancel()

    def _leave(self, network: str, task: asyncio.Task[Any]) -> None:
        line = self._lines.get(network, {})
        line.pop(task, None)
        if not line:
            self._lines.pop(network, None)
