"""Whether a comment may be answered, as far as what stands above it says: some are closed."""

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Substr

from broadsheet.discussion.models import Comment
from broadsheet.discussion.rules import paths

_FIELDS = ("thread_id", "root_id", "path", "depth", "state")

# Upwards one look each, down from the level that the path does not name: depth shrinks, so it ends.
_FURTHER_UP = """
WITH RECURSIVE up(id, parent_id, depth, closed_at) AS (
    SELECT id, parent_id, depth, closed_at FROM discussion_comment WHERE id = %s
    UNION ALL
    SELECT above.id, above.parent_id, above.depth, above.closed_at
    FROM up JOIN discussion_comment above ON above.id = up.parent_id
    WHERE up.depth > %s AND up.closed_at IS NULL
)
SELECT id FROM up WHERE closed_at IS NOT NULL LIMIT 1
"""


def answered_with(number: int) -> tuple[Comment | None, bool]:
    """Return the comment that is answered, and whether it or one above it is closed.

    One query; one more where it stands below the level to which its path names all above it.
    """
    found = Comment.objects.only(*_FIELDS).annotate(below_closed=_closed_on_the_way())
    comment = found.filter(pk=number).first()
    if comment is None:
        return None, False
    closed = bool(getattr(comment, "below_closed", False))
    if not closed and comment.depth > paths.LEVELS:
        further = Comment.objects.raw(_FURTHER_UP, [number, paths.LEVELS])
        closed = any(True for _ in further)
    return comment, closed


def _closed_on_the_way() -> Q:
    """Say whether a comment or one above it is closed, as far as its path names them.

    By the beginnings of the path, each one look into the index of answers: so that posting needs no
    query of its own for it. One OR in one subquery would read the whole table.
    """
    way = Q(closed_at__isnull=False) | Q(root__closed_at__isnull=False)
    closed = Comment.objects.filter(published_at__isnull=False, closed_at__isnull=False)
    for level in range(1, paths.LEVELS):
        beginning = Substr(OuterRef("path"), 1, level * paths.WIDTH)
        way |= Q(Exists(closed.filter(root=OuterRef("root_id"), path=beginning)))
    return way
