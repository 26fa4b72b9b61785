"""What a stub cites: the entry of the log that says why it is one, and the rule that it names.

Kept with the comment as one short string, so that a page needs nothing more to draw it: the number
of the entry and, where a house rule was broken, version and number of that: "214" or "214 2.1".
Where a second look let it stand, its entry follows: "214 2.1 220" or "214 - 220".
"""

from dataclasses import dataclass
from typing import Final

from broadsheet.discussion.rules.house import Rulebook

_NO_RULE: Final = "-"


@dataclass(frozen=True, slots=True)
class Cited:
    """`version` and `number` of the rule are 0 where it is none of the house.

    `upheld` is the entry of the second look that let the decision stand, 0 where none did.
    """

    entry: int
    version: int = 0
    number: int = 0
    upheld: int = 0


def cite(*, entry: int, rule: str = "", book: Rulebook | None = None) -> str:
    """Write down what a stub cites."""
    number = book.number(rule) if book else 0
    return f"{entry} {book.version}.{number}" if book and number else str(entry)


def cited(written: str) -> Cited | None:
    """Return what was written down, None where nothing was."""
    if not written:
        return None
    entry, rule, upheld = (*written.split(" "), "", "")[:3]
    version, _, number = rule.removeprefix(_NO_RULE).partition(".")
    return Cited(int(entry), int(version or 0), int(number or 0), int(upheld or 0))


def answered(written: str, *, by: int) -> str:
    """Return what was written down, with the entry `by` which a second look let it stand.

    0 takes such an entry away.
    """
    entry, rule = (*written.split(" "), "")[:2]
    if by:
        return f"{entry} {rule or _NO_RULE} {by}"
    return " ".join(filter(None, (entry, rule.removeprefix(_NO_RULE))))
