"""Answering an author who asked for a second look: what was decided stands."""

from datetime import datetime
from typing import cast

from django.db import transaction

from broadsheet.discussion import chain, waiting
from broadsheet.discussion.comments.counters import next_event, save_counts
from broadsheet.discussion.models import Appeal, Claim, Comment, Decision, Thread
from broadsheet.discussion.moderation.concerns import require_no_concern
from broadsheet.discussion.moderation.moves import remember_still
from broadsheet.discussion.moderation.operations import Decided
from broadsheet.discussion.rules import appealing, deciding
from broadsheet.discussion.rules.citing import answered, cited
from broadsheet.discussion.rules.undoing import reference
from broadsheet.discussion.threads.operations import lock_thread_of
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import require


def uphold(
    *,
    actor: Actor,
    comment_id: int,
    reason: str,
    now: datetime,
    seen: str = "",
    alone: bool = False,
) -> Decided:
    """Let a decision stand that the author of a comment asked about; `reason` is for them.

    Of a limit that others asked about too, all are answered.

    Whoever took it lets somebody else answer, unless they are owner and `alone`. Bringing the
    comment back answers, too: `decide`. Raises as `decide` does.
    """
    require(deciding.may_moderate(actor=actor))
    words = reason.strip()
    with transaction.atomic():
        thread = lock_thread_of(comment_id)
        require_no_concern(actor=actor, numbers=[comment_id], alone=alone)
        columns = ("state", "author_id", "source", "cited", "published_at")
        comment = Comment.objects.only(*columns).get(pk=comment_id)
        appeal = (
            Appeal.objects.filter(comment=comment, settled_at=None)
            .select_related("decision")
            .order_by("asked_at", "pk")
            .first()
        )
        require(
            appealing.may_uphold(
                actor=actor,
                decided_by=appeal.decision.actor_id if appeal else "",
                appealed=appeal is not None,
                reason=words,
                alone=alone,
            )
        )
        require(deciding.is_seen(seen=seen, source=comment.source))
        # Without one it was refused.
        appeal = cast("Appeal", appeal)
        decision = chain.append(
            thread=thread,
            comment=comment,
            verb=appealing.UPHOLD,
            rule=reference(appeal.decision.sequence),
            actor=actor,
            now=now,
            reason=words,
        )
        remember_still(decision=decision, comment=comment)
        # Several may have asked about what holds for a network.
        asked = Appeal.objects.filter(decision=appeal.decision, comment=comment, settled_at=None)
        asked.update(settled_at=now, upheld=True, outcome=decision)
        show_answer(thread=thread, comment=comment, about=appeal.decision, by=decision)
        Claim.objects.filter(comment=comment).delete()
        waiting.refresh([comment_id])
    return Decided(comment_id, comment.state, decision.sequence)


def show_answer(*, thread: Thread, comment: Comment, about: Decision, by: Decision) -> None:
    """Let the stub of a comment say that a second look let the decision stand that hid it.

    An answer about the author of it is no matter of the stub.
    """
    says = cited(comment.cited)
    if says is not None and says.entry == about.sequence:
        _say(thread, comment, answered(comment.cited, by=by.sequence))


def take_answer_back(*, thread: Thread, comment: Comment, by: Decision) -> None:
    """Let the stub of a comment no longer say that the decision `by` let it stand."""
    says = cited(comment.cited)
    if says is not None and says.upheld == by.sequence:
        _say(thread, comment, answered(comment.cited, by=0))


def _say(thread: Thread, comment: Comment, written: str) -> None:
    comment.cited = written
    told = {"cited": written}
    if comment.published_at is not None:
        # Open pages draw the stub anew.
        Comment.objects.filter(pk=comment.pk).update(**told, changed=next_event(thread))
        save_counts(thread)
        return
    Comment.objects.filter(pk=comment.pk).update(**told)
