"""Who may limit an account, and who makes staff. Pure: no database, no clock."""

from collections.abc import Set as AbstractSet

from broadsheet.kit.actor import STAFF, Actor, Role
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


def may_staff(*, actor: Actor) -> Verdict:
    """Say whether somebody decides who works here: the owner."""
    if actor.is_banned or not actor.has(Role.OWNER):
        return Refused("not_owner")
    return ALLOWED


def may_appoint(
    *, actor: Actor, target: Actor | None, roles: AbstractSet[Role], is_taken: bool
) -> Verdict:
    """The owner gives and takes roles; nobody gives up the ownership that they act by.

    So there is an owner always: the last one has nobody to take it from them. `target` is None for
    somebody who has no account yet; `is_taken` is whether the address is another account's.
    """
    if not roles <= STAFF:
        raise ValueError(f"{sorted(roles - STAFF)} is nobody's to give")
    if target and target.id == actor.id and Role.OWNER not in roles:
        return Refused("own_ownership", field="roles")
    if is_taken:
        return Refused("email_taken", field="email")
    if target and target.is_banned and roles:
        return Refused("banned_staff", field="email")
    return may_staff(actor=actor)
