"""A SQLite database on disk with our backend, beside the one the tests run on.

Also a program: `python sqlite_rig.py FILE VERB …` does one thing to the database in another
process, and says on its output how far it is, so that a test can wait for it.
"""

import sys
from pathlib import Path
from typing import Any

from django.conf import settings


def database_settings(file: Path, **options: Any) -> dict[str, Any]:
    return {
        "ENGINE": "broadsheet.site.sqlite",
        "NAME": str(file),
        "OPTIONS": options,
        "ATOMIC_REQUESTS": False,
        "AUTOCOMMIT": True,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": False,
        "TIME_ZONE": None,
        "TEST": {},
    }


def hold(file: Path) -> None:
    """Hold the write lock until our input ends."""
    connection = connect(file)
    with connection.cursor() as cursor:
        cursor.execute("BEGIN IMMEDIATE")
        print("holding", flush=True)  # noqa: T201 - the test reads it
        sys.stdin.read()
        cursor.execute("ROLLBACK")


def write_for_ever(file: Path) -> None:
    """Commit one row after the other and acknowledge each, until killed."""
    connection = connect(file)
    number = 0
    with connection.cursor() as cursor:
        while True:
            number += 1
            cursor.execute("INSERT INTO t (n, filler) VALUES (%s, %s)", [number, "x" * 2000])
            print(number, flush=True)  # noqa: T201 - the test reads it


def add(file: Path, times: str) -> None:
    """Read a counter and write it back, one higher, that many times."""
    from django.db import transaction

    connection = connect(file)
    for _ in range(int(times)):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT n FROM counter")
            value = cursor.fetchone()[0]
            cursor.execute("UPDATE counter SET n = %s", [value + 1])


def connect(file: Path) -> Any:
    import django

    settings.configure(DATABASES={"default": database_settings(file)})
    django.setup()
    from django.db import connection

    return connection


if __name__ == "__main__":
    VERBS = {"hold": hold, "write": write_for_ever, "add": add}
    VERBS[sys.argv[2]](Path(sys.argv[1]), *sys.argv[3:])
