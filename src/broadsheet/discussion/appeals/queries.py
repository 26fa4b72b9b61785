"""What was asked about decisions: for whoever asks, and for whoever answers."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from broadsheet.discussion.models import Appeal, Comment, Decision, Moved
from broadsheet.discussion.rules.appealing import may_appeal
from broadsheet.discussion.rules.undoing import OF_PERSON, STILL
from broadsheet.kit.actor import Actor


@dataclass(frozen=True, slots=True)
class OpenAppeal:
    """What moderators read of it: what was decided, by the opaque id of whom, why in their words.

    `about_person`: what holds for somebody, and not how the comment stands.
    """

    decision: int
    verb: str
    by: str
    reason: str
    words: str
    asked_at: datetime

    @property
    def about_person(self) -> bool:
        return self.verb in OF_PERSON


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
        Appeal.objects.filter(comment=number, asker=actor.id)
        .exclude(decision__verb__in=OF_PERSON)
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
    return _look(newest, may_ask=bool(may_ask))


def appeals_of(numbers: Collection[int]) -> dict[int, OpenAppeal]:
    """Return what is asked about these comments, by number. One query, none for no comments."""
    if not numbers:
        return {}
    rows = Appeal.objects.filter(comment__in=numbers, settled_at=None)
    columns = (
        *("comment", "words", "asked_at"),
        *("decision__sequence", "decision__verb", "decision__actor_id", "decision__reason__text"),
    )
    # The first that was asked is answered first.
    return {
        row["comment"]: OpenAppeal(
            decision=row["decision__sequence"],
            verb=row["decision__verb"],
            by=row["decision__actor_id"],
            reason=row["decision__reason__text"] or "",
            words=row["words"],
            asked_at=row["asked_at"],
        )
        for row in rows.order_by("-asked_at", "-pk").values(*columns)
    }


def looks_at(*, actor: Actor, decisions: Collection[int]) -> dict[int, SecondLook]:
    """Return by its number what the actor asked about decisions, and what was answered. One query.

    Where they asked nothing there is no entry.
    """
    rows = Appeal.objects.filter(asker=actor.id, decision__sequence__in=decisions)
    joined = rows.select_related("decision", "outcome", "outcome__reason")
    return {one.decision.sequence: _look(one, may_ask=False) for one in joined}


def _look(appeal: Appeal, *, may_ask: bool) -> SecondLook:
    reason = getattr(appeal.outcome, "reason", None)
    return SecondLook(
        may_ask=may_ask,
        asked_at=appeal.asked_at,
        words=appeal.words,
        settled_at=appeal.settled_at,
        upheld=appeal.upheld,
        answer=reason.text if reason else "",
        outcome=appeal.outcome.sequence if appeal.outcome else 0,
    )
