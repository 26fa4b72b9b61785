"""How long a thread waits for the database: none of those that answer readers waits for ever.

A database that was stopped says so at once. One that hangs (its disk, its machine, a network that
swallows packets) says nothing, and everybody who asks it would wait, one thread of the pool after
the other. So in a serving process one thread asks it something small each second. When that is
not answered soon it is taken as silent, and nobody else waits until that thread has an answer.
"""

import threading
import time
from typing import Final

# The thread that asks each second: the page store's (pagestore/versions.py).
WATCHER: Final = "changes"
# Longer than anything that the watcher asks takes on a database under load …
WATCHER_SECONDS: Final = 3.0
# … and than a statement of a page or a post does, with what it waits for others.
SECONDS: Final = 10.0


class Patience:
    """Without `bound` everybody waits as long as it takes, as commands and migrations must."""

    def __init__(self) -> None:
        self._bound = False
        self._patient = threading.local()
        self.silent = False

    def bound(self) -> None:
        """Let no thread of this process wait for ever, but those that say they do."""
        self._bound = True

    def unbound(self) -> None:
        """Let this thread wait as long as it takes: work in the background, for nobody waits."""
        self._patient.always = True

    def left(self, began: float) -> bool:
        """Say whether this thread waits on for what it asked at `began` (monotonic)."""
        if not self._bound or getattr(self._patient, "always", False):
            return True
        waited = time.monotonic() - began
        if threading.current_thread().name == WATCHER:
            self.silent = self.silent or waited > WATCHER_SECONDS
            return waited <= WATCHER_SECONDS
        return not self.silent and waited <= SECONDS

    def answered(self) -> None:
        """Note that the database answered this thread; the watcher's word counts for all."""
        if self.silent and threading.current_thread().name == WATCHER:
            self.silent = False


patience: Final = Patience()
