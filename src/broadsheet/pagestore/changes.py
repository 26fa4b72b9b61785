"""Changes read from the database, on the thread's own connection; and the wait for news of them."""

import threading
import time
from typing import Any, Final

from django.db import close_old_connections, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from broadsheet.pagestore.triggers import CHANNEL

# How often SQLite is asked whether anybody committed, a few microseconds each time; and PostgreSQL
# for so long after it said so, a fifth of a millisecond: of transactions that end together one says
# it (triggers.py).
_LOOK_SECONDS: Final = 0.05
_BUSY_SECONDS: Final = 1.0

_SQLITE: Final = "SELECT id, key FROM pagestore_change WHERE id >= %s ORDER BY id"
# The oldest transaction that is still open when this is read: what has a smaller number was
# committed and seen, or never will be. So nothing is missed that commits out of order. The table
# is another file once it was emptied or made anew: a backup was put in its place.
_POSTGRESQL: Final = """
    SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
        pg_relation_filenode('pagestore_change'), moment, key
    FROM (SELECT 1) AS one LEFT JOIN pagestore_change ON moment >= %s
"""


class DatabaseChanges:
    """A `versions.Source`. `read` is called under a lock, by any thread; `wait` by one alone."""

    def __init__(self) -> None:
        self._last = -1
        self._last_key = ""
        self._known: frozenset[tuple[int, str]] = frozenset()
        self._file = -1
        self._looked_at = float("-inf")
        self._seen_version = -1
        self._heard_at = -_BUSY_SECONDS

    def read(self) -> frozenset[str] | None:
        if threading.current_thread().name == "changes":
            close_old_connections()
        if connection.vendor == "sqlite":
            return self._read_sqlite()
        return self._read_postgresql()

    def wait(self, seconds: float) -> bool:
        if connection.vendor == "sqlite":
            return self._wait_sqlite(seconds)
        if time.monotonic() - self._heard_at < _BUSY_SECONDS:
            seconds = min(seconds, _LOOK_SECONDS)
        heard = _wait_postgresql(connection, seconds)
        if heard:
            self._heard_at = time.monotonic()
        return heard

    def close(self) -> None:
        connections.close_all()

    def _read_sqlite(self) -> frozenset[str] | None:
        with connection.cursor() as cursor:
            cursor.execute(_SQLITE, [self._last])
            rows: list[tuple[int, str]] = cursor.fetchall()
        last, key = self._last, self._last_key
        if key and not any(each == key for _, each in rows):
            # Neither is the last row where it was, nor has its key a later one: a backup was put in
            # this database's place.
            self._last, self._last_key = -1, ""
            return self._read_sqlite()
        self._last, self._last_key = rows[-1] if rows else (0, "")
        if last < 0:
            return None
        return frozenset(each for number, each in rows if number > last)

    def _read_postgresql(self) -> frozenset[str] | None:
        with connection.cursor() as cursor:
            now = time.monotonic()
            cursor.execute(_POSTGRESQL, [max(self._last, 0)])
            rows: list[tuple[int, int, int | None, str]] = cursor.fetchall()
        # A database that crashed gives numbers of transactions away again, of those that had not
        # reached the disk. No connection outlives a crash: one that is older than the last look
        # proves that there was none since.
        is_same = getattr(connection, "connected_at", now) <= self._looked_at
        found = frozenset((moment, key) for *_, moment, key in rows if moment is not None)
        news, file = found - self._known, self._file
        self._last, self._file, self._known = rows[0][0], rows[0][1], found
        self._looked_at = now
        is_same = is_same and file == self._file
        return frozenset(key for _, key in news) if is_same else None

    def _wait_sqlite(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while True:
            version = _data_version(connection)
            if version != self._seen_version:
                self._seen_version = version
                return True
            if time.monotonic() >= deadline:
                return False
            time.sleep(_LOOK_SECONDS)  # between two looks: SQLite tells nobody of a commit


def _data_version(database: BaseDatabaseWrapper) -> int:
    """Return a number that changes when another connection has committed, in any process."""
    with database.cursor() as cursor:
        cursor.execute("PRAGMA data_version")
        return int(cursor.fetchone()[0])


def _wait_postgresql(database: BaseDatabaseWrapper, seconds: float) -> bool:
    with database.cursor() as cursor:
        # Costs nothing when this connection listens already, and a new one must.
        cursor.execute(f"LISTEN {CHANNEL}")
    raw: Any = database.connection
    return any(True for _ in raw.notifies(timeout=seconds, stop_after=1))
