"""Who works here: the verb that gives and takes roles, and the list of those who have one."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.db.models import Q
from django.template.loader import render_to_string

from broadsheet.kit.actor import STAFF, Actor, Role
from broadsheet.kit.verdict import require
from broadsheet.outbox import api as outbox
from broadsheet.readers import decisions, rules
from broadsheet.readers.models import User
from broadsheet.readers.roles import actor_for, actor_id_of, grant_role

KIND = "appointed"
_NAMES = {str(role): role for role in STAFF}
# Made once, because every guest's post asks for it: by the ORM it would cost more than the rest. It
# begins at the few who work here, and looks up each by number, whatever a database believes about
# how many they are: readers are many.
_STAFF_NAMES = f"""
SELECT name FROM readers_user WHERE is_superuser = %s AND is_active
UNION
SELECT (SELECT name FROM readers_user WHERE id = works.user_id AND is_active)
FROM auth_group role JOIN readers_user_groups works ON works.group_id = role.id
WHERE role.name IN ({", ".join(["%s"] * len(_NAMES))})
"""  # noqa: S608 - every value is a parameter


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff. `seen_at` is the last sign-in, None for who never came."""

    uuid: UUID
    name: str
    email: str
    roles: frozenset[Role]
    seen_at: datetime | None


def staff() -> tuple[Colleague, ...]:
    """Return all who have a role, by name. Two queries."""
    rows = User.objects.filter(Q(groups__name__in=_NAMES) | Q(is_superuser=True), is_active=True)
    people = rows.distinct().prefetch_related("groups")
    return tuple(sorted(map(_colleague, people), key=lambda one: (one.name.lower(), one.email)))


def staff_names() -> frozenset[str]:
    """Return the names that people who work here go by. One query, at every post of a guest's."""
    with connection.cursor() as cursor:
        cursor.execute(_STAFF_NAMES, [True, *_NAMES])
        return frozenset(name for (name,) in cursor.fetchall() if name)


def ids_of_staff(*, roles: Iterable[Role]) -> frozenset[str]:
    """Return the actor ids of those who have one of these roles and may act. One query."""
    wanted = frozenset(roles)
    has = Q(groups__name__in=[str(role) for role in wanted])
    if Role.OWNER in wanted:
        has |= Q(is_superuser=True)
    people = User.objects.filter(has, is_active=True, ban__isnull=True).distinct()
    return frozenset(map(actor_id_of, people.values_list("uuid", flat=True)))


@transaction.atomic
def appoint(
    *,
    actor: Actor,
    uuid: UUID | None = None,
    email: str,
    name: str,
    roles: AbstractSet[Role],
    now: datetime,
) -> Colleague:
    """Give an account exactly these roles, and this name and address.

    The account is that of `uuid`; without one that of the address, which is made at first use: a
    reader who becomes staff keeps what they wrote. Who was not staff gets a letter. Without roles
    somebody is a reader again. Raises RefusalError; RuntimeError for an account there is not.
    """
    address = email.strip().lower()
    accounts = User.objects.select_for_update()
    user = accounts.filter(**{"uuid": uuid} if uuid else {"email": address}).first()
    if uuid and user is None:
        raise RuntimeError(f"there is no account {uuid}")
    is_taken = User.objects.filter(email=address).exclude(pk=user.pk if user else 0).exists()
    target = actor_for(user) if user else None
    require(rules.may_appoint(actor=actor, target=target, roles=roles, is_taken=is_taken))
    before = target.roles & STAFF if target else frozenset()
    if user is None:
        user = User.objects.create_user(address)
    elif user.email != address:
        # An address that was confirmed before would go on signing in.
        EmailAddress.objects.filter(user=user).delete()
    user.name, user.email = name, address
    user.is_superuser, user.is_staff = Role.OWNER in roles, bool(roles)
    user.save(update_fields=["name", "email", "is_superuser", "is_staff"])
    if before != roles:
        user.groups.remove(*Group.objects.filter(name__in=_NAMES))
        for role in roles:
            grant_role(user=user, role=role)
        said = ", ".join(sorted(roles))
        decisions.append(user=user, verb=decisions.ROLES, actor=actor, now=now, reason=said)
    if roles and not before:
        _write_to(user, now=now)
    return _colleague(User.objects.prefetch_related("groups").get(pk=user.pk))


def _write_to(user: User, *, now: datetime) -> None:
    told = {
        "name": user.shown_name,
        "email": user.email,
        "newsroom": settings.PUBLICATION_NAME,
        "url": f"{settings.BROADSHEET_URL}/desk/",
    }
    subject, text = (
        render_to_string(f"readers/letters/appointed{part}.txt", told).strip()
        for part in ("_subject", "")
    )
    outbox.queue(kind=KIND, to=user.email, subject=subject, text=text, now=now)


def _colleague(user: User) -> Colleague:
    roles = {_NAMES[group.name] for group in user.groups.all() if group.name in _NAMES}
    if user.is_superuser:
        roles.add(Role.OWNER)
    return Colleague(user.uuid, user.shown_name, user.email, frozenset(roles), user.last_login)
