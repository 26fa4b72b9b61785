"""Homes that are ready to be served, each with a database of its own.

The database is of the kind this run is about: SQLite in the home, or, where DATABASE_URL names a
PostgreSQL, a fresh database of that server; the one in the URL is pytest's.
"""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from formats.wxr_text import export, item
from migrated import kept_copy
from migrated_postgresql import dump, name_in, on_the_server, restored, template, url_of
from prepared import alone, keep, keep_pictures, put_pictures, reuse
from serving import clean_environment

DUMP: Final = "database.dump"
SETTINGS: Final = {"DJANGO_SETTINGS_MODULE": "broadsheet.site.settings"}


@dataclass(frozen=True, slots=True)
class Home:
    """A folder for BROADSHEET_HOME and the environment that goes with it."""

    path: Path
    environ: dict[str, str]

    def run(self, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        """Run a `broadsheet` command in this home; it may fail."""
        return subprocess.run(
            [sys.executable, "-m", "broadsheet", *arguments],
            env=clean_environment(self.path, **self.environ | environ),
            capture_output=True,
            text=True,
            check=False,
        )

    def work(self, *program: str) -> None:
        """Do a piece of work as the process does that a server starts for it."""
        with subprocess.Popen(
            [sys.executable, "-m", *program],
            env=clean_environment(self.path, **self.environ, **SETTINGS),
            stdin=subprocess.PIPE,
        ) as child:
            assert child.wait() == 0

    def python(self, program: Path, given: str) -> str:
        """Run a program with this home's settings; return what it prints."""
        done = subprocess.run(
            [sys.executable, str(program)],
            env=clean_environment(self.path, **self.environ, **SETTINGS),
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Read from the database, past the program."""
        with closing(self.connect()) as connection:
            return list(connection.execute(query).fetchall())

    def write(self, statement: str) -> None:
        """Write into the database, past the program."""
        with closing(self.connect()) as connection:
            connection.execute(statement)
            connection.commit()

    def write_many(self, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Execute one statement for each of the rows; `?` stands for a value."""
        if self.environ:
            statement = statement.replace("?", "%s")
        with closing(self.connect()) as connection:
            connection.cursor().executemany(statement, rows)
            connection.commit()

    def keep(self) -> Path:
        """Copy what the database holds now, for `restore`; on SQLite only."""
        copy = self.path / "as-it-was.sqlite3"
        with closing(sqlite3.connect(copy)) as target, closing(self.connect()) as source:
            source.backup(target)
        return copy

    def restore(self, copy: Path) -> None:
        """Put back what was kept, under a server that goes on serving: one transaction to it."""
        with closing(sqlite3.connect(copy)) as source, closing(self.connect()) as target:
            target.execute("PRAGMA busy_timeout = 20000")
            source.backup(target)

    def connect(self) -> Any:
        """Return a connection to the database, past the program."""
        if url := self.environ.get("DATABASE_URL"):
            import psycopg

            return psycopg.connect(url)
        return sqlite3.connect(self.path / "broadsheet.sqlite3")

    def leave_dump(self) -> None:
        """Put into the folder what the home holds outside of it; `take_dump` reads it again."""
        if url := self.environ.get("DATABASE_URL"):
            dump(name_in(url), self.path / DUMP)

    def take_dump(self) -> bool:
        """Say whether the database is now as the folder's dump says, or lies in the folder."""
        url = self.environ.get("DATABASE_URL")
        return not url or restored(name_in(url), self.path / DUMP)

    def drop(self) -> None:
        """Remove what the home holds outside of its folder."""
        if url := self.environ.get("DATABASE_URL"):
            on_the_server(f'DROP DATABASE IF EXISTS "{name_in(url)}" WITH (FORCE)')


@dataclass(slots=True)
class Homes:
    """Makes homes: the first of each kind is prepared, the others are copies of it."""

    folder: Path
    _first: dict[str, Home] = field(default_factory=dict)
    _made: list[Home] = field(default_factory=list)

    @property
    def on_postgresql(self) -> bool:
        return os.environ.get("DATABASE_URL", "").startswith("postgres")

    def demonstration(self) -> Home:
        return self._copy(self._template("demo", "--demo"))

    def empty(self) -> Home:
        return self._copy(self._template("empty"))

    def one_story(self) -> Home:
        """Return a newsroom with a story and its thread, and nothing to make pictures of."""
        if "story" not in self._first:
            home = self._first["story"] = self._copy(self._template("empty"))
            file = home.path / "export.xml"
            file.write_text(
                export(item(post_name="ferry", post_date_gmt="2025-03-01 09:00:00")),
                encoding="utf-8",
            )
            done = home.run("import", "wordpress", str(file))
            assert done.returncode == 0, done.stderr
        return self._copy(self._first["story"])

    def unprepared(self) -> Home:
        return self._made_of("unprepared")

    def drop(self) -> None:
        for home in self._made:
            home.drop()

    def _template(self, kind: str, *options: str) -> Home:
        if kind not in self._first:
            self._first[kind] = self._prepared(kind, options)
        return self._first[kind]

    def _prepared(self, kind: str, options: tuple[str, ...]) -> Home:
        # One that is kept was made on the same kind of database.
        kept = f"postgresql-{kind}" if self.on_postgresql else kind
        with alone(kept):
            home = self._made_of(kind)
            if reuse(kept, home.path) and home.take_dump():
                return home
            home = self._made_of(kind, database=template() if self.on_postgresql else None)
            self._prepare(home, options)
            home.leave_dump()
            keep(kept, home.path)
            return home

    def _prepare(self, home: Home, options: tuple[str, ...]) -> None:
        if not self.on_postgresql and kept_copy().exists():
            # All migrations, run before: `prepare` has only to see that none is missing.
            shutil.copy(kept_copy(), home.path / "broadsheet.sqlite3")
        prepared = home.run("prepare", *options)
        assert prepared.returncode == 0, prepared.stderr
        # Else every server that a test starts would begin with the same files and pictures.
        home.work("broadsheet.site.static")
        if "--demo" in options:
            put_pictures(home)
            home.work("broadsheet.site.child", "renditions")
            keep_pictures(home)

    def _copy(self, original: Home) -> Home:
        url = original.environ.get("DATABASE_URL")
        home = self._made_of(original.path.name, database=url and name_in(url))
        shutil.copytree(original.path, home.path, dirs_exist_ok=True)
        return home

    def _made_of(self, kind: str, *, database: str | None = None) -> Home:
        path = self.folder / f"{kind}-{len(self._made)}"
        path.mkdir(parents=True)
        home = Home(path, _database(database))
        self._made.append(home)
        return home


@contextmanager
def homes_in(folder: Path) -> Iterator[Homes]:
    homes = Homes(folder)
    try:
        yield homes
    finally:
        homes.drop()


def _database(template: str | None) -> dict[str, str]:
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        return {}
    name = f"served_{uuid4().hex}"
    source = f' TEMPLATE "{template}"' if template else ""
    on_the_server(f'CREATE DATABASE "{name}"{source}')
    return {"DATABASE_URL": url_of(name)}
