"""How often somebody may post and vote, per device and per network; counted in this process.

A network is shared by households, offices and sometimes towns, so its bounds are wide: they stop
a program that takes a new device for every request, which the bounds per device cannot.
"""

from functools import cache
from typing import Final

from django.conf import settings

from broadsheet.kit.actor import Actor
from broadsheet.kit.ratelimit import Limit, Limiter
from broadsheet.kit.verdict import ALLOWED, Refused, Verdict

LIMITS: Final = {
    "post.person": Limit(burst=5, every=20.0),
    "post.network": Limit(burst=40, every=5.0),
    "vote.person": Limit(burst=40, every=1.5),
    "vote.network": Limit(burst=400, every=0.3),
}


def within_limits(*, actor: Actor, verb: str) -> Verdict:
    """Say whether the actor may "post" or "vote" now, and count it. Staff are not counted."""
    if actor.is_staff:
        return ALLOWED
    wait = _limiter(f"{verb}.person").take(actor.id)
    if not wait and actor.network:
        wait = _limiter(f"{verb}.network").take(actor.network)
    if not wait:
        return ALLOWED
    return Refused("too_fast", facts=(("seconds", int(wait) + 1),))


def forget() -> None:
    """Forget all counts, for tests."""
    _limiter.cache_clear()


@cache
def _limiter(name: str) -> Limiter:
    """Make a limiter at first use; DISCUSSION_LIMITS may set it, as {name: (burst, every)}."""
    given = settings.DISCUSSION_LIMITS.get(name)
    return Limiter(Limit(*given) if given else LIMITS[name])
