"""The first answers of each root on a page, and those around one that stands further down."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from broadsheet.discussion.comments import cursors
from broadsheet.discussion.comments.root_pages import Place
from broadsheet.discussion.comments.rows import Row, listed
from broadsheet.discussion.comments.shown import ShownComment
from broadsheet.discussion.notes.queries import FIRST_ANSWERS
from broadsheet.discussion.rules import paths

type Arm = tuple[str, tuple[object, ...]]

# More answers of one root stand on the page of that comment alone.
REPLIES_PER_ROOT = 30
# Of an answer that stands below those: so many of what it answers, and of its own answers.
NEAREST_ANCESTORS = 2
ANSWERS_BELOW = 10

_BELOW = (
    "SELECT id FROM (SELECT id FROM discussion_comment WHERE root_id = %s"
    " AND published_at IS NOT NULL ORDER BY path LIMIT %s) AS arm"
)
_BESIDE = (
    "SELECT id FROM (SELECT id FROM discussion_comment WHERE note_id = %s"
    " AND published_at IS NOT NULL ORDER BY created_at, id LIMIT %s) AS arm"
)
_ONE = "SELECT id FROM discussion_comment WHERE id = %s AND published_at IS NOT NULL"
_BRANCH = (
    "SELECT id FROM (SELECT id FROM discussion_comment WHERE root_id = %s"
    " AND published_at IS NOT NULL AND path > %s AND path <= %s ORDER BY path LIMIT %s) AS arm"
)

_IN_ORDER = """
ORDER BY discussion_comment.root_id, discussion_comment.path, discussion_comment.created_at,
    discussion_comment.id
"""


def reply_rows(
    roots: Sequence[int], notes: Sequence[int] = (), place: Place | None = None
) -> list[Row]:
    """Return the first answers of each root, one more than is shown of each; one query.

    With them the first answers of each of `notes`, which are roots, by time; and of an answer at
    `place` itself, the nearest of what it answers and its own first answers. Each arm of the union
    reads its own stretch of an index and stops; a window function over all answers would read those
    that nobody is shown, however many there are.
    """
    arms: list[Arm] = [(_BELOW, (root, REPLIES_PER_ROOT + 1)) for root in roots]
    # Some may be stubs, which say nothing beside a story.
    arms += [(_BESIDE, (note, 2 * FIRST_ANSWERS)) for note in notes]
    if place is not None and place.parent is not None:
        arms += _around(place)
    if not arms:
        return []
    union = " UNION ALL ".join(sql for sql, _ in arms)
    values = [value for _, its in arms for value in its]
    return listed(f"WHERE discussion_comment.id IN ({union}) {_IN_ORDER}", *values)


def by_root(rows: Iterable[Row]) -> dict[int, list[Row]]:
    below: dict[int, list[Row]] = {}
    for row in rows:
        if row["root_id"]:
            below.setdefault(row["root_id"], []).append(row)
    return below


def shown_of(rows: Sequence[Row], place: Place | None) -> Sequence[Row]:
    """Return those of one root's answers that are shown: the first, and what is around `place`.

    Where that is among the first, they are all.
    """
    first, further = rows[:REPLIES_PER_ROOT], rows[REPLIES_PER_ROOT:]
    if place is None or not any(row["id"] == place.number for row in further):
        return first
    branch = [row["id"] for row in further if _is_below(row, place)]
    kept = {*branch[: ANSWERS_BELOW + 1], *_above(place)}
    return [*first, *(row for row in further if row["id"] in kept)]


def with_hidden(
    comments: Sequence[ShownComment],
    replies: Mapping[int, Sequence[Row]],
    place: Place | None = None,
) -> tuple[ShownComment, ...]:
    """Say where a root has more answers than are shown, and the one at `place` has."""
    groups: dict[int, list[ShownComment]] = {}
    for comment in comments:
        groups.setdefault(comment.root, []).append(comment)
    told: list[ShownComment] = []
    for root, group in groups.items():
        known = replies.get(root, ())
        more = len(known) > REPLIES_PER_ROOT
        told += _cut_short(group, known, place) if more else group
    return tuple(told)


def _cut_short(
    group: Sequence[ShownComment], known: Sequence[Row], place: Place | None
) -> Iterable[ShownComment]:
    """Yield a root and its answers, with the ways to those left out after the first ones.

    Counted are public ones; when only stubs are left, it is "1 more" for the link's sake.
    """
    shown = {comment.number for comment in group}
    left = [row for row in known if row["id"] not in shown]
    public = sum(comment.is_public for comment in group[1:])
    hidden = max(group[0].descendants - public, int(bool(left)))
    for at, comment in enumerate(group):
        if at == REPLIES_PER_ROOT and hidden:
            after = cursors.write_path(comment.path)
            yield replace(comment, hidden=hidden, hidden_on=comment.root, hidden_after=after)
        elif at > REPLIES_PER_ROOT and place and comment.number == place.number:
            below = any(_is_below(row, place) for row in left)
            direct = sum(one.parent == comment.number and one.is_public for one in group)
            own = max(comment.replies - direct, int(below))
            yield replace(comment, hidden=own, hidden_on=comment.number)
        else:
            yield comment


def _around(place: Place) -> list[Arm]:
    """Return the arms that read an answer, what it answers, and its first answers."""
    arms: list[Arm] = [(_ONE, (number,)) for number in (place.number, *_above(place))]
    if paths.holds_subtree(place.path):
        end = paths.end_of_subtree(place.path)
        arms.append((_BRANCH, (place.root.number, place.path, end, ANSWERS_BELOW + 1)))
    return arms


def _above(place: Place) -> set[int]:
    """Return the nearest of what stands above an answer in its path, and what it answers."""
    named = paths.ids_of(place.path)[:-1]
    return {*named[-NEAREST_ANCESTORS:], place.parent or 0} - {0, place.root.number}


def _is_below(row: Row, place: Place) -> bool:
    """Say whether an answer is the one at `place`, or stands below it as far as paths tell."""
    return bytes(row["path"]).startswith(place.path)
