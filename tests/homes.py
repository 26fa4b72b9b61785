"""Homes that are ready to be served, each with a database of its own.

The database is of the kind this run is about: SQLite in the home, or, where DATABASE_URL names a
PostgreSQL, a fresh database of that server; the one in the URL is pytest's.
"""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from formats.wxr_text import export, item
from migrated import kept_copy
from prepared import alone, keep, keep_pictures, put_pictures, reuse
from serving import clean_environment


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

    def work(self, name: str) -> None:
        """Do a piece of the background's work, as the process does that a server starts for it."""
        command = [sys.executable, "-m", "broadsheet.site.child", name]
        with subprocess.Popen(
            command, env=clean_environment(self.path, **self.environ), stdin=subprocess.PIPE
        ) as child:
            assert child.wait() == 0

    def python(self, program: Path, given: str) -> str:
        """Run a program with this home's settings; return what it prints."""
        settings = {"DJANGO_SETTINGS_MODULE": "broadsheet.site.settings"}
        done = subprocess.run(
            [sys.executable, str(program)],
            env=clean_environment(self.path, **self.environ, **settings),
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Read from the database, past the program."""
        with closing(self._connect()) as connection:
            return list(connection.execute(query).fetchall())

    def write(self, statement: str) -> None:
        """Write into the database, past the program."""
        with closing(self._connect()) as connection:
            connection.execute(statement)
            connection.commit()

    def keep(self) -> Path:
        """Copy what the database holds now, for `restore`; on SQLite only."""
        copy = self.path / "as-it-was.sqlite3"
        with closing(sqlite3.connect(copy)) as target, closing(self._connect()) as source:
            source.backup(target)
        return copy

    def restore(self, copy: Path) -> None:
        """Put back what was kept, under a server that goes on serving: one transaction to it."""
        with closing(sqlite3.connect(copy)) as source, closing(self._connect()) as target:
            target.execute("PRAGMA busy_timeout = 20000")
            source.backup(target)

    def _connect(self) -> Any:
        if url := self.environ.get("DATABASE_URL"):
            import psycopg

            return psycopg.connect(url)
        return sqlite3.connect(self.path / "broadsheet.sqlite3")

    def drop(self) -> None:
        """Remove what the home holds outside of its folder."""
        if url := self.environ.get("DATABASE_URL"):
            _on_the_server(f'DROP DATABASE IF EXISTS "{_name(url)}" WITH (FORCE)')


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
        return self._made_of("unprepared", template=None)

    def drop(self) -> None:
        for home in self._made:
            home.drop()

    def _template(self, kind: str, *options: str) -> Home:
        if kind not in self._first:
            self._first[kind] = self._prepared(kind, options)
        return self._first[kind]

    def _prepared(self, kind: str, options: tuple[str, ...]) -> Home:
        home = self._made_of(kind, template=None)
        if self.on_postgresql:
            _prepare(home, options)
            return home
        with alone(kind):
            if not reuse(kind, home.path):
                if kept_copy().exists():
                    # All migrations, run before: `prepare` has only to see that none is missing.
                    shutil.copy(kept_copy(), home.path / "broadsheet.sqlite3")
                _prepare(home, options)
                if "--demo" in options:
                    put_pictures(home.path)
                    # Else every server that a test starts would begin to make the same pictures.
                    home.work("renditions")
                    keep_pictures(home.path)
                keep(kind, home.path)
        return home

    def _copy(self, template: Home) -> Home:
        home = self._made_of(template.path.name, template=template)
        shutil.copytree(template.path, home.path, dirs_exist_ok=True)
        return home

    def _made_of(self, kind: str, *, template: Home | None) -> Home:
        path = self.folder / f"{kind}-{len(self._made)}"
        path.mkdir(parents=True)
        home = Home(path, _database(template))
        self._made.append(home)
        return home


def _prepare(home: Home, options: tuple[str, ...]) -> None:
    prepared = home.run("prepare", *options)
    assert prepared.returncode == 0, prepared.stderr


@contextmanager
def homes_in(folder: Path) -> Iterator[Homes]:
    homes = Homes(folder)
    try:
        yield homes
    finally:
        homes.drop()


def _database(template: Home | None) -> dict[str, str]:
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        return {}
    name = f"served_{uuid4().hex}"
    source = f' TEMPLATE "{_name(template.environ["DATABASE_URL"])}"' if template else ""
    _on_the_server(f'CREATE DATABASE "{name}"{source}')
    return {"DATABASE_URL": re.sub(r"/[^/?]+(?=\?|$)", f"/{name}", url)}


def _name(url: str) -> str:
    found = re.search(r"/([^/?]+)(?:\?|$)", url)
    assert found, url
    return found[1]


def _on_the_server(statement: str) -> None:
    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(statement)
