"""A stand-in for the page store's watcher: says that something changed, and not what."""

import threading
from collections.abc import Callable
from typing import Final

from django.db import DatabaseError, close_old_connections, connection

_LOOK_SECONDS: Final = 0.1


class Looking:
    def __init__(self, listener: Callable[[frozenset[str]], None]) -> None:
        self._listener = listener
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._look, name="looking", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(5)

    def _look(self) -> None:
        seen = None
        try:
            while not self._stopping.wait(_LOOK_SECONDS):
                try:
                    close_old_connections()
                    now = self._state()
                except DatabaseError:
                    continue
                if now != seen:
                    seen = now
                    self._listener(frozenset({"*"}))
        finally:
            connection.close()

    def _state(self) -> object:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA data_version")
            else:
                cursor.execute("SELECT txid_snapshot_xmax(txid_current_snapshot())")
            return cursor.fetchone()
