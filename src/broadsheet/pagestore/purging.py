"""Telling a cache in front of us which pages are old: Varnish, nginx, or a delivery network."""

import http.client
import logging
import threading
from collections.abc import Iterable
from typing import Final, Protocol
from urllib.parse import urlsplit

from broadsheet.pagestore.slips import ANYTHING, EVERY_PAGE

logger = logging.getLogger(__name__)

# What comes together is told together.
_GATHER_SECONDS: Final = 0.05
_TIMEOUT: Final = 5.0
_LONGEST_PAUSE: Final = 60.0
_LAST_GOOD: Final = 299
# One of these is on every page.
_ALL: Final = EVERY_PAGE | {ANYTHING}
# More fit into no header of a cache; then it forgets all pages.
_MOST_KEYS: Final = 100


def surrogate(keys: Iterable[str]) -> list[str]:
    """Return keys as a cache is told them; what depends on everything goes by `any`."""
    return sorted("any" if key == ANYTHING else key.replace(":", "-") for key in keys)


class PurgeError(Exception):
    """The cache could not be told; the message says why."""


class Purger(Protocol):
    """One kind of cache. `purge` is called with all keys at once, by one thread."""

    def purge(self, keys: list[str]) -> None:
        """Forget the pages with any of these keys. Raises PurgeError."""


class HttpPurger:
    """Sends `PURGE` with the keys in `Surrogate-Key`, as Varnish is set up to be asked."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._secure = parts.scheme == "https"
        self._host = parts.netloc
        self._path = parts.path or "/"

    def purge(self, keys: list[str]) -> None:
        kind = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
        connection = kind(self._host, timeout=_TIMEOUT)
        try:
            connection.request("PURGE", self._path, headers={"Surrogate-Key": " ".join(keys)})
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException) as error:
            raise PurgeError(f"{self._host}: {error}") from error
        finally:
            connection.close()
        if status > _LAST_GOOD:
            raise PurgeError(f"{self._host} answered {status}")


class Purging:
    """Tells the cache in a thread of its own, until it has heard it. `changed` is a listener."""

    def __init__(self, purger: Purger) -> None:
        self._purger = purger
        self._waiting: set[str] = set()
        self._lock = threading.Lock()
        self._news = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="purging", daemon=True)
        self._thread.start()

    def changed(self, keys: frozenset[str]) -> None:
        """Have it told; what changed while nobody looked (`*`) may be on any page."""
        with self._lock:
            self._waiting |= _ALL if ANYTHING in keys else keys | {ANYTHING}
            if len(self._waiting) > _MOST_KEYS:
                self._waiting = set(_ALL)
        self._news.set()

    def stop(self) -> None:
        self._stopping.set()
        self._news.set()
        self._thread.join(timeout=_TIMEOUT)

    def _run(self) -> None:
        pause = 0.0
        while not self._stopping.is_set():
            self._news.wait()
            self._stopping.wait(max(pause, _GATHER_SECONDS))
            pause = 0.0 if self._tell() else min(_LONGEST_PAUSE, max(1.0, pause * 2))

    def _tell(self) -> bool:
        self._news.clear()
        with self._lock:
            keys, self._waiting = self._waiting, set()
        if not keys:
            return True
        try:
            self._purger.purge(surrogate(keys))
        except PurgeError as error:
            logger.warning("The cache in front was not told what changed: %s", error)
            with self._lock:
                self._waiting |= keys
            self._news.set()
            return False
        return True
