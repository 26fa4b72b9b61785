"""From an actor to the account that Wagtail's log names."""

from typing import Any, Final
from uuid import UUID

from broadsheet.kit.actor import Actor
from broadsheet.readers import api as readers

_ACCOUNT: Final = "account:"


def user_of(actor: Actor) -> Any:
    """Return the account that acts; None is a part of the system."""
    if not actor.id.startswith(_ACCOUNT):
        return None
    return readers.user_by_uuid(uuid=UUID(actor.id.removeprefix(_ACCOUNT)))
