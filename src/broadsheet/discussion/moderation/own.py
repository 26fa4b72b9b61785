"""What an author may read of their own comments, whatever became of them, and of their votes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from broadsheet.discussion.comments.rows import Row
from broadsheet.discussion.house.queries import rules_of_version
from broadsheet.discussion.images.queries import images_of
from broadsheet.discussion.images.shown import ShownImage
from broadsheet.discussion.models import Comment, Decision, Vote
from broadsheet.discussion.rules.appealing import SAYING
from broadsheet.discussion.rules.editing import Written, editable_until, may_edit
from broadsheet.discussion.rules.house import HouseRule, Rulebook
from broadsheet.discussion.rules.marking import MARKS
from broadsheet.discussion.rules.policy import Policy
from broadsheet.discussion.rules.sieving import RULES as FILTERS
from broadsheet.kit.actor import Actor
from broadsheet.kit.html import SafeHtml, stored

MOST_HELD = 50
OWN_VOTES = 2_000

_WRITTEN = ("pk", "state", "created_at", "thread__closed_at", "thread__hidden_at")


@dataclass(frozen=True, slots=True)
class Status:
    """An author's own comment: what became of it, why, and when that was decided.

    Title and address of the story are empty while it is not public. `entry` is the number of the
    decision in the log, `book` has the house rules under which it was taken. `found` is
    what a filter found in it, if that is why it waits, and `house` the key of the rule suspected.
    `blanked`: what was decided last took earlier words or an image away.
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
    entry: int = 0
    book: Rulebook | None = None
    found: str = ""
    house: str = ""
    blanked: bool = False

    @property
    def suspected(self) -> HouseRule | None:
        """The house rule that a filter suspects it to break, in the words in force then."""
        return self.book.rule(self.house) if self.book else None

    @property
    def suspected_number(self) -> int:
        return self.book.number(self.house) if self.book else 0

    @property
    def broken(self) -> HouseRule | None:
        """The house rule that was applied, in the words that were in force then."""
        return self.book.rule(self.rule) if self.book else None

    @property
    def broken_number(self) -> int:
        return self.book.number(self.rule) if self.book else 0


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


def status_for(*, owner: str, number: int) -> Status | None:
    """Return what became of the comment `number` of the actor `owner`; None when it is not theirs.

    Two queries, one more each where it has an image and where a house rule was applied.
    """
    comment = (
        Comment.objects.filter(pk=number, author__owner=owner).select_related("thread").first()
    )
    if comment is None:
        return None
    # What is said of it beside its words is no answer to its author.
    # One that hid a whole branch is about what stands at its top.
    with_branch = Decision.objects.filter(
        Q(comment=comment) | Q(moved__comment=comment, moved__undone=False)
    )
    last = with_branch.exclude(verb__in=[*MARKS, *SAYING]).order_by("-sequence").distinct()
    columns = ("at", "verb", "sequence", "rules", "reason__text", "reason__facts")
    decision: Row = last.values(*columns).first() or {}
    version = decision.get("rules")
    readable = comment.thread.hidden_at is None
    said = _said(comment.rule, decision.get("reason__facts") or "")
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
        found=said.get("found", ""),
        house=said.get("house", ""),
        blanked=decision.get("verb") == Decision.Verb.BLANK,
        image=images_of([number]).get(number) if comment.has_image else None,
        entry=decision.get("sequence") or 0,
        book=rules_of_version(version=version) if version else None,
    )


def _said(rule: str, facts: str) -> Mapping[str, str]:
    """Return what a decision says of what a filter found, where one is why a comment waits."""
    said: Mapping[str, str] = json.loads(facts) if facts and rule in FILTERS else {}
    return said


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
            for row in held[:MOST_HELD]
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
