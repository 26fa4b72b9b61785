"""What an author may do with a comment of their own, and the versions of one that was edited."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from broadsheet.discussion.comments.rows import facts, person
from broadsheet.discussion.comments.shown import Person, ThreadFacts
from broadsheet.discussion.editing.operations import written_of
from broadsheet.discussion.models import Comment, CommentRevision
from broadsheet.discussion.rules import editing
from broadsheet.discussion.rules.policy import Policy
from broadsheet.kit.actor import Actor
from broadsheet.kit.diffs import Paragraph, Run, compare
from broadsheet.kit.html import SafeHtml, stored
from broadsheet.kit.verdict import Verdict


@dataclass(frozen=True, slots=True)
class OwnComment:
    """A comment as its author may change it.

    `seen` is the mark of its present words, `until` when they can no longer be changed (None for
    no such time). Title and address of the story are empty while it is not public.
    """

    number: int
    state: str
    source: str
    html: SafeHtml
    seen: str
    has_place: bool
    may_edit: Verdict
    may_withdraw: Verdict
    until: datetime | None
    story_title: str
    story_url: str
    has_image: bool = False

    @property
    def is_public(self) -> bool:
        return self.state == Comment.State.PUBLISHED


@dataclass(frozen=True, slots=True)
class Version:
    """One version, with what changed against the one before it, line by line of what was typed.

    `blanked_at`: a moderator took its words away. `whole`: there is nothing to compare it with.
    """

    number: int
    written_at: datetime
    blanked_at: datetime | None
    lines: tuple[Paragraph, ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class Versions:
    """A comment's versions, the present one first."""

    number: int
    author: Person
    thread: ThreadFacts
    is_public: bool
    versions: tuple[Version, ...]


def own_comment(*, actor: Actor, number: int, policy: Policy, now: datetime) -> OwnComment | None:
    """Return the actor's own comment `number`; None when it is not theirs. One query."""
    rows = Comment.objects.filter(pk=number, author__owner=actor.id)
    comment = rows.select_related("thread", "author").first()
    if comment is None:
        return None
    written = written_of(comment, comment.thread, now=now)
    return OwnComment(
        number=comment.pk,
        state=comment.state,
        source=comment.source,
        html=stored(comment.html),
        seen=editing.mark_of(comment.source),
        has_place=comment.published_at is not None,
        may_edit=editing.may_edit(actor=actor, written=written, policy=policy, now=now),
        may_withdraw=editing.may_withdraw(actor=actor, written=written),
        until=editing.editable_until(created_at=comment.created_at, policy=policy),
        story_title="" if written.hidden else comment.thread.title,
        story_url="" if written.hidden else comment.thread.url,
        has_image=comment.has_image,
    )


def is_standing(*, number: int) -> bool:
    """Say whether anybody may know that there is this comment. One query."""
    return Comment.objects.filter(
        pk=number, published_at__isnull=False, thread__hidden_at=None
    ).exists()


def comment_versions(*, number: int, for_staff: bool = False) -> Versions | None:
    """Return the versions of a comment that can be read, or None where there is but one.

    Readers are shown those of a published comment alone. Two queries.
    """
    rows = Comment.objects.filter(pk=number, revision__gt=1).select_related("thread", "author")
    if not for_staff:
        rows = rows.filter(state=Comment.State.PUBLISHED, thread__hidden_at=None)
    comment = rows.first()
    if comment is None:
        return None
    now = CommentRevision(
        number=comment.revision,
        source=comment.source,
        written_at=comment.edited_at or comment.created_at,
    )
    earlier = comment.revisions.defer("html").order_by("number")
    author = {"guest_number": comment.guest_number, "author__name": comment.author.name}
    return Versions(
        number=comment.pk,
        author=person(author),
        thread=facts(comment.thread),
        is_public=comment.state == Comment.State.PUBLISHED,
        versions=tuple(_compared([*earlier, now]))[::-1],
    )


def _compared(rows: Sequence[CommentRevision]) -> Iterator[Version]:
    for row, before in zip(rows, [None, *rows[:-1]], strict=True):
        old = None if before is None or before.blanked_at else _lines(before.source)
        new = _lines(row.source)
        lines = tuple(Paragraph((Run("same", line),)) for line in new)
        if old is not None and not row.blanked_at:
            lines = compare(before=old, after=new)
        yield Version(row.number, row.written_at, row.blanked_at, lines, whole=old is None)


def _lines(source: str) -> list[str]:
    return [line for line in source.split("\n") if line.strip()]
