"""Who may change or take back what they wrote, and what others are told of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from broadsheet.discussion.rules.policy import Policy
from broadsheet.discussion.rules.posting import ALL, LINK, RAID, READ_FIRST, may_write
from broadsheet.discussion.rules.texts import digest_of
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import ALLOWED, Refused, Verdict

# Of `Policy.edit_minutes`.
ALWAYS: Final = -1
# The rule under which a comment is gone that its author took back.
WITHDRAWN: Final = "withdrawn"


@dataclass(frozen=True, slots=True)
class Written:
    """What the rules know of a comment. `owner` is the id of the actor who wrote it."""

    owner: str
    state: str
    created_at: datetime
    closed: bool
    hidden: bool


@dataclass(frozen=True, slots=True)
class Noticed:
    """What others did about the words of a comment: whoever answers has read them."""

    answered: bool
    voted: bool
    quoted: bool
    reported: bool


def may_edit(*, actor: Actor, written: Written, policy: Policy, now: datetime) -> Verdict:
    """Say whether the actor may change the words of this comment now."""
    if not (allowed := may_write(actor=actor)):
        return allowed
    if written.owner != actor.id:
        return Refused("not_your_comment")
    if written.state == "removed":
        return Refused("edit_gone")
    if written.hidden or written.closed:
        return Refused("hidden" if written.hidden else "closed")
    return _in_time(written, policy, now)


def _in_time(written: Written, policy: Policy, now: datetime) -> Verdict:
    until = editable_until(created_at=written.created_at, policy=policy)
    if until is None or now < until:
        return ALLOWED
    if not policy.edit_minutes:
        return Refused("edit_never")
    return Refused("edit_over", facts=(("minutes", policy.edit_minutes),))


def may_withdraw(*, actor: Actor, written: Written) -> Verdict:
    """Say whether the actor may take this comment back.

    Neither a closed discussion nor a ban keeps anybody from it: it is not taking part.
    """
    if written.owner != actor.id:
        return Refused("not_your_comment")
    return ALLOWED if written.state != "removed" else Refused("withdraw_gone")


def editable_until(*, created_at: datetime, policy: Policy) -> datetime | None:
    """Return when a comment can no longer be changed; None for no such time."""
    if policy.edit_minutes == ALWAYS:
        return None
    return created_at + timedelta(minutes=policy.edit_minutes)


def mark_of(source: str) -> str:
    """Return a short mark of a text, by which a form says on which words it was drawn."""
    return digest_of(source)[:16]


def is_current(*, seen: str, source: str) -> Verdict:
    """Say whether a form that was drawn on the words of mark `seen` is about `source` still."""
    return ALLOWED if seen == mark_of(source) else Refused("edit_conflict", field="body")


def leaves_trace(*, revision: int, noticed: Noticed) -> bool:
    """Say whether others may have met the words: then the earlier ones stay open to all.

    A comment that was edited once in this way says so at every edit from then on.
    """
    return revision > 1 or any((noticed.answered, noticed.voted, noticed.quoted, noticed.reported))


def hold_again(
    *,
    actor: Actor,
    policy: Policy,
    public: bool,
    new_link: bool,
    read_first: bool = False,
    in_raid: bool = False,
    filtered: str = "",
) -> str:
    """Return the rule under which an edited comment waits for a moderator, or "".

    `new_link`: it links to where it did not before. Who posts a link waits; who adds one later does
    so too, or the rule would be no rule. The same where everything waits. `read_first`,
    `in_raid` and `filtered` as in rules.posting: who was let in before a raid says nothing new in
    it.
    """
    if not public or actor.is_staff:
        return ""
    reasons = (
        (RAID, in_raid),
        (ALL, policy.hold_all),
        (READ_FIRST, read_first),
        (filtered, bool(filtered)),
        (LINK, new_link and policy.hold_links),
    )
    return next((rule for rule, holds in reasons if holds), "")
