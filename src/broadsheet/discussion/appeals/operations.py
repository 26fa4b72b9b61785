"""Asking for a second look at a decision; what answers it."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import batched
from typing import Final, cast

from django.db import transaction

from broadsheet.discussion import chain, waiting
from broadsheet.discussion.appeals.queries import in_force
from broadsheet.discussion.models import Appeal, Comment, Decision
from broadsheet.discussion.rules import appealing, texts
from broadsheet.discussion.rules.undoing import reference
from broadsheet.discussion.threads.operations import lock_thread_of
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import require

_TOGETHER: Final = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """`decision` is the number of what is asked about, `sequence` that of the asking itself."""

    number: int
    decision: int
    sequence: int


def ask_second_look(*, actor: Actor, comment_id: int, words: str, now: datetime) -> Asked:
    """Ask the moderators to look once more at why one's own comment is held or removed.

    `words` say why, and may be empty. In the chain its author stands as the participant, as when
    they take a comment back. Raises RefusalError, UnknownCommentError.
    """
    said = texts.clean_text(words)
    with transaction.atomic():
        thread = lock_thread_of(comment_id)
        comment = (
            Comment.objects.select_related("author").defer("source", "html").get(pk=comment_id)
        )
        decision = in_force(number=comment_id, state=comment.state)
        require(
            appealing.may_appeal(
                actor=actor,
                owner=comment.author.owner,
                state=comment.state,
                rule=comment.rule,
                decided_at=decision.at if decision else None,
                asked=decision is not None and _is_asked(comment, decision),
                now=now,
            )
        )
        require(appealing.is_fit(words=said))
        # Without one it was refused.
        decision = cast("Decision", decision)
        author = replace(actor, id=f"participant:{comment.author.uuid}", roles=frozenset())
        asked = chain.append(
            thread=thread,
            comment=comment,
            verb=appealing.APPEAL,
            rule=reference(decision.sequence),
            actor=author,
            now=now,
        )
        Appeal.objects.create(
            decision=decision,
            comment=comment,
            asker=actor.id,
            words=said,
            asked=asked,
            asked_at=now,
        )
        waiting.refresh([comment_id])
    return Asked(comment_id, decision.sequence, asked.sequence)


def settle_appeals(
    numbers: Collection[int],
    *,
    decision: Decision,
    upheld: bool,
    now: datetime,
    by_anybody: bool = False,
) -> None:
    """Answer what is asked about comments by a decision. The caller refreshes the queue.

    What leaves a comment hidden is no answer from whoever hid it, unless `by_anybody`.
    """
    for group in batched(numbers, _TOGETHER):
        asked = Appeal.objects.filter(comment__in=group, settled_at=None)
        if upheld and not by_anybody:
            asked = asked.exclude(decision__actor_id=decision.actor_id)
        Appeal.objects.filter(pk__in=list(asked.values_list("pk", flat=True))).update(
            settled_at=now, upheld=upheld, outcome=decision
        )


def reopen_appeals(numbers: Collection[int], *, decision: Decision) -> None:
    """Ask again what `decision` answered about these comments. The caller refreshes the queue."""
    for group in batched(numbers, _TOGETHER):
        Appeal.objects.filter(comment__in=group, outcome=decision).update(
            settled_at=None, upheld=None, outcome=None
        )


def _is_asked(comment: Comment, decision: Decision) -> bool:
    return Appeal.objects.filter(comment=comment, decision=decision).exists()
