"""Roles of staff, kept as Django groups so that Wagtail's permissions hang on the same rows."""

from django.contrib.auth.models import Group

from broadsheet.kit.actor import STAFF, Actor, Role, Standing
from broadsheet.readers.models import User


def grant_role(*, user: User, role: Role) -> None:
    """Give a member of staff a role. Raises ValueError for a role that is not staff's."""
    if role not in STAFF:
        raise ValueError(f"{role} is nobody's to grant; staff roles are {sorted(STAFF)}")
    group, _ = Group.objects.get_or_create(name=str(role))
    user.groups.add(group)


def actor_for(user: User) -> Actor:
    """Return the domain's view of an account: roles by group, standing by the absence of a ban."""
    names = set(user.groups.values_list("name", flat=True))
    roles = {role for role in STAFF if str(role) in names}
    if user.is_superuser:
        roles.add(Role.OWNER)
    banned = hasattr(user, "ban")
    return Actor(
        id=f"account:{user.uuid}",
        roles=frozenset(roles | {Role.READER}),
        standing=Standing.BANNED if banned else Standing.GOOD,
        name=user.shown_name,
        email=user.email,
    )
