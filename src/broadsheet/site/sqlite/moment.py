"""A reading transaction: one view of the database, for which no writer waits."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def one_view(database: Any) -> Iterator[None]:
    """Within the block `database` (one of our wrappers) reads what was there, and writes nothing.

    The log is not emptied while it lasts.
    """
    database.ensure_connection()
    # Past our cursor, for which BEGIN is the beginning of a write, with its lock.
    raw = database.connection
    raw.execute("PRAGMA query_only = ON")
    raw.execute("BEGIN DEFERRED")
    try:
        # The view is that of the first reading, not of BEGIN.
        raw.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()
        yield
    finally:
        raw.execute("ROLLBACK")
        raw.execute("PRAGMA query_only = OFF")
        database.leave_write_lock()
