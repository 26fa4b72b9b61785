"""The roots of one page of a thread: after a cursor, before one, or around a comment."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from broadsheet.discussion.comments import cursors
from broadsheet.discussion.comments.ranges import (
    ORDER_SQL,
    ROOTS_PER_PAGE,
    cursor_of,
    stretches_of_roots,
)
from broadsheet.discussion.comments.rows import Row, listed, standing

# A statement that reads ids, and its values.
type Arm = tuple[str, tuple[Any, ...]]

# Before the one that is asked for: enough to see that it stands among others.
ROOTS_BEFORE = 3


@dataclass(frozen=True, slots=True)
class Place:
    """Where a comment stands: where its root is in every order, and its own path below it."""

    number: int
    root: cursors.RootCursor
    parent: int | None
    path: bytes


@dataclass(frozen=True, slots=True)
class RootPage:
    """The roots of a page; `before` and `after` are the cursors of the pages next to it, or ""."""

    roots: list[Row]
    before: str = ""
    after: str = ""

    @property
    def first(self) -> bool:
        return not self.before


def place_of(*, thread_id: int, number: int) -> Place | None:
    """Return where comment `number` stands in this thread; None where it does not. One query."""
    here = standing().filter(pk=number, thread=thread_id)
    columns = ("parent_id", "root_id", "path", "created_at", "score")
    of_root = ("root__created_at", "root__score", "root__published_at")
    row = here.values(*columns, *of_root).first()
    if row is None or (row["root_id"] and row["root__published_at"] is None):
        return None
    if row["root_id"] is None:
        cursor = cursors.RootCursor(row["created_at"], number, row["score"])
    else:
        cursor = cursors.RootCursor(row["root__created_at"], row["root_id"], row["root__score"])
    return Place(number, cursor, row["parent_id"], bytes(row["path"]))


def roots_of(
    *, thread_id: int, sort: str, after: str = "", before: str = "", place: Place | None = None
) -> RootPage:
    """Return the roots around `place`, else before or after a cursor, else the first of all.

    An unreadable cursor means the first page, and so does one that nothing stands before. One
    query; one more after a cursor by votes.
    """
    if place is not None:
        return _around(thread_id, sort, place.root)
    cursor = cursors.read_root(before, sort=sort) if before else None
    if cursor is not None and (found := _before(thread_id, sort, cursor)).roots:
        return found
    cursor = cursors.read_root(after, sort=sort) if after else None
    roots = root_rows(thread_id=thread_id, sort=sort, cursor=cursor)
    more, roots = len(roots) > ROOTS_PER_PAGE, roots[:ROOTS_PER_PAGE]
    return RootPage(
        roots,
        before="" if cursor is None else cursor_of(roots[0], sort) if roots else after,
        after=cursor_of(roots[-1], sort) if more else "",
    )


def root_rows(*, thread_id: int, sort: str, cursor: cursors.RootCursor | None) -> list[Row]:
    """Return one root more than a page holds, after `cursor`, in the order of `sort`."""
    wanted = ROOTS_PER_PAGE + 1
    found: list[Row] = []
    for stretch in stretches_of_roots(thread_id=thread_id, sort=sort, cursor=cursor):
        numbers, values = stretch.numbers(sort=sort, limit=wanted - len(found))
        chosen = f"WHERE discussion_comment.id IN ({numbers}) ORDER BY {ORDER_SQL[sort]}"
        found += listed(chosen, *values)
        if len(found) == wanted:
            break
    return found


def _before(thread_id: int, sort: str, cursor: cursors.RootCursor) -> RootPage:
    found = _rows(_arms(thread_id, sort, cursor, most=ROOTS_PER_PAGE + 1, backwards=True), sort)
    roots = found[-ROOTS_PER_PAGE:]
    return RootPage(
        roots,
        before=cursor_of(roots[0], sort) if len(found) > ROOTS_PER_PAGE else "",
        after=cursor_of(roots[-1], sort) if roots else "",
    )


def _around(thread_id: int, sort: str, cursor: cursors.RootCursor) -> RootPage:
    """Return a page that begins shortly before a root, in one query for both directions."""
    itself = "SELECT id FROM discussion_comment WHERE id = %s", (cursor.number,)
    earlier = _arms(thread_id, sort, cursor, most=ROOTS_BEFORE + 1, backwards=True)
    later = _arms(thread_id, sort, cursor, most=ROOTS_PER_PAGE, backwards=False)
    found = _rows([*earlier, itself, *later], sort)
    at = next(at for at, row in enumerate(found) if row["id"] == cursor.number)
    start = max(at - ROOTS_BEFORE, 0)
    roots = found[start : start + ROOTS_PER_PAGE]
    return RootPage(
        roots,
        before=cursor_of(roots[0], sort) if start else "",
        after=cursor_of(roots[-1], sort) if len(found) > start + ROOTS_PER_PAGE else "",
    )


def _arms(
    thread_id: int, sort: str, cursor: cursors.RootCursor, *, most: int, backwards: bool
) -> list[Arm]:
    ranges = stretches_of_roots(thread_id=thread_id, sort=sort, cursor=cursor, backwards=backwards)
    return [stretch.numbers(sort=sort, limit=most, backwards=backwards) for stretch in ranges]


def _rows(arms: Sequence[Arm], sort: str) -> list[Row]:
    """Return the rows of ranges in the order of `sort`, each by its own stretch of an index."""
    numbers = ") AS arm UNION ALL SELECT id FROM (".join(sql for sql, _ in arms)
    chosen = f"WHERE discussion_comment.id IN (SELECT id FROM ({numbers}) AS arm)"  # noqa: S608 - statements of our own
    values = [value for _, its in arms for value in its]
    return listed(f"{chosen} ORDER BY {ORDER_SQL[sort]}", *values)
