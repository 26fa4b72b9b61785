"""Having all that somebody writes read first, and no more: one of the limits of `sanctions`."""

from collections.abc import Collection
from datetime import datetime

from broadsheet.discussion.models import Comment
from broadsheet.discussion.moderation.limits import lift_limit, limit_person
from broadsheet.discussion.moderation.operations import Decided
from broadsheet.discussion.rules.deciding import may_moderate
from broadsheet.discussion.rules.sanctioning import HOLD, Wanted
from broadsheet.discussion.sanctions.in_force import standing
from broadsheet.discussion.threads.operations import UnknownCommentError
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import RefusalError, Refused, require


def hold_author(
    *,
    actor: Actor,
    comment_id: int,
    rule: str,
    reason: str,
    now: datetime,
    free: bool = False,
    alone: bool = False,
    staff: Collection[str] = (),
) -> Decided:
    """Let all wait from now on that the author of a comment writes; or, with `free`, no more.

    What is public stays so, and what waits stays to be decided about. `rule`, `reason` and `alone`
    as in `decide`, `staff` as in `limit_person`. Raises RefusalError, UnknownCommentError.
    """
    require(may_moderate(actor=actor))
    if not free:
        wanted = Wanted(HOLD, rule, reason)
        held = limit_person(
            actor=actor, comment_id=comment_id, wanted=wanted, now=now, staff=staff, alone=alone
        )
        return Decided(comment_id, _state(comment_id), held.sequence)
    wrote = Comment.objects.filter(pk=comment_id).values("author__owner")
    if not wrote.exists():
        raise UnknownCommentError(comment_id)
    holds = standing(now=now).filter(owner__in=wrote, kind=HOLD).order_by("pk")
    number = holds.values_list("pk", flat=True).first()
    if number is None:
        raise RefusalError(Refused("limit_over"))
    freed = lift_limit(actor=actor, limit=number, reason=reason, now=now, alone=alone)
    return Decided(comment_id, _state(comment_id), freed.sequence)


def _state(number: int) -> str:
    return Comment.objects.values_list("state", flat=True).get(pk=number)
