"""Nobody decides about a comment that concerns them."""

from typing import Final

from broadsheet.kit.actor import Actor, Role
from broadsheet.kit.verdict import ALLOWED, Refused, Verdict

# In what way a comment concerns a moderator, the nearest first.
OWN: Final = "own"
ANSWERS: Final = "answers"
QUOTES: Final = "quotes"
REPORTS: Final = "reports"


def may_judge(*, actor: Actor, concern: str, alone: bool) -> Verdict:
    """Say whether the actor may decide about a comment that concerns them in this way, or "".

    It is their own, it answers or quotes them, or whoever wrote it has reported something of
    theirs. `alone`: nobody else here may decide. Then the owner may, for somebody has to.
    """
    if not concern or (alone and actor.has(Role.OWNER)):
        return ALLOWED
    return Refused(f"concerns_{concern}")
