"""Django's PostgreSQL backend, with connections that give up in time (`patience`)."""

import time
from collections.abc import Generator
from typing import Any

import psycopg
from django.db.backends.postgresql.base import DatabaseWrapper as DjangoWrapper

from broadsheet.site.postgresql.patience import patience

SILENT = "the database does not answer"


class Connection(psycopg.Connection[Any]):
    """Waits for an answer as long as `patience` says, then is closed: nobody knows its state."""

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        if timeout is not None:
            # For news, which need not come.
            return super().wait(gen, interval, timeout)
        try:
            answer = super().wait(_bounded(gen), interval)
        except SilentError:
            self.pgconn.finish()
            raise
        patience.answered()
        return answer


class SilentError(psycopg.OperationalError):
    """There was no answer in time."""


def _bounded(asking: Any) -> Generator[Any, Any, Any]:
    """Hand on what psycopg waits for; raises SilentError when nothing comes for too long."""
    began = time.monotonic()
    if not patience.left(began):
        raise SilentError(SILENT)
    try:
        awaited = next(asking)
        while True:
            came = yield awaited
            if not came and not patience.left(began):
                raise SilentError(SILENT)
            awaited = asking.send(came)
    except StopIteration as end:
        return end.value


class Driver:
    """The module that Django's backend asks, with connections of ours."""

    connect = staticmethod(Connection.connect)

    def __getattr__(self, name: str) -> Any:
        return getattr(psycopg, name)


class DatabaseWrapper(DjangoWrapper):
    Database = Driver()  # type: ignore[assignment]  # it says that it must be a module

    # By the monotonic clock, when the connection that there is was made.
    connected_at = 0.0

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        began = time.monotonic()
        if not patience.left(began):
            raise SilentError(SILENT)
        try:
            connection = super().get_new_connection(conn_params)
        except psycopg.errors.ConnectionTimeout:
            # Tells the others, when it was the watcher that waited.
            patience.left(began)
            raise
        patience.answered()
        self.connected_at = time.monotonic()
        return connection
