"""What of a decision can be undone, and until when."""

from datetime import datetime, timedelta
from typing import Final

from broadsheet.discussion.rules.deciding import REASON_LIMIT
from broadsheet.kit.verdict import ALLOWED, Refused, Verdict

UNDO_DAYS: Final = 30
# What holds for a person, and what ends it before its time.
OF_PERSON: Final = frozenset(
    {"warn", "hold_author", "mute", "slow_author", "suspend", "ban", "lift", "free_author"}
)
# All that a person decides in the queue. Words and images that were blanked are gone for good,
# marks have a verb that takes them off, and an undoing is followed by a decision anew.
UNDOABLE: Final = frozenset(
    {
        "publish",
        "hold",
        "remove",
        "restore",
        "dismiss",
        "remove_branch",
        *OF_PERSON,
        "uphold",
    }
)
# Of these the ones that leave the comment where it was.
STILL: Final = frozenset({"dismiss", "uphold", *OF_PERSON})


def may_undo(
    *,
    verb: str,
    by_system: bool,
    at: datetime,
    undone: bool,
    reason: str,
    now: datetime,
    switched: bool = False,
) -> Verdict:
    """Say whether a decision of this verb, taken `at`, can be undone; who may is another rule.

    `undone`: it was already. `switched`: it turned something on or off (rules.pacing). What a rule
    of the house held is decided about, not undone; what the assistant published can be.
    """
    if (verb not in UNDOABLE and not switched) or by_system:
        return Refused("undo_never")
    if undone:
        return Refused("already_undone")
    if now - at > timedelta(days=UNDO_DAYS):
        return Refused("undo_late", facts=(("days", UNDO_DAYS),))
    if len(reason) > REASON_LIMIT:
        return Refused("reason_too_long", facts=(("limit", REASON_LIMIT),), field="reason")
    return ALLOWED


def reference(sequence: int) -> str:
    """Return what the rule of an undoing decision says of the one that it undoes."""
    return f"decision:{sequence}"
