"""What moderators read: the queue, what is reported, and what was decided lately."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from broadsheet.discussion.comments.markdown import links_of
from broadsheet.discussion.comments.rows import Row, person
from broadsheet.discussion.comments.shown import Person
from broadsheet.discussion.images.queries import images_of
from broadsheet.discussion.images.shown import ShownImage
from broadsheet.discussion.models import Comment
from broadsheet.discussion.reports.queries import (
    Reports,
    reported_count,
    reported_numbers,
    reports_of,
)
from broadsheet.discussion.rules.deciding import FROM, may_moderate
from broadsheet.discussion.rules.editing import (
    WITHDRAWN,
    mark_of,
)
from broadsheet.discussion.rules.marking import Markable, verbs_for
from broadsheet.kit.actor import Actor
from broadsheet.kit.html import SafeHtml, stored

PAGE = 50

_COLUMNS = (
    "id",
    "html",
    "source",
    "revision",
    "state",
    "rule",
    "created_at",
    "guest_number",
    "author__name",
    "author__kind",
    "author__email",
    "author__uuid",
    "thread__url",
    "thread__title",
    "parent_id",
    "parent__html",
    "parent__guest_number",
    "parent__author__name",
    "published_at",
    "thread_id",
    "voice",
    "pinned",
    "featured",
    "answer",
    "closed_at",
    "note__exact",
    "note__question",
    "has_image",
)


@dataclass(frozen=True, slots=True)
class QueueItem:
    """A comment as a moderator needs it: with its story, what it answers, and who wrote it.

    `verbs` may be decided about its state, `marks` about its marks. `phrase` is what it is on in
    the story, `question` what was asked there. Its `image` is gone with a withdrawal alone.
    """

    number: int
    state: str
    rule: str
    html: SafeHtml
    created_at: datetime
    author: Person
    kind: str
    email: str
    story_title: str
    story_url: str
    parent: int | None
    parent_author: Person | None
    parent_html: SafeHtml
    links: tuple[str, ...]
    verbs: tuple[str, ...]
    has_place: bool
    seen: str = ""
    versions: int = 1
    marks: tuple[str, ...] = ()
    thread: int = 0
    reports: Reports | None = None
    phrase: str = ""
    question: str = ""
    image: ShownImage | None = None


@dataclass(frozen=True, slots=True)
class Queue:
    """`waiting` counts all that are held, `items` is the first page of them, oldest first.

    `complained` counts the others that are reported, `reported` is the first page of those.
    """

    waiting: int
    items: tuple[QueueItem, ...]
    complained: int
    reported: tuple[QueueItem, ...]
    recent: tuple[QueueItem, ...]


def is_moderator(*, actor: Actor) -> bool:
    """Say whether the queue is open to the actor."""
    return bool(may_moderate(actor=actor))


def held_queue(*, limit: int = PAGE) -> Queue:
    """Return what waits for a moderator, what is reported, and what was decided lately.

    What waits longest comes first. Four queries, two more where something waits or is reported and
    two where something is reported, and one more for each of its lists that has an image.
    """
    held = Comment.objects.filter(held_at__isnull=False)
    items = _items(held.order_by("held_at", "pk").values(*_COLUMNS)[:limit])
    waiting, complained = held.count(), reported_count()
    numbers = reported_numbers(limit=limit) if complained else []
    chosen = Comment.objects.filter(pk__in=numbers).values(*_COLUMNS)
    found = {item.number: item for item in _items(chosen)} if numbers else {}
    reports = reports_of([*found, *(item.number for item in items)])
    return Queue(
        waiting=waiting,
        items=_with_reports(items, reports),
        complained=complained,
        reported=_with_reports([found[number] for number in numbers if number in found], reports),
        recent=recent(limit=limit),
    )


def recent(*, limit: int = PAGE) -> tuple[QueueItem, ...]:
    """Return the newest comments that are published or removed, the newest first.

    One query, one more where they have images.
    """
    rows = Comment.objects.filter(held_at__isnull=True).order_by("-pk")
    return _items(rows.values(*_COLUMNS)[:limit])


def queue_item(*, number: int) -> QueueItem | None:
    """Return one comment as the queue shows it, with its reports. Two to four queries."""
    found = _items(Comment.objects.filter(pk=number).values(*_COLUMNS))
    return _with_reports(found, reports_of([number]))[0] if found else None


def _with_reports(
    items: Iterable[QueueItem], reports: Mapping[int, Reports]
) -> tuple[QueueItem, ...]:
    return tuple(replace(item, reports=reports.get(item.number)) for item in items)


def _items(rows: Iterable[Row]) -> tuple[QueueItem, ...]:
    rows = list(rows)
    pictured = [row["id"] for row in rows if row["has_image"]]
    images = images_of(pictured) if pictured else {}
    return tuple(_item(row, images.get(row["id"])) for row in rows)


def _item(row: Row, image: ShownImage | None) -> QueueItem:
    answered = Person(name=row["parent__author__name"] or "", guest=row["parent__guest_number"])
    return QueueItem(
        number=row["id"],
        state=row["state"],
        rule=row["rule"],
        html=stored(row["html"]),
        created_at=row["created_at"],
        author=person(row),
        kind=row["author__kind"],
        email=row["author__email"],
        story_title=row["thread__title"],
        story_url=row["thread__url"],
        parent=row["parent_id"],
        parent_author=answered if row["parent_id"] else None,
        parent_html=stored(row["parent__html"] or ""),
        links=links_of(row["html"]),
        verbs=_verbs(row),
        has_place=row["published_at"] is not None,
        seen=mark_of(row["source"]),
        versions=row["revision"],
        marks=verbs_for(_markable(row)),
        thread=row["thread_id"],
        phrase=row["note__exact"] or "",
        question=row["note__question"] or "",
        image=image,
    )


def _markable(row: Row) -> Markable:
    has = {mark: row[mark] for mark in ("pinned", "featured", "answer")}
    has["closed"] = row["closed_at"]
    return Markable(
        is_root=row["parent_id"] is None,
        is_public=row["state"] == Comment.State.PUBLISHED,
        by_staff=bool(row["voice"]),
        marks=frozenset(mark for mark, there in has.items() if there),
    )


def _verbs(row: Row) -> tuple[str, ...]:
    """Return what may be decided about it. What its author took back, nobody else restores."""
    if row["rule"] == WITHDRAWN:
        return ()
    return tuple(verb for verb, states in FROM.items() if row["state"] in states)
