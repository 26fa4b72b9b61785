"""Tables as they are pasted: lines of cells between tabs, or comma-separated with quotes."""

import csv
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MAX_ROWS: Final = 500
MAX_COLUMNS: Final = 30


class TableError(ValueError):
    """Text that is no table; `sentence` says to its author why."""

    def __init__(self, sentence: str | Promise) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Table:
    """Cells as text, every row as long as `head`; `numeric` tells the columns that are numbers."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]

    @property
    def columns(self) -> list[tuple[str, bool]]:
        """The head's cells, each with whether its column holds numbers."""
        return list(zip(self.head, self.numeric, strict=True))

    @property
    def lines(self) -> list[list[tuple[str, bool]]]:
        """The rows' cells in the same form."""
        return [list(zip(row, self.numeric, strict=True)) for row in self.rows]


def table_of(text: str) -> Table:
    """Read a pasted table; its first line is the head. Short rows are filled up.

    Raises TableError.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    delimiter = "\t" if any("\t" in line for line in lines) else ","
    try:
        rows = [
            tuple(cell.strip() for cell in row)
            for row in csv.reader(lines, delimiter=delimiter, strict=True)
        ]
    except csv.Error as error:
        raise TableError(_("A quotation mark is opened and not closed.")) from error
    if len(rows) < 2:  # noqa: PLR2004 - a head and a row
        raise TableError(_("A table has a line of headings and at least one line below it."))
    width = max(len(row) for row in rows)
    if len(rows) > MAX_ROWS + 1 or width > MAX_COLUMNS:
        raise TableError(
            _("A table has at most %(rows)s rows and %(columns)s columns.")
            % {"rows": MAX_ROWS, "columns": MAX_COLUMNS}
        )
    filled = [row + ("",) * (width - len(row)) for row in rows]
    head, body = filled[0], tuple(filled[1:])
    numeric = tuple(_is_numeric([row[column] for row in body]) for column in range(width))
    return Table(head, body, numeric)


def _is_numeric(cells: list[str]) -> bool:
    told = [cell for cell in cells if cell not in {"", "–", "-", "…"}]
    return bool(told) and all(
        any(character.isdigit() for character in cell)
        and all(c.isdigit() or c in " .,'’+−-–%$€£¥()\u00a0\u202f" for c in cell)
        for cell in told
    )
