"""What moderators may decide, and under which rules of the house."""

from collections.abc import Collection
from typing import Final

from broadsheet.discussion.rules.editing import WITHDRAWN, is_current
from broadsheet.kit.actor import Actor, Role, system
from broadsheet.kit.verdict import ALLOWED, Refused, Verdict

MODERATORS: Final = (Role.OWNER, Role.EDITOR, Role.MODERATOR)

# The first rules of the house, under which a comment is reported and removed (house/first.py).
REMOVAL_RULES: Final = (
    "personal_attack",
    "hate",
    "off_topic",
    "advertising",
    "private_data",
    "unlawful",
    "impersonation",
    "out_of_context",
    "other",
)
REASON_LIMIT: Final = 1000

# Who closes threads that are old enough, and the rule of that decision.
CALENDAR: Final = system(name="calendar")
AFTER_DAYS: Final = "after_days"

# From which states each verb leads, and to which.
FROM: Final = {
    "publish": frozenset({"held"}),
    "hold": frozenset({"published"}),
    "remove": frozenset({"held", "published"}),
    "restore": frozenset({"removed"}),
}
# What answers the reports about a comment in their favour; all other decisions let it stand.
UPHOLDING: Final = frozenset({"hold", "remove"})
TO: Final = {"publish": "published", "hold": "held", "remove": "removed", "restore": "published"}


_NO_RULE: Final = Refused("rule_missing", field="rule")


def may_moderate(*, actor: Actor) -> Verdict:
    """Say whether the actor may see the queue and decide: owner, editor or moderator."""
    if actor.is_banned:
        return Refused("banned")
    return ALLOWED if actor.has(*MODERATORS) else Refused("not_a_moderator")


def may_close(*, actor: Actor, reason: str = "") -> Verdict:
    """Say whether the actor may close a thread or open it again.

    The newsroom's own system may: a story's setting and an import say whether it is open. `reason`
    is stripped, and may be empty.
    """
    allowed = ALLOWED if actor.has(Role.SYSTEM) else may_moderate(actor=actor)
    if allowed and len(reason) > REASON_LIMIT:
        return Refused("reason_too_long", facts=(("limit", REASON_LIMIT),), field="reason")
    return allowed


def undoes(*, actor: Actor, by: str) -> bool:
    """Say whether the actor may open what `by` closed: a part of the system only what another did.

    Not what the calendar closed: that a story is published again makes its discussion no younger.
    """
    return not actor.has(Role.SYSTEM) or (by.startswith("system:") and by != CALENDAR.id)


def may_decide(
    *,
    actor: Actor,
    state: str,
    verb: str,
    rule: str,
    reason: str,
    in_force: str = "",
    rules: Collection[str] = REMOVAL_RULES,
) -> Verdict:
    """Say whether the actor may take this decision about a comment in `state`.

    A removal names one of the house `rules`; "other" is explained in words. `reason` is stripped.
    `in_force` is the rule of the decision before: what its author took back, nobody else restores.
    """
    allowed = may_moderate(actor=actor)
    if not allowed or verb not in FROM:
        return allowed and Refused("unknown_verb", field="verb")
    if state not in FROM[verb]:
        return Refused("already_decided", facts=(("state", state),))
    if in_force == WITHDRAWN:
        return Refused("withdrawn_by_author")
    if len(reason) > REASON_LIMIT:
        return Refused("reason_too_long", facts=(("limit", REASON_LIMIT),), field="reason")
    if verb != "remove" or (rule in rules and (rule != "other" or reason)):
        return ALLOWED
    return Refused("reason_missing", field="reason") if rule == "other" else _NO_RULE


def is_seen(*, seen: str, source: str) -> Verdict:
    """Say whether the words that were read, by their mark, are those that it has; "" asks not."""
    if seen and not is_current(seen=seen, source=source):
        return Refused("changed_meanwhile")
    return ALLOWED


def may_remove_branch(
    *, actor: Actor, left: int, rule: str, reason: str, rules: Collection[str] = REMOVAL_RULES
) -> Verdict:
    """Say whether the actor may remove a comment with all below it, of which `left` can be read."""
    return may_decide(
        actor=actor, state="published" if left else "removed", verb="remove", rule=rule,
        reason=reason, rules=rules,
    )  # fmt: skip


def may_dismiss(*, actor: Actor, reports: int, reason: str) -> Verdict:
    """Say whether the actor may let a comment stand about which there are open reports."""
    if not (allowed := may_moderate(actor=actor)):
        return allowed
    if len(reason) > REASON_LIMIT:
        return Refused("reason_too_long", facts=(("limit", REASON_LIMIT),), field="reason")
    return ALLOWED if reports else Refused("already_decided")


def may_blank(*, actor: Actor, words_left: bool, reason: str) -> Verdict:
    """Say whether the actor may blank an earlier version of a comment; the reason is not optional.

    `words_left`: nobody blanked it before.
    """
    if not (allowed := may_moderate(actor=actor)):
        return allowed
    if not words_left:
        return Refused("already_blank")
    if len(reason) > REASON_LIMIT:
        return Refused("reason_too_long", facts=(("limit", REASON_LIMIT),), field="reason")
    return ALLOWED if reason else Refused("blank_reason", field="reason")


def role_of(actor: Actor) -> str:
    """Return the role in which the actor decides, the highest one."""
    order = (Role.OWNER, Role.EDITOR, Role.MODERATOR, Role.SYSTEM)
    return next((role.value for role in order if actor.has(role)), "")


def may_erase(*, actor: Actor, owner: str) -> Verdict:
    """Say whether the actor may have a participant's name and address forgotten."""
    if actor.has(Role.OWNER, Role.EDITOR, Role.SYSTEM) or (owner and owner == actor.id):
        return ALLOWED
    return Refused("not_yours")
