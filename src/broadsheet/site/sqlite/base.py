"""Django's SQLite backend with durable settings, checked, and one writer at a time.

The write lock is taken by the first statement that may write (`BEGIN` of an atomic block, or a
single statement outside one) and given back when the connection is no longer in a transaction.
Reading never takes it.
"""

import os
import sqlite3
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Any, Final

from django.db.backends.sqlite3.base import FORMAT_QMARK_REGEX, SQLiteCursorWrapper
from django.db.backends.sqlite3.base import DatabaseWrapper as DjangoWrapper
from django.db.backends.utils import CursorWrapper

from broadsheet.site.sqlite.creation import DatabaseCreation
from broadsheet.site.sqlite.lock import LockTimeoutError, WriteLock, lock_for
from broadsheet.site.sqlite.pragmas import (
    BUSY_MILLISECONDS,
    apply_pragmas,
    assert_pragmas,
    is_wal,
)
from broadsheet.site.sqlite.statements import writes

WRITE_TIMEOUT: Final = 20.0
# Large enough that a checkpoint's two fsyncs are rare, small enough that one takes milliseconds.
CHECKPOINT_BYTES: Final = 4 * 1024 * 1024
_RETRY_BYTES: Final = 1024 * 1024


class DatabaseWrapper(DjangoWrapper):
    creation_class = DatabaseCreation

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._held: WriteLock | None = None

    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        # A transaction that begins by reading could find, on its first write, that it read what
        # is no longer so; SQLite refuses it then, without waiting.
        self.transaction_mode = "IMMEDIATE"
        self._timeout = float(params.pop("write_timeout", WRITE_TIMEOUT))
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> sqlite3.Connection:
        in_memory = self.is_in_memory_db()
        connection: sqlite3.Connection = super().get_new_connection(conn_params)
        try:
            apply_pragmas(connection, in_memory=in_memory)
            if not in_memory and not is_wal(connection):
                self._make_wal(connection)
            assert_pragmas(connection, in_memory=in_memory)
        except BaseException:
            connection.close()
            raise
        return connection

    def cursor(self) -> CursorWrapper:
        """Return a cursor as Django does, sooner where the connection is open and nobody watches.

        A post asks for nine.
        """
        if self.connection is None or self.queries_logged:
            return super().cursor()
        self.validate_thread_sharing()
        with self.wrap_database_errors:
            return CursorWrapper(self.create_cursor(), self)

    def create_cursor(self, name: str | None = None) -> "WritingCursor":  # noqa: ARG002 - Django's signature
        cursor: WritingCursor = self.connection.cursor(factory=WritingCursor)
        cursor.database = self
        return cursor

    @property
    def write_lock(self) -> WriteLock:
        return lock_for(name=str(self.settings_dict["NAME"]), in_memory=self.is_in_memory_db())

    def hold_write_lock(self) -> None:
        """Take the lock unless this connection has it. Raises sqlite3.OperationalError in time."""
        if self._held is not None:
            return
        lock = self.write_lock
        try:
            lock.acquire(self._timeout)
        except LockTimeoutError as error:
            raise sqlite3.OperationalError(f"database is locked: {error}") from error
        self._held = lock

    def leave_write_lock(self) -> None:
        """Give the lock back if no transaction is open any more."""
        if self._held is None or (self.connection is not None and self.connection.in_transaction):
            return
        self._release()

    def checkpoint(self) -> bool:
        """Copy the whole log into the database file and empty it; False if a reader needs it.

        Called with the write lock held and no transaction open. It never waits for readers.
        """
        connection: sqlite3.Connection = self.connection
        connection.execute("PRAGMA busy_timeout = 0")
        try:
            busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
        return not busy

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]  # django-stubs leave it out
        self.after_write()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]  # django-stubs leave it out
        finally:
            self.leave_write_lock()

    def _close(self) -> None:
        try:
            if self.connection is not None and not self.is_in_memory_db():
                self._allow_last_checkpoint()
            super()._close()  # type: ignore[misc]  # django-stubs leave it out
        finally:
            self._release()

    def after_write(self) -> None:
        """End a write: a checkpoint if the log has grown, then the next writer."""
        try:
            self._checkpoint_if_due()
        finally:
            self.leave_write_lock()

    def _checkpoint_if_due(self) -> None:
        lock = self._held
        if lock is None or self.is_in_memory_db() or self.connection.in_transaction:
            return
        size = wal_size(self.settings_dict["NAME"])
        if size <= max(CHECKPOINT_BYTES, lock.checkpoint_above):
            return
        try:
            done = self.checkpoint()
        except sqlite3.Error:
            # What was written is committed, whatever a checkpoint says; the next one tries again.
            done = False
        lock.checkpoint_above = 0 if done else size + _RETRY_BYTES

    def _allow_last_checkpoint(self) -> None:
        """Let the last connection empty the log as it closes, if nobody is writing."""
        if self._held is None and self.write_lock.try_acquire():
            self._held = self.write_lock
        if self._held is not None:
            self.connection.setconfig(sqlite3.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, False)

    def _make_wal(self, connection: sqlite3.Connection) -> None:
        self.hold_write_lock()
        try:
            connection.execute("PRAGMA journal_mode = WAL").fetchone()
        finally:
            self._release()

    def _release(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            held.release()


class WritingCursor(SQLiteCursorWrapper):
    """Takes the write lock before a statement that may write, gives it back when it is through."""

    database: DatabaseWrapper
    _rows: Iterator[Any] | None = None

    def execute(self, query: str, params: Any = None) -> "WritingCursor":
        self._rows = None
        if not writes(query):
            super().execute(query, params)
            return self
        database = self.database
        database.hold_write_lock()
        try:
            super().execute(query, params)
            if self.description is not None:
                # INSERT … RETURNING commits only when its last row has been taken.
                self._rows = iter(super().fetchall())
        except BaseException:
            database.leave_write_lock()
            raise
        database.after_write()
        return self

    def convert_query(self, query: str, *, param_names: list[str] | None = None) -> str:
        """Put the database's own marks for values, once for a statement that is sent often."""
        if param_names is None:
            return _marked(query)
        return str(super().convert_query(query, param_names=param_names))

    def executemany(self, query: str, param_list: Any) -> "WritingCursor":
        self._rows = None
        self.database.hold_write_lock()
        try:
            super().executemany(query, param_list)
        finally:
            self.database.leave_write_lock()
        return self

    def executescript(self, sql_script: str) -> "WritingCursor":
        self._rows = None
        self.database.hold_write_lock()
        try:
            super().executescript(sql_script)
        finally:
            self.database.leave_write_lock()
        return self

    def fetchone(self) -> Any:
        return super().fetchone() if self._rows is None else next(self._rows, None)

    def fetchmany(self, size: int | None = None) -> list[Any]:
        size = self.arraysize if size is None else size
        if self._rows is None:
            return super().fetchmany(size)
        return list(islice(self._rows, size))

    def fetchall(self) -> list[Any]:
        return super().fetchall() if self._rows is None else list(self._rows)

    def __next__(self) -> Any:
        return super().__next__() if self._rows is None else next(self._rows)


@lru_cache(maxsize=1024)
def _marked(query: str) -> str:
    return FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")


def wal_size(name: Any) -> int:
    """Return the size of the write-ahead log in bytes; 0 when there is none."""
    try:
        return os.stat(f"{name}-wal").st_size  # noqa: PTH116 - on every commit; Path costs more than the call
    except OSError:
        return 0
