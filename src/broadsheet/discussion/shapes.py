"""Tables and their columns: how values of rows are sent to the database, and read from it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Field, Model

type Column = Field[Any, Any]
type Converter = Callable[[Any, Any, Any], Any]
# The name of a column, the types of values that it sends as they are, and what it does to others.
type Sent = tuple[str, frozenset[type], Callable[[Any, Any], Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Shape[M: Model]:
    """A table and its columns; `converted` are those whose values the database has otherwise."""

    model: type[M]
    table: str
    key: str
    columns: Sequence[Column]
    names: Sequence[str]
    converted: Sequence[tuple[int, Any, list[Converter]]]

    @property
    def listed(self) -> str:
        return ", ".join(f"{self.table}.{quoted(column)}" for column in self.columns)

    def read(self, row: tuple[Any, ...]) -> M:
        # The connection itself: what stands for it looks for that of this thread at each question.
        database, values = connections[DEFAULT_DB_ALIAS], list(row)
        for at, column, converters in self.converted:
            for convert in converters:
                values[at] = convert(values[at], column, database)
        return self.model.from_db(DEFAULT_DB_ALIAS, self.names, values)


def or_none_yet[M: Model](shape: Shape[M], row: tuple[Any, ...]) -> M:
    """Read the one row of a table, by its key in the first column; or one with its defaults."""
    return shape.model() if row[0] is None else shape.read(row)


@cache
def shape_of[M: Model](model: type[M]) -> Shape[M]:
    meta = model._meta  # noqa: SLF001 - Django documents it
    columns = tuple(meta.concrete_fields)
    return Shape(
        model=model,
        table=connection.ops.quote_name(meta.db_table),
        key=quoted(meta.pk),
        columns=columns,
        names=[column.attname for column in columns],
        converted=converted_in(columns),
    )


def converted_in(columns: Iterable[Column]) -> list[tuple[int, Any, list[Converter]]]:
    """Return what the ORM does to values that come from the database, by their place in a row."""
    found = []
    for at, column in enumerate(columns):
        of_database = connection.ops.get_db_converters(column.cached_col)
        if converters := [*of_database, *column.get_db_converters(connection)]:
            found.append((at, column.cached_col, converters))
    return found


def quoted(column: Column) -> str:
    return connection.ops.quote_name(str(column.column))


def values_of(row: Model, columns: Sequence[Sent]) -> list[Any]:
    database = connections[DEFAULT_DB_ALIAS]
    return [
        value if type(value := getattr(row, name)) in unchanged else prepared(value, database)
        for name, unchanged, prepared in columns
    ]


def sent_as(column: Column) -> Sent:
    """Return how values of a column are sent; what it sends unchanged is found by trying."""
    probes = ("A a", 1, True, None)
    unchanged = frozenset(type(probe) for probe in probes if _is_unchanged(column, probe))
    return column.attname, unchanged, column.get_db_prep_save


def _is_unchanged(column: Column, probe: Any) -> bool:
    try:
        return column.get_db_prep_save(probe, connections[DEFAULT_DB_ALIAS]) is probe
    except (TypeError, ValueError, ValidationError):
        return False
