"""Reporting a comment to the moderators, and answering reports."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef

from broadsheet.discussion import waiting
from broadsheet.discussion.appeals.operations import reopen_appeals, settle_appeals
from broadsheet.discussion.house.queries import current_rules
from broadsheet.discussion.models import Claim, Comment, Decision, Report
from broadsheet.discussion.rules import reporting, texts
from broadsheet.discussion.threads.operations import lock_thread_of
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import require

_TOGETHER: Final = 500


@dataclass(frozen=True, slots=True)
class Reported:
    """`repeated`: the same person's report of this comment is open already, and stays as it is."""

    number: int
    repeated: bool = False


def report_comment(
    *, actor: Actor, comment_id: int, rule: str, words: str, now: datetime
) -> Reported:
    """Tell the moderators that a comment breaks a rule of the house that is in force.

    Who was answered once is heard again once the words are others. Raises RefusalError,
    UnknownCommentError.
    """
    said = texts.clean_text(words)
    with transaction.atomic():
        thread = lock_thread_of(comment_id)
        comment = Comment.objects.only("state", "edited_at", "author__owner").select_related(
            "author"
        )
        reported = comment.get(pk=comment_id)
        require(
            reporting.may_report(
                actor=actor,
                owner=reported.author.owner,
                public=reported.state == Comment.State.PUBLISHED,
                hidden=thread.hidden_at is not None,
            )
        )
        require(reporting.is_fit(rule=rule, words=said, rules=current_rules().keys))
        before = Report.objects.filter(comment=reported, reporter=actor.id)
        settled = list(before.values_list("settled_at", flat=True))
        if None in settled:
            return Reported(comment_id, repeated=True)
        last = max(filter(None, settled), default=None)
        require(reporting.may_report_again(answered_at=last, edited_at=reported.edited_at))
        Report.objects.create(
            comment=reported, reporter=actor.id, rule=rule, words=said, reported_at=now
        )
        waiting.refresh([comment_id])
    return Reported(comment_id)


def settle(numbers: Collection[int], *, decision: Decision, upheld: bool, now: datetime) -> None:
    """Answer all open reports of comments by a decision, and bring the queue up to date.

    What their authors asked about is answered by it, too: `upheld`, they stay hidden. The caller
    holds the thread's lock.
    """
    settle_reports(numbers, decision=decision, upheld=upheld, now=now)
    for group in batched(numbers, _TOGETHER):
        Claim.objects.filter(comment__in=group).delete()
    settle_appeals(numbers, decision=decision, upheld=upheld, now=now)
    waiting.refresh(numbers)


def settle_reports(
    numbers: Collection[int], *, decision: Decision, upheld: bool, now: datetime
) -> None:
    """Answer open reports alone. The caller brings the queue up to date."""
    for group in batched(numbers, _TOGETHER):
        Report.objects.filter(comment__in=group, settled_at__isnull=True).update(
            settled_at=now, upheld=upheld, decision=decision
        )


def reopen(numbers: Collection[int], *, decision: Decision) -> None:
    """Open again what `decision` answered about these comments; the queue is up to date then.

    Not where the same person has reported one of them anew. The caller holds the thread's lock.
    """
    for group in batched(numbers, _TOGETHER):
        again = Report.objects.filter(
            comment=OuterRef("comment"), reporter=OuterRef("reporter"), settled_at=None
        )
        answered = Report.objects.filter(decision=decision, comment__in=group)
        numbers_of = list(answered.exclude(Exists(again)).values_list("pk", flat=True))
        Report.objects.filter(pk__in=numbers_of).update(settled_at=None, upheld=None, decision=None)
    reopen_appeals(numbers, decision=decision)
    waiting.refresh(numbers)
