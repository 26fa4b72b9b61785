"""Voting: one vote per person and comment, which can be changed and taken back."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import OuterRef, Subquery

from broadsheet.discussion.comments import counters
from broadsheet.discussion.models import Comment, Vote, VoteTally
from broadsheet.discussion.rules import importing, voting
from broadsheet.discussion.threads.operations import advance_thread_of, lock_thread_of
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import require


@dataclass(frozen=True, slots=True)
class Voted:
    """The comment's totals after the vote, and what the person's vote is now (-1, 0 or 1)."""

    number: int
    up: int
    down: int
    mine: int
    thread_url: str

    @property
    def score(self) -> int:
        return self.up - self.down


def vote(*, actor: Actor, comment_id: int, value: int, now: datetime) -> Voted:
    """Set the actor's vote on a comment to 1 (useful), -1 (not useful), or 0 (taken back).

    The same vote again changes nothing. Raises RefusalError, UnknownCommentError. Four queries.
    """
    with transaction.atomic():
        thread = advance_thread_of(comment_id)
        mine = Vote.objects.filter(comment=OuterRef("pk"), voter=actor.id).values("value")
        comment = (
            Comment.objects.only("state", "up", "down", "author__owner")
            .select_related("author")
            .annotate(mine=Subquery(mine))
            .get(pk=comment_id)
        )
        require(
            voting.may_vote(
                actor=actor,
                owner=comment.author.owner,
                published=comment.state == Comment.State.PUBLISHED,
                closed=bool(thread.closed_at or thread.hidden_at),
                value=value,
            )
        )
        before = comment.mine or 0
        if before == value:
            # Nothing happened, so there was no event either.
            transaction.set_rollback(True)
        else:
            _write(comment, actor=actor, before=before, value=value, now=now)
            up = (value == 1) - (before == 1)
            down = (value == -1) - (before == -1)
            _add(comment, up=up, down=down)
    return Voted(comment_id, comment.up, comment.down, value, thread.url)


def import_tally(*, actor: Actor, comment_id: int, source: str, up: int, down: int) -> None:
    """Set the totals that came with a comment from another system; a second import replaces them.

    `source` names the system. Raises RefusalError for people, ValueError for a negative total.
    """
    require(importing.may_import(actor=actor))
    if up < 0 or down < 0:
        raise ValueError(f"a tally counts votes, it cannot be +{up} and -{down}")
    with transaction.atomic():
        thread = lock_thread_of(comment_id)
        comment = Comment.objects.only("up", "down").get(pk=comment_id)
        tally = VoteTally.objects.filter(comment=comment).first()
        before = (tally.up, tally.down) if tally else (0, 0)
        if tally and (*before, tally.source) == (up, down, source):
            return
        VoteTally.objects.update_or_create(
            comment=comment, defaults={"source": source, "up": up, "down": down}
        )
        _add(comment, up=up - before[0], down=down - before[1])
        counters.next_event(thread)
        thread.save(update_fields=["events"])


def _write(comment: Comment, *, actor: Actor, before: int, value: int, now: datetime) -> None:
    own = Vote.objects.filter(comment=comment, voter=actor.id)
    if value == 0:
        own.delete()
    elif before:
        own.update(value=value, cast_at=now)
    else:
        Vote.objects.create(comment=comment, voter=actor.id, value=value, cast_at=now)


def _add(comment: Comment, *, up: int, down: int) -> None:
    """Add to the totals. Under the thread's lock the values read are the newest there are."""
    comment.up += up
    comment.down += down
    comment.score = comment.up - comment.down
    comment.save(update_fields=["up", "down", "score"])
