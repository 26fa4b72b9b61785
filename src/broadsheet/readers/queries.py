"""Reading accounts, for the desk."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from broadsheet.kit.actor import STAFF
from broadsheet.readers.models import User

PAGE_LENGTH = 50


@dataclass(frozen=True, slots=True)
class Account:
    """An account as the desk lists it. `ban_reason` is empty for one in good standing."""

    uuid: UUID
    name: str
    email: str
    joined_at: datetime
    is_staff: bool
    ban_reason: str
    banned_at: datetime | None


@dataclass(frozen=True, slots=True)
class AccountPage:
    accounts: tuple[Account, ...]
    after: int | None


def accounts(*, search: str = "", after: int | None = None) -> AccountPage:
    """Return accounts, the newest first, those that match a name or an e-mail. Two queries."""
    rows = User.objects.select_related("ban").prefetch_related("groups").order_by("-pk")
    # PostgreSQL takes no NUL in a text.
    term = search.replace("\0", "").strip()
    if term:
        rows = rows.filter(Q(name__icontains=term) | Q(email__icontains=term))
    if after is not None:
        rows = rows.filter(pk__lt=after)
    found = list(rows[: PAGE_LENGTH + 1])
    page = found[:PAGE_LENGTH]
    more = len(found) > PAGE_LENGTH
    return AccountPage(tuple(map(_account, page)), page[-1].pk if more else None)


def user_by_uuid(*, uuid: UUID) -> User | None:
    """Return the account with this identity, or None."""
    return User.objects.filter(uuid=uuid).first()


def user_by_email(*, email: str) -> User | None:
    """Return the account with this address, or None."""
    return User.objects.filter(email=email.lower()).first()


def _account(user: User) -> Account:
    ban = getattr(user, "ban", None)
    roles = {str(role) for role in STAFF}
    return Account(
        uuid=user.uuid,
        name=user.shown_name,
        email=user.email,
        joined_at=user.date_joined,
        is_staff=user.is_superuser or any(group.name in roles for group in user.groups.all()),
        ban_reason=ban.reason if ban else "",
        banned_at=ban.banned_at if ban else None,
    )
