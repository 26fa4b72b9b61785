"""Comments that wait for a moderator, many at once: run with a newsroom's settings (homes.py)."""

import json
import sys
from datetime import timedelta

GUESTS = 20


def fill(number: int) -> list[int]:
    """Hold so many comments on the story of the demonstration that is talked about most."""
    from broadsheet.discussion import api
    from broadsheet.discussion.models import Thread
    from broadsheet.kit.actor import Actor, Role
    from broadsheet.kit.clock import utcnow

    thread = Thread.objects.order_by("-comment_count")[0]
    begins = utcnow() - timedelta(days=400)
    return [
        api.post_comment(
            actor=Actor(id=f"device:waits-{at % GUESTS}", roles=frozenset({Role.GUEST})),
            thread_id=thread.pk,
            source=f"It waits as number {at}.",
            name=f"Waiting {at % GUESTS}",
            policy=api.Policy(),
            now=begins + timedelta(minutes=at),
        ).number
        for at in range(number)
    ]


if __name__ == "__main__":
    import django

    django.setup()
    json.dump(fill(json.load(sys.stdin)), sys.stdout)
