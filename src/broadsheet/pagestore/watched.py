"""What rooms say of their tables: whose change makes which pages old.

A key is the name of what a page shows: `thread:17`, `stories`, `funding`. A page is kept with the
keys it shows (slips.py); a change of a watched row writes its key (triggers.py).
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final

ROW: Final = "{r}"


class Event(Enum):
    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"


ALWAYS: Final = (Event.INSERT, Event.UPDATE, Event.DELETE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """That pages show rows of a table.

    `key` is a constant, or SQL in which `{r}` is the row, such as `'thread:' || {r}.thread_id`,
    of columns that never change. `where` is SQL of the rows that anybody is shown: a change counts
    when it was true before or is after. With `columns` an update counts only when one of them has
    another value. Rows are told apart by `pk`.
    """

    table: str
    key: str
    where: str = ""
    columns: tuple[str, ...] = ()
    on: tuple[Event, ...] = ALWAYS
    pk: str = "id"

    @property
    def key_sql(self) -> str:
        """Return SQL for the key, with `{r}` for the row."""
        return self.key if ROW in self.key else f"'{self.key}'"
