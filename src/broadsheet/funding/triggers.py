"""What the database itself refuses, whoever asks: the ledger is only ever added to.

Lines are inserted first, their header last. The header is refused unless its lines balance and it
continues the chain; lines are refused once their header stands; nothing is changed or deleted.
Django remakes tables on SQLite, and a table's triggers go with it: `install` runs after every
migration, and a system check says when one is missing.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.core import checks
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

ENTRY: Final = "funding_ledgerentry"
LINE: Final = "funding_ledgerline"
# Others watch the same tables (pagestore/triggers.py).
_PREFIX: Final = "funding_"

_SQLITE: Final = {
    "funding_entry_balanced": """
        BEFORE INSERT ON funding_ledgerentry BEGIN
          SELECT RAISE(ABORT, 'ledger: an entry has at least two lines')
            WHERE (SELECT COUNT(*) FROM funding_ledgerline WHERE entry_id = NEW.id) < 2;
          SELECT RAISE(ABORT, 'ledger: the lines of an entry sum to zero')
            WHERE EXISTS (SELECT 1 FROM funding_ledgerline WHERE entry_id = NEW.id
                          GROUP BY currency HAVING SUM(amount) <> 0);
          SELECT RAISE(ABORT, 'ledger: lines carry the campaign and the date of their entry')
            WHERE EXISTS (SELECT 1 FROM funding_ledgerline WHERE entry_id = NEW.id
                          AND (campaign_id <> NEW.campaign_id
                               OR effective_at <> NEW.effective_at));
        END""",
    "funding_entry_continues": """
        BEFORE INSERT ON funding_ledgerentry BEGIN
          SELECT RAISE(ABORT, 'ledger: an entry is written once')
            WHERE EXISTS (SELECT 1 FROM funding_ledgerentry WHERE id = NEW.id);
          SELECT RAISE(ABORT, 'ledger: an entry continues the chain')
            WHERE NEW.sequence <> 1 + COALESCE(
                (SELECT MAX(sequence) FROM funding_ledgerentry
                 WHERE campaign_id = NEW.campaign_id), 0)
            OR EXISTS (SELECT 1 FROM funding_ledgerentry WHERE campaign_id = NEW.campaign_id
                       AND sequence = NEW.sequence - 1 AND hash <> NEW.previous);
        END""",
    "funding_line_in_time": """
        BEFORE INSERT ON funding_ledgerline
        WHEN EXISTS (SELECT 1 FROM funding_ledgerentry WHERE id = NEW.entry_id) BEGIN
          SELECT RAISE(ABORT, 'ledger: no line is added to an entry that stands');
        END""",
} | {
    f"funding_{noun}_no_{verb.lower()}": f"""
        BEFORE {verb} ON {table} BEGIN
          SELECT RAISE(ABORT, 'ledger: rows are never changed or deleted');
        END"""
    for noun, table in (("entry", ENTRY), ("line", LINE))
    for verb in ("UPDATE", "DELETE")
}

_FUNCTIONS: Final = {
    "funding_refuse": """
        BEGIN
          RAISE EXCEPTION 'ledger: rows are never changed or deleted' USING ERRCODE = '23514';
        END""",
    "funding_entry_check": """
        BEGIN
          IF (SELECT COUNT(*) FROM funding_ledgerline WHERE entry_id = NEW.id) < 2 THEN
            RAISE EXCEPTION 'ledger: an entry has at least two lines' USING ERRCODE = '23514';
          END IF;
          IF EXISTS (SELECT 1 FROM funding_ledgerline WHERE entry_id = NEW.id
                     GROUP BY currency HAVING SUM(amount) <> 0) THEN
            RAISE EXCEPTION 'ledger: the lines of an entry sum to zero' USING ERRCODE = '23514';
          END IF;
          IF EXISTS (SELECT 1 FROM funding_ledgerline WHERE entry_id = NEW.id
                     AND (campaign_id <> NEW.campaign_id
                          OR effective_at <> NEW.effective_at)) THEN
            RAISE EXCEPTION 'ledger: lines carry the campaign and the date of their entry'
              USING ERRCODE = '23514';
          END IF;
          IF NEW.sequence <> 1 + COALESCE(
                (SELECT MAX(sequence) FROM funding_ledgerentry
                 WHERE campaign_id = NEW.campaign_id), 0)
             OR EXISTS (SELECT 1 FROM funding_ledgerentry WHERE campaign_id = NEW.campaign_id
                        AND sequence = NEW.sequence - 1 AND hash <> NEW.previous) THEN
            RAISE EXCEPTION 'ledger: an entry continues the chain' USING ERRCODE = '23514';
          END IF;
          RETURN NEW;
        END""",
    "funding_line_check": """
        BEGIN
          IF EXISTS (SELECT 1 FROM funding_ledgerentry WHERE id = NEW.entry_id) THEN
            RAISE EXCEPTION 'ledger: no line is added to an entry that stands'
              USING ERRCODE = '23514';
          END IF;
          RETURN NEW;
        END""",
    # At commit: two transactions that knew the same id cannot have filled one entry together.
    "funding_line_settle": """
        BEGIN
          IF NOT EXISTS (SELECT 1 FROM funding_ledgerentry WHERE id = NEW.entry_id) THEN
            RAISE EXCEPTION 'ledger: a line belongs to an entry' USING ERRCODE = '23514';
          END IF;
          IF EXISTS (SELECT 1 FROM funding_ledgerline WHERE entry_id = NEW.entry_id
                     GROUP BY currency HAVING SUM(amount) <> 0) THEN
            RAISE EXCEPTION 'ledger: the lines of an entry sum to zero' USING ERRCODE = '23514';
          END IF;
          RETURN NULL;
        END""",
}
_SETTLED: Final = "funding_line_settled"
_POSTGRES: Final = {
    "funding_entry_balanced": (ENTRY, "BEFORE INSERT", "ROW", "funding_entry_check"),
    "funding_entry_no_change": (ENTRY, "BEFORE UPDATE OR DELETE", "ROW", "funding_refuse"),
    "funding_entry_no_truncate": (ENTRY, "BEFORE TRUNCATE", "STATEMENT", "funding_refuse"),
    "funding_line_in_time": (LINE, "BEFORE INSERT", "ROW", "funding_line_check"),
    "funding_line_no_change": (LINE, "BEFORE UPDATE OR DELETE", "ROW", "funding_refuse"),
    "funding_line_no_truncate": (LINE, "BEFORE TRUNCATE", "STATEMENT", "funding_refuse"),
    _SETTLED: (LINE, "AFTER INSERT", "ROW", "funding_line_settle"),
}

SQLITE: Final = frozenset(_SQLITE)
POSTGRESQL: Final = frozenset(_POSTGRES)


def expected(connection: BaseDatabaseWrapper) -> frozenset[str]:
    """Return the names of the triggers that must stand. Raises NotImplementedError elsewhere."""
    try:
        return {"sqlite": SQLITE, "postgresql": POSTGRESQL}[connection.vendor]
    except KeyError:
        raise NotImplementedError(f"the ledger does not run on {connection.vendor}") from None


def present(connection: BaseDatabaseWrapper) -> frozenset[str]:
    """Return the names of our triggers that stand and are switched on."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN (%s, %s)",
                [ENTRY, LINE],
            )
        else:
            cursor.execute(
                "SELECT t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
                " WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')"
                " AND pg_table_is_visible(c.oid) AND c.relname IN (%s, %s)",
                [ENTRY, LINE],
            )
        return frozenset(name for (name,) in cursor.fetchall() if name.startswith(_PREFIX))


def missing(connection: BaseDatabaseWrapper) -> frozenset[str]:
    """Return what is missing; nothing when the ledger's tables are not there yet."""
    if not _tables_stand(connection):
        return frozenset()
    return expected(connection) - present(connection)


def install(connection: BaseDatabaseWrapper) -> None:
    """Put every trigger in place, replacing what stands. May be run any number of times."""
    if not _tables_stand(connection):
        return
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for statement in _install_statements(connection):
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away: for a migration that remakes the tables, and for tests that flush."""
    if not _tables_stand(connection):
        return
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for name in sorted(expected(connection)):
            cursor.execute(_drop(connection, name))


def before_migrate(*, using: str, plan: Sequence[tuple[Any, bool]], **_: object) -> None:
    """Make way on SQLite for a migration of these tables: a rename looks into every trigger."""
    connection = connections[using]
    if connection.vendor == "sqlite" and any(step.app_label == "funding" for step, _ in plan):
        remove(connection)


def after_migrate(*, using: str, **_: object) -> None:
    install(connections[using])


def check_triggers(*, databases: Iterable[str] | None = None, **_: object) -> list[checks.Error]:
    """Answer Django's system check for databases."""
    return [
        checks.Error(
            f"The ledger is not protected: {', '.join(sorted(gone))} missing in {alias!r}.",
            hint="Run `broadsheet manage migrate --skip-checks`, which puts the triggers back,"
            " then `broadsheet selfcheck`.",
            id="funding.E001",
        )
        for alias in databases or ()
        if (gone := missing(connections[alias]))
    ]


def _install_statements(connection: BaseDatabaseWrapper) -> Iterable[str]:
    if connection.vendor == "sqlite":
        for name, body in _SQLITE.items():
            yield _drop(connection, name)
            yield f"CREATE TRIGGER {name} {body}"
        return
    for name, body in _FUNCTIONS.items():
        yield (
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$"
        )
    for name, (table, when, level, function) in _POSTGRES.items():
        settled = name == _SETTLED
        yield _drop(connection, name)
        yield (
            f"CREATE {'CONSTRAINT ' if settled else ''}TRIGGER {name} {when} ON {table}"
            f"{' DEFERRABLE INITIALLY DEFERRED' if settled else ''}"
            f" FOR EACH {level} EXECUTE FUNCTION {function}()"
        )


def _drop(connection: BaseDatabaseWrapper, name: str) -> str:
    if connection.vendor == "sqlite":
        return f"DROP TRIGGER IF EXISTS {name}"
    return f"DROP TRIGGER IF EXISTS {name} ON {_POSTGRES[name][0]}"


def _tables_stand(connection: BaseDatabaseWrapper) -> bool:
    return {ENTRY, LINE} <= set(connection.introspection.table_names())
