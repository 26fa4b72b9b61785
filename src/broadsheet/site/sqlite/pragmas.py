"""The settings of a connection, each of them read back before the connection is used."""

import sqlite3
from typing import Final

from django.core.exceptions import ImproperlyConfigured

BUSY_MILLISECONDS: Final = 10_000

# Without `synchronous = FULL` a power cut loses commits that were acknowledged; without
# `recursive_triggers` a REPLACE deletes ledger rows behind their trigger's back; checkpoints are
# made by the holder of the write lock only (see lock), never by SQLite on its own.
_ALWAYS: Final = {
    "foreign_keys": 1,
    "recursive_triggers": 1,
    "wal_autocheckpoint": 0,
    "busy_timeout": BUSY_MILLISECONDS,
}
_ON_DISK: Final = _ALWAYS | {"journal_mode": "wal", "synchronous": 2}


def apply_pragmas(connection: sqlite3.Connection, *, in_memory: bool) -> None:
    """Set the pragmas. A database in memory has no journal and is never synchronised."""
    for name, value in _ALWAYS.items():
        connection.execute(f"PRAGMA {name} = {value}")
    if not in_memory:
        connection.execute("PRAGMA synchronous = FULL")
    # The last connection to close would checkpoint too, without the write lock.
    connection.setconfig(sqlite3.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, True)


def is_wal(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal")


def assert_pragmas(connection: sqlite3.Connection, *, in_memory: bool) -> None:
    """Read every setting back; raises ImproperlyConfigured that names the one which is not so."""
    for name, wanted in (_ALWAYS if in_memory else _ON_DISK).items():
        found = connection.execute(f"PRAGMA {name}").fetchone()
        if found is None or found[0] != wanted:
            shown = "nothing" if found is None else found[0]
            raise ImproperlyConfigured(
                f"SQLite's {name} should be {wanted} and is {shown}. Is the data folder on a "
                "network drive, or SQLite built without it? Data would not be safe."
            )
