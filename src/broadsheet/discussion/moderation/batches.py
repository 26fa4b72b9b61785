"""One decision about each of several comments, as if they had been taken one by one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from broadsheet.discussion.models import Comment
from broadsheet.discussion.moderation.operations import decide, dismiss_reports
from broadsheet.discussion.rules.deciding import may_moderate
from broadsheet.discussion.threads.operations import UnknownCommentError
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import RefusalError, Refused, require

MOST: Final = 100
APPROVE: Final = "approve"


@dataclass(frozen=True, slots=True)
class Batch:
    """`done` were decided; `left` has why each of the others was not."""

    done: tuple[int, ...]
    left: Mapping[int, Refused]


def decide_each(
    *,
    actor: Actor,
    chosen: Mapping[int, str],
    verb: str,
    rule: str,
    reason: str,
    now: datetime,
    alone: bool = False,
) -> Batch:
    """Approve or remove comments, at most MOST, each by a decision and a transaction of its own.

    `chosen` has the mark of the words that were read, or "", by comment. "approve" publishes what
    is held and lets stand what is reported. What is refused of one keeps none of the others back;
    what would be refused of all is raised: RefusalError.
    """
    require(may_moderate(actor=actor))
    done: list[int] = []
    left: dict[int, Refused] = {}
    states = dict(Comment.objects.filter(pk__in=chosen).values_list("pk", "state"))
    for number in list(chosen)[:MOST]:
        try:
            if verb == APPROVE and states.get(number) == Comment.State.PUBLISHED:
                dismiss_reports(
                    actor=actor,
                    comment_id=number,
                    reason=reason,
                    now=now,
                    seen=chosen[number],
                    alone=alone,
                )
            else:
                decide(
                    actor=actor,
                    comment_id=number,
                    verb="publish" if verb == APPROVE else verb,
                    rule=rule,
                    reason=reason,
                    now=now,
                    seen=chosen[number],
                    alone=alone,
                )
        except RefusalError as error:
            if error.verdict.field:
                # The rule or the words are missing: of all of them.
                raise
            left[number] = error.verdict
        except UnknownCommentError:
            left[number] = Refused("already_decided")
        else:
            done.append(number)
    return Batch(tuple(done), left)
