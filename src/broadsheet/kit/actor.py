"""Who acts. Every operation takes an Actor; none reaches for a request or a user row."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person may be in the house; several may hold for one person."""

    OWNER = "owner"
    EDITOR = "editor"
    REPORTER = "reporter"
    MODERATOR = "moderator"
    READER = "reader"
    GUEST = "guest"
    SYSTEM = "system"


class Standing(StrEnum):
    GOOD = "good"
    BANNED = "banned"


STAFF = frozenset({Role.OWNER, Role.EDITOR, Role.REPORTER, Role.MODERATOR})


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or a part of the system, as the domain sees it.

    `id` is opaque and stable: `account:<uuid>`, `device:<token id>`, `system:<name>`. `name` and
    `email` are what the person goes by at this moment; `network` is the prefix of the client's
    address (never the address), used for limits and to know a form that was sent twice. A
    `newcomer` is a guest whose device showed no identity: the next request may bring another one.
    """

    id: str
    roles: frozenset[Role] = frozenset()
    standing: Standing = Standing.GOOD
    name: str = ""
    email: str = ""
    network: str = ""
    newcomer: bool = False

    def has(self, *roles: Role) -> bool:
        """Say whether the actor holds at least one of `roles`."""
        return not self.roles.isdisjoint(roles)

    @property
    def is_staff(self) -> bool:
        return not self.roles.isdisjoint(STAFF)

    @property
    def is_guest(self) -> bool:
        return Role.GUEST in self.roles

    @property
    def is_banned(self) -> bool:
        return self.standing is Standing.BANNED


def system(*, name: str) -> Actor:
    """Return the actor of a part of the system, such as the scheduler or the importer."""
    return Actor(id=f"system:{name}", roles=frozenset({Role.SYSTEM}), name=name)
