"""The SQLite backend: durable settings on every connection, one writer at a time."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, local
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, OperationalError, connections
from django.db.transaction import Atomic
from pytest_django import DjangoDbBlocker

from broadsheet.site.server import worker
from broadsheet.site.sqlite import base, pragmas
from broadsheet.site.sqlite.base import DatabaseWrapper, wal_size
from broadsheet.site.sqlite.moment import one_view
from sqlite_rig import database_settings

RIG = Path(__file__).parents[1] / "sqlite_rig.py"
TABLES = (
    "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER UNIQUE, filler TEXT)",
    "CREATE TABLE counter (n INTEGER)",
    "INSERT INTO counter VALUES (0)",
)

type Open = Callable[..., DatabaseWrapper]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "rig.sqlite3"


@pytest.fixture
def connect(file: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Open]:
    """Open connections of our backend to a file of their own; all are closed at the end."""
    opened = []

    def open_one(**options: Any) -> DatabaseWrapper:
        wrapper = DatabaseWrapper(database_settings(file, **options), alias="rig")
        wrapper.inc_thread_sharing()
        opened.append(wrapper)
        return wrapper

    with django_db_blocker.unblock():
        yield open_one
        for wrapper in opened:
            wrapper.close()


@pytest.fixture
def first(connect: Open) -> DatabaseWrapper:
    wrapper = connect()
    for sql in TABLES:
        run(wrapper, sql)
    return wrapper


@pytest.fixture
def elsewhere(file: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start the rig's program in another process."""
    started = []

    def start(*arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, str(RIG), str(file), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def run(wrapper: DatabaseWrapper, sql: str, *params: Any) -> list[Any]:
    with wrapper.cursor() as cursor:
        cursor.execute(sql, params or None)
        return list(cursor.fetchall()) if cursor.description else []


def atomic(wrapper: DatabaseWrapper, monkeypatch: pytest.MonkeyPatch) -> Atomic:
    """Return a transaction on a connection that is not one of Django's aliases."""
    monkeypatch.setattr("django.db.transaction.get_connection", lambda _using=None: wrapper)
    return Atomic(None, savepoint=True, durable=False)


def is_free(wrapper: DatabaseWrapper) -> bool:
    """Tell whether somebody else could write now."""
    free = wrapper.write_lock.try_acquire()
    if free:
        wrapper.write_lock.release()
    return free


# --- Settings ---------------------------------------------------------------------------------

WANTED = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "recursive_triggers": 1,
    "wal_autocheckpoint": 0,
}


@pytest.mark.parametrize("name", WANTED)
def test_every_connection_of_every_thread_has_the_settings(connect: Open, name: str) -> None:
    def value() -> Any:
        return run(connect(), f"PRAGMA {name}")[0][0]

    with ThreadPoolExecutor(4) as pool:
        values = [pool.submit(value) for _ in range(8)]
    assert {future.result() for future in values} | {value()} == {WANTED[name]}


def test_the_database_of_this_very_run_has_them_too(db: None) -> None:
    connection = connections["default"]
    if connection.vendor != "sqlite":
        pytest.skip("only on SQLite")
    run_on = [run(connection, f"PRAGMA {name}")[0][0] for name in pragmas._ALWAYS]
    assert run_on == list(pragmas._ALWAYS.values())


@pytest.mark.parametrize("name", ["synchronous", "recursive_triggers", "wal_autocheckpoint"])
def test_a_setting_that_does_not_hold_is_refused_by_name(
    connect: Open, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    wrong = {"synchronous": 1, "recursive_triggers": 0, "wal_autocheckpoint": 1000}[name]

    def apply_wrong(connection: sqlite3.Connection, *, in_memory: bool) -> None:
        pragmas.apply_pragmas(connection, in_memory=in_memory)
        connection.execute(f"PRAGMA {name} = {wrong}")

    monkeypatch.setattr(base, "apply_pragmas", apply_wrong)
    with pytest.raises(ImproperlyConfigured, match=name):
        connect().ensure_connection()


def test_a_replaced_row_fires_its_delete_trigger(first: DatabaseWrapper) -> None:
    run(first, "INSERT INTO t (id, n) VALUES (1, 1)")
    run(
        first,
        "CREATE TRIGGER stays BEFORE DELETE ON t BEGIN SELECT RAISE(ABORT, 'never'); END",
    )
    with pytest.raises(IntegrityError, match="never"):
        run(first, "REPLACE INTO t (id, n) VALUES (1, 2)")


# --- The lock ---------------------------------------------------------------------------------


def test_reading_never_waits_for_a_writer(first: DatabaseWrapper, connect: Open) -> None:
    first.hold_write_lock()
    run(first, "BEGIN IMMEDIATE")
    run(first, "INSERT INTO t (n) VALUES (1)")
    assert run(connect(), "SELECT count(*) FROM t") == [(0,)]
    run(first, "ROLLBACK")


def test_one_view_sees_no_writer_and_no_writer_waits_for_it(
    first: DatabaseWrapper, connect: Open
) -> None:
    with one_view(first):
        run(connect(), "INSERT INTO t (n) VALUES (1)")
        assert run(first, "SELECT count(*) FROM t") == [(0,)]
        assert is_free(first)
        with pytest.raises(OperationalError, match="readonly"):
            run(first, "INSERT INTO t (n) VALUES (2)")
        assert run(first, "SELECT count(*) FROM t") == [(0,)]
    assert is_free(first)
    assert run(first, "SELECT count(*) FROM t") == [(1,)]
    run(first, "INSERT INTO t (n) VALUES (2)")
    assert is_free(first)


def test_a_transaction_takes_the_lock_with_its_first_statement_and_keeps_it(
    first: DatabaseWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    with atomic(first, monkeypatch):
        assert not is_free(first)
        run(first, "INSERT INTO t (n) VALUES (1)")
        with atomic(first, monkeypatch):
            run(first, "INSERT INTO t (n) VALUES (2)")
        assert not is_free(first)
    assert is_free(first)
    assert run(first, "SELECT n FROM t ORDER BY n") == [(1,), (2,)]


def test_the_lock_is_free_after_a_failure(
    first: DatabaseWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = atomic(first, monkeypatch)
    broken.__enter__()
    run(first, "INSERT INTO t (n) VALUES (1)")
    broken.__exit__(RuntimeError, RuntimeError(), None)
    assert is_free(first)
    with pytest.raises(OperationalError):
        run(first, "INSERT INTO nowhere VALUES (1)")
    assert is_free(first)
    run(first, "INSERT INTO t (n) VALUES (1)")
    with pytest.raises(IntegrityError):
        run(first, "INSERT INTO t (n) VALUES (1)")
    assert is_free(first)


def test_the_lock_is_free_after_the_connection_was_closed_in_a_transaction(
    first: DatabaseWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    with atomic(first, monkeypatch):
        run(first, "INSERT INTO t (n) VALUES (1)")
        first.close()
        assert is_free(first)
    assert run(first, "SELECT count(*) FROM t") == [(0,)]


def test_rows_given_back_by_an_insert_are_committed_before_the_lock_is_free(
    first: DatabaseWrapper, connect: Open
) -> None:
    with first.cursor() as cursor:
        cursor.execute("INSERT INTO t (n) VALUES (1), (2), (3), (4) RETURNING n")
        assert is_free(first)
        assert run(connect(), "SELECT count(*) FROM t") == [(4,)]
        assert cursor.fetchone() == (1,)
        assert cursor.fetchmany(2) == [(2,), (3,)]
        assert list(cursor) == [(4,)]
        assert cursor.fetchone() is None


def test_many_rows_at_once_and_scripts_take_the_lock_too(first: DatabaseWrapper) -> None:
    with first.cursor() as cursor:
        cursor.executemany("INSERT INTO t (n) VALUES (%s)", [(1,), (2,)])
        assert is_free(first)
        cursor.executescript("INSERT INTO t (n) VALUES (3); INSERT INTO t (n) VALUES (4);")
        assert is_free(first)
    assert run(first, "SELECT count(*) FROM t") == [(4,)]


def test_a_second_writer_waits_and_then_says_why_it_gave_up(
    first: DatabaseWrapper, connect: Open
) -> None:
    second = connect(write_timeout=0.05)
    run(first, "BEGIN IMMEDIATE")
    with ThreadPoolExecutor(1) as pool:
        refused = pool.submit(run, second, "INSERT INTO t (n) VALUES (1)")
        with pytest.raises(OperationalError, match=r"database is locked: waited 0\.05 seconds"):
            refused.result()
    run(first, "ROLLBACK")
    run(second, "INSERT INTO t (n) VALUES (1)")


def test_a_thread_that_would_wait_for_itself_is_told_at_once(
    first: DatabaseWrapper, connect: Open
) -> None:
    run(first, "BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="this thread already writes"):
        run(connect(), "INSERT INTO t (n) VALUES (1)")
    run(first, "ROLLBACK")


def test_threads_lose_no_update(first: DatabaseWrapper, connect: Open) -> None:
    def add(times: int) -> None:
        wrapper = connect()
        for _ in range(times):
            run(wrapper, "BEGIN IMMEDIATE")
            value = run(wrapper, "SELECT n FROM counter")[0][0]
            run(wrapper, "UPDATE counter SET n = %s", value + 1)
            run(wrapper, "COMMIT")

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(add, 25) for _ in range(8)]:
            done.result()
    assert run(first, "SELECT n FROM counter") == [(200,)]


def test_processes_lose_no_update(
    first: DatabaseWrapper, elsewhere: Callable[..., subprocess.Popen[str]]
) -> None:
    others = [elsewhere("add", "100") for _ in range(2)]
    for _ in range(100):
        run(first, "UPDATE counter SET n = n + 1")
    assert [process.wait() for process in others] == [0, 0]
    assert run(first, "SELECT n FROM counter") == [(300,)]


def test_another_process_is_waited_for_and_named(
    first: DatabaseWrapper,
    connect: Open,
    elsewhere: Callable[..., subprocess.Popen[str]],
) -> None:
    other = elsewhere("hold")
    assert other.stdout is not None
    assert other.stdout.readline() == "holding\n"
    impatient = connect(write_timeout=0.05)
    with pytest.raises(OperationalError, match=f"another process is writing .*{other.pid}"):
        run(impatient, "INSERT INTO t (n) VALUES (1)")
    with ThreadPoolExecutor(1) as pool:
        patient = pool.submit(run, first, "INSERT INTO t (n) VALUES (2)")
        other.communicate()
        patient.result()
    assert run(first, "SELECT n FROM t") == [(2,)]


def test_the_lock_of_a_killed_process_is_free(
    first: DatabaseWrapper, elsewhere: Callable[..., subprocess.Popen[str]]
) -> None:
    other = elsewhere("hold")
    assert other.stdout is not None
    other.stdout.readline()
    os.kill(other.pid, signal.SIGKILL)
    other.wait()
    run(first, "INSERT INTO t (n) VALUES (1)")


# --- The log and its checkpoints -----------------------------------------------------------------


def test_the_log_is_emptied_by_the_writer_that_made_it_long(
    first: DatabaseWrapper, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "CHECKPOINT_BYTES", 100_000)
    for number in range(100):
        run(first, "INSERT INTO t (n, filler) VALUES (%s, %s)", number, "x" * 4000)
    assert 0 < wal_size(file) <= 200_000
    assert file.stat().st_size > 300_000


def test_a_reader_is_neither_disturbed_nor_waited_for(
    first: DatabaseWrapper, connect: Open, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "CHECKPOINT_BYTES", 100_000)
    reader = connect()
    with reader.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
        reader.leave_write_lock()
        cursor.execute("SELECT count(*) FROM t")
        reader._release()
        for number in range(100):
            run(first, "INSERT INTO t (n, filler) VALUES (%s, %s)", number, "x" * 4000)
        cursor.execute("SELECT count(*) FROM t")
        assert cursor.fetchone() == (0,)
        cursor.execute("ROLLBACK")
    assert wal_size(file) > 300_000
    first.write_lock.checkpoint_above = 0
    run(first, "INSERT INTO t (n) VALUES (1000)")
    assert wal_size(file) == 0


def test_the_last_connection_leaves_one_file_behind(first: DatabaseWrapper, file: Path) -> None:
    run(first, "INSERT INTO t (n) VALUES (1)")
    first.close()
    assert {path.name for path in file.parent.iterdir()} == {file.name, f"{file.name}.lock"}


def test_so_do_threads_that_close_at_the_same_moment(
    first: DatabaseWrapper, connect: Open, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = 8
    opened = local()

    def close_all() -> None:
        opened.wrapper.close()

    monkeypatch.setattr(worker, "connections", SimpleNamespace(close_all=close_all))
    for number in range(20):
        run(first, "INSERT INTO t (n) VALUES (%s)", number)
        wrappers = [connect() for _ in range(threads)]
        for wrapper in wrappers:
            run(wrapper, "SELECT n FROM t")
        first.close()
        together = Barrier(threads)

        def stop(wrapper: DatabaseWrapper, together: Barrier = together) -> None:
            opened.wrapper = wrapper
            together.wait(60)
            worker._close_connections()

        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(stop, wrappers))
        assert {path.name for path in file.parent.iterdir()} == {file.name, f"{file.name}.lock"}


@pytest.mark.process
def test_a_killed_writer_loses_nothing_it_acknowledged(
    first: DatabaseWrapper, elsewhere: Callable[..., subprocess.Popen[str]]
) -> None:
    check_killed_writer(first, elsewhere, acknowledged=200)


@pytest.mark.deep
@pytest.mark.parametrize("attempt", range(20))
def test_a_killed_writer_loses_nothing_however_long_its_log_is(
    first: DatabaseWrapper, elsewhere: Callable[..., subprocess.Popen[str]], attempt: int
) -> None:
    check_killed_writer(first, elsewhere, acknowledged=1000 + 397 * attempt)


def check_killed_writer(
    database: DatabaseWrapper,
    elsewhere: Callable[..., subprocess.Popen[str]],
    *,
    acknowledged: int,
) -> None:
    writer = elsewhere("write")
    assert writer.stdout is not None
    last = 0
    for line in writer.stdout:
        last = int(line)
        if last >= acknowledged:
            os.kill(writer.pid, signal.SIGKILL)
            break
    last = max([last, *(int(line) for line in writer.stdout if line.endswith("\n"))])
    writer.wait()
    numbers = [n for (n,) in run(database, "SELECT n FROM t ORDER BY n")]
    assert numbers[:last] == list(range(1, last + 1))
    assert run(database, "PRAGMA integrity_check") == [("ok",)]


def test_a_forked_child_does_not_inherit_the_lock() -> None:
    """The thread that holds it does not exist in the child; nobody there would ever let go."""
    program = (
        "import os, sys\n"
        "from broadsheet.site.sqlite.lock import lock_for\n"
        "lock_for(name='x', in_memory=True).acquire(1)\n"
        "child = os.fork()\n"
        "if not child: lock_for(name='x', in_memory=True).acquire(1); os._exit(0)\n"
        "sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
