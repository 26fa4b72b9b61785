"""Stretches of a thread's orders, as its indexes hold them: where a page begins and ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q

from broadsheet.discussion.comments import cursors
from broadsheet.discussion.models import Comment
from broadsheet.discussion.statements import as_sent

ROOTS_PER_PAGE: Final = 20
_ROOTS: Final = "thread_id = %s AND parent_id IS NULL AND published_at IS NOT NULL"
# The plain bound lets the index begin there.
_AFTER_NEWEST: Final = "created_at <= %s AND (created_at < %s OR id < %s)"
_AFTER_OLDEST: Final = "created_at >= %s AND (created_at > %s OR id > %s)"
ORDER: Final = {
    "newest": ("-created_at", "-id"),
    "oldest": ("created_at", "id"),
    "votes": ("-score", "-created_at", "-id"),
}


# The same orders in statements that are made once.
ORDER_SQL: Final = {
    "newest": "discussion_comment.created_at DESC, discussion_comment.id DESC",
    "oldest": "discussion_comment.created_at, discussion_comment.id",
    "votes": (
        "discussion_comment.score DESC, discussion_comment.created_at DESC,"
        " discussion_comment.id DESC"
    ),
}
_BACKWARDS_SQL: Final = {
    "newest": ORDER_SQL["oldest"],
    "oldest": ORDER_SQL["newest"],
    "votes": ORDER_SQL["votes"].replace(" DESC", ""),
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A condition that is one stretch of an index, and its values."""

    where: str
    values: tuple[Any, ...]

    def numbers(
        self, *, sort: str, limit: int, backwards: bool = False
    ) -> tuple[str, tuple[Any, ...]]:
        """Return the statement that reads the ids of its first comments, and its values.

        `backwards` of its last ones, the last first. Ids alone: a join in the ordered query lets a
        planner begin at the wrong table.
        """
        order = (_BACKWARDS_SQL if backwards else ORDER_SQL)[sort]
        sql = (
            f"SELECT discussion_comment.id FROM discussion_comment WHERE {self.where}"  # noqa: S608 - conditions of our own
            f" ORDER BY {order} LIMIT %s"
        )
        return sql, (*self.values, limit)


def stretches_of_roots(
    *, thread_id: int, sort: str, cursor: cursors.RootCursor | None, backwards: bool = False
) -> tuple[Stretch, ...]:
    """Return where the roots after `cursor` stand: one or two ranges of the index of that order.

    `backwards` where those before it stand.
    """
    roots = Stretch(_ROOTS, (thread_id,))
    if cursor is None:
        return (roots,)
    at = as_sent(Comment, "created_at", cursor.created_at)
    after = (at, at, cursor.number)
    beyond = _AFTER_OLDEST if (sort == "oldest") != backwards else _AFTER_NEWEST
    if sort != "votes":
        return (_narrowed(roots, beyond, *after),)
    # Two ranges in place of one comparison of all three: among a hundred thousand comments
    # without votes, the first condition alone would read them all.
    equal = _narrowed(roots, f"score = %s AND {beyond}", cursor.score, *after)
    return (equal, _narrowed(roots, "score > %s" if backwards else "score < %s", cursor.score))


def _narrowed(stretch: Stretch, more: str, *values: Any) -> Stretch:
    return Stretch(f"{stretch.where} AND {more}", (*stretch.values, *values))


def beyond(cursor: cursors.RootCursor, *, newest: bool) -> Q:
    """What comes after the cursor by time; the plain bound lets the index begin there."""
    at, number = cursor.created_at, cursor.number
    if newest:
        return Q(created_at__lte=at) & (Q(created_at__lt=at) | Q(id__lt=number))
    return Q(created_at__gte=at) & (Q(created_at__gt=at) | Q(id__gt=number))


def cursor_of(row: Mapping[str, Any], sort: str) -> str:
    """Return the cursor of the page that begins after a row."""
    last = cursors.RootCursor(row["created_at"], row["id"], row["up"] - row["down"])
    return cursors.write_root(last, sort=sort)
