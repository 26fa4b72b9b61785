"""The door of `readers`: accounts, their roles and their standing."""

from broadsheet.readers.decisions import checks
from broadsheet.readers.operations import (
    ban,
    ensure_reader,
    ensure_staff,
    first_owner,
    lift_ban,
    sign_in_token,
    staff_account,
    user_of_token,
)
from broadsheet.readers.queries import Account, AccountPage, accounts, user_by_email, user_by_uuid
from broadsheet.readers.roles import actor_for, grant_role
from broadsheet.readers.rules import may_limit

__all__ = [
    "Account",
    "AccountPage",
    "accounts",
    "actor_for",
    "ban",
    "checks",
    "ensure_reader",
    "ensure_staff",
    "first_owner",
    "grant_role",
    "lift_ban",
    "may_limit",
    "sign_in_token",
    "staff_account",
    "user_by_email",
    "user_by_uuid",
    "user_of_token",
]
