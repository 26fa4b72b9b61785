"""How often somebody may post, edit, report and vote, per device and network; in this process.

A network is shared by households, offices and sometimes towns, so its bounds are wide. A program
that shows no device at all is somebody new with every request, so newcomers have a bound of their
own per network; whoever is taken in is known by the next request and does not count there again.
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
    "post.newcomers": Limit(burst=20, every=60.0),
    "edit.person": Limit(burst=10, every=10.0),
    "edit.network": Limit(burst=80, every=2.5),
    "edit.newcomers": Limit(burst=20, every=60.0),
    "report.person": Limit(burst=5, every=20.0),
    "report.network": Limit(burst=40, every=5.0),
    "report.newcomers": Limit(burst=20, every=60.0),
    # No identity is given for it, so that most who look at a preview are newcomers still.
    "preview.person": Limit(burst=30, every=3.0),
    "preview.network": Limit(burst=200, every=0.5),
    "preview.newcomers": Limit(burst=60, every=2.0),
    # Beside that of the post. Each costs half a second of a processor.
    "image.person": Limit(burst=5, every=30.0),
    "image.network": Limit(burst=20, every=15.0),
    "image.newcomers": Limit(burst=10, every=60.0),
    "vote.person": Limit(burst=40, every=1.5),
    "vote.network": Limit(burst=400, every=0.3),
    "vote.newcomers": Limit(burst=20, every=60.0),
}


def within_limits(*, actor: Actor, verb: str) -> Verdict:
    """Say whether the actor may do this now ("post", "image", "vote", …), and count it.

    Staff are not counted.
    """
    if actor.is_staff:
        return ALLOWED
    buckets = _buckets(actor, verb)
    # All are asked before one is used: who is refused uses nothing, and is not kept in memory.
    wait = max(bucket.wait(key) for bucket, key in buckets)
    wait = wait or max(bucket.take(key) for bucket, key in buckets)
    if not wait:
        return ALLOWED
    return Refused("too_fast", facts=(("seconds", int(wait) + 1),))


def _buckets(actor: Actor, verb: str) -> list[tuple[Limiter, str]]:
    buckets = [("person", actor.id)]
    if actor.network:
        buckets.append(("network", actor.network))
        if actor.newcomer:
            buckets.append(("newcomers", actor.network))
    return [(limiter(f"{verb}.{name}"), key) for name, key in buckets]


def forget() -> None:
    """Forget all counts, for tests."""
    limiter.cache_clear()


@cache
def limiter(name: str) -> Limiter:
    """Make a limiter at first use; DISCUSSION_LIMITS may set it, as {name: (burst, every)}."""
    given = settings.DISCUSSION_LIMITS.get(name)
    return Limiter(Limit(*given) if given else LIMITS[name])
