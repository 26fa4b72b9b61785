"""What the first pass remembers for the second one, on disk: files are larger than memory.

A private temporary database of SQLite's own, gone when it is closed. Nothing in it is ever shown.
"""

import json
import sqlite3
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Final, Self

from broadsheet.importing.wordpress.rows import FileRow, ItemRow, PictureRow, TermRow

_SCHEMA: Final = """
CREATE TABLE item (
    number INTEGER PRIMARY KEY, foreign_id TEXT NOT NULL UNIQUE, post_id TEXT NOT NULL,
    becomes TEXT NOT NULL, shown TEXT NOT NULL, type TEXT NOT NULL,
    title TEXT NOT NULL, slug TEXT NOT NULL, parent TEXT NOT NULL, link TEXT NOT NULL
);
CREATE INDEX item_post_id ON item (post_id);
CREATE TABLE rest (number INTEGER PRIMARY KEY, labels TEXT NOT NULL, meta TEXT NOT NULL);
CREATE TABLE picture (
    post_id TEXT PRIMARY KEY, url TEXT NOT NULL, address TEXT NOT NULL, parent TEXT NOT NULL,
    place INTEGER NOT NULL, title TEXT NOT NULL, alt TEXT NOT NULL, caption TEXT NOT NULL,
    credit TEXT NOT NULL, line INTEGER NOT NULL
);
CREATE INDEX picture_address ON picture (address);
CREATE INDEX picture_parent ON picture (parent, place);
CREATE TABLE file (
    address TEXT PRIMARY KEY, url TEXT NOT NULL, host TEXT NOT NULL, ending TEXT NOT NULL,
    taken INTEGER NOT NULL, library INTEGER NOT NULL, title TEXT NOT NULL, line INTEGER NOT NULL
);
CREATE TABLE term (
    taxonomy TEXT NOT NULL, slug TEXT NOT NULL, name TEXT NOT NULL, parent TEXT NOT NULL,
    id TEXT NOT NULL, PRIMARY KEY (taxonomy, slug)
);
CREATE INDEX term_id ON term (id);
CREATE TABLE person (login TEXT PRIMARY KEY, id TEXT NOT NULL, name TEXT NOT NULL);
CREATE INDEX person_id ON person (id);
CREATE TABLE section (slug TEXT PRIMARY KEY, name TEXT NOT NULL, stories INTEGER NOT NULL);
CREATE TABLE comment (
    number INTEGER PRIMARY KEY, item INTEGER NOT NULL, id TEXT NOT NULL,
    foreign_id TEXT NOT NULL UNIQUE, parent_id TEXT NOT NULL, carried INTEGER NOT NULL,
    up INTEGER, attach INTEGER, open INTEGER NOT NULL, mark INTEGER NOT NULL DEFAULT 0,
    line INTEGER NOT NULL, done INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX comment_id ON comment (item, id);
CREATE INDEX comment_open ON comment (item, open);
CREATE TABLE waiting (number INTEGER PRIMARY KEY, attach INTEGER NOT NULL, payload TEXT NOT NULL);
CREATE INDEX waiting_attach ON waiting (attach, number);
CREATE TABLE flag (kind TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (kind, name));
"""


class Scratch:
    """A context manager; every method is one small statement."""

    def __init__(self) -> None:
        # "" is a database on disk that belongs to this connection alone and has no name.
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.execute("PRAGMA cache_size = -8000")
        self._db.executescript(_SCHEMA)
        self._db.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._db.close()

    def run(self, statement: str, *values: Any) -> None:
        """Carry out a statement of ours; values go apart from it."""
        self._db.execute(statement, values)

    def one(self, statement: str, *values: Any) -> tuple[Any, ...] | None:
        """Return the first row of a query, or None."""
        row: tuple[Any, ...] | None = self._db.execute(statement, values).fetchone()
        return row

    def all(self, statement: str, *values: Any) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query; do not write to its tables meanwhile."""
        yield from self._db.execute(statement, values)

    # -- items ---------------------------------------------------------------------------------

    def add_item(self, row: ItemRow) -> None:
        self.run(
            "INSERT INTO item VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(row.number, row.foreign_id, row.post_id, row.becomes, row.shown),
            *(row.type, row.title, row.slug, row.parent, row.link),
        )

    def item(self, number: int) -> ItemRow | None:
        row = self.one("SELECT * FROM item WHERE number = ?", number)
        return ItemRow(*row) if row else None

    def item_by_post_id(self, post_id: str) -> ItemRow | None:
        """Return the first item with this id; the empty id is nobody's."""
        if not post_id:
            return None
        row = self.one("SELECT * FROM item WHERE post_id = ? ORDER BY number LIMIT 1", post_id)
        return ItemRow(*row) if row else None

    def has_foreign_id(self, foreign_id: str) -> bool:
        return self.one("SELECT 1 FROM item WHERE foreign_id = ?", foreign_id) is not None

    def items_that_become(self, becomes: str, *, after: int, limit: int) -> list[ItemRow]:
        """Return some items of one kind, in the order of the file, behind number `after`."""
        rows = self.all(
            "SELECT * FROM item WHERE becomes = ? AND number > ? ORDER BY number LIMIT ?",
            *(becomes, after, limit),
        )
        return [ItemRow(*row) for row in rows]

    def has_comments(self, item: int) -> bool:
        """Say whether any comment of an item is carried over."""
        found = self.one("SELECT 1 FROM comment WHERE item = ? AND carried = 1 LIMIT 1", item)
        return found is not None

    def add_rest(
        self, number: int, *, labels: list[tuple[str, str, str]], meta: list[tuple[str, str]]
    ) -> None:
        """Remember what stood behind the comments of an item."""
        statement = "INSERT INTO rest VALUES (?, ?, ?)"
        self.run(statement, number, json.dumps(labels), json.dumps(meta))

    def rest(self, number: int) -> tuple[list[list[str]], list[list[str]]]:
        row = self.one("SELECT labels, meta FROM rest WHERE number = ?", number)
        return (json.loads(row[0]), json.loads(row[1])) if row else ([], [])

    # -- pictures ------------------------------------------------------------------------------

    def add_picture(self, row: PictureRow) -> None:
        self.run(
            "INSERT OR IGNORE INTO picture VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(row.post_id, row.url, row.address, row.parent, row.place),
            *(row.title, row.alt, row.caption, row.credit, row.line),
        )

    def picture(self, post_id: str) -> PictureRow | None:
        row = self.one("SELECT * FROM picture WHERE post_id = ?", post_id)
        return PictureRow(*row) if row else None

    def picture_at(self, address: str) -> PictureRow | None:
        if not address:
            return None
        row = self.one("SELECT * FROM picture WHERE address = ? LIMIT 1", address)
        return PictureRow(*row) if row else None

    def pictures_of(self, post_id: str, *, limit: int) -> list[PictureRow]:
        """Return the pictures attached to a post, in their order."""
        rows = self.all(
            "SELECT * FROM picture WHERE parent = ? ORDER BY place, line LIMIT ?", post_id, limit
        )
        return [PictureRow(*row) for row in rows]

    # -- other files ---------------------------------------------------------------------------

    def add_file(self, row: FileRow) -> None:
        """Remember a file; its own entry says more than a text that leads to it."""
        self.run(
            "INSERT INTO file VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (address) DO UPDATE SET"
            " url = excluded.url, library = 1, title = excluded.title, line = excluded.line"
            " WHERE excluded.library = 1 AND file.library = 0",
            *(row.address, row.url, row.host, row.ending),
            *(row.taken, row.library, row.title, row.line),
        )

    def forget_files_elsewhere(self) -> None:
        """Drop what texts lead to on hosts that are not the old site's."""
        self.run(
            "DELETE FROM file WHERE library = 0"
            " AND host NOT IN (SELECT name FROM flag WHERE kind = 'host')"
        )

    def file(self, address: str) -> FileRow | None:
        """Return the file at an address, if it is one that comes in."""
        if not address:
            return None
        row = self.one("SELECT * FROM file WHERE address = ? AND taken = 1", address)
        return FileRow(*row) if row else None

    def files_left_out(self) -> Iterator[FileRow]:
        """Yield what texts lead to that is of no kind which comes in, nor has an entry."""
        rows = self.all("SELECT * FROM file WHERE taken = 0 AND library = 0 ORDER BY line, address")
        return (FileRow(*row) for row in rows)

    def count_files(self) -> int:
        """Return how many files there are to bring in."""
        (count,) = self.one("SELECT count(*) FROM file WHERE taken = 1") or (0,)
        return int(count)

    # -- terms, people, sections -----------------------------------------------------------------

    def add_term(self, row: TermRow) -> None:
        self.run(
            "INSERT OR IGNORE INTO term VALUES (?, ?, ?, ?, ?)",
            *(row.taxonomy, row.slug, row.name, row.parent, row.id),
        )

    def term(self, taxonomy: str, slug: str) -> TermRow | None:
        row = self.one("SELECT * FROM term WHERE taxonomy = ? AND slug = ?", taxonomy, slug)
        return TermRow(*row) if row else None

    def category_by_id(self, term_id: str) -> TermRow | None:
        if not term_id:
            return None
        row = self.one("SELECT * FROM term WHERE id = ? AND taxonomy = 'category'", term_id)
        return TermRow(*row) if row else None

    def add_person(self, *, login: str, id_: str, name: str) -> None:
        self.run("INSERT OR IGNORE INTO person VALUES (?, ?, ?)", login, id_, name)

    def person_name(self, login: str) -> str:
        row = self.one("SELECT name FROM person WHERE login = ?", login)
        return str(row[0]) if row else ""

    def is_person_id(self, user_id: str) -> bool:
        """Say whether a user's number is that of an author in the file."""
        return bool(user_id) and self.one("SELECT 1 FROM person WHERE id = ?", user_id) is not None

    def count_section(self, slug: str, name: str) -> None:
        self.run(
            "INSERT INTO section VALUES (?, ?, 1)"
            " ON CONFLICT (slug) DO UPDATE SET stories = stories + 1",
            slug,
            name,
        )

    def place_of_section(self, slug: str) -> int:
        """Return how many sections have more stories than this one."""
        row = self.one(
            "SELECT count(*) FROM section"
            " WHERE stories > (SELECT stories FROM section WHERE slug = ?)",
            slug,
        )
        return int(row[0]) if row else 0

    # -- flags -----------------------------------------------------------------------------------

    def flag(self, kind: str, name: str) -> bool:
        """Raise a flag; returns whether it was down."""
        before = self._db.total_changes
        self.run("INSERT OR IGNORE INTO flag VALUES (?, ?)", kind, name)
        return self._db.total_changes > before

    def has_host(self, host: str) -> bool:
        """Say whether the old site keeps files on a host."""
        name = host.lower().removeprefix("www.")
        return self.one("SELECT 1 FROM flag WHERE kind = 'host' AND name = ?", name) is not None

    def flags(self, kind: str) -> Iterator[str]:
        return (str(row[0]) for row in self.all("SELECT name FROM flag WHERE kind = ?", kind))
