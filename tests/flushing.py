"""Transactional tests empty every table when they end; the ledger must be told to let them."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def ledger_lets_tests_flush() -> Iterator[None]:
    """Take the ledger's triggers away just before a flush, which puts them back (post_migrate)."""
    from django.db import connection
    from django.test import TransactionTestCase

    from broadsheet.funding import triggers

    flush = TransactionTestCase._fixture_teardown

    def teardown(self: TransactionTestCase) -> None:
        triggers.remove(connection)
        flush(self)

    TransactionTestCase._fixture_teardown = teardown
    try:
        yield
    finally:
        TransactionTestCase._fixture_teardown = flush
