"""Reading a thread: pages that cost the same in a thread of fifty and of a million comments."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.text import Truncator

from broadsheet.discussion.comments import cursors
from broadsheet.discussion.comments.rows import COLUMNS, Row, facts, person, shown, standing
from broadsheet.discussion.comments.shown import (
    Person,
    ShownComment,
    ThreadFacts,
    ThreadPage,
    nested,
)
from broadsheet.discussion.models import Comment, Thread
from broadsheet.discussion.rules.marking import MOST_PINNED
from broadsheet.discussion.threads.queries import closing_words
from broadsheet.kit.html import plain_words

ROOTS_PER_PAGE = 20
# More answers of one root stand on the page of that comment alone.
REPLIES_PER_ROOT = 30
# Of a comment, to be recognised by whoever answers it.
BEGINNING = 240
SORTS = ("newest", "oldest", "votes")
# Parts of a thread that can be asked for; "" is all of it.
SHOWS = ("", "staff")

_ORDER = {
    "newest": ("-created_at", "-id"),
    "oldest": ("created_at", "id"),
    "votes": ("-score", "-created_at", "-id"),
}


@dataclass(frozen=True, slots=True)
class ReplyTarget:
    """The comment somebody is about to answer; `beginning` is how its words begin, as text."""

    number: int
    author: Person
    beginning: str


def thread_page(
    *, site: str, key: str, sort: str = "newest", after: str = "", show: str = ""
) -> ThreadPage | None:
    """Return a page of the thread, or None when it was never opened.

    `sort` is one of SORTS, anything else means the newest first. `after` is the cursor of the page
    before; an unreadable one means the first page. `show` is one of SHOWS, anything else means all;
    "staff" what the newsroom wrote, the newest first, whatever `sort` says. Three queries; one more
    where something is pinned, where it is closed, on later pages by votes, where nobody of the
    newsroom is on the page, and where imported comments are shown.
    """
    pins = Exists(pinned_roots(thread_id=OuterRef("pk")))
    thread = Thread.objects.annotate(pins=pins).filter(site=site, key=key).first()
    if thread is None:
        return None
    if show == "staff":
        return _staff_page(thread, after=after)
    sort = sort if sort in SORTS else SORTS[0]
    cursor = cursors.read_root(after, sort=sort) if after else None
    roots = root_rows(thread_id=thread.pk, sort=sort, cursor=cursor)
    more, roots = len(roots) > ROOTS_PER_PAGE, roots[:ROOTS_PER_PAGE]
    pinned = pinned_rows(thread_id=thread.pk) if thread.pins and cursor is None else []
    above = {row["id"] for row in pinned}
    on_page = [*pinned, *(row for row in roots if row["id"] not in above)]
    replies = _by_root(reply_rows([row["id"] for row in on_page]))
    rows = [
        row for root in on_page for row in (root, *replies.get(root["id"], ())[:REPLIES_PER_ROOT])
    ]
    comments = list(nested(shown(rows)))
    for at, comment in enumerate(comments):
        ends = at + 1 == len(comments) or comments[at + 1].parent is None
        if ends and len(replies.get(comment.root, ())) > REPLIES_PER_ROOT:
            comments[at] = _with_hidden(comment, comments)
    return ThreadPage(
        thread=_facts(thread),
        sort=sort,
        comments=tuple(comments),
        after=_cursor(roots[-1], sort) if more else "",
        first=cursor is None,
        by_staff=any(row["voice"] for row in rows)
        or staff_numbers(thread_id=thread.pk, cursor=None).exists(),
    )


def _staff_page(thread: Thread, *, after: str) -> ThreadPage:
    """Return what the newsroom wrote, flat: each says whom it answers. 2 to 4 queries."""
    cursor = cursors.read_root(after, sort="staff") if after else None
    numbers = staff_numbers(thread_id=thread.pk, cursor=cursor)[: ROOTS_PER_PAGE + 1]
    chosen = Comment.objects.filter(pk__in=numbers).order_by(*_ORDER["newest"])
    rows = list(chosen.values(*COLUMNS))
    more, rows = len(rows) > ROOTS_PER_PAGE, rows[:ROOTS_PER_PAGE]
    comments = tuple(replace(one, says_whom=one.parent is not None) for one in shown(rows))
    return ThreadPage(
        thread=_facts(thread),
        sort="newest",
        comments=comments,
        after=_cursor(rows[-1], "staff") if more else "",
        first=cursor is None,
        by_staff=True,
        show="staff",
    )


def staff_numbers(*, thread_id: int, cursor: cursors.RootCursor | None) -> QuerySet[Comment, int]:
    """Return the ids of what the newsroom wrote in a thread and everybody may read, after `cursor`.

    The newest first; ids alone, as in `root_numbers`.
    """
    public = standing().filter(thread=thread_id, state=Comment.State.PUBLISHED)
    staff = public.exclude(voice=Comment.Voice.READER).order_by(*_ORDER["newest"])
    if cursor is not None:
        staff = staff.filter(_beyond(cursor, newest=True))
    return staff.values_list("pk", flat=True)


def pinned_roots(*, thread_id: int | OuterRef) -> "QuerySet[Comment]":
    """Return what is pinned in a thread and everybody may read, as its own index serves it."""
    roots = standing().filter(thread=thread_id, parent__isnull=True, pinned=True)
    return roots.filter(state=Comment.State.PUBLISHED)


def pinned_rows(*, thread_id: int) -> list[Row]:
    """Return what stands first in a thread, the newest first. An import may have pinned more."""
    chosen = pinned_roots(thread_id=thread_id).order_by(*_ORDER["newest"])
    return list(chosen.values(*COLUMNS)[:MOST_PINNED])


def root_rows(*, thread_id: int, sort: str, cursor: cursors.RootCursor | None) -> list[Row]:
    """Return one root more than a page holds, after `cursor`, in the order of `sort`."""
    wanted = ROOTS_PER_PAGE + 1
    found: list[Row] = []
    for numbers in root_numbers(thread_id=thread_id, sort=sort, cursor=cursor):
        chosen = Comment.objects.filter(pk__in=numbers[: wanted - len(found)])
        found += chosen.order_by(*_ORDER[sort]).values(*COLUMNS)
        if len(found) == wanted:
            break
    return found


def root_numbers(
    *, thread_id: int, sort: str, cursor: cursors.RootCursor | None
) -> Sequence[QuerySet[Comment, int]]:
    """Return the ids of roots after `cursor`, as one or two ranges of the index of that order.

    Ids alone: a join in the ordered query lets a planner begin at the wrong table.
    """
    roots = standing().filter(thread=thread_id, parent__isnull=True)
    ordered = roots.order_by(*_ORDER[sort]).values_list("pk", flat=True)
    if cursor is None:
        return (ordered,)
    if sort != "votes":
        return (ordered.filter(_beyond(cursor, newest=sort == "newest")),)
    # Two ranges in place of one comparison of all three: among a hundred thousand comments
    # without votes, the first condition alone would read them all.
    equal = ordered.filter(_beyond(cursor, newest=True), score=cursor.score)
    return (equal, ordered.filter(score__lt=cursor.score))


def _facts(thread: Thread) -> ThreadFacts:
    """Return a thread's attributes; of a closed one also why, by one query more."""
    known = facts(thread)
    if not known.closed:
        return known
    return replace(known, closed_because=closing_words(thread_id=thread.pk))


def reply_rows(roots: Sequence[int]) -> list[Row]:
    """Return the first answers of each root, one more than is shown of each; one query.

    Each arm of the union reads its own stretch of the index (root, path) and stops; a window
    function over all answers would read those that nobody is shown, however many there are.
    """
    if not roots:
        return []
    arm = (
        "SELECT id FROM (SELECT id FROM discussion_comment WHERE root_id = %s"
        " AND published_at IS NOT NULL ORDER BY path LIMIT %s) AS arm"
    )
    arms = " UNION ALL ".join([arm] * len(roots))
    arguments = [value for root in roots for value in (root, REPLIES_PER_ROOT + 1)]
    chosen = RawSQL(arms, arguments)  # noqa: S611 - constant SQL, every value is a parameter
    return list(Comment.objects.filter(pk__in=chosen).order_by("root", "path").values(*COLUMNS))


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


def shown_keys(*, site: str, keys: Collection[str]) -> set[str]:
    """Return those of `keys` that have a thread which can be read. One query."""
    return set(shown_urls(site=site, keys=keys))


def shown_urls(*, site: str, keys: Collection[str]) -> dict[str, str]:
    """Return the addresses, by key, of those of `keys` whose thread can be read. One query."""
    rows = Thread.objects.filter(site=site, key__in=list(keys), hidden_at=None)
    return dict(rows.values_list("key", "url"))


def _beyond(cursor: cursors.RootCursor, *, newest: bool) -> Q:
    """What comes after the cursor by time; the plain bound lets the index begin there."""
    at, number = cursor.created_at, cursor.number
    if newest:
        return Q(created_at__lte=at) & (Q(created_at__lt=at) | Q(id__lt=number))
    return Q(created_at__gte=at) & (Q(created_at__gt=at) | Q(id__gt=number))


def _cursor(row: Row, sort: str) -> str:
    last = cursors.RootCursor(row["created_at"], row["id"], row["up"] - row["down"])
    return cursors.write_root(last, sort=sort)


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
