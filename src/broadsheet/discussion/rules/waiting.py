"""Why a comment waits for a moderator: the reasons of the queue, each of which is a list of it.

A new reason is a name here, what it follows from in `reasons_of`, and a sentence in
http/queue_words.py; its rows need no other table.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from broadsheet.discussion.rules.appealing import APPEAL
from broadsheet.discussion.rules.posting import FIRST_COMMENT
from broadsheet.discussion.rules.posting import RAID as IN_RAID

FIRST: Final = "first"
HELD: Final = "held"
REPORTED: Final = "reported"
CONTEXT: Final = "context"
NOTICE: Final = "notice"
RAID: Final = "raid"
# In the order in which they are offered. At the same time the first of them leads.
REASONS: Final = (HELD, FIRST, REPORTED, CONTEXT, RAID, APPEAL, NOTICE)
_LISTS: Final = {FIRST_COMMENT: FIRST, IN_RAID: RAID}
_OUT_OF_CONTEXT: Final = "out_of_context"

# Of what nobody scored. A score is kept in thousandths; none is as far from 0 as this.
UNSCORED: Final = -32_768
_FURTHEST: Final = 32_000

# Who takes a comment looks at it now; who asks about it, may be asleep when somebody comes.
TAKEN_FOR: Final = timedelta(minutes=15)
ASKED_FOR: Final = timedelta(days=3)
WORDS_LIMIT: Final = 300


def reasons_of(
    *,
    held_at: datetime | None,
    rule: str,
    reports: Mapping[str, datetime],
    appealed_at: datetime | None = None,
) -> dict[str, datetime]:
    """Return why a comment waits and since when; nothing where it does not.

    `rule` is why it is held, `reports` has the time of the first open report under each rule,
    `appealed_at` when its author asked for a second look.
    """
    found = {}
    if held_at is not None:
        found[_LISTS.get(rule, HELD)] = held_at
    if reports:
        found[REPORTED] = min(reports.values())
    if _OUT_OF_CONTEXT in reports:
        found[CONTEXT] = reports[_OUT_OF_CONTEXT]
    if NOTICE in reports:
        found[NOTICE] = reports[NOTICE]
    if appealed_at is not None:
        found[APPEAL] = appealed_at
    return found


def leading(reasons: Mapping[str, datetime]) -> str:
    """Return the reason for which it has waited longest."""
    return min(reasons, key=lambda reason: (reasons[reason], REASONS.index(reason)))


def is_open(*, at: datetime, asks: bool, now: datetime) -> bool:
    """Say whether a claim holds still."""
    return now - at < (ASKED_FOR if asks else TAKEN_FOR)


def likely_of(score: float | None) -> int:
    """Return the score of the assistant as the queue orders by it."""
    if score is None:
        return UNSCORED
    return max(-_FURTHEST, min(_FURTHEST, round(score * 1_000)))
