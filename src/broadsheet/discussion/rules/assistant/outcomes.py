"""What a decision of people says about a comment, for the assistant to learn."""

from enum import Enum
from typing import Final

# What its author took back, what people marked or who was held says nothing of the comment. Rules
# and the assistant itself are no people: whoever learns from oneself believes oneself.
_KEPT: Final = frozenset({"publish", "restore", "dismiss"})
# Of a branch the comment at its top was judged; what stood below went with it.
_REMOVED: Final = frozenset({"remove", "remove_branch"})
VERBS: Final = (*_KEPT, *_REMOVED, "hold", "undo")


class Outcome(Enum):
    KEPT = False
    REMOVED = True
    # It waits again.
    OPEN = None


def outcome_of(*, verb: str, undone: str = "", state: str = "") -> Outcome | None:
    """Return what became of a comment; None where the decision says nothing of it.

    Of an undoing, `undone` is the verb that was undone and `state` the comment's after it: undone
    decisions count as what they became.
    """
    if verb in _KEPT:
        return Outcome.KEPT
    if verb in _REMOVED:
        return Outcome.REMOVED
    if verb == "hold":
        return Outcome.OPEN
    if verb != "undo" or undone not in VERBS:
        return None
    if undone == "dismiss" or state == "held":
        return Outcome.OPEN
    return Outcome.REMOVED if state == "removed" else Outcome.KEPT
