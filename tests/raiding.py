"""A raid on a newsroom that is served: run with its settings (homes.py), one step at a time."""

import json
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

KNOWN: Final = 20
RAIDERS: Final = 500


def prepare() -> dict[str, Any]:
    """Let some have been here for days, turn on raid mode; return cookies, threads and the raid."""
    from django.core import signing

    from broadsheet.discussion import api
    from broadsheet.discussion.models import Switch, Thread
    from broadsheet.kit.actor import Actor, Role
    from broadsheet.kit.clock import utcnow
    from broadsheet.site.people import DEVICE_SALT, device_cookie
    from discussion.states import state_of

    now = utcnow()
    raided = Thread.objects.order_by("pk")[0].pk
    other = api.open_thread(
        site="main", key="other", url="/town/other/", title="Other", language="en", now=now
    )
    for thread in (raided, other):
        for n in range(KNOWN):
            api.post_comment(
                actor=Actor(id=f"device:known-{n}", roles=frozenset({Role.GUEST})),
                thread_id=thread,
                source=f"Here since days, as number {n}.",
                policy=api.Policy(hold_first=False),
                now=now - timedelta(days=5),
            )
    mona = Actor(id="account:mona", roles=frozenset({Role.MODERATOR}))
    until = now + timedelta(hours=2)
    api.turn_on(actor=mona, scope=api.Scope(), kind="raid", until=until, now=now)
    tokens = {
        name: [signing.dumps(f"{name}-{n}", salt=DEVICE_SALT) for n in range(count)]
        for name, count in (("known", KNOWN), ("raider", RAIDERS))
    }
    return {
        "cookie": device_cookie(),
        "raided": raided,
        "other": other,
        "raid": Switch.objects.get().pk,
        "state": state_of(raided),
        **tokens,
    }


def undo() -> dict[str, Any]:
    """Undo the raid by one action, and leave the rest of it to the server."""
    from broadsheet.discussion import api
    from broadsheet.discussion.models import Switch
    from broadsheet.kit.actor import Actor, Role
    from broadsheet.kit.clock import utcnow

    mona = Actor(id="account:mona", roles=frozenset({Role.MODERATOR}))
    raid = Switch.objects.get().pk
    api.undo_raid(actor=mona, raid_id=raid, verb="remove", rule="advertising", now=utcnow())
    return {}


def look() -> dict[str, Any]:
    """Return the state of the thread, and what the room's own checks find wrong."""
    from broadsheet.discussion import api
    from broadsheet.discussion.models import Sweep, Thread
    from discussion.states import state_of

    problems = [problem for check in api.checks() for problem in check.run()]
    raided = Thread.objects.order_by("pk")[0].pk
    moved = Sweep.objects.get().moved
    return {"state": state_of(raided), "problems": problems, "moved": moved}


STEPS: Final[dict[str, Callable[[], dict[str, Any]]]] = {
    "prepare": prepare,
    "undo": undo,
    "look": look,
}

if __name__ == "__main__":
    import django

    django.setup()
    json.dump(STEPS[json.load(sys.stdin)](), sys.stdout)
