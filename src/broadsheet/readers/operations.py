"""The verbs on accounts: one function, one transaction."""

from datetime import datetime

from django.core import signing
from django.db import transaction

from broadsheet.kit.actor import STAFF, Actor, Role
from broadsheet.kit.verdict import require
from broadsheet.readers import decisions, rules
from broadsheet.readers.models import Ban, User
from broadsheet.readers.roles import actor_for, grant_role

SIGN_IN_SALT = "broadsheet.readers.sign-in"
# Long enough to walk to the browser, short enough that a link in a log is soon worthless.
SIGN_IN_SECONDS = 15 * 60


@transaction.atomic
def ban(*, actor: Actor, user: User, reason: str, now: datetime) -> Ban:
    """Stop an account from writing. Raises RefusalError; a second ban keeps the first."""
    require(rules.may_ban(actor=actor, target=actor_for(user)))
    row, is_new = Ban.objects.get_or_create(
        user=user, defaults={"reason": reason, "banned_by": actor.id, "banned_at": now}
    )
    if is_new:
        decisions.append(user=user, verb=decisions.BAN, actor=actor, now=now, reason=reason)
    return row


@transaction.atomic
def lift_ban(*, actor: Actor, user: User, now: datetime) -> None:
    """Let an account write again; that it was stopped stays on record. Raises RefusalError."""
    require(rules.may_ban(actor=actor, target=actor_for(user)))
    if Ban.objects.filter(user=user).delete()[0]:
        decisions.append(user=user, verb=decisions.LIFT, actor=actor, now=now)


@transaction.atomic
def ensure_staff(*, email: str, name: str, role: Role) -> User:
    """Return the account of a member of staff, making it at first use."""
    user = User.objects.filter(email=email.lower()).first()
    if user is None:
        user = User.objects.create_user(email, name=name, is_staff=True)
    grant_role(user=user, role=role)
    if role is Role.OWNER and not user.is_superuser:
        user.is_superuser = user.is_staff = True
        user.save(update_fields=["is_superuser", "is_staff"])
    return user


@transaction.atomic
def ensure_reader(*, email: str, name: str) -> User:
    """Return the account of a reader, making it at first use; it may sign in by a code."""
    found = User.objects.filter(email=email.lower()).first()
    return found or User.objects.create_user(email, name=name)


def sign_in_token(*, user: User) -> str:
    """Return a signed token for `/account/staff/<token>/`; it dies with the next sign-in."""
    return signing.dumps([str(user.uuid), _freshness(user)], salt=SIGN_IN_SALT)


def user_of_token(*, token: str) -> User | None:
    """Return the account of a token that is genuine, fresh and unused, else None."""
    try:
        uuid, freshness = signing.loads(token, salt=SIGN_IN_SALT, max_age=SIGN_IN_SECONDS)
    except (signing.BadSignature, ValueError):
        return None
    user = User.objects.filter(uuid=uuid, is_active=True).first()
    return user if user and _freshness(user) == freshness else None


def _freshness(user: User) -> str:
    """A sign-in changes this, which makes every token made before it worthless."""
    return user.last_login.isoformat() if user.last_login else "never"


def staff_account(*, email: str) -> User | None:
    """Return the account of the member of staff with this address, or None."""
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    return user if user and actor_for(user).roles & STAFF else None


def first_owner() -> User | None:
    """Return the account that has owned the site for longest, or None."""
    return User.objects.filter(is_superuser=True, is_active=True).order_by("pk").first()
