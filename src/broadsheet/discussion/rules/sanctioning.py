"""What stops a person, and for how long; what those who are stopped may do still."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from broadsheet.discussion.rules.deciding import REASON_LIMIT, REMOVAL_RULES, may_moderate
from broadsheet.kit.actor import Actor, Role
from broadsheet.kit.verdict import ALLOWED, Refused, Verdict

WARN: Final = "warn"
HOLD: Final = "hold_author"
MUTE: Final = "mute"
SLOW: Final = "slow_author"
SUSPEND: Final = "suspend"
BAN: Final = "ban"
# From the mildest to the gravest. Each is the verb of its decision, too.
KINDS: Final = (WARN, HOLD, MUTE, SLOW, SUSPEND, BAN)
# What ends one before its time; a hold has had a word of its own since before the others were.
LIFT: Final = "lift"
FREE: Final = "free_author"
CONFIRM: Final = "confirm"
# Those who are out of the discussion altogether neither post nor vote.
OUT: Final = (SUSPEND, BAN)

MOST_DAYS: Final = 365
MOST_MINUTES: Final = 24 * 60
# A moderator alone stops nobody for longer; with a colleague's word it becomes what they asked for.
ALONE_FOR: Final = timedelta(days=7)
# A network belongs to others tomorrow.
NETWORK_FOR: Final = timedelta(days=30)
# For so long a comment remembers the network that it came from, as a keyed digest.
NETWORK_KEPT: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Limit:
    """What holds for somebody. `until` None: until somebody lifts it; `minutes` between posts."""

    number: int
    kind: str
    rule: str
    at: datetime
    until: datetime | None = None
    thread: int | None = None
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a moderator wants to hold for somebody: `days` None without an end.

    It reaches who wrote by device or account, and beside it by `mail` and by `network`.
    """

    kind: str
    rule: str
    reason: str
    days: int | None = None
    minutes: int = 0
    mail: bool = False
    network: bool = False


def may_limit(
    *,
    actor: Actor,
    wanted: Wanted,
    by_staff: bool,
    in_force: Collection[str],
    has_network: bool,
    rules: Collection[str] = REMOVAL_RULES,
) -> Verdict:
    """Say whether the actor may let `wanted` hold for somebody.

    `by_staff`: they work here. `in_force`: the kinds that hold for them already, here. The rule is
    one of the house `rules`; "other" is explained in words. The reason is stripped.
    """
    if not (allowed := may_moderate(actor=actor)):
        return allowed
    if by_staff:
        return Refused("limit_staff")
    if wanted.kind in in_force:
        return Refused("limit_there")
    if wanted.network and not has_network:
        return Refused("limit_no_network", field="network")
    return _has_measure(wanted) and _has_reason(wanted, rules)


def _has_measure(wanted: Wanted) -> Verdict:
    if wanted.kind not in KINDS:
        return Refused("limit_kind", field="kind")
    if wanted.kind == SUSPEND and wanted.days is None:
        return Refused("limit_no_end", field="days")
    if wanted.days is not None and not 1 <= wanted.days <= MOST_DAYS:
        return Refused("limit_days", facts=(("limit", MOST_DAYS),), field="days")
    if wanted.kind == SLOW and not 1 <= wanted.minutes <= MOST_MINUTES:
        return Refused("limit_minutes", facts=(("limit", MOST_MINUTES),), field="minutes")
    return ALLOWED


def _has_reason(wanted: Wanted, rules: Collection[str]) -> Verdict:
    if len(wanted.reason) > REASON_LIMIT:
        return Refused("reason_too_long", facts=(("limit", REASON_LIMIT),), field="reason")
    if wanted.rule not in rules:
        return Refused("rule_missing", field="rule")
    if wanted.rule == "other" and not wanted.reason:
        return Refused("reason_missing", field="reason")
    return ALLOWED


def end_of(wanted: Wanted, *, now: datetime) -> datetime | None:
    """Return when it ends by itself. A warning ends when it was read."""
    has_end = wanted.days is not None and wanted.kind not in {WARN, BAN}
    return now + timedelta(days=wanted.days or 0) if has_end else None


def waits_for_second(*, actor: Actor, wanted: Wanted, colleagues: bool) -> bool:
    """Say whether it holds for ALONE_FOR only, until another moderator confirms it.

    So does what puts somebody out for longer, by a moderator; owner and editor answer for it alone,
    and so does who has no `colleagues` to ask.
    """
    if not colleagues or wanted.kind not in OUT or actor.has(Role.OWNER, Role.EDITOR):
        return False
    return wanted.kind == BAN or (wanted.days or 0) > ALONE_FOR.days


def may_confirm(*, actor: Actor, by: str, waits: bool) -> Verdict:
    """Say whether the actor may confirm what `by` decided; `waits`: it holds and nobody did yet."""
    if not (allowed := may_moderate(actor=actor)):
        return allowed
    if not waits:
        return Refused("limit_over")
    return Refused("limit_confirm_own") if by == actor.id else ALLOWED


def may_lift(*, actor: Actor, in_force: bool, reason: str) -> Verdict:
    """Say whether the actor may end what holds for somebody before its time."""
    if not (allowed := may_moderate(actor=actor)):
        return allowed
    if not in_force:
        return Refused("limit_over")
    if len(reason) > REASON_LIMIT:
        return Refused("reason_too_long", facts=(("limit", REASON_LIMIT),), field="reason")
    return ALLOWED


def may_take_part(*, limits: Collection[Limit]) -> Verdict:
    """Say whether somebody may take part at all, vote for one."""
    return _first(limits, OUT)


def may_write_in(*, limits: Collection[Limit], thread: int) -> Verdict:
    """Say whether somebody may write, or change what they wrote, in a thread."""
    if not (allowed := may_take_part(limits=limits)):
        return allowed
    return _first([one for one in limits if one.thread == thread], (MUTE,))


def may_post_in(
    *,
    limits: Collection[Limit],
    thread: int,
    read: int | None,
    last: datetime | None,
    now: datetime,
) -> Verdict:
    """Say whether somebody may post in a thread.

    `read` is the number of the warning that they say they read, `last` when they posted last.
    """
    if not (allowed := may_write_in(limits=limits, thread=thread)):
        return allowed
    if not (unread := _first([one for one in limits if one.number != read], (WARN,))):
        return unread
    slow = [one for one in limits if one.kind == SLOW and last is not None]
    for one in slow:
        wait = (last or now) + timedelta(minutes=one.minutes) - now
        if wait > timedelta(0):
            return refusal_of(one, seconds=int(wait.total_seconds()) + 1)
    return ALLOWED


def reads_first(*, limits: Collection[Limit]) -> bool:
    """Say whether a moderator reads first what somebody writes."""
    return any(one.kind == HOLD for one in limits)


def needs_last(*, limits: Collection[Limit]) -> bool:
    """Say whether it matters when somebody posted last."""
    return any(one.kind == SLOW for one in limits)


def refusal_of(limit: Limit, *, seconds: int = 0) -> Refused:
    """Return the refusal that a limit leads to: with its end as a time, and its rule."""
    facts: tuple[tuple[str, str | int], ...] = (
        ("limit", limit.number),
        ("rule", limit.rule),
        ("until", limit.until.isoformat() if limit.until else ""),
    )
    if limit.kind == SLOW:
        facts += (("minutes", limit.minutes), ("seconds", seconds))
    return Refused(f"limited_{limit.kind}", facts=facts)


def _first(limits: Collection[Limit], kinds: Collection[str]) -> Verdict:
    """Refuse by the gravest of these kinds, of which the longest."""
    those = [one for one in limits if one.kind in kinds]
    if not those:
        return ALLOWED
    gravest = max(those, key=lambda one: (KINDS.index(one.kind), one.until is None, one.number))
    return refusal_of(gravest)
