"""Who is who in Orrin: accounts of staff and readers, and the personas of the bar."""

from dataclasses import dataclass
from typing import Any, Final

from broadsheet.kit.actor import STAFF, Actor, Role
from broadsheet.readers import api as readers
from broadsheet.site.demo import files

GUEST: Final = "guest"
# In the order of the bar: from who may least to who may most.
PERSONAS: Final = (GUEST, "reader", "moderator", "reporter", "editor", "owner")


@dataclass(frozen=True, slots=True)
class Cast:
    """The accounts, by the name readers see."""

    users: dict[str, Any]

    def actor(self, name: str) -> Actor:
        return readers.actor_for(self.users[name])

    def actor_of_role(self, role: str) -> Actor:
        return self.actor(next(entry["name"] for entry in _accounts() if entry["account"] == role))


def invite() -> Cast:
    """Make the accounts of staff and readers; those that are there already stay."""
    users: dict[str, Any] = {}
    for entry in _accounts():
        role = Role(entry["account"])
        if role in STAFF:
            user = readers.ensure_staff(email=entry["email"], name=entry["name"], role=role)
        else:
            user = readers.ensure_reader(email=entry["email"], name=entry["name"])
        users[entry["name"]] = user
    return Cast(users)


def email_of(persona: str) -> str:
    """Return the address of the account behind a persona. Raises KeyError; a guest has none."""
    emails: dict[str, str] = {entry["account"]: entry["email"] for entry in reversed(_accounts())}
    return emails[persona]


def _accounts() -> list[files.Fields]:
    newsroom = files.newsroom()
    staff = [entry for entry in newsroom["people"] if "account" in entry]
    return staff + [{"account": "reader", **entry} for entry in newsroom["readers"]]
