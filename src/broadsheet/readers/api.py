"""The door of `readers`: accounts, their roles and their standing."""

from broadsheet.readers.operations import (
    ban,
    ensure_staff,
    first_owner,
    lift_ban,
    sign_in_token,
    user_of_token,
)
from broadsheet.readers.roles import actor_for, grant_role

__all__ = [
    "actor_for",
    "ban",
    "ensure_staff",
    "first_owner",
    "grant_role",
    "lift_ban",
    "sign_in_token",
    "user_of_token",
]
