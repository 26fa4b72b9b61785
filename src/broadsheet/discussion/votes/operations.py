"""Voting: one vote per person and comment, which can be changed and taken back."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from broadsheet.discussion.comments import counters
from broadsheet.discussion.comments.people import is_new_in_raid
from broadsheet.discussion.models import Comment, Vote, VoteTally
from broadsheet.discussion.rules import importing, voting
from broadsheet.discussion.sanctions.in_force import LIMITED, reached
from broadsheet.discussion.sanctions.letting import let_vote
from broadsheet.discussion.statements import first, insert, run
from broadsheet.discussion.threads.operations import (
    UnknownCommentError,
    advance_thread_of,
    lock_thread_of,
)
from broadsheet.discussion.threads.standing import is_shut
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import require

_VOTED_ON = f"""
SELECT comment.state, comment.up, comment.down, author.owner, (
    SELECT value FROM discussion_vote WHERE comment_id = comment.id AND voter = %s
), (
    SELECT count(*) FROM (SELECT 1 FROM discussion_vote WHERE voter = %s LIMIT %s) earlier
), ({LIMITED})
FROM discussion_comment comment JOIN discussion_participant author ON author.id = comment.author_id
WHERE comment.id = %s
"""  # noqa: S608 - a question of our own
_ADD = """
UPDATE discussion_comment
SET up = up + %s, down = down + %s, score = score + %s, tallied = %s WHERE id = %s
"""


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


def vote(
    *, actor: Actor, comment_id: int, value: int, now: datetime, up_only: bool = False
) -> Voted:
    """Set the actor's vote on a comment to 1 (useful), -1 (not useful), or 0 (taken back).

    The same vote again changes nothing; with `up_only` there is no -1. A vote keeps the weight that
    its voter had when they first cast it. Raises RefusalError, UnknownCommentError. Four queries,
    one more in a raid.
    """
    with transaction.atomic():
        thread = advance_thread_of(comment_id)
        reaches = reached(actor=actor)
        asked = reaches.asked(now)
        row = first(_VOTED_ON, actor.id, actor.id, voting.COUNTED, *asked, comment_id)
        if row is None:
            raise UnknownCommentError(comment_id)
        state, up, down, owner, mine, earlier, limited = row
        require(
            voting.may_vote(
                actor=actor,
                owner=owner,
                published=state == Comment.State.PUBLISHED,
                closed=is_shut(thread, now=now),
                value=value,
                up_only=up_only,
                in_raid=is_new_in_raid(actor, thread, now=now),
            )
        )
        if limited:
            let_vote(actor=actor, reaches=reaches, now=now)
        before = mine or 0
        more_up = (value == 1) - (before == 1)
        more_down = (value == -1) - (before == -1)
        if before == value:
            # Nothing happened, so there was no event either.
            transaction.set_rollback(True)
        else:
            weight = voting.weight_of(actor=actor, earlier=earlier)
            cast = Vote(
                comment_id=comment_id, voter=actor.id, value=value, weight=weight, cast_at=now
            )
            _write(cast, before=before)
            _add(comment_id, up=more_up, down=more_down, event=thread.events)
    return Voted(comment_id, up + more_up, down + more_down, value, thread.url)


def import_tally(*, actor: Actor, comment_id: int, source: str, up: int, down: int) -> None:
    """Set the totals that came with a comment from another system; a second import replaces them.

    `source` names the system. Raises RefusalError for people, ValueError for a negative total.
    """
    require(importing.may_import(actor=actor))
    if up < 0 or down < 0:
        raise ValueError(f"a tally counts votes, it cannot be +{up} and -{down}")
    with transaction.atomic():
        thread = lock_thread_of(comment_id)
        tally = VoteTally.objects.filter(comment=comment_id).first()
        before = (tally.up, tally.down) if tally else (0, 0)
        if tally and (*before, tally.source) == (up, down, source):
            return
        VoteTally.objects.update_or_create(
            comment_id=comment_id, defaults={"source": source, "up": up, "down": down}
        )
        event = counters.next_event(thread)
        _add(comment_id, up=up - before[0], down=down - before[1], event=event)
        thread.save(update_fields=["events"])


def _write(cast: Vote, *, before: int) -> None:
    of_comment = cast.comment_id, cast.voter
    if cast.value == 0:
        run("DELETE FROM discussion_vote WHERE comment_id = %s AND voter = %s", *of_comment)
    elif before:
        Vote.objects.filter(comment=cast.comment_id, voter=cast.voter).update(
            value=cast.value, cast_at=cast.cast_at
        )
    else:
        insert(cast)


def _add(comment_id: int, *, up: int, down: int, event: int) -> None:
    """Add to a comment's totals at this event of its thread, under the thread's lock."""
    run(_ADD, up, down, up - down, event, comment_id)
