"""What holds for somebody at this moment, asked in statements that are sent anyway.

`LIMITED` is a question of the kind that `statements.find_if_any` takes: nearly always the answer is
no, and then nothing more is read.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils.crypto import salted_hmac

from broadsheet.discussion.models import Sanction
from broadsheet.discussion.rules.sanctioning import Limit
from broadsheet.discussion.statements import as_sent
from broadsheet.kit.actor import Actor

_SALT: Final = "broadsheet.discussion.reach"
# What no row has.
_NOBODY: Final = "-"

LIMITED: Final = """
EXISTS (
    SELECT 1 FROM discussion_sanction s
    WHERE (s.owner = %s OR s.mail = %s OR (s.network = %s AND s.network_until > %s))
    AND s.ended_at IS NULL AND (s.until IS NULL OR s.until > %s)
)
"""


@dataclass(frozen=True, slots=True)
class Reached:
    """By what somebody can be reached: an actor, and the digests of address and network, or ""."""

    owner: str
    mail: str = ""
    network: str = ""

    def asked(self, now: datetime) -> tuple[Any, ...]:
        """Return the values of LIMITED."""
        moment = as_sent(Sanction, "until", now)
        return self.owner, self.mail or _NOBODY, self.network or _NOBODY, moment, moment


def reached(*, actor: Actor, email: str = "") -> Reached:
    """Return by what an actor who gives this address can be reached."""
    return Reached(actor.id, mail_digest(email or actor.email), network_digest(actor.network))


def mail_digest(email: str) -> str:
    """Return an address as it is kept in what reaches it; "" for none."""
    return _digest("mail", email.strip().lower()) if email.strip() else ""


def network_digest(network: str) -> str:
    """Return a network as it is kept, keyed: the network itself is nowhere; "" for none."""
    return _digest("network", network) if network else ""


def in_force(*, reaches: Reached, now: datetime) -> tuple[Limit, ...]:
    """Return all that holds for somebody. One query."""
    rows = reaching(reaches, now=now).select_related("decision").order_by("pk")
    return tuple(limit_of(row) for row in rows)


def reaching(reaches: Reached, *, now: datetime) -> QuerySet[Sanction]:
    """Return what has not ended and reaches somebody."""
    return standing(now=now).filter(reaches_of(reaches, now=now))


def standing(*, now: datetime) -> QuerySet[Sanction]:
    """Return what has not ended, by itself or by anybody."""
    return Sanction.objects.filter(Q(until=None) | Q(until__gt=now), ended_at=None)


def limits_of(*, owners: Collection[str], now: datetime) -> dict[str, tuple[Limit, ...]]:
    """Return what holds for actors by their device or account, by their ids. One query."""
    found: dict[str, tuple[Limit, ...]] = {}
    rows = standing(now=now).filter(owner__in=owners).select_related("decision").order_by("pk")
    for row in rows:
        found[row.owner] = (*found.get(row.owner, ()), limit_of(row))
    return found


def limit_of(row: Sanction) -> Limit:
    """Return what the rules know of a row whose decision was read with it."""
    return Limit(
        number=row.pk,
        kind=row.kind,
        rule=row.decision.rule,
        at=row.at,
        until=row.until,
        thread=row.thread_id,
        minutes=row.minutes,
    )


def reaches_of(reaches: Reached, *, now: datetime) -> Q:
    """Return the condition of LIMITED on who is reached."""
    found = Q(owner=reaches.owner)
    if reaches.mail:
        found |= Q(mail=reaches.mail)
    if reaches.network:
        found |= Q(network=reaches.network, network_until__gt=now)
    return found


@lru_cache(maxsize=2_000)
def _digest(kind: str, value: str) -> str:
    digest = salted_hmac(f"{_SALT}.{kind}", value, algorithm="sha256").hexdigest()
    return digest[:32]
