"""Whether a comment may be answered, as far as what stands above it says: some are closed."""

from datetime import datetime

from broadsheet.discussion.models import Comment
from broadsheet.discussion.rules import paths
from broadsheet.discussion.statements import as_sent, find_and_ask, first

# Whether a comment or one above it is closed, as far as its path names them: by the beginnings of
# the path, each one look into the index of answers, so that posting needs no query of its own for
# it. One OR in one subquery would read the whole table.
_CLOSED = "{0}.closed_at IS NOT NULL AND ({0}.closed_until IS NULL OR {0}.closed_until > %s)"
_CLOSED_ON_THE_WAY = " OR ".join(
    (
        f"({_CLOSED.format('discussion_comment')})",
        f"""EXISTS (
            SELECT 1 FROM discussion_comment root
            WHERE root.id = discussion_comment.root_id AND {_CLOSED.format("root")}
        )""",  # noqa: S608 - a sentence of our own
        *(
            f"""EXISTS (
                SELECT 1 FROM discussion_comment above
                WHERE above.root_id = discussion_comment.root_id
                AND above.path = substr(discussion_comment.path, 1, {level * paths.WIDTH})
                AND above.published_at IS NOT NULL AND {_CLOSED.format("above")}
            )"""  # noqa: S608 - a number of our own
            for level in range(1, paths.LEVELS)
        ),
    )
)

# Upwards one look each, down from the level that the path does not name: depth shrinks, so it ends.
_FURTHER_UP = f"""
WITH RECURSIVE up(id, parent_id, depth, shut) AS (
    SELECT below.id, below.parent_id, below.depth, {_CLOSED.format("below")}
    FROM discussion_comment below WHERE below.id = %s
    UNION ALL
    SELECT above.id, above.parent_id, above.depth, {_CLOSED.format("above")}
    FROM up JOIN discussion_comment above ON above.id = up.parent_id
    WHERE up.depth > %s AND NOT up.shut
)
SELECT id FROM up WHERE shut LIMIT 1
"""  # noqa: S608 - a sentence of our own


def answered_with(number: int, *, now: datetime) -> tuple[Comment | None, bool]:
    """Return the comment that is answered, and whether it or one above it is closed now.

    One query; one more where it stands below the level to which its path names all above it.
    """
    moment = as_sent(Comment, "closed_until", now)
    moments = (moment,) * _CLOSED_ON_THE_WAY.count("%s")
    found = find_and_ask(Comment, "id = %s", *moments, number, asked=(_CLOSED_ON_THE_WAY,))
    if found is None:
        return None, False
    comment, (closed,) = found
    if not closed and comment.depth > paths.LEVELS:
        closed = first(_FURTHER_UP, moment, number, moment, paths.LEVELS) is not None
    return comment, closed
