"""Reading a thread: pages that cost the same in a thread of fifty and of a million comments."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.utils.text import Truncator

from broadsheet.discussion.comments.first_replies import (
    by_root,
    reply_rows,
    shown_of,
    with_hidden,
)
from broadsheet.discussion.comments.parts import part_page
from broadsheet.discussion.comments.ranges import ORDER
from broadsheet.discussion.comments.root_pages import place_of, roots_of
from broadsheet.discussion.comments.rows import (
    COLUMNS,
    Row,
    facts,
    page_facts,
    person,
    shown,
    standing,
)
from broadsheet.discussion.comments.shown import (
    Person,
    ThreadFacts,
    ThreadPage,
    nested,
)
from broadsheet.discussion.models import Comment, SiteState, Thread
from broadsheet.discussion.notes.queries import card_of, notes_of, with_answers
from broadsheet.discussion.notes.shown import ShownNote
from broadsheet.discussion.rules.marking import MOST_PINNED
from broadsheet.discussion.statements import find_beside
from broadsheet.discussion.threads.standing import with_house
from broadsheet.discussion.watched import TALK
from broadsheet.kit.html import plain_words
from broadsheet.pagestore.api import shows

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
    before: str = "",
    at: int | None = None,
    show: str = "",
    note: int | None = None,
) -> ThreadPage | None:
    """Return a page of the thread, or None when it was never opened.

    `sort` is one of SORTS, anything else means the newest first. `after` and `before` are cursors
    of the pages next to it; `at` is the number of a comment around which it is wanted. An
    unreadable one, or a number that is not in this thread, means the first page. `show` is one of
    SHOWS, anything else means all; "staff" what the newsroom wrote, "inline" what is on phrases of
    the story, or on that of `note` alone: the newest first, whatever `sort` says. Three queries;
    one more around a comment, where something is pinned, where it is closed, where there are
    notes, after a cursor by votes, and where imported comments are shown.
    """
    its = "site = %s AND key = %s"
    asked = (_PINS, _NOTED, _BY_STAFF)
    found = find_beside(Thread, SiteState, its, True, site, key, asked=asked)
    if found is None:
        return None
    thread, (pins, noted, by_staff) = with_house(*found[:2]), found[2]
    notes = notes_of(thread_id=thread.pk) if noted else ()
    cards = {one.id: card_of(one) for one in notes}
    if show in SHOWS[1:]:
        notes = with_answers(notes, reply_rows([], _answered(notes)))
        part = part_page(thread, show=show, after=after, cards=cards, notes=notes, note=note)
        return replace(part, by_staff=by_staff)
    sort = sort if sort in SORTS else SORTS[0]
    place = place_of(thread_id=thread.pk, number=at) if at else None
    here = roots_of(thread_id=thread.pk, sort=sort, after=after, before=before, place=place)
    pinned = pinned_rows(thread_id=thread.pk) if pins and here.first else []
    above = {row["id"] for row in pinned}
    on_page = [*pinned, *(row for row in here.roots if row["id"] not in above)]
    below = reply_rows([row["id"] for row in on_page], _answered(notes), place)
    replies = by_root(below)
    rows = [
        row for root in on_page for row in (root, *shown_of(replies.get(root["id"], ()), place))
    ]
    return ThreadPage(
        thread=page_facts(thread),
        sort=sort,
        comments=with_hidden(nested(shown(rows, cards)), replies, place),
        after=here.after,
        before=here.before,
        first=here.first,
        at=place.number if place else 0,
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
    found = find_beside(Thread, SiteState, "discussion_thread.id = %s", thread_id)
    if found is None:
        return None
    thread = with_house(*found[:2])
    known = facts(thread)
    return replace(known, url="", title="", editions_url="") if known.hidden else known


def counts_for(*, site: str, keys: Collection[str]) -> dict[str, int]:
    """Return how many comments each opened thread of `keys` shows. One query."""
    shows(TALK)
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
    shows(TALK)
    rows = Thread.objects.filter(site=site, key__in=list(keys), hidden_at=None)
    return dict(rows.values_list("key", "url"))
