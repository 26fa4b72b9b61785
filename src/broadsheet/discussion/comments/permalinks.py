"""Reading one comment by its number: what it answers, itself, and a page of its answers."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from broadsheet.discussion.comments import cursors
from broadsheet.discussion.comments.rows import COLUMNS, Row, facts, shown, standing
from broadsheet.discussion.comments.shown import CommentPage, ShownComment, nested
from broadsheet.discussion.models import Comment, CommentAlias, SiteState, Thread
from broadsheet.discussion.rules import paths
from broadsheet.discussion.statements import find_beside
from broadsheet.discussion.threads.standing import with_house

if TYPE_CHECKING:
    from django.db.models import QuerySet

REPLIES_PER_PAGE = 50
# Beside the root: enough to see what is being answered, and the indent is needed for the answers.
NEAREST_ANCESTORS = 2


def comment_page(*, number: int, after: str = "") -> CommentPage | None:
    """Return the page of comment `number`, or None when it has no place in a thread that is public.

    `after` is the cursor of the page before; an unreadable one means the first page. Four queries,
    and at most two more: see `rows.shown`.
    """
    row = standing().filter(pk=number).values(*COLUMNS, "thread_id").first()
    if row is None:
        return None
    shown_thread = "discussion_thread.id = %s AND hidden_at IS NULL"
    found = find_beside(Thread, SiteState, shown_thread, row["thread_id"])
    if found is None:
        return None
    thread = with_house(*found[:2])
    path = cursors.read_path(after) if after else None
    above = _ancestor_rows(row)
    below = _reply_rows(row, after=path)
    more, below = len(below) > REPLIES_PER_PAGE, below[:REPLIES_PER_PAGE]
    comments = nested(shown([*above, row, *below]))
    if not paths.holds_subtree(bytes(row["path"])):
        comments = tuple(_with_page_of_its_own(comment, above=row) for comment in comments)
    return CommentPage(
        thread=facts(thread),
        comment=comments[len(above)],
        comments=comments,
        gap=row["depth"] - len(above),
        after=cursors.write_path(bytes(below[-1]["path"])) if more else "",
        first=path is None,
    )


def number_of(*, thread_id: int, foreign_id: str) -> int | None:
    """Return the number of the comment that was called `foreign_id` where it came from.

    None when no comment of this thread was, or when it cannot be read. One query.
    """
    found = CommentAlias.objects.filter(
        foreign_id=foreign_id,
        comment__thread=thread_id,
        comment__thread__hidden_at=None,
        comment__published_at__isnull=False,
    )
    return found.order_by("pk").values_list("comment_id", flat=True).first()


def _ancestor_rows(row: Row) -> list[Row]:
    """Return the root and the nearest ancestors, by depth. One query, however deep it is."""
    if row["parent_id"] is None:
        return []
    on_the_way = paths.ids_of(bytes(row["path"]))[:-1]
    wanted = {row["root_id"], row["parent_id"], *on_the_way}
    found = list(standing().filter(pk__in=wanted).order_by("depth", "id").values(*COLUMNS))
    return [*found[:1], *found[1:][-NEAREST_ANCESTORS:]]


def _reply_rows(row: Row, *, after: bytes | None) -> list[Row]:
    """Return the answers in reading order after `after`, one more than a page holds."""
    path = bytes(row["path"])
    below: QuerySet[Comment, Any] = standing().filter(root=row["root_id"] or row["id"])
    if not paths.holds_subtree(path):
        # Flat from here on: they stand among their neighbours' answers, told apart by the parent.
        below = standing().filter(parent=row["id"])
    elif path:
        below = below.filter(path__gt=path, path__lte=paths.end_of_subtree(path))
    if after is not None:
        below = below.filter(path__gt=after)
    return list(below.order_by("path").values(*COLUMNS)[: REPLIES_PER_PAGE + 1])


def _with_page_of_its_own(comment: ShownComment, *, above: Row) -> ShownComment:
    """Point from an answer in the flat part of a thread to its own answers, if it has any."""
    if comment.parent != above["id"] or not comment.replies:
        return comment
    return replace(comment, hidden=comment.replies, hidden_on=comment.number)
