"""From rows to what pages show: which columns are read, and what each becomes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django.db.models import QuerySet

from broadsheet.discussion.comments.shown import Person, ShownComment, ThreadFacts
from broadsheet.discussion.images.queries import images_of
from broadsheet.discussion.images.shown import ShownImage
from broadsheet.discussion.models import Comment, CommentAlias, Participant, Thread
from broadsheet.discussion.notes.queries import cards_of
from broadsheet.discussion.notes.shown import NoteCard
from broadsheet.discussion.quotes.queries import quotes_of
from broadsheet.discussion.quotes.shown import ShownQuote
from broadsheet.discussion.rules.citing import cited
from broadsheet.discussion.rules.piles import without_piles
from broadsheet.discussion.statements import Listing
from broadsheet.discussion.threads.queries import closing_words
from broadsheet.discussion.threads.standing import switches_of
from broadsheet.discussion.watched import EVERYWHERE, LOG, PEOPLE, of_thread
from broadsheet.kit.html import stored
from broadsheet.pagestore.api import shows, true_until

COLUMNS = (
    "id",
    "parent_id",
    "root_id",
    "depth",
    "path",
    "author_id",
    "author__name",
    "guest_number",
    "voice",
    "html",
    "language",
    "state",
    "rule",
    "cited",
    "created_at",
    "up",
    "down",
    "reply_count",
    "descendants",
    "pinned",
    "featured",
    "answer",
    "closed_at",
    "closed_until",
    "origin",
    "edition",
    "event",
    "edited_at",
    "quote_count",
    "note_id",
    "has_image",
)
NOBODY = Person()
_BY_NAME = {column.attname: column for column in Comment._meta.concrete_fields}  # noqa: SLF001 - Django documents it
_BY_NAME["author__name"] = Participant._meta.get_field("name")  # noqa: SLF001 - as above
_FROM = """
FROM discussion_comment
JOIN discussion_participant ON discussion_participant.id = discussion_comment.author_id
"""

type Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Beside:
    """What comments have beside their words, by comment; notes by their own number."""

    anchors: Mapping[int, tuple[str, ...]]
    quotes: Mapping[int, tuple[ShownQuote, ...]]
    images: Mapping[int, ShownImage]
    notes: Mapping[int, NoteCard]


def standing() -> QuerySet[Comment]:
    """Return the comments that have a place in a thread, in a form the partial indexes serve."""
    return Comment.objects.filter(published_at__isnull=False)


def listed(rest: str, *values: Any) -> list[Row]:
    """Return comments as `Comment.objects.values(*COLUMNS)` does, by a statement made once.

    `rest` is what stands after their tables: which ones, and in which order.
    """
    return list(_listing().rows(_FROM + rest, *values))


@cache
def _listing() -> Listing:
    return Listing({name: _BY_NAME[name] for name in COLUMNS})


def person(row: Row) -> Person:
    number = row["guest_number"]
    return Person(guest=number) if number else Person(name=without_piles(row["author__name"]))


def _is_public(row: Row) -> bool:
    return bool(row["state"] == Comment.State.PUBLISHED)


def _public_person(row: Row) -> Person | None:
    return person(row) if _is_public(row) else None


def shown(rows: Iterable[Row], cards: Mapping[int, NoteCard] | None = None) -> list[ShownComment]:
    """Turn rows into what a page shows; `cards` are the notes that the caller knows.

    At most five queries: authors of parents that are on other pages, anchors of imported comments,
    what comments quote, the notes they answer, and images; none of what no comment here has.
    """
    rows = list(rows)
    authors = {row["id"]: _public_person(row) for row in rows}
    wanted = {row["parent_id"] for row in rows if row["parent_id"]} - authors.keys()
    if wanted:
        columns = ("id", "author__name", "guest_number", "state")
        found = Comment.objects.filter(pk__in=wanted).values(*columns)
        authors |= {row["id"]: _public_person(row) for row in found}
    imported = [row["id"] for row in rows if row["origin"]]
    anchors = _anchors(imported) if imported else {}
    quoting = [row["id"] for row in rows if row["quote_count"] and _is_public(row)]
    quotes = quotes_of(quoting) if quoting else {}
    pictured = [row["id"] for row in rows if row["has_image"] and _is_public(row)]
    images = images_of(pictured) if pictured else {}
    noted = {row["note_id"] for row in rows if row["note_id"] and _is_public(row)}
    known = dict(cards or {})
    if noted - known.keys():
        known |= cards_of(noted - known.keys())
    beside = _Beside(anchors, quotes, images, known)
    return [_shown(row, authors, beside) for row in rows]


def facts(thread: Thread) -> ThreadFacts:
    switches = switches_of(thread)
    shows(of_thread(thread.pk), EVERYWHERE, PEOPLE)
    for one in switches:
        true_until(one.closed_until, one.slow_until, one.raid_until)
    return ThreadFacts(
        id=thread.pk,
        site=thread.site,
        key=thread.key,
        url=thread.url,
        title=thread.title,
        language=thread.language,
        closed=any(one.closed_at for one in switches),
        comment_count=thread.comment_count,
        root_count=thread.root_count,
        event=thread.events,
        edition=thread.edition,
        editions_url=thread.editions_url,
        hidden=thread.hidden_at is not None,
        inline_count=thread.inline_count,
        switches=switches,
        slow_branches=thread.slow_branches,
    )


def page_facts(thread: Thread) -> ThreadFacts:
    """Return a thread's attributes; of a closed one also why, by one query more."""
    known = facts(thread)
    if not known.closed:
        return known
    closed = None if known.closed_with_site else thread.pk
    shows(LOG)
    return replace(known, closed_because=closing_words(thread_id=closed))


def _anchors(numbers: list[int]) -> dict[int, tuple[str, ...]]:
    """Return the anchors that imported comments had where they come from."""
    found: dict[int, tuple[str, ...]] = {}
    rows = CommentAlias.objects.filter(comment__in=numbers).order_by("pk")
    for number, foreign_id in rows.values_list("comment_id", "foreign_id"):
        found[number] = (*found.get(number, ()), f"comment-{foreign_id}")
    return found


def _shown(row: Row, authors: Mapping[int, Person | None], beside: _Beside) -> ShownComment:
    public = _is_public(row)
    parent = row["parent_id"]
    true_until(row["closed_until"])
    return ShownComment(
        number=row["id"],
        parent=parent,
        root=row["root_id"] or row["id"],
        depth=row["depth"],
        path=bytes(row["path"]),
        author=authors[row["id"]] or NOBODY,
        writer=row["author_id"] if public else 0,
        answers=authors.get(parent) if parent else None,
        voice=row["voice"] if public else "",
        html=stored(row["html"] if public else ""),
        language=row["language"],
        state=row["state"],
        rule=row["rule"],
        cited=None if public else cited(row["cited"]),
        created_at=row["created_at"],
        up=row["up"],
        down=row["down"],
        replies=row["reply_count"],
        descendants=row["descendants"],
        pinned=row["pinned"],
        featured=row["featured"],
        answer=row["answer"],
        closed=row["closed_at"] is not None,
        closed_until=row["closed_until"],
        edition=row["edition"],
        event=row["event"] or 0,
        edited_at=row["edited_at"] if public else None,
        anchors=beside.anchors.get(row["id"], ()),
        quotes=beside.quotes.get(row["id"], ()),
        note=beside.notes.get(row["note_id"]) if public else None,
        image=beside.images.get(row["id"]),
    )
