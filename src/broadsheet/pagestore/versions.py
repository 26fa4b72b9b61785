"""Which keys changed when, in memory: a cache of the rows that the triggers write.

A page is old when one of its keys changed after its drawing began. Asking that on a hit costs no
database: the rows are read when there is news of a commit. For what this process wrote that is
before its answer goes out (`refresh`); for other processes it is PostgreSQL's NOTIFY or SQLite's
data_version, looked at many times a second; and once a second in any case, lest a message is lost.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from typing import Final, Protocol

from broadsheet.pagestore.slips import ANYTHING

logger = logging.getLogger(__name__)

FALLBACK_SECONDS: Final = 1.0
# After so long without a look nobody knows what was swept meanwhile (operations.KEPT).
FORGET_AFTER: Final = 45 * 60.0
# Keys that are remembered; of more, as an import changes them, nothing is, and every page is old.
MOST_KEYS: Final = 50_000

type Listener = Callable[[frozenset[str]], None]


class Source(Protocol):
    """Where changes are read: the database, or a list in a test."""

    def read(self) -> frozenset[str] | None:
        """Return the keys that changed since the last call; None when nobody can tell."""

    def wait(self, seconds: float) -> bool:
        """Wait for a hint that something changed, so long at most; called by one thread only."""

    def close(self) -> None: ...


class Versions:
    """`epoch` counts the batches of changes; `changed_at` is the epoch of a key's last change."""

    def __init__(
        self,
        source: Source,
        *,
        files: Callable[[], frozenset[str]] = frozenset,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`files` returns the keys of what changed beside the database since it was last asked."""
        self._source = source
        self._files = files
        self._clock = clock
        self._lock = threading.Lock()
        self._at: dict[str, int] = {}
        # Everything that is older than this is old, whatever it shows.
        self.all_before = 0
        self._first: list[Listener] = []
        self._listeners: list[Listener] = []
        self._read_at = clock()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self.epoch = 1
        # Whether the last look at the database succeeded.
        self.sees = True

    def subscribe(self, listener: Listener, *, first: bool = False) -> None:
        """Have `listener` called with the keys of each batch, from whichever thread read it.

        With `first`, before pages are taken for old: what else is kept in memory of the rows must
        not get into a page that is drawn after it.
        """
        (self._first if first else self._listeners).append(listener)

    def is_current(self, keys: Iterable[str], *, since: int) -> bool:
        """Say whether nothing of these keys changed after the epoch `since`."""
        if since < self.all_before:
            return False
        at = self._at
        return all(at.get(key, 0) <= since for key in keys)

    def refresh(self) -> None:
        """Read what changed. Never raises: what cannot be read now is read a second later."""
        with self._lock:
            try:
                keys = self._source.read()
            except Exception as error:  # noqa: BLE001 - whatever a database says while it is away
                if self.sees:
                    logger.warning("What changed cannot be read: %s; pages stay as they are", error)
                self.sees = False
                return
            now = self._clock()
            if not self.sees:
                # A database that was away may have come back as another.
                logger.info("What changed can be read again; every page is drawn anew")
                keys = None
            self.sees = True
            if keys is None or now - self._read_at > FORGET_AFTER:
                self.all_before = self.epoch + 1
                keys = (keys or frozenset()) | {ANYTHING}
            self._read_at = now
            # Under the lock: whoever looks next must find in memory what was taken here.
            self._note(keys)
        self._tell(keys)

    def touch(self, keys: frozenset[str]) -> None:
        """Take it that these keys changed, which no row says: a file that pages are made with."""
        with self._lock:
            self._note(keys)
        self._tell(keys)

    def _note(self, keys: frozenset[str]) -> None:
        if not keys:
            return
        _call(self._first, keys)
        epoch = self.epoch + 1
        if len(self._at) + len(keys) > MOST_KEYS:
            self.all_before, self._at = epoch, {}
        for key in keys if len(keys) < MOST_KEYS else ():
            self._at[key] = epoch
        self._at[ANYTHING] = epoch
        self.epoch = epoch

    def _tell(self, keys: frozenset[str]) -> None:
        if keys:
            _call(self._listeners, keys)

    def start(self) -> None:
        """Begin to watch, in a thread of its own."""
        self._thread = threading.Thread(target=self._watch, name="changes", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout=FALLBACK_SECONDS * 5)

    def _watch(self) -> None:
        waited = False
        try:
            while not self._stopping.is_set():
                self.refresh()
                self.touch(self._files())
                try:
                    self._source.wait(FALLBACK_SECONDS)
                    waited = True
                except Exception:  # noqa: BLE001 - the database is away; said by refresh
                    # At first it is looked at once: it may be back, as another, before a second is
                    # over, and nobody would know that it was away.
                    if not waited:
                        self._stopping.wait(FALLBACK_SECONDS)
                    waited = False
        finally:
            self._source.close()


def _call(listeners: Iterable[Listener], keys: frozenset[str]) -> None:
    for listener in listeners:
        try:
            listener(keys)
        except Exception:
            logger.exception("A listener failed")
