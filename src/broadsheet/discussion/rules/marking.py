"""What the newsroom may say of a comment beside its words: pinned, chosen, an answer, closed."""

from dataclasses import dataclass
from typing import Final

from broadsheet.discussion.rules.deciding import REASON_LIMIT, may_moderate
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import ALLOWED, Refused, Verdict

# More than these push what is being said below the first window.
MOST_PINNED: Final = 3

# Each verb with the mark it sets or takes off; in the order in which they are offered.
SETS: Final = {
    "pin": "pinned",
    "feature": "featured",
    "mark_answer": "answer",
    "close": "closed",
}
TAKES_OFF: Final = {
    "unpin": "pinned",
    "unfeature": "featured",
    "unmark_answer": "answer",
    "reopen": "closed",
}
MARKS: Final = SETS | TAKES_OFF


@dataclass(frozen=True, slots=True)
class Markable:
    """What the rules know of a comment. `marks` are those that it has."""

    is_root: bool
    is_public: bool
    by_staff: bool
    marks: frozenset[str]


def verbs_for(comment: Markable) -> tuple[str, ...]:
    """Return what can be done with the marks of a comment: one verb for each, if any."""
    offered = []
    for (sets, mark), takes_off in zip(SETS.items(), TAKES_OFF, strict=True):
        if mark in comment.marks:
            offered.append(takes_off)
        elif _can_have(comment, sets):
            offered.append(sets)
    return tuple(offered)


def may_mark(
    *, actor: Actor, verb: str, comment: Markable, pinned_beside: int, reason: str
) -> Verdict:
    """Say whether the actor may set this mark or take it off; owner, editor or moderator.

    A mark is taken off whatever became of the comment. `pinned_beside` counts the other pinned
    comments that readers see in the thread; `reason` is stripped, and may be empty.
    """
    allowed = may_moderate(actor=actor)
    if not allowed or verb not in MARKS:
        return allowed and Refused("unknown_verb", field="verb")
    if len(reason) > REASON_LIMIT:
        return Refused("reason_too_long", facts=(("limit", REASON_LIMIT),), field="reason")
    if verb in TAKES_OFF:
        return ALLOWED
    if verb == "pin" and comment.is_root and comment.is_public and pinned_beside >= MOST_PINNED:
        return Refused("pinned_enough", facts=(("limit", MOST_PINNED),))
    return _can_have(comment, verb)


def _can_have(comment: Markable, verb: str) -> Verdict:
    if not comment.is_public:
        return Refused("mark_gone")
    if verb == "pin" and not comment.is_root:
        return Refused("pin_reply")
    if verb == "mark_answer" and (comment.is_root or not comment.by_staff):
        return Refused("answer_by_staff")
    return ALLOWED
