"""Statements that are made once, for what every post, every vote and every page of a thread does.

Django makes a statement anew each time it is run, which costs ten times what the database needs for
it, and a post has eight of them. So theirs are kept as they are sent: constant, every value a
parameter, the same on SQLite and PostgreSQL. Rows go in and come out as models all the same, with
what their fields do to values. Everything else asks by the ORM.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Model

from broadsheet.discussion.shapes import (
    Column,
    Sent,
    Shape,
    converted_in,
    or_none_yet,
    quoted,
    sent_as,
    shape_of,
    values_of,
)


def find[M: Model](model: type[M], where: str, *values: Any, lock: bool = False) -> M | None:
    """Return the one row for which `where` holds, or None.

    With `lock` it is locked until the transaction ends, where the database locks rows at all.
    """
    shape = shape_of(model)
    row = first(_select(shape, where, (), lock), *values)
    return None if row is None else shape.read(row)


def find_and_ask[M: Model](
    model: type[M], where: str, *values: Any, asked: tuple[str, ...]
) -> tuple[M, tuple[bool, ...]] | None:
    """Return the one row for which `where` holds, and whether what is `asked` does; or None.

    Of the values those of what is asked come first.
    """
    shape = shape_of(model)
    row = first(_select(shape, where, asked, False), *values)
    if row is None:
        return None
    own = len(shape.columns)
    return shape.read(row[:own]), tuple(map(bool, row[own:]))


def find_if_any[M: Model](
    model: type[M], where: str, *values: Any, asked: tuple[str, ...]
) -> tuple[M | None, tuple[bool, ...]]:
    """Return the one row for which `where` holds, or None, and in any case whether what is `asked`.

    Of the values those of what is asked come first.
    """
    shape = shape_of(model)
    row = first(_select_if_any(shape, where, asked), *values)
    if row is None:
        raise RuntimeError(f"a question beside {shape.table} was answered by nothing")
    own = len(shape.columns)
    found = shape.read(row[:own]) if row[shape.names.index("id")] is not None else None
    return found, tuple(map(bool, row[own:]))


def find_beside[M: Model, B: Model](
    model: type[M],
    beside: type[B],
    where: str,
    *values: Any,
    asked: tuple[str, ...] = (),
    lock: bool = False,
) -> tuple[M, B, tuple[bool, ...]] | None:
    """Return as `find_and_ask` does, and in the same statement row 1 of the table `beside`.

    That is the one row such a table has: where nobody wrote it yet, one with its defaults. `where`
    names the table of each column that both have. Only the row of `model` is locked.
    """
    shape, other = shape_of(model), shape_of(beside)
    row = first(_select_beside(shape, other, where, asked, lock), *values)
    if row is None:
        return None
    own, both = len(shape.columns), len(shape.columns) + len(other.columns)
    found = or_none_yet(other, row[own:both])
    return shape.read(row[:own]), found, tuple(map(bool, row[both:]))


def change_and_find_beside[M: Model, B: Model](
    model: type[M], beside: type[B], change: str, where: str, *values: Any
) -> tuple[M, B] | None:
    """Change the one row for which `where` holds, and return it as it is then; or None.

    With it what `find_beside` has beside a row.
    """
    shape, other = shape_of(model), shape_of(beside)
    row = first(_change_beside(shape, other, change, where), *values)
    if row is None:
        return None
    there = row[len(shape.columns) :]
    return shape.read(row[: len(shape.columns)]), or_none_yet(other, there)


class Listing:
    """Columns of some tables, in which rows are read by name, as `values(…)` of the ORM does."""

    def __init__(self, columns: Mapping[str, Column]) -> None:
        self.names = tuple(columns)
        self.sql = ", ".join(
            f"{connection.ops.quote_name(column.model._meta.db_table)}.{quoted(column)}"  # noqa: SLF001 - Django documents it
            for column in columns.values()
        )
        self._converted = converted_in(columns.values())

    def rows(self, rest: str, *values: Any) -> list[dict[str, Any]]:
        """Return what a statement finds, of which `rest` is all after the columns."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {self.sql} {rest}", values)
            found = map(list, cursor.fetchall())
        database = connections[DEFAULT_DB_ALIAS]
        return [dict(zip(self.names, self._read(row, database), strict=True)) for row in found]

    def _read(self, row: list[Any], database: Any) -> list[Any]:
        for at, column, converters in self._converted:
            for convert in converters:
                row[at] = convert(row[at], column, database)
        return row


def as_sent(model: type[Model], column: str, value: Any) -> Any:
    """Return a value in the form in which the database has it in a column."""
    (field,) = (one for one in shape_of(model).columns if one.name == column)
    return field.get_db_prep_value(value, connection)


def insert(row: Model, *, or_find_by: str = "") -> None:
    """Insert a row as `save(force_insert=True)` does; it has its number then.

    With the name of a unique column in `or_find_by` it has the number of the row that is there
    already with the same value, if one is, and nothing of that one changes.
    """
    sql, columns = _insert(shape_of(type(row)), or_find_by)
    found = first(sql, *values_of(row, columns))
    if found is None:
        raise RuntimeError(f"an insert of {type(row).__name__} returned nothing")
    row.pk = found[0]
    row._state.adding = False  # noqa: SLF001 - Django documents it
    row._state.db = DEFAULT_DB_ALIAS  # noqa: SLF001 - as above


def update(row: Model, *names: str) -> None:
    """Write these fields of a row as `save(update_fields=names)` does."""
    sql, columns = _update(shape_of(type(row)), names)
    run(sql, *values_of(row, columns), row.pk)


def first(sql: str, *values: Any) -> tuple[Any, ...] | None:
    """Run a statement and return the first row of its answer, as the database has it."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(sql, values)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row


def run(sql: str, *values: Any) -> None:
    """Run a statement that answers nothing."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


@cache
def _select(shape: Shape[Any], where: str, asked: tuple[str, ...], lock: bool) -> str:
    wanted = ", ".join((shape.listed, *(f"({question})" for question in asked)))
    end = " FOR UPDATE" if lock and connection.features.has_select_for_update else ""
    return f"SELECT {wanted} FROM {shape.table} WHERE {where}{end}"  # noqa: S608 - names of our own


@cache
def _select_if_any(shape: Shape[Any], where: str, asked: tuple[str, ...]) -> str:
    wanted = ", ".join((shape.listed, *(f"({question})" for question in asked)))
    always = f"(SELECT 1 AS one) always LEFT JOIN {shape.table} ON {where}"
    return f"SELECT {wanted} FROM {always}"  # noqa: S608 - names of our own


@cache
def _select_beside(
    shape: Shape[Any], other: Shape[Any], where: str, asked: tuple[str, ...], lock: bool
) -> str:
    wanted = ", ".join((shape.listed, other.listed, *(f"({question})" for question in asked)))
    joined = f"{shape.table} LEFT JOIN {other.table} ON {other.table}.{other.key} = 1"
    locks = lock and connection.features.has_select_for_update
    end = f" FOR UPDATE OF {shape.table}" if locks else ""
    return f"SELECT {wanted} FROM {joined} WHERE {where}{end}"  # noqa: S608 - as above


@cache
def _change_beside(shape: Shape[Any], other: Shape[Any], change: str, where: str) -> str:
    # SQLite returns no column of another table; a question may ask there.
    there = f"FROM {other.table} WHERE {other.table}.{other.key} = 1"
    questions = ", ".join(f"(SELECT {quoted(column)} {there})" for column in other.columns)
    return f"{_change(shape, change, where)}, {questions}"


@cache
def _change(shape: Shape[Any], change: str, where: str) -> str:
    return f"UPDATE {shape.table} SET {change} WHERE {where} RETURNING {shape.listed}"  # noqa: S608 - as above


@cache
def _insert(shape: Shape[Any], or_find_by: str) -> tuple[str, Sequence[Sent]]:
    columns = [column for column in shape.columns if not column.primary_key]
    names, places = ", ".join(map(quoted, columns)), ", ".join(["%s"] * len(columns))
    there = ""
    if or_find_by:
        # Nothing comes back of a row that is let alone.
        name = connection.ops.quote_name(or_find_by)
        there = f" ON CONFLICT ({name}) DO UPDATE SET {name} = excluded.{name}"
    sql = f"INSERT INTO {shape.table} ({names}) VALUES ({places}){there} RETURNING {shape.key}"  # noqa: S608 - as above
    return sql, [sent_as(column) for column in columns]


@cache
def _update(shape: Shape[Any], names: tuple[str, ...]) -> tuple[str, Sequence[Sent]]:
    columns = [column for column in shape.columns if column.name in names]
    if len(columns) != len(names):
        raise ValueError(f"not all of {names} are columns of {shape.table}")
    changed = ", ".join(f"{quoted(column)} = %s" for column in columns)
    sql = f"UPDATE {shape.table} SET {changed} WHERE {shape.key} = %s"  # noqa: S608 - as above
    return sql, [sent_as(column) for column in columns]
