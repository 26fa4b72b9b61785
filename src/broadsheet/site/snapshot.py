"""Reading many tables as they were at one moment, while others go on writing."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from broadsheet.site.sqlite.moment import one_view


@contextmanager
def one_moment() -> Iterator[None]:
    """Within the block every query sees the database as it was at the first; nothing is written.

    On SQLite no writer waits for it, but the log is not emptied until it ends. Inside a
    transaction it adds nothing: that is one moment already, or the caller's own business.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        with one_view(connection):
            yield
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
