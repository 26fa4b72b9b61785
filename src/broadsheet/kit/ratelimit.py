"""Limits on how often somebody may do something, kept in the memory of the process.

A token bucket per key: `burst` at once, then one more every `every` seconds. The clock is
injected and monotonic, so that tests do not wait and a changed wall clock opens nothing.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic


@dataclass(frozen=True, slots=True)
class Limit:
    """`burst` times at once, then one more every `every` seconds."""

    burst: int
    every: float


class Limiter:
    """Counts per key, for at most `keys` keys; the one not seen for the longest is forgotten."""

    def __init__(
        self, limit: Limit, *, keys: int = 20_000, clock: Callable[[], float] = monotonic
    ) -> None:
        self.limit = limit
        self._keys = keys
        self._clock = clock
        self._lock = threading.Lock()
        # Per key the instant at which the bucket is full again.
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def __len__(self) -> int:
        return len(self._full_at)

    def take(self, key: str) -> float:
        """Use one token of `key`: return 0, or the seconds to wait when there is none left.

        A refused call uses nothing, so that waiting as long as told is always enough.
        """
        with self._lock:
            full_at, wait = self._look(key)
            if wait:
                return wait
            self._full_at[key] = full_at + self.limit.every
            self._full_at.move_to_end(key)
            while len(self._full_at) > self._keys:
                self._full_at.popitem(last=False)
            return 0.0

    def wait(self, key: str) -> float:
        """Return what `take` would, and use nothing."""
        with self._lock:
            return self._look(key)[1]

    def _look(self, key: str) -> tuple[float, float]:
        burst, every = self.limit.burst, self.limit.every
        now = self._clock()
        full_at = max(self._full_at.get(key, now), now)
        wait = full_at + every - (now + burst * every)
        # Below a microsecond it is the rounding of the clock, not somebody in a hurry.
        return full_at, wait if wait > 1e-6 else 0.0  # noqa: PLR2004 - said in the line above
