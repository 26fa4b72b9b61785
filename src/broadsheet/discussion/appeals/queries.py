"""What was asked about decisions: for whoever asks, and for whoever answers."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from broadsheet.discussion.models import Appeal, Comment, Decision, Moved
from broadsheet.discussion.rules.appealing import may_appeal
from broadsheet.discussion.rules.undoing import STILL
from broadsheet.kit.actor import Actor


@dataclass(frozen=True, slots=True)
class OpenAppeal:
    """What moderators read of it: `by` is the opaque id of who decided, and why, in their words."""

    decision: int
    by: str
    reason: str
    words: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class SecondLook:
    """How it stands for the author of a comment: whether they may ask, and what was answered.

    `words` are what they wrote, `answer` those of whoever answered. `upheld` is None while nobody
    has. `outcome` is the number of the decision that did.
    """

    may_ask: bool
    asked_at: datetime | None = None
    words: str = ""
    settled_at: datetime | None = None
    upheld: bool | None = None
    answer: str = ""
    outcome: int = 0


def in_force(*, number: int, state: str) -> Decision | None:
    """Return the decision by which a comment is in its state; None where no person took one.

    One query.
    """
    moved = (
        Moved.objects.filter(comment=number, undone=False, to_state=state)
        .exclude(decision__verb__in=["undo", *STILL])
        .select_related("decision")
        .order_by("-decision__sequence")
        .first()
    )
    return moved.decision if moved else None


def second_look(*, actor: Actor, number: int, now: datetime) -> SecondLook:
    """Return how it stands with a second look at the actor's own comment. At most three queries."""
    comment = Comment.objects.filter(pk=number).values("state", "rule", "author__owner").first()
    if comment is None or comment["author__owner"] != actor.id:
        return SecondLook(may_ask=False)
    newest = (
        Appeal.objects.filter(comment=number)
        .select_related("outcome", "outcome__reason")
        .order_by("-asked_at", "-pk")
        .first()
    )
    decision = in_force(number=number, state=comment["state"])
    asked = newest is not None and decision is not None and newest.decision_id == decision.pk
    may_ask = may_appeal(
        actor=actor,
        owner=comment["author__owner"],
        state=comment["state"],
        rule=comment["rule"],
        decided_at=decision.at if decision else None,
        asked=asked,
        now=now,
    )
    # What was asked about an earlier decision says nothing of the one that is in force now.
    hidden = comment["state"] != Comment.State.PUBLISHED
    if newest is None or (hidden and decision is not None and not asked):
        return SecondLook(may_ask=bool(may_ask))
    reason = getattr(newest.outcome, "reason", None)
    return SecondLook(
        may_ask=bool(may_ask),
        asked_at=newest.asked_at,
        words=newest.words,
        settled_at=newest.settled_at,
        upheld=newest.upheld,
        answer=reason.text if reason else "",
        outcome=newest.outcome.sequence if newest.outcome else 0,
    )


def appeals_of(numbers: Collection[int]) -> dict[int, OpenAppeal]:
    """Return what is asked about these comments, by number. One query, none for no comments."""
    if not numbers:
        return {}
    rows = Appeal.objects.filter(comment__in=numbers, settled_at=None)
    columns = (
        *("comment", "words", "asked_at"),
        *("decision__sequence", "decision__actor_id", "decision__reason__text"),
    )
    return {
        row["comment"]: OpenAppeal(
            decision=row["decision__sequence"],
            by=row["decision__actor_id"],
            reason=row["decision__reason__text"] or "",
            words=row["words"],
            asked_at=row["asked_at"],
        )
        for row in rows.order_by("asked_at", "pk").values(*columns)
    }
