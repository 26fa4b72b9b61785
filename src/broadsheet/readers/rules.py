"""Who may limit an account. Pure: no database, no clock."""

from broadsheet.kit.actor import Actor, Role
from broadsheet.kit.verdict import ALLOWED, Refused, Verdict


def may_ban(*, actor: Actor, target: Actor) -> Verdict:
    """Moderators ban readers; only the owner bans staff, and nobody themselves."""
    if actor.id == target.id:
        return Refused("ban_self")
    if target.has(Role.OWNER) or (target.is_staff and not actor.has(Role.OWNER)):
        return Refused("ban_staff")
    return may_limit(actor=actor)


def may_limit(*, actor: Actor) -> Verdict:
    """Say whether somebody may limit accounts at all: owner, editor and moderator."""
    if actor.is_banned or not actor.has(Role.OWNER, Role.EDITOR, Role.MODERATOR):
        return Refused("not_moderator")
    return ALLOWED
