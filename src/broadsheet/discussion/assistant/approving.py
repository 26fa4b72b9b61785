"""Publishing without people: only far below what is proven, and never anything else."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.db import transaction

from broadsheet.discussion import chain
from broadsheet.discussion.comments.states import move
from broadsheet.discussion.models import Assistant, Comment, Waiting
from broadsheet.discussion.moderation.moves import remember, standing_of
from broadsheet.discussion.reports.operations import settle
from broadsheet.discussion.rules.assistant.approving import is_audited
from broadsheet.discussion.rules.assistant.standing import APPROVED, ASSISTANT, may_approve
from broadsheet.discussion.rules.editing import mark_of
from broadsheet.discussion.rules.waiting import likely_of
from broadsheet.discussion.sanctions.in_force import limits_of
from broadsheet.discussion.threads.operations import lock_thread_of

_MOST: Final = 1_000


def approve_waiting(*, now: datetime, stop: Callable[[], bool]) -> int:
    """Publish what waits and scored below the proven limit; return how many were.

    Nothing is published unless an owner chose how many errors there may be.
    """
    state = Assistant.objects.filter(pk=1).first()
    if state is None or not state.speaks or state.approves_percent is None or state.limit is None:
        return 0
    waiting = Waiting.objects.filter(
        leads=True,
        likely__lte=likely_of(state.limit),
        comment__assessment__score__lte=state.limit,
        comment__state=Comment.State.HELD,
    )
    done = 0
    for number in waiting.order_by("likely", "comment").values_list("comment", flat=True)[:_MOST]:
        if stop():
            break
        if not is_audited(comment=number, secret=state.secret):
            done += _approve(number, limit=state.limit, now=now)
    return done


def _approve(number: int, *, limit: float, now: datetime) -> bool:
    """Publish one comment, if all that was looked at is still so under its thread's lock."""
    with transaction.atomic():
        thread = lock_thread_of(number)
        comment = Comment.objects.select_related("author", "assessment").get(pk=number)
        score, owner = comment.assessment, comment.author.owner
        held = comment.state == Comment.State.HELD
        reasons = set(Waiting.objects.filter(comment=number).values_list("reason", flat=True))
        if not may_approve(
            held=held,
            rule=comment.rule,
            reasons=reasons,
            has_image=comment.has_image,
            limited=bool(limits_of(owners=[owner], now=now).get(owner)),
            proven=score.score <= limit,
            same_words=score.words == mark_of(comment.source),
        ):
            return False
        before = {number: (comment.author_id, standing_of(comment))}
        move(thread=thread, comment=comment, state=Comment.State.PUBLISHED, rule="", now=now)
        decision = chain.append(
            thread=thread,
            comment=comment,
            verb="publish",
            rule=APPROVED,
            actor=ASSISTANT,
            now=now,
            facts={"score": f"{score.score:.3f}", "limit": f"{limit:.3f}"},
        )
        remember(decision=decision, before=before, to={number: comment.state})
        settle([number], decision=decision, upheld=False, now=now)
    return True
