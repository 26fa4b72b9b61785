"""What the assistant may do, and who says so."""

from collections.abc import Collection
from typing import Final

from broadsheet.discussion.rules.posting import FIRST_COMMENT, LINK
from broadsheet.discussion.rules.waiting import FIRST, HELD
from broadsheet.kit.actor import Actor, Role, system
from broadsheet.kit.verdict import ALLOWED, Refused, Verdict

ASSISTANT: Final = system(name="assistant")
# The rule of its decisions.
APPROVED: Final = "assistant"
# What an owner may choose: of a hundred comments that it approves, so many may be errors.
LEAST_PERCENT: Final = 0.1
MOST_PERCENT: Final = 10.0
USUAL_PERCENT: Final = 1.5
# What waits by these rules waits because little is known of it. By every other a person has chosen
# what to read: all comments, those of one writer or of a raid, those with a word of a list.
_APPROVABLE: Final = frozenset({FIRST_COMMENT, LINK})


def may_approve(
    *,
    held: bool,
    rule: str,
    reasons: Collection[str],
    has_image: bool,
    limited: bool,
    proven: bool,
    same_words: bool,
) -> bool:
    """Say whether the assistant may publish a comment on its own.

    `reasons` are those for which it waits: what somebody reported as well is for people. It sees no
    images. `limited`: something holds for its writer by a decision. `proven`: the score is below
    the limit; `same_words`: it is of the words there are.
    """
    return (
        held
        and rule in _APPROVABLE
        and set(reasons) <= {FIRST, HELD}
        and not has_image
        and not limited
        and proven
        and same_words
    )


def may_set(*, actor: Actor, percent: float | None) -> Verdict:
    """Say whether the actor may choose what the assistant does on its own; owners alone may.

    `percent` is how many errors in a hundred there may be, None for none of it.
    """
    if actor.is_banned or not actor.has(Role.OWNER):
        return Refused("not_an_owner")
    if percent is not None and not LEAST_PERCENT <= percent <= MOST_PERCENT:
        facts = (("least", str(LEAST_PERCENT)), ("most", str(MOST_PERCENT)))
        return Refused("percent_out_of_range", facts=facts, field="percent")
    return ALLOWED
