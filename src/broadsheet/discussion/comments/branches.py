"""Whether a comment may be answered, as far as what stands above it says: some are closed."""

from broadsheet.discussion.models import Comment
from broadsheet.discussion.rules import paths
from broadsheet.discussion.statements import find_and_ask, first

# Whether a comment or one above it is closed, as far as its path names them: by the beginnings of
# the path, each one look into the index of answers, so that posting needs no query of its own for
# it. One OR in one subquery would read the whole table.
_CLOSED_ON_THE_WAY = " OR ".join(
    (
        "discussion_comment.closed_at IS NOT NULL",
        """EXISTS (
            SELECT 1 FROM discussion_comment root
            WHERE root.id = discussion_comment.root_id AND root.closed_at IS NOT NULL
        )""",
        *(
            f"""EXISTS (
                SELECT 1 FROM discussion_comment above
                WHERE above.root_id = discussion_comment.root_id
                AND above.path = substr(discussion_comment.path, 1, {level * paths.WIDTH})
                AND above.published_at IS NOT NULL AND above.closed_at IS NOT NULL
            )"""  # noqa: S608 - a number of our own
            for level in range(1, paths.LEVELS)
        ),
    )
)

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
    found = find_and_ask(Comment, "id = %s", number, asked=(_CLOSED_ON_THE_WAY,))
    if found is None:
        return None, False
    comment, (closed,) = found
    if not closed and comment.depth > paths.LEVELS:
        closed = first(_FURTHER_UP, number, paths.LEVELS) is not None
    return comment, closed
