"""The database itself writes down what changed, whoever changes it and by which way.

A page that is kept too long is the worst that a store of pages can do, and a bump that an
operation forgets is how it happens; the desk's editor also saves by ways that are not ours. So the
bump is a trigger on the table. Django remakes tables on SQLite, and a table's triggers go with it:
`install` runs after every migration, and a system check says when one is missing.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any, Final

from django.conf import settings
from django.core import checks
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.module_loading import import_string

from broadsheet.pagestore.watched import Event, Watch

PREFIX: Final = "pagestore_"
CHANNEL: Final = "broadsheet_changes"
_CHANGES: Final = "pagestore_change"
_NOTIFY: Final = "pagestore_notify"
# Any number that nobody else in this database takes an advisory lock by.
_TELLS: Final = 0x62726F6164
_MOMENT: Final = "pg_current_xact_id()::text::bigint"
# A dump that is put into another server brings numbers of transactions that are still to come
# there: a change under such a number would be taken for one that is known.
_FORGET: Final = (
    f"DELETE FROM {_CHANGES}"  # noqa: S608 - in code, all of it
    " WHERE moment >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
    f" AND moment <> {_MOMENT}"
)


@cache
def watches() -> tuple[Watch, ...]:
    """Return what the rooms watch, as the settings name it."""
    return tuple(import_string(settings.PAGESTORE_WATCHED))


def install(connection: BaseDatabaseWrapper) -> None:
    """Put every trigger in place, replacing what stands. May be run any number of times.

    Whatever was kept by a process that goes on is old then.
    """
    tables = set(connection.introspection.table_names())
    if _CHANGES not in tables:
        return
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for name, table in _standing(connection):
            cursor.execute(_drop(connection, name, table))
        for statement in _statements(connection, tables):
            cursor.execute(statement)
        if connection.vendor == "postgresql":
            cursor.execute(_FORGET)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away: on SQLite a migration that renames a table looks into them all."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for name, table in _standing(connection):
            cursor.execute(_drop(connection, name, table))


def missing(connection: BaseDatabaseWrapper) -> frozenset[str]:
    """Return the names of triggers that should stand and do not; before the tables do, none."""
    tables = set(connection.introspection.table_names())
    if _CHANGES not in tables:
        return frozenset()
    wanted = {name for name, _, _ in _named(tables)}
    if connection.vendor == "postgresql":
        wanted.add(_NOTIFY)
    return frozenset(wanted - {name for name, _ in _standing(connection)})


def before_migrate(*, using: str, plan: Sequence[tuple[Any, bool]], **_: object) -> None:
    connection = connections[using]
    if connection.vendor == "sqlite" and plan:
        remove(connection)


def after_migrate(*, using: str, **_: object) -> None:
    install(connections[using])


def check_triggers(*, databases: Iterable[str] | None = None, **_: object) -> list[checks.Error]:
    """Answer Django's system check for databases."""
    return [
        checks.Error(
            f"Pages would be kept too long: {', '.join(sorted(gone))} missing in {alias!r}.",
            hint="Run `broadsheet manage migrate --skip-checks`, which puts the triggers back.",
            id="pagestore.E001",
        )
        for alias in databases or ()
        if (gone := missing(connections[alias]))
    ]


def _named(tables: set[str]) -> Iterator[tuple[str, Watch, Event]]:
    """Yield the triggers' names; two watches of one table are told apart by their place."""
    seen: dict[str, int] = {}
    for watch in watches():
        if watch.table not in tables:
            continue
        place = seen[watch.table] = seen.get(watch.table, 0) + 1
        for event in watch.on:
            yield f"{PREFIX}{watch.table}_{place}_{event.value}", watch, event


def _standing(connection: BaseDatabaseWrapper) -> list[tuple[str, str]]:
    """Return the names of our triggers that stand, and their tables."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name, tbl_name FROM sqlite_master"
                " WHERE type = 'trigger' AND substr(name, 1, %s) = %s",
                [len(PREFIX), PREFIX],
            )
        else:
            cursor.execute(
                "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
                " WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')"
                " AND pg_table_is_visible(c.oid) AND left(t.tgname, %s) = %s",
                [len(PREFIX), PREFIX],
            )
        return [(str(name), str(table)) for name, table in cursor.fetchall()]


def _drop(connection: BaseDatabaseWrapper, name: str, table: str) -> str:
    return f"DROP TRIGGER {name}" + ("" if connection.vendor == "sqlite" else f" ON {table}")


def _statements(connection: BaseDatabaseWrapper, tables: set[str]) -> Iterator[str]:
    if connection.vendor == "sqlite":
        for name, watch, event in _named(tables):
            yield _sqlite(name, watch, event)
        return
    # Transactions that notify are committed one after the other, each waiting for the disk. So one
    # says it for all that are at it: who hears of one looks again for those beside it (changes.py).
    yield (
        f"CREATE OR REPLACE FUNCTION {_NOTIFY}() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$BEGIN IF pg_try_advisory_xact_lock({_TELLS}) THEN PERFORM pg_notify('{CHANNEL}', '');"
        " END IF; RETURN NULL; END$$"
    )
    yield (
        f"CREATE TRIGGER {_NOTIFY} AFTER INSERT ON {_CHANGES}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {_NOTIFY}()"
    )
    for name, watch, event in _named(tables):
        yield from _postgresql(name, watch, event)


def _sqlite(name: str, watch: Watch, event: Event) -> str:
    row = "OLD" if event is Event.DELETE else "NEW"
    key = watch.key_sql.format(r=row)
    when = _when(watch, event, old="OLD", new="NEW", differs="IS NOT")
    return (
        f"CREATE TRIGGER {name} AFTER {event.value} ON {watch.table}"  # noqa: S608 - in code, all of it
        f"{f' WHEN {when}' if when else ''} BEGIN"
        # As if it were replaced: so its new id is the largest.
        f" DELETE FROM {_CHANGES} WHERE moment = 0 AND key = {key};"
        f" INSERT INTO {_CHANGES} (key, moment) VALUES ({key}, 0); END"
    )


def _postgresql(name: str, watch: Watch, event: Event) -> Iterator[str]:
    """Once for a statement, however many rows it changes."""
    row = "o" if event is Event.DELETE else "n"
    key = watch.key_sql.format(r=row)
    when = _when(watch, event, old="o", new="n", differs="IS DISTINCT FROM")
    rows = {
        Event.INSERT: "new_rows n",
        Event.DELETE: "old_rows o",
        Event.UPDATE: f"new_rows n JOIN old_rows o ON o.{watch.pk} = n.{watch.pk}",
    }[event]
    referencing = {
        Event.INSERT: "NEW TABLE AS new_rows",
        Event.DELETE: "OLD TABLE AS old_rows",
        Event.UPDATE: "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    }[event]
    yield (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN"  # noqa: S608 - as above
        f" INSERT INTO {_CHANGES} (key, moment, at)"
        f" SELECT DISTINCT {key}, {_MOMENT}, now() FROM {rows}{f' WHERE {when}' if when else ''}"
        f" ON CONFLICT DO NOTHING; RETURN NULL; END$$"
    )
    yield (
        f"CREATE TRIGGER {name} AFTER {event.value} ON {watch.table}"
        f" REFERENCING {referencing} FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
    )


def _when(watch: Watch, event: Event, *, old: str, new: str, differs: str) -> str:
    """Return the condition under which a change counts, empty for always."""
    parts = []
    if event is Event.UPDATE and watch.columns:
        changed = " OR ".join(f"{old}.{name} {differs} {new}.{name}" for name in watch.columns)
        parts.append(f"({changed})")
    if watch.where:
        before, after = watch.where.format(r=old), watch.where.format(r=new)
        shown = {
            Event.INSERT: after,
            Event.DELETE: before,
            Event.UPDATE: f"(({before}) OR ({after}))",
        }
        parts.append(f"({shown[event]})")
    return " AND ".join(parts)
