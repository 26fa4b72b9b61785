"""Reading a thread: pages that cost the same in a thread of fifty and of a million comments."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.utils.text import Truncator

from broadsheet.discussion.comments import cursors
from broadsheet.discussion.comments.parts import part_page
from broadsheet.discussion.comments.ranges import (
    ORDER,
    ORDER_SQL,
    ROOTS_PER_PAGE,
    cursor_of,
    stretches_of_roots,
)
from broadsheet.discussion.comments.rows import (
    COLUMNS,
    Row,
    facts,
    listed,
    page_facts,
    person,
    shown,
    standing,
)
from broadsheet.discussion.comments.shown import (
    Person,
    ShownComment,
    ThreadFacts,
    ThreadPage,
    nested,
)
from broadsheet.discussion.models import Comment, Thread
from broadsheet.discussion.notes.queries import FIRST_ANSWERS, card_of, notes_of, with_answers
from broadsheet.discussion.notes.shown import ShownNote
from broadsheet.discussion.rules.marking import MOST_PINNED
from broadsheet.discussion.statements import find_and_ask
from broadsheet.kit.html import plain_words

if TYPE_CHECKING:
    from django.db.models import QuerySet

# What is asked of a thread with its row. Databases write a truth differently, so it is a value.
_PINS = """
EXISTS (
    SELECT 1 FROM discussion_comment WHERE thread_id = discussion_thread.id AND pinned = %s
    AND parent_id IS NULL AND published_at IS NOT NULL AND state = 'published'
)
"""
_NOTED = """
EXISTS (
    SELECT 1 FROM discussion_note WHERE thread_id = discussion_thread.id AND removed_at IS NULL
)
"""
_BY_STAFF = """
EXISTS (
    SELECT 1 FROM discussion_comment WHERE thread_id = discussion_thread.id
    AND NOT (voice = '') AND published_at IS NOT NULL AND state = 'published'
)
"""
_ANSWERS_IN_ORDER = """
ORDER BY discussion_comment.root_id, discussion_comment.path, discussion_comment.created_at,
    discussion_comment.id
"""
# More answers of one root stand on the page of that comment alone.
REPLIES_PER_ROOT = 30
# Of a comment, to be recognised by whoever answers it.
BEGINNING = 240
SORTS = ("newest", "oldest", "votes")
# Parts of a thread that can be asked for; "" is all of it.
SHOWS = ("", "staff", "inline")


@dataclass(frozen=True, slots=True)
class ReplyTarget:
    """The comment somebody is about to answer; `beginning` is how its words begin, as text."""

    number: int
    author: Person
    beginning: str


def thread_page(
    *,
    site: str,
    key: str,
    sort: str = "newest",
    after: str = "",
    show: str = "",
    note: int | None = None,
) -> ThreadPage | None:
    """Return a page of the thread, or None when it was never opened.

    `sort` is one of SORTS, anything else means the newest first. `after` is the cursor of the page
    before; an unreadable one means the first page. `show` is one of SHOWS, anything else means all;
    "staff" what the newsroom wrote, "inline" what is on phrases of the story, or on that of `note`
    alone: the newest first, whatever `sort` says. Three queries; one more where something is
    pinned, where it is closed, where there are notes, on later pages by votes, and where imported
    comments are shown.
    """
    found = find_and_ask(
        Thread, "site = %s AND key = %s", True, site, key, asked=(_PINS, _NOTED, _BY_STAFF)
    )
    if found is None:
        return None
    thread, (pins, noted, by_staff) = found
    notes = notes_of(thread_id=thread.pk) if noted else ()
    cards = {one.id: card_of(one) for one in notes}
    if show in SHOWS[1:]:
        notes = with_answers(notes, reply_rows([], _answered(notes)))
        part = part_page(thread, show=show, after=after, cards=cards, notes=notes, note=note)
        return replace(part, by_staff=by_staff)
    sort = sort if sort in SORTS else SORTS[0]
    cursor = cursors.read_root(after, sort=sort) if after else None
    roots = root_rows(thread_id=thread.pk, sort=sort, cursor=cursor)
    more, roots = len(roots) > ROOTS_PER_PAGE, roots[:ROOTS_PER_PAGE]
    pinned = pinned_rows(thread_id=thread.pk) if pins and cursor is None else []
    above = {row["id"] for row in pinned}
    on_page = [*pinned, *(row for row in roots if row["id"] not in above)]
    below = reply_rows([row["id"] for row in on_page], _answered(notes))
    replies = _by_root([row for row in below if row["root_id"]])
    rows = [
        row for root in on_page for row in (root, *replies.get(root["id"], ())[:REPLIES_PER_ROOT])
    ]
    comments = list(nested(shown(rows, cards)))
    for at, comment in enumerate(comments):
        ends = at + 1 == len(comments) or comments[at + 1].parent is None
        if ends and len(replies.get(comment.root, ())) > REPLIES_PER_ROOT:
            comments[at] = _with_hidden(comment, comments)
    return ThreadPage(
        thread=page_facts(thread),
        sort=sort,
        comments=tuple(comments),
        after=cursor_of(roots[-1], sort) if more else "",
        first=cursor is None,
        by_staff=by_staff,
        notes=with_answers(notes, [row for row in below if not row["root_id"]]),
    )


def pinned_roots(*, thread_id: int) -> "QuerySet[Comment]":
    """Return what is pinned in a thread and everybody may read, as its own index serves it."""
    roots = standing().filter(thread=thread_id, parent__isnull=True, pinned=True)
    return roots.filter(state=Comment.State.PUBLISHED)


def pinned_rows(*, thread_id: int) -> list[Row]:
    """Return what stands first in a thread, the newest first. An import may have pinned more."""
    chosen = pinned_roots(thread_id=thread_id).order_by(*ORDER["newest"])
    return list(chosen.values(*COLUMNS)[:MOST_PINNED])


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


def reply_rows(roots: Sequence[int], notes: Sequence[int] = ()) -> list[Row]:
    """Return the first answers of each root, one more than is shown of each; one query.

    With them the first answers of each of `notes`, which are roots, by time. Each arm of the union
    reads its own stretch of an index and stops; a window function over all answers would read those
    that nobody is shown, however many there are.
    """
    if not roots and not notes:
        return []
    below = (
        "SELECT id FROM (SELECT id FROM discussion_comment WHERE root_id = %s"
        " AND published_at IS NOT NULL ORDER BY path LIMIT %s) AS arm"
    )
    beside = (
        "SELECT id FROM (SELECT id FROM discussion_comment WHERE note_id = %s"
        " AND published_at IS NOT NULL ORDER BY created_at, id LIMIT %s) AS arm"
    )
    arms = " UNION ALL ".join([below] * len(roots) + [beside] * len(notes))
    arguments = [value for root in roots for value in (root, REPLIES_PER_ROOT + 1)]
    # Some may be stubs, which say nothing beside a story.
    arguments += [value for note in notes for value in (note, 2 * FIRST_ANSWERS)]
    return listed(f"WHERE discussion_comment.id IN ({arms}) {_ANSWERS_IN_ORDER}", *arguments)


def _answered(notes: Iterable[ShownNote]) -> list[int]:
    return [note.id for note in notes if note.answered]


def reply_target(*, thread_id: int, number: int) -> ReplyTarget | None:
    """Return the published comment `number` of the thread, to be answered; None for any other."""
    found = (
        standing()
        .filter(pk=number, thread=thread_id, state=Comment.State.PUBLISHED)
        .values("id", "html", "guest_number", "author__name")
        .first()
    )
    if found is None:
        return None
    beginning = Truncator(plain_words(found["html"])).chars(BEGINNING)
    return ReplyTarget(found["id"], person(found), beginning)


def thread_facts(*, thread_id: int) -> ThreadFacts | None:
    """Return a thread's own attributes as anybody may know them, or None. One query.

    Of a hidden one neither title nor addresses: they are those of a story nobody may read.
    """
    thread = Thread.objects.filter(pk=thread_id).first()
    if thread is None:
        return None
    known = facts(thread)
    return replace(known, url="", title="", editions_url="") if known.hidden else known


def counts_for(*, site: str, keys: Collection[str]) -> dict[str, int]:
    """Return how many comments each opened thread of `keys` shows. One query."""
    rows = Thread.objects.filter(site=site, key__in=list(keys))
    return dict(rows.values_list("key", "comment_count"))


def thread_ids(*, site: str, keys: Collection[str]) -> dict[str, int]:
    """Return the ids of the threads of `keys`, by key. One query."""
    rows = Thread.objects.filter(site=site, key__in=list(keys))
    return dict(rows.values_list("key", "pk"))


def threads_of(*, numbers: Collection[int]) -> dict[int, int]:
    """Return the thread of each of these comments, by number. One query."""
    return dict(Comment.objects.filter(pk__in=numbers).values_list("pk", "thread_id"))


def shown_keys(*, site: str, keys: Collection[str]) -> set[str]:
    """Return those of `keys` that have a thread which can be read. One query."""
    return set(shown_urls(site=site, keys=keys))


def shown_urls(*, site: str, keys: Collection[str]) -> dict[str, str]:
    """Return the addresses, by key, of those of `keys` whose thread can be read. One query."""
    rows = Thread.objects.filter(site=site, key__in=list(keys), hidden_at=None)
    return dict(rows.values_list("key", "url"))


def _by_root(rows: Sequence[Row]) -> dict[int, list[Row]]:
    below: dict[int, list[Row]] = {}
    for row in rows:
        below.setdefault(row["root_id"], []).append(row)
    return below


def _with_hidden(last: ShownComment, comments: Sequence[ShownComment]) -> ShownComment:
    """Say on the last answer shown of a root how many more there are, and where they begin.

    Counted are public ones; when only stubs are left, it is "1 more" for the link's sake.
    """
    below = [comment for comment in comments if comment.root == last.root]
    public = sum(comment.is_public for comment in below[1:])
    hidden = max(below[0].descendants - public, 1)
    after = cursors.write_path(last.path)
    return replace(last, hidden=hidden, hidden_on=last.root, hidden_after=after)
