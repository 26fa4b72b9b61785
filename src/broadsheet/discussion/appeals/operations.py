"""Asking for a second look at a decision; what answers it."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import batched
from typing import Final, cast

from django.db import transaction

from broadsheet.discussion import chain, waiting
from broadsheet.discussion.appeals.queries import in_force
from broadsheet.discussion.models import Appeal, Comment, Decision, Sanction, Thread
from broadsheet.discussion.rules import appealing, texts
from broadsheet.discussion.rules.undoing import OF_PERSON, reference
from broadsheet.discussion.sanctions.in_force import reached, reaches_of, standing
from broadsheet.discussion.threads.operations import lock_thread_of
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import require

_TOGETHER: Final = 500


class UnknownLimitError(LookupError):
    """Nothing that holds, or held, for somebody has this number."""


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
        by = f"participant:{comment.author.uuid}"
        asked = _ask(
            actor, by=by, about=decision, comment=comment, words=said, thread=thread, now=now
        )
    return Asked(comment_id, decision.sequence, asked.sequence)


def ask_about_limit(*, actor: Actor, limit: int, words: str, now: datetime) -> Asked:
    """Ask the moderators to look once more at what holds for oneself.

    Who is reached by their network alone may ask, too. Raises RefusalError, and
    UnknownLimitError where there is none of this number.
    """
    said = texts.clean_text(words)
    with transaction.atomic():
        about = Sanction.objects.filter(pk=limit).values_list("decision__comment", flat=True)
        if (number := about.first()) is None:
            raise UnknownLimitError(limit)
        thread = lock_thread_of(number)
        row = Sanction.objects.select_related("decision__comment__author").get(pk=limit)
        asked = Appeal.objects.filter(decision=row.decision, asker=actor.id)
        mine = Sanction.objects.filter(reaches_of(reached(actor=actor), now=now), pk=limit)
        require(
            appealing.may_appeal_limit(
                reached=mine.exists(),
                holds=standing(now=now).filter(pk=limit).exists(),
                asked=asked.exists(),
                own=row.owner == actor.id,
                open_ones=Appeal.objects.filter(decision=row.decision, settled_at=None).count(),
            )
        )
        require(appealing.is_fit(words=said))
        # The occasion of a limit is a comment.
        comment = cast("Comment", row.decision.comment)
        by = comment.author.uuid if row.owner == actor.id else "somebody"
        asking = _ask(
            actor,
            by=f"participant:{by}",
            about=row.decision,
            comment=comment,
            words=said,
            thread=thread,
            now=now,
        )
    return Asked(number, row.decision.sequence, asking.sequence)


def settle_limit_appeals(*, about: Decision, outcome: Decision, now: datetime) -> None:
    """Answer who asked about a limit that was lifted or undone; the queue is up to date then."""
    asked = Appeal.objects.filter(decision=about, settled_at=None)
    if asked.update(settled_at=now, upheld=False, outcome=outcome):
        waiting.refresh([about.comment_id or 0])


def settle_appeals(
    numbers: Collection[int],
    *,
    decision: Decision,
    upheld: bool,
    now: datetime,
) -> None:
    """Answer what is asked about comments by a decision. The caller refreshes the queue.

    What leaves a comment hidden is no answer from whoever hid it. What holds
    for its author is another matter (`settle_limit_appeals`).
    """
    for group in batched(numbers, _TOGETHER):
        asked = Appeal.objects.filter(comment__in=group, settled_at=None)
        asked = asked.exclude(decision__verb__in=OF_PERSON)
        if upheld:
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


def _ask(
    actor: Actor,
    *,
    by: str,
    about: Decision,
    comment: Comment,
    words: str,
    thread: Thread,
    now: datetime,
) -> Decision:
    """Write the question down: in the chain `by` a participant, whom an erasure can forget."""
    asked = chain.append(
        thread=thread,
        comment=comment,
        verb=appealing.APPEAL,
        rule=reference(about.sequence),
        actor=replace(actor, id=by, roles=frozenset()),
        now=now,
    )
    Appeal.objects.create(
        decision=about, comment=comment, asker=actor.id, words=words, asked=asked, asked_at=now
    )
    waiting.refresh([comment.pk])
    return asked


def _is_asked(comment: Comment, decision: Decision) -> bool:
    return Appeal.objects.filter(comment=comment, decision=decision).exists()
