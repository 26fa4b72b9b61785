"""What a stub cites: the entry of the log that says why it is one, and the rule that it names.

Kept with the comment as one short string, so that a page needs nothing more to draw it: the number
of the entry and, where a house rule was broken, version and number of that: "214" or "214 2.1".
"""

from dataclasses import dataclass

from broadsheet.discussion.rules.house import Rulebook


@dataclass(frozen=True, slots=True)
class Cited:
    """`version` and `number` of the rule are 0 where it is none of the house."""

    entry: int
    version: int = 0
    number: int = 0


def cite(*, entry: int, rule: str = "", book: Rulebook | None = None) -> str:
    """Write down what a stub cites."""
    number = book.number(rule) if book else 0
    return f"{entry} {book.version}.{number}" if book and number else str(entry)


def cited(written: str) -> Cited | None:
    """Return what was written down, None where nothing was."""
    if not written:
        return None
    entry, _, rule = written.partition(" ")
    version, _, number = rule.partition(".")
    return Cited(int(entry), int(version or 0), int(number or 0))
