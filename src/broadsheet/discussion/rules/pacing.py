"""How fast a discussion goes: whether it takes anything now, how often, and from whom."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from broadsheet.discussion.rules.deciding import (
    REASON_LIMIT,
    REMOVAL_RULES,
    may_decide,
    may_moderate,
)
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import ALLOWED, Refused, Verdict

SLOW: Final = "slow"
CLOSED: Final = "closed"
RAID: Final = "raid"
# The decisions that turn each on and off.
TURNS_ON: Final = {SLOW: "slow", CLOSED: "close", RAID: "raid"}
TURNS_OFF: Final = {SLOW: "unslow", CLOSED: "reopen", RAID: "end_raid"}
# The rule of a decision that the calendar takes when the time is over.
TIME_OVER: Final = "time_over"

SLOW_SECONDS: Final = (10, 24 * 60 * 60)
LONGEST: Final = timedelta(days=90)
RAID_LASTS: Final = (timedelta(minutes=15), timedelta(hours=24))
RAID_USUALLY: Final = timedelta(hours=2)
# A raid is noticed after it began; nobody means one of last week.
NOTICED_WITHIN: Final = timedelta(hours=24)
# Guests are known by a comment that stood so long before: whoever prepares a raid a day before, by
# a harmless word from each device, is not. An account is behind an address, and its words of any
# day before the raid are enough.
GUEST_HISTORY: Final = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Switches:
    """What is on of a thread, or of the whole site, and until when; None is until turned off."""

    closed_at: datetime | None = None
    closed_until: datetime | None = None
    slow_seconds: int = 0
    slow_until: datetime | None = None
    raid_since: datetime | None = None
    raid_until: datetime | None = None


def is_on(*, on: bool, until: datetime | None, now: datetime) -> bool:
    """Say whether something that was turned on holds still: it ends by itself."""
    return on and (until is None or now < until)


def is_closed(switches: Iterable[Switches], *, now: datetime) -> bool:
    """Say whether a thread takes nothing now, of itself or because the whole site does not."""
    return any(
        is_on(on=one.closed_at is not None, until=one.closed_until, now=now) for one in switches
    )


def slow_seconds(one: Switches, *, now: datetime) -> int:
    """Return the seconds of a slow mode that holds, 0 where none does."""
    return one.slow_seconds if is_on(on=one.slow_seconds > 0, until=one.slow_until, now=now) else 0


def slowest(switches: Iterable[Switches], *, now: datetime) -> int:
    """Return the most seconds of the slow modes that hold; 0 where none does."""
    return max((slow_seconds(one, now=now) for one in switches), default=0)


def raid_since(switches: Iterable[Switches], *, now: datetime) -> datetime | None:
    """Return since when there is a raid, the earliest of those that hold; None in peace."""
    begun = [
        one.raid_since
        for one in switches
        if one.raid_since is not None and is_on(on=True, until=one.raid_until, now=now)
    ]
    return min(begun, default=None)


def may_go_on(waits: Iterable[tuple[datetime | None, int]], *, now: datetime) -> Verdict:
    """Say whether somebody may post again: `waits` has when they did last, and the seconds.

    One for each slow mode that holds where they post; the one that ends last counts.
    """
    ends = [(last + timedelta(seconds=each), each) for last, each in waits if last is not None]
    again, each = max(ends, default=(now, 0))
    if again <= now:
        return ALLOWED
    wait = int((again - now).total_seconds()) + 1
    facts = (("seconds", wait), ("every", each), ("again", again.isoformat()))
    return Refused("slow_mode", facts=facts)


def known_before(*, guest: bool, since: datetime) -> datetime:
    """Return before which moment a comment has to be public for its author to be known in a raid.

    For a raid that began `since`; of a guest it must have stood for some days by then.
    """
    return since - GUEST_HISTORY if guest else since


def may_close_branch(*, public: bool) -> Verdict:
    """Say whether replies below a comment can be stopped: readers have to see it."""
    return ALLOWED if public else Refused("mark_gone")


def may_turn(
    *, actor: Actor, kind: str, seconds: int, since: datetime | None, until: datetime | None,
    reason: str, now: datetime,
) -> Verdict:  # fmt: skip
    """Say whether the actor may turn this on, for so long; owner, editor or moderator.

    `reason` is stripped, and may be empty. A raid mode always ends by itself.
    """
    if not (allowed := may_turn_off(actor=actor, reason=reason)):
        return allowed
    if kind == SLOW and not SLOW_SECONDS[0] <= seconds <= SLOW_SECONDS[1]:
        return Refused("pace_seconds", facts=(("least", SLOW_SECONDS[0]),), field="seconds")
    if kind == RAID:
        least, most = RAID_LASTS
        if until is None or not least <= until - now <= most:
            return Refused("raid_lasts", field="lasts")
        begun = since or now
        return ALLOWED if timedelta() <= now - begun <= NOTICED_WITHIN else Refused("raid_since")
    if until is not None and not timedelta() < until - now <= LONGEST:
        return Refused("pace_until", facts=(("days", LONGEST.days),), field="lasts")
    return ALLOWED


def may_turn_off(*, actor: Actor, reason: str) -> Verdict:
    """Say whether the actor may turn something off again."""
    allowed = may_moderate(actor=actor)
    if allowed and len(reason) > REASON_LIMIT:
        return Refused("reason_too_long", facts=(("limit", REASON_LIMIT),), field="reason")
    return allowed


def may_undo_raid(
    *, actor: Actor, verb: str, rule: str, reason: str, rules: Collection[str] = REMOVAL_RULES
) -> Verdict:
    """Say whether the actor may remove, under this rule of the house, or publish what came in it.

    `reason` is stripped, `rules` are those of the house.
    """
    if verb == "publish":
        return may_turn_off(actor=actor, reason=reason)
    if verb != "remove":
        return may_moderate(actor=actor) and Refused("unknown_verb")
    return may_decide(
        actor=actor, state="held", verb="remove", rule=rule, reason=reason, rules=rules
    )
