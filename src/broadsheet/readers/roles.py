"""Between accounts and actors; roles of staff are Django groups, on which Wagtail's rights hang."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Final
from uuid import UUID

from django.contrib.auth.models import Group

from broadsheet.kit.actor import STAFF, Actor, Role, Standing
from broadsheet.kit.verdict import RefusalError, Refused
from broadsheet.readers.models import User

_ACCOUNT: Final = "account:"


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
        id=actor_id_of(user.uuid),
        roles=frozenset(roles | {Role.READER}),
        standing=Standing.BANNED if banned else Standing.GOOD,
        name=user.shown_name,
        email=user.email,
    )


def actor_id_of(uuid: UUID) -> str:
    """Return the id under which an account acts."""
    return f"{_ACCOUNT}{uuid}"


def account_of(actor: Actor) -> User | None:
    """Return the account that acts; None is a guest, or a part of the system. One query."""
    uuid = _uuid_of(actor.id)
    return User.objects.filter(uuid=uuid).first() if uuid else None


def require_account(actor: Actor) -> User:
    """Return the account that acts; raises RefusalError for who has none, or is banned."""
    user = None if actor.is_banned else account_of(actor)
    if user is None:
        raise RefusalError(Refused("no_account"))
    return user


def names_of(*, actor_ids: Iterable[str]) -> dict[str, str]:
    """Return the names of those actors who have an account, by the actor's id. One query."""
    accounts = {uuid: actor_id for actor_id in actor_ids if (uuid := _uuid_of(actor_id))}
    people = User.objects.filter(uuid__in=accounts)
    return {accounts[person.uuid]: person.shown_name for person in people}


def addresses_of(*, actor_ids: Iterable[str]) -> dict[str, str]:
    """Return where letters reach those actors who have an account and may act. One query."""
    accounts = {uuid: actor_id for actor_id in actor_ids if (uuid := _uuid_of(actor_id))}
    people = User.objects.filter(uuid__in=accounts, is_active=True)
    return {accounts[person.uuid]: person.email for person in people}


def _uuid_of(actor_id: str) -> UUID | None:
    if actor_id.startswith(_ACCOUNT):
        with suppress(ValueError):
            return UUID(actor_id.removeprefix(_ACCOUNT))
    return None
