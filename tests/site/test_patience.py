"""No thread that answers readers waits for the database for ever; those without readers do."""

import threading
from collections.abc import Callable
from time import monotonic

import pytest
from django.db import OperationalError, connection

from broadsheet.site.postgresql import patience as waits
from broadsheet.site.postgresql.patience import SECONDS, WATCHER, WATCHER_SECONDS, Patience


def in_thread[T](name: str, call: Callable[[], T]) -> T:
    said: list[T] = []
    thread = threading.Thread(target=lambda: said.append(call()), name=name)
    thread.start()
    thread.join()
    return said[0]


def test_a_command_waits_as_long_as_it_takes() -> None:
    assert Patience().left(monotonic() - 10_000)


def test_who_answers_readers_does_not() -> None:
    patience = Patience()
    patience.bound()
    assert patience.left(monotonic() - SECONDS + 1)
    assert not patience.left(monotonic() - SECONDS - 1)


def test_work_in_the_background_does() -> None:
    patience = Patience()
    patience.bound()

    def work() -> bool:
        patience.unbound()
        return patience.left(monotonic() - 10_000)

    assert in_thread("job-outbox", work)
    assert not patience.left(monotonic() - 10_000)


def test_nobody_else_waits_for_a_database_that_does_not_answer_its_watcher() -> None:
    patience = Patience()
    patience.bound()
    assert in_thread(WATCHER, lambda: patience.left(monotonic() - WATCHER_SECONDS + 1))
    assert patience.left(monotonic())
    assert not in_thread(WATCHER, lambda: patience.left(monotonic() - WATCHER_SECONDS - 1))
    assert not patience.left(monotonic())
    # It asks again, and alone says when there is an answer.
    assert in_thread(WATCHER, lambda: patience.left(monotonic()))
    patience.answered()
    assert not patience.left(monotonic())
    in_thread(WATCHER, patience.answered)
    assert patience.left(monotonic())


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_statement_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waits, "SECONDS", 0.2)
    monkeypatch.setattr(waits.patience, "_bound", True)
    began = monotonic()
    with connection.cursor() as cursor, pytest.raises(OperationalError, match="does not answer"):
        cursor.execute("SELECT pg_sleep(20)")
    assert monotonic() - began < 10
    assert connection.connection.closed
    # Whoever comes next has a new one.
    connection.close_if_unusable_or_obsolete()
    with connection.cursor() as cursor:
        # What it was is of no use any more.
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE query LIKE 'SELECT pg_sleep%'"
        )
        assert cursor.fetchall() == [(True,)]
