"""A PostgreSQL database that has run its migrations, of which every other one is a copy.

It is made once per server: from the dump that an earlier run kept, or by `migrate`. The database of
each worker and of each served newsroom begins as a copy of it, and `migrate` then runs as ever: it
applies what is new and sends `post_migrate`.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from machine import find_postgresql
from migrated import FOLDER, digest_of_migrations, forget_old
from prepared import alone
from serving import clean_environment

URL: Final = "DATABASE_URL"


@contextmanager
def starting_from_template() -> Iterator[None]:
    """While this lasts, a test database begins as a copy."""
    from django.conf import settings

    with patch.dict(settings.DATABASES["default"]["TEST"], TEMPLATE=template()):
        yield


def template() -> str:
    """Return the name of the migrated database on this run's server; it is made if need be."""
    name = f"migrated_{digest_of_migrations()}"
    with alone("postgresql"):
        if not on_the_server("SELECT 1 FROM pg_database WHERE datname = %s", name):
            draft = f"{name}_draft"
            if not restored(draft, _kept()):
                _create(draft)
                _migrate(draft)
                dump(draft, _kept())
                forget_old("*.dump")
            on_the_server(f'ALTER DATABASE "{draft}" RENAME TO "{name}"')
    return name


def _kept() -> Path:
    ((version,),) = on_the_server("SHOW server_version_num")
    return FOLDER / f"{digest_of_migrations()}.{version}.dump"


def _create(name: str) -> None:
    on_the_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    on_the_server(f'CREATE DATABASE "{name}"')


def _migrate(name: str) -> None:
    command = [sys.executable, "-m", "broadsheet", "manage", "migrate", "--verbosity=0"]
    environment = clean_environment(Path(os.environ["BROADSHEET_HOME"]), DATABASE_URL=url_of(name))
    subprocess.run(command, env=environment, check=True)


def dump(name: str, file: Path) -> None:
    """Write the database into a file; without PostgreSQL's program for that there is none."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(f".{os.getpid()}")
    if _run("pg_dump", "--format=custom", f"--file={draft}", f"--dbname={url_of(name)}"):
        draft.replace(file)
    draft.unlink(missing_ok=True)


def restored(name: str, file: Path) -> bool:
    """Make the database anew, of a file; say whether there was one, and it went well."""
    if not file.exists():
        return False
    _create(name)
    return _run("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={url_of(name)}", file)


def _run(program: str, *arguments: str | Path) -> bool:
    """Run one of PostgreSQL's own programs; say whether it was there and went well."""
    folder = find_postgresql()
    if folder is None or not (folder / program).exists():
        return False
    return subprocess.run([folder / program, *arguments], check=False).returncode == 0


def url_of(name: str) -> str:
    """Return the address of another database on this run's server."""
    return re.sub(r"/[^/?]+(?=\?|$)", f"/{name}", os.environ[URL])


def name_in(url: str) -> str:
    found = re.search(r"/([^/?]+)(?:\?|$)", url)
    assert found, url
    return found[1]


def on_the_server(statement: str, *values: str) -> list[tuple[Any, ...]]:
    """Execute a statement in the run's own database; return its rows, if it has any."""
    import psycopg

    with psycopg.connect(os.environ[URL], autocommit=True) as connection:
        done = connection.execute(statement.encode(), values or None)
        return done.fetchall() if done.description else []
