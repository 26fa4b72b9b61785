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
from broadsheet.readers.roles import (
    account_of,
    actor_for,
    addresses_of,
    grant_role,
    names_of,
    require_account,
)
from broadsheet.readers.rules import may_limit, may_staff
from broadsheet.readers.staff import Colleague, appoint, ids_of_staff, staff, staff_names

__all__ = [
    "Account",
    "AccountPage",
    "Colleague",
    "account_of",
    "accounts",
    "actor_for",
    "addresses_of",
    "appoint",
    "ban",
    "checks",
    "ensure_reader",
    "ensure_staff",
    "first_owner",
    "grant_role",
    "ids_of_staff",
    "lift_ban",
    "may_limit",
    "may_staff",
    "names_of",
    "require_account",
    "sign_in_token",
    "staff",
    "staff_account",
    "staff_names",
    "user_by_email",
    "user_by_uuid",
    "user_of_token",
]
