"""The cast: eight people that every permission is tried on, by name and role."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import NAMESPACE_DNS, uuid5

from broadsheet.kit.actor import STAFF, Actor, Role, Standing

if TYPE_CHECKING:
    from broadsheet.readers.models import User

ROLES: dict[str, frozenset[Role]] = {
    "owner": frozenset({Role.OWNER, Role.READER}),
    "editor": frozenset({Role.EDITOR, Role.READER}),
    "reporter": frozenset({Role.REPORTER, Role.READER}),
    "moderator": frozenset({Role.MODERATOR, Role.READER}),
    "reader": frozenset({Role.READER}),
    "guest": frozenset({Role.GUEST}),
    "banned_reader": frozenset({Role.READER}),
    # Somebody of whom nothing is known, not even a device: no permission may be granted to them.
    "stranger": frozenset(),
}
NAMES = {
    "owner": "Odile Brandt",
    "editor": "Edda Marsh",
    "reporter": "Ruben Tallow",
    "moderator": "Mona Keel",
    "reader": "Rhea Sands",
    "guest": "",
    "banned_reader": "Bram Gall",
    "stranger": "",
}
WITHOUT_ACCOUNT = {"guest", "stranger"}


@dataclass(frozen=True, slots=True)
class Person:
    """One of the cast; `user` is None for those without an account."""

    actor: Actor
    user: "User | None" = None


@dataclass(frozen=True, slots=True)
class Cast[Someone]:
    """Everybody, by name: `cast.editor`, `cast["editor"]`, `for name, person in cast`."""

    owner: Someone
    editor: Someone
    reporter: Someone
    moderator: Someone
    reader: Someone
    guest: Someone
    banned_reader: Someone
    stranger: Someone

    def __getitem__(self, name: str) -> Someone:
        return getattr(self, name)

    def __iter__(self) -> Iterator[tuple[str, Someone]]:
        return iter([(field.name, getattr(self, field.name)) for field in fields(self)])


def invent_actors() -> Cast[Actor]:
    """Return the cast as actors; nothing is written anywhere."""
    return Cast(**{name: _actor(name) for name in ROLES})


def invent_cast(*, now: datetime) -> Cast[Person]:
    """Write the cast's accounts, roles and ban into the database."""
    return Cast(**{name: _person(name, now=now) for name in ROLES})


def _actor(name: str) -> Actor:
    kind = {"guest": "device:guest", "stranger": "device:stranger"}
    return Actor(
        id=kind.get(name, f"account:{uuid5(NAMESPACE_DNS, name)}"),
        roles=ROLES[name],
        standing=Standing.BANNED if name == "banned_reader" else Standing.GOOD,
        name=NAMES[name],
        email="" if name in WITHOUT_ACCOUNT else f"{name}@harbour.example",
    )


def _person(name: str, *, now: datetime) -> Person:
    if name in WITHOUT_ACCOUNT:
        return Person(actor=_actor(name))
    from broadsheet.readers.api import actor_for, grant_role
    from broadsheet.readers.models import Ban, User

    planned = _actor(name)
    roles = sorted(planned.roles & STAFF)
    user = User.objects.create_user(
        planned.email,
        name=planned.name,
        uuid=planned.id.removeprefix("account:"),
        is_staff=bool(roles),
    )
    for role in roles:
        grant_role(user=user, role=role)
    if planned.is_banned:
        Ban.objects.create(user=user, reason="Insults", banned_by="system:tests", banned_at=now)
    user = User.objects.get(pk=user.pk)
    return Person(actor=actor_for(user), user=user)
