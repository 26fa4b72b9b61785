"""From an actor to the account whose rights Wagtail knows."""

from typing import Any, Final
from uuid import UUID

from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import RefusalError, Refused
from broadsheet.readers import api as readers

_ACCOUNT: Final = "account:"


def account_of(actor: Actor) -> Any:
    """Return the account; raises RefusalError for who has none, or is banned."""
    user = None
    if actor.id.startswith(_ACCOUNT) and not actor.is_banned:
        user = readers.user_by_uuid(uuid=UUID(actor.id.removeprefix(_ACCOUNT)))
    if user is None:
        raise RefusalError(Refused("no_account"))
    return user
