"""What moderators read, and what an author may read of their own comment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from broadsheet.discussion.comments.markdown import links_of
from broadsheet.discussion.comments.rows import Row, person
from broadsheet.discussion.comments.shown import Person
from broadsheet.discussion.images.queries import images_of
from broadsheet.discussion.images.shown import ShownImage
from broadsheet.discussion.models import Comment, Decision, Vote
from broadsheet.discussion.reports.queries import (
    Reports,
    reported_count,
    reported_numbers,
    reports_of,
)
from broadsheet.discussion.rules.deciding import FROM, may_moderate
from broadsheet.discussion.rules.editing import (
    WITHDRAWN,
    Written,
    editable_until,
    mark_of,
    may_edit,
)
from broadsheet.discussion.rules.marking import MARKS, Markable, verbs_for
from broadsheet.discussion.rules.policy import Policy
from broadsheet.kit.actor import Actor
from broadsheet.kit.html import SafeHtml, stored

PAGE = 50
OWN_VOTES = 2_000

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
_WRITTEN = ("pk", "state", "created_at", "thread__closed_at", "thread__hidden_at")


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


@dataclass(frozen=True, slots=True)
class Status:
    """An author's own comment: what became of it, why, and when that was decided.

    Title and address of the story are empty while it is not public.
    """

    number: int
    state: str
    rule: str
    reason: str
    html: SafeHtml
    source: str
    created_at: datetime
    decided_at: datetime | None
    story_title: str
    story_url: str
    thread_id: int = 0
    image: ShownImage | None = None


@dataclass(frozen=True, slots=True)
class Mine:
    """What is one person's own in a thread: votes by comment, comments that wait, comments.

    `editable_until` has those of `own` that can still be changed, with the time at which that ends,
    or None.
    """

    votes: dict[int, int]
    held: tuple["HeldComment", ...]
    own: tuple[int, ...]
    editable_until: dict[int, datetime | None]


@dataclass(frozen=True, slots=True)
class HeldComment:
    """A comment that waits, as its author may see it."""

    number: int
    parent: int | None
    rule: str
    source: str
    html: SafeHtml
    created_at: datetime


@dataclass(frozen=True, slots=True)
class WrittenComment:
    """A comment as its own author sees it in a list, whatever became of it."""

    number: int
    state: str
    rule: str
    html: SafeHtml
    created_at: datetime
    image: ShownImage | None = None


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


def status_for(*, owner: str, number: int) -> Status | None:
    """Return what became of the comment `number` of the actor `owner`; None when it is not theirs.

    Two queries, three where it has an image.
    """
    comment = (
        Comment.objects.filter(pk=number, author__owner=owner).select_related("thread").first()
    )
    if comment is None:
        return None
    # What is said of it beside its words is no answer to its author.
    said = Decision.objects.filter(comment=comment).exclude(verb__in=MARKS)
    last = said.order_by("-sequence")
    decision: Row = last.values("at", "reason__text").first() or {}
    readable = comment.thread.hidden_at is None
    return Status(
        number=comment.pk,
        state=comment.state,
        rule=comment.rule,
        reason=decision.get("reason__text") or "",
        html=stored(comment.html),
        source=comment.source,
        created_at=comment.created_at,
        decided_at=decision.get("at"),
        story_title=comment.thread.title if readable else "",
        story_url=comment.thread.url if readable else "",
        thread_id=comment.thread_id,
        image=images_of([number]).get(number) if comment.has_image else None,
    )


def mine_in(*, actor: Actor, thread_id: int, policy: Policy, now: datetime) -> Mine:
    """Return what is the actor's own in a thread. Three queries; at most OWN_VOTES votes."""
    wrote = Comment.objects.filter(author__owner=actor.id, thread=thread_id).order_by("-pk")
    own = list(wrote.values(*_WRITTEN)[:OWN_VOTES])
    held = wrote.filter(held_at__isnull=False).order_by("pk")
    return Mine(
        votes=my_votes(owner=actor.id, thread_id=thread_id),
        held=tuple(
            HeldComment(
                row.pk, row.parent_id, row.rule, row.source, stored(row.html), row.created_at
            )
            for row in held[:PAGE]
        ),
        own=tuple(row["pk"] for row in own),
        editable_until={
            row["pk"]: editable_until(created_at=row["created_at"], policy=policy)
            for row in own
            if may_edit(actor=actor, written=_written(row, actor), policy=policy, now=now)
        },
    )


def written_in(*, owner: str, thread_id: int) -> tuple[WrittenComment, ...]:
    """Return what the actor wrote in a thread, the newest first; at most OWN_VOTES.

    One query, one more where they have images.
    """
    wrote = Comment.objects.filter(author__owner=owner, thread=thread_id).order_by("-pk")
    rows = wrote.values("pk", "state", "rule", "html", "created_at", "has_image")[:OWN_VOTES]
    pictured = [row["pk"] for row in rows if row["has_image"]]
    images = images_of(pictured) if pictured else {}
    return tuple(
        WrittenComment(
            number=row["pk"],
            state=row["state"],
            rule=row["rule"],
            html=stored(row["html"]),
            created_at=row["created_at"],
            image=images.get(row["pk"]),
        )
        for row in rows
    )


def my_votes(*, owner: str, thread_id: int) -> dict[int, int]:
    """Return the actor's votes in a thread, by comment: 1 or -1. One query."""
    votes = Vote.objects.filter(voter=owner, comment__thread=thread_id).order_by("-comment")
    return dict(votes.values_list("comment_id", "value")[:OWN_VOTES])


def my_vote(*, owner: str, number: int) -> int:
    """Return the actor's vote on one comment: 1, -1, or 0 for none. One query."""
    return (
        Vote.objects.filter(voter=owner, comment=number).values_list("value", flat=True).first()
        or 0
    )


def _written(row: Row, actor: Actor) -> Written:
    return Written(
        owner=actor.id,
        state=row["state"],
        created_at=row["created_at"],
        closed=row["thread__closed_at"] is not None,
        hidden=row["thread__hidden_at"] is not None,
    )


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
