"""An SQLite that has run its migrations, kept from one test run to the next.

All migrations together take a dozen seconds, Wagtail's above all; every worker of every run would
pay them. The kept copy is loaded and `migrate` then runs as ever: it applies what is new and sends
`post_migrate`, so that triggers are installed afresh. A migration that was edited, or another
version of a package, is another copy. What is kept for PostgreSQL: `migrated_postgresql`.
"""

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".pytest_cache" / "migrated"


def digest_of_migrations() -> str:
    """Return what stands for the migrations as they are now."""
    digest = hashlib.sha256((ROOT / "uv.lock").read_bytes())
    for path in sorted((ROOT / "src").glob("*/*/migrations/*.py")):
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def kept_copy() -> Path:
    """Return the file for the migrations as they are now; it may not exist yet."""
    return FOLDER / f"{digest_of_migrations()}.sqlite3"


def forget_old(pattern: str) -> None:
    """Of the kept files that are called so, leave the newest."""
    others = sorted(FOLDER.glob(pattern), key=lambda file: file.stat().st_mtime)
    for old in others[:-3]:
        old.unlink(missing_ok=True)


@contextmanager
def starting_from_kept_copy() -> Iterator[None]:
    """While this lasts, a test database begins with the kept copy, or is kept for the next run."""
    from django.db import connection

    copy = kept_copy()
    creation = connection.creation
    make_empty, make = creation._create_test_db, creation.create_test_db
    # A database in memory lasts as long as somebody is connected to it.
    alive: list[sqlite3.Connection] = []

    def make_filled(*args: Any, **kwargs: Any) -> str:
        name: str = make_empty(*args, **kwargs)
        if copy.exists():
            alive.append(sqlite3.connect(name, uri=True))
            with closing(sqlite3.connect(copy)) as source:
                source.backup(alive[0])
        return name

    def make_and_keep(*args: Any, **kwargs: Any) -> str:
        name = make(*args, **kwargs)
        if not copy.exists():
            connection.ensure_connection()
            _keep(connection.connection, copy)
        return name

    with (
        patch.object(creation, "_create_test_db", make_filled),
        patch.object(creation, "create_test_db", make_and_keep),
    ):
        yield
    for each in alive:
        each.close()


def _keep(made: sqlite3.Connection, copy: Path) -> None:
    copy.parent.mkdir(parents=True, exist_ok=True)
    draft = copy.with_suffix(f".{os.getpid()}")
    with closing(sqlite3.connect(draft)) as target:
        made.backup(target)
    draft.replace(copy)
    forget_old("*.sqlite3")
