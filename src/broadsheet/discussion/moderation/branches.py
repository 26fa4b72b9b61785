"""Removing a comment with all that stands below it, by one decision."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection, transaction

from broadsheet.discussion import chain
from broadsheet.discussion.house.queries import current_rules
from broadsheet.discussion.models import Comment
from broadsheet.discussion.moderation.concerns import require_no_concern
from broadsheet.discussion.moderation.moves import Standing, move_all, remember, standing_of
from broadsheet.discussion.reports.operations import settle
from broadsheet.discussion.rules import deciding
from broadsheet.discussion.rules.citing import cite
from broadsheet.discussion.threads.operations import lock_thread_of
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import require

# From a comment downwards, one look into the index of answers each.
_BELOW: Final = """
WITH RECURSIVE below(id) AS (
    SELECT id FROM discussion_comment WHERE id = %s
    UNION ALL
    SELECT answer.id FROM below JOIN discussion_comment answer ON answer.parent_id = below.id
)
SELECT id FROM below
"""
_TOGETHER: Final = 500


@dataclass(frozen=True, slots=True)
class BranchRemoved:
    """`comments` were hidden by it, the one at the top among them if it was not before."""

    number: int
    comments: int
    sequence: int
    state: str = "removed"


def remove_branch(
    *,
    actor: Actor,
    comment_id: int,
    rule: str,
    reason: str,
    now: datetime,
    seen: str = "",
    alone: bool = False,
) -> BranchRemoved:
    """Remove a comment and all below it that is not removed, held ones too: one decision.

    What was removed before stays what it was, also when this is undone. `rule`, `reason`, `seen`
    and `alone` as in `decide`. Nobody hides in a branch what concerns them, except their own.
    Raises RefusalError, UnknownCommentError.
    """
    require(deciding.may_moderate(actor=actor))
    words = reason.strip()
    with transaction.atomic():
        thread = lock_thread_of(comment_id)
        top = Comment.objects.only("source", "state", "author__owner").select_related("author")
        comment = top.get(pk=comment_id)
        branch = branch_of(comment_id)
        own = {one.pk for one in branch if one.author.owner == actor.id and one.pk != comment_id}
        judged = {comment_id, *(one.pk for one in branch)} - own
        require_no_concern(actor=actor, numbers=judged, alone=alone)
        book = current_rules()
        require(
            deciding.may_remove_branch(
                actor=actor, left=len(branch), rule=rule, reason=words, rules=book.keys
            )
        )
        require(deciding.is_seen(seen=seen, source=comment.source))
        before = {one.pk: (one.author_id, standing_of(one)) for one in branch}
        decision = chain.append(
            thread=thread,
            comment=comment,
            verb="remove_branch",
            rule=rule,
            actor=actor,
            now=now,
            reason=words,
            book=book,
        )
        cited = cite(entry=decision.sequence, rule=rule, book=book)
        removed = Standing(Comment.State.REMOVED, rule, cited=cited)
        move_all(thread=thread, comments=branch, to=dict.fromkeys(before, removed))
        remember(decision=decision, before=before, to=dict.fromkeys(before, removed.state))
        settle(list(before), decision=decision, upheld=True, now=now)
    return BranchRemoved(comment_id, len(before), decision.sequence)


def branch_of(number: int) -> list[Comment]:
    """Return what is not removed of a comment and all below it, without the words."""
    with connection.cursor() as cursor:
        cursor.execute(_BELOW, [number])
        numbers = [found for (found,) in cursor.fetchall()]
    left: list[Comment] = []
    for start in range(0, len(numbers), _TOGETHER):
        rows = Comment.objects.filter(pk__in=numbers[start : start + _TOGETHER])
        left += (
            rows.exclude(state=Comment.State.REMOVED)
            .select_related("author")
            .defer("source", "html")
            .order_by("pk")
        )
    return left
