"""Answering an author who asked for a second look: what was decided stands."""

from datetime import datetime
from typing import cast

from django.db import transaction

from broadsheet.discussion import chain, waiting
from broadsheet.discussion.models import Appeal, Claim, Comment
from broadsheet.discussion.moderation.concerns import require_no_concern
from broadsheet.discussion.moderation.moves import remember_still
from broadsheet.discussion.moderation.operations import Decided
from broadsheet.discussion.rules import appealing, deciding
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

    Whoever took it lets somebody else answer, unless they are owner and `alone`. Bringing the
    comment back answers, too: `decide`. Raises as `decide` does.
    """
    require(deciding.may_moderate(actor=actor))
    words = reason.strip()
    with transaction.atomic():
        thread = lock_thread_of(comment_id)
        require_no_concern(actor=actor, numbers=[comment_id], alone=alone)
        comment = Comment.objects.only("state", "author_id", "source").get(pk=comment_id)
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
        Appeal.objects.filter(pk=appeal.pk).update(settled_at=now, upheld=True, outcome=decision)
        Claim.objects.filter(comment=comment).delete()
        waiting.refresh([comment_id])
    return Decided(comment_id, comment.state, decision.sequence)
