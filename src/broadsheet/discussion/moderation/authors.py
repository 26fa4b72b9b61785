"""Having all that somebody writes read first, and no more."""

from datetime import datetime

from django.db import transaction

from broadsheet.discussion import chain
from broadsheet.discussion.models import Comment, Participant
from broadsheet.discussion.moderation.concerns import require_no_concern
from broadsheet.discussion.moderation.moves import remember_still
from broadsheet.discussion.moderation.operations import Decided
from broadsheet.discussion.rules import deciding
from broadsheet.discussion.threads.operations import lock_thread_of
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import require


def hold_author(
    *,
    actor: Actor,
    comment_id: int,
    rule: str,
    reason: str,
    now: datetime,
    free: bool = False,
    alone: bool = False,
) -> Decided:
    """Let all wait from now on that the author of a comment writes; or, with `free`, no more.

    Under every name that their device or account writes under. What is public stays so, and what
    waits stays to be decided about. `rule`, `reason` and `alone` as in `decide`. Raises
    RefusalError, UnknownCommentError.
    """
    require(deciding.may_moderate(actor=actor))
    words, verb = reason.strip(), "free_author" if free else "hold_author"
    with transaction.atomic():
        thread = lock_thread_of(comment_id)
        require_no_concern(actor=actor, numbers=[comment_id], alone=alone)
        wanted = Comment.objects.select_related("author").only("state", "voice", "author__owner")
        comment = wanted.get(pk=comment_id)
        people = Participant.objects.filter(owner=comment.author.owner)
        # All of them, and in one order: two moderators may be at two names of one person.
        locked = people.select_for_update().order_by("pk").in_bulk()
        author = locked[comment.author_id]
        require(
            deciding.may_hold_author(
                actor=actor,
                verb=verb,
                read_first=author.read_first_at is not None,
                by_staff=bool(comment.voice),
                rule=rule,
                reason=words,
            )
        )
        people.update(read_first_at=None if free else now)
        decision = chain.append(
            thread=thread,
            comment=comment,
            verb=verb,
            rule="" if free else rule,
            actor=actor,
            now=now,
            reason=words,
        )
        remember_still(decision=decision, comment=comment)
    return Decided(comment_id, comment.state, decision.sequence)
