"""Reading the public log: its entries, and what followed on each."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from broadsheet.discussion import chain
from broadsheet.discussion.house.queries import rules_of_versions
from broadsheet.discussion.models import ChainHead, Decision
from broadsheet.discussion.rules.entries import by_whom
from broadsheet.discussion.rules.house import HouseRule
from broadsheet.discussion.watched import LOG
from broadsheet.kit.chain import Scalar
from broadsheet.pagestore.api import shows

PAGE: Final = 50
_COLUMNS: Final = (
    *("sequence", "at", "verb", "rule", "rules", "refers", "by_role"),
    *("commitment", "previous", "hash"),
)


@dataclass(frozen=True, slots=True)
class Follow:
    """A later entry about this one: what undid it, or answered an appeal."""

    number: int
    verb: str


@dataclass(frozen=True, slots=True)
class LogEntry:
    """An entry of the public log. `by` is "moderator", "system" or "author".

    `broken` is the house rule that was applied, `broken_number` its number in `version`; `rule` is
    any other reason. `refers` is the entry that this one is about; `follows` are about this one.
    """

    number: int
    at: datetime
    verb: str
    rule: str
    by: str
    version: int
    broken: HouseRule | None
    broken_number: int
    refers: int
    follows: tuple[Follow, ...]
    commitment: str
    previous: str
    hash: str

    @property
    def undone_by(self) -> int:
        return next((one.number for one in self.follows if one.verb == "undo"), 0)


@dataclass(frozen=True, slots=True)
class LogPage:
    """Entries, the newest first; `after` is the number after which the next page begins, or 0."""

    entries: tuple[LogEntry, ...]
    after: int
    size: int
    head: str


def log_page(*, after: int = 0) -> LogPage:
    """Return a page of the log: what is older than entry `after`, or the newest. Four queries."""
    shows(LOG)
    head = ChainHead.objects.filter(room=chain.ROOM).first()
    rows = Decision.objects.order_by("-sequence").values(*_COLUMNS)
    if after:
        rows = rows.filter(sequence__lt=after)
    found = list(rows[: PAGE + 1])
    shown = found[:PAGE]
    return LogPage(
        entries=tuple(_entries(shown)),
        after=shown[-1]["sequence"] if len(found) > PAGE else 0,
        size=head.sequence if head else 0,
        head=bytes(head.hash).hex() if head else "",
    )


def log_entry(*, number: int) -> LogEntry | None:
    """Return one entry. Three queries."""
    shows(LOG)
    rows = list(Decision.objects.filter(sequence=number).values(*_COLUMNS))
    return next(iter(_entries(rows)), None)


def log_lines(*, first: int = 1, last: int | None = None) -> Iterator[dict[str, Scalar]]:
    """Yield the entries from `first` to `last` as they are exported, in order: entry and hash.

    Read in parts, so that the length of the log does not matter to the memory.
    """
    rows = Decision.objects.order_by("sequence").only(*_COLUMNS)
    at = first - 1
    while part := list(rows.filter(sequence__gt=at, **_until(last))[:_TOGETHER]):
        for decision in part:
            yield {**chain.entry_of(decision), "hash": bytes(decision.hash).hex()}
        at = part[-1].sequence


def head_of_log() -> tuple[int, str]:
    """Return how many entries there are, and the hash of the last. One query."""
    head = ChainHead.objects.filter(room=chain.ROOM).first()
    return (head.sequence, bytes(head.hash).hex()) if head else (0, "")


_TOGETHER: Final = 1_000


def _until(last: int | None) -> dict[str, int]:
    return {} if last is None else {"sequence__lte": last}


def _entries(rows: Collection[dict[str, Any]]) -> Iterator[LogEntry]:
    numbers = [row["sequence"] for row in rows]
    followed: dict[int, tuple[Follow, ...]] = {}
    later = Decision.objects.filter(refers__in=numbers).order_by("sequence")
    for about, number, verb in later.values_list("refers", "sequence", "verb"):
        if about is not None:
            followed[about] = (*followed.get(about, ()), Follow(number, verb))
    books = rules_of_versions(versions={row["rules"] for row in rows if row["rules"]})
    for row in rows:
        book = books.get(row["rules"])
        yield LogEntry(
            number=row["sequence"],
            at=row["at"].replace(second=0, microsecond=0),
            verb=row["verb"],
            rule=row["rule"].partition(":")[0] if not row["refers"] else "",
            by=by_whom(row["by_role"]),
            version=row["rules"] or 0,
            broken=book.rule(row["rule"]) if book else None,
            broken_number=book.number(row["rule"]) if book else 0,
            refers=row["refers"] or 0,
            follows=followed.get(row["sequence"], ()),
            commitment=bytes(row["commitment"]).hex(),
            previous=bytes(row["previous"]).hex(),
            hash=bytes(row["hash"]).hex(),
        )
