"""What `doctor` says about SQLite."""

import sqlite3
from dataclasses import dataclass
from typing import Final

_FIRST_CORRUPTIBLE: Final = (3, 7, 0)
_LAST_CORRUPTIBLE: Final = (3, 51, 2)


@dataclass(frozen=True, slots=True)
class SqliteReport:
    """The library in use. In the corruptible range it is safe here, but not for other programs."""

    version: str
    in_corruptible_range: bool
    text: str


def sqlite_report(version: tuple[int, int, int] = sqlite3.sqlite_version_info) -> SqliteReport:
    """Name the version of SQLite and say whether it has the rare fault of WAL checkpoints."""
    number = ".".join(map(str, version))
    affected = _FIRST_CORRUPTIBLE <= version <= _LAST_CORRUPTIBLE
    text = f"SQLite {number}"
    if affected:
        text += (
            " is one of those (3.7.0 to 3.51.2) that can, rarely, corrupt a database when two "
            "programs write and checkpoint at once. Broadsheet queues its writers, so it cannot "
            "happen here; do not write to the file with other programs while it is served."
        )
    return SqliteReport(version=number, in_corruptible_range=affected, text=text)
