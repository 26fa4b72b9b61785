"""Which comments concern a moderator: their own, and those that answer, quote or report them."""

from collections.abc import Collection
from itertools import batched
from typing import Final

from broadsheet.discussion.models import Comment, Quote, Report
from broadsheet.discussion.rules import concerning
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import require

_TOGETHER: Final = 500


def concerns(*, actor: Actor, numbers: Collection[int]) -> dict[int, str]:
    """Return in what way comments concern the actor, by number; nothing of those that do not.

    Three queries for each five hundred, none for no comments.
    """
    found: dict[int, str] = {}
    for group in batched(numbers, _TOGETHER):
        found |= _concerns(actor, group)
    return found


def require_no_concern(*, actor: Actor, numbers: Collection[int], alone: bool) -> None:
    """Refuse, by the nearest concern there is, who may not judge one of these comments."""
    ways = set(concerns(actor=actor, numbers=numbers).values())
    for way in (concerning.OWN, concerning.ANSWERS, concerning.QUOTES, concerning.REPORTS):
        require(concerning.may_judge(actor=actor, concern=way if way in ways else "", alone=alone))


def _concerns(actor: Actor, numbers: Collection[int]) -> dict[int, str]:
    wrote = list(
        Comment.objects.filter(pk__in=numbers).values_list(
            "pk", "author__owner", "parent__author__owner"
        )
    )
    quotes = Quote.objects.filter(
        comment__in=numbers, source__author__owner=actor.id, undone_at=None
    )
    reporters = set(
        Report.objects.filter(
            settled_at=None,
            reporter__in={owner for _, owner, _ in wrote},
            comment__author__owner=actor.id,
        ).values_list("reporter", flat=True)
    )
    found = {number: concerning.REPORTS for number, owner, _ in wrote if owner in reporters}
    found |= dict.fromkeys(quotes.values_list("comment", flat=True), concerning.QUOTES)
    found |= {number: concerning.ANSWERS for number, _, to in wrote if to == actor.id}
    return found | {number: concerning.OWN for number, owner, _ in wrote if owner == actor.id}
