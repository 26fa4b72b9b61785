"""Who may report a comment, and under which rules of the house."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from broadsheet.discussion.rules.deciding import REMOVAL_RULES
from broadsheet.discussion.rules.posting import may_write
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import ALLOWED, Refused, Verdict

WORDS_LIMIT: Final = 500


def may_report(*, actor: Actor, owner: str, public: bool, hidden: bool) -> Verdict:
    """Say whether the actor may report a comment that `owner` wrote.

    In a closed discussion too: what stands there is read.
    """
    if not (allowed := may_write(actor=actor)):
        return allowed
    if hidden:
        return Refused("hidden")
    if not public:
        return Refused("report_gone")
    return Refused("own_report") if owner == actor.id else ALLOWED


def may_report_again(*, answered_at: datetime | None, edited_at: datetime | None) -> Verdict:
    """Say whether somebody may report a comment about which moderators answered them before.

    `answered_at` is when they last did. Other words since then are a matter of their own; the same
    ones would only keep moderators from what they have not read.
    """
    if answered_at is None or (edited_at is not None and edited_at > answered_at):
        return ALLOWED
    return Refused("report_answered")


def is_fit(*, rule: str, words: str, rules: Collection[str] = REMOVAL_RULES) -> Verdict:
    """Say whether a report says enough: a rule of the house, and in words what "other" means."""
    if rule not in rules:
        return Refused("report_rule", field="rule")
    if len(words) > WORDS_LIMIT:
        return Refused("report_too_long", facts=(("limit", WORDS_LIMIT),), field="words")
    if rule == "other" and not words:
        return Refused("report_words", field="words")
    return ALLOWED
