"""Asking for a second look at what was decided about one's own comment, and who answers."""

from datetime import datetime, timedelta
from typing import Final

from broadsheet.discussion.rules.deciding import REASON_LIMIT, may_moderate
from broadsheet.discussion.rules.editing import WITHDRAWN
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import ALLOWED, Refused, Verdict

APPEAL: Final = "appeal"
UPHOLD: Final = "uphold"
# What is said of a decision, and decides nothing about the comment.
SAYING: Final = frozenset({APPEAL, UPHOLD})
# Half a year, as the EU's Digital Services Act gives users of platforms (Art. 20).
APPEAL_DAYS: Final = 183
WORDS_LIMIT: Final = 1000
# Open questions about one limit, beside that of whom it is about.
MOST_OPEN: Final = 10


def may_appeal(
    *,
    actor: Actor,
    owner: str,
    state: str,
    rule: str,
    decided_at: datetime | None,
    asked: bool,
    now: datetime,
) -> Verdict:
    """Say whether the actor may ask for a second look at what was decided about a comment.

    Who may write here no more, may do this all the same. `decided_at` is when a person decided
    that it is held or removed, None where nobody has: then somebody will read it anyway. `asked`:
    it was asked about this decision already.
    """
    if owner != actor.id:
        return Refused("not_your_comment")
    if state == "published" or rule == WITHDRAWN:
        return Refused("appeal_nothing")
    if decided_at is None:
        return Refused("appeal_waits" if state == "held" else "appeal_nothing")
    if asked:
        return Refused("appeal_asked")
    if now - decided_at > timedelta(days=APPEAL_DAYS):
        return Refused("appeal_late", facts=(("days", APPEAL_DAYS),))
    return ALLOWED


def may_appeal_limit(
    *, reached: bool, holds: bool, asked: bool, own: bool = True, open_ones: int = 0
) -> Verdict:
    """Say whether somebody may ask for a second look at what holds for them, or seems to.

    `reached`: it does, by their device or account, their mail address or their network. A network
    has many people, or one with many devices: beside who it is about (`own`) so many ask at once.
    """
    if not reached:
        return Refused("not_yours")
    if not holds:
        return Refused("appeal_over")
    if asked:
        return Refused("appeal_asked")
    return ALLOWED if own or open_ones < MOST_OPEN else Refused("appeal_many")


def is_fit(*, words: str) -> Verdict:
    """Say whether the words of an appeal can be kept; they may be left out."""
    if len(words) > WORDS_LIMIT:
        facts = (("length", len(words)), ("limit", WORDS_LIMIT))
        return Refused("too_long", facts=facts, field="words")
    return ALLOWED


def may_uphold(
    *, actor: Actor, decided_by: str, appealed: bool, reason: str, alone: bool
) -> Verdict:
    """Say whether the actor may answer that a decision stands: not whoever took it.

    Taking back what one decided oneself needs no such rule. `alone`: nobody else here may decide.
    """
    if not (allowed := may_moderate(actor=actor)):
        return allowed
    if not appealed:
        return Refused("already_decided")
    if decided_by == actor.id and not alone:
        return Refused("appeal_own_decision")
    if len(reason) > REASON_LIMIT:
        return Refused("reason_too_long", facts=(("limit", REASON_LIMIT),), field="reason")
    return ALLOWED
