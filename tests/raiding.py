"""A raid on a newsroom that is served, and readers who go on writing in it.

Its steps before and after run with the newsroom's settings (homes.py); `attack` goes over HTTP.
"""

import http.client
import json
import sys
import time
import urllib.parse
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from homes import Home
from serving import IN_CROWDS, Server, serve

KNOWN: Final = 20
RAIDERS: Final = 500
CLIENTS: Final = 8
# Each of those who were here before writes so often in that minute, as the limits let a person.
EACH: Final = 3
UNDONE_WITHIN: Final = 180
CREATED: Final = 201


@dataclass(frozen=True, slots=True)
class Evening:
    """What came of a raid: how often which status was answered, and what was found afterwards.

    `waits` are the seconds of the readers' posts, in order; `lasted` and `undone` seconds too.
    """

    raiders: Counter[int]
    readers: Counter[int]
    waits: list[float]
    lasted: float
    undone: float
    before: dict[str, Any]
    after: dict[str, Any]

    @property
    def share(self) -> float:
        """Return how much of what readers wrote went through, from 0 to 1."""
        return self.readers[CREATED] / self.readers.total()


def evening(home: Home, *, posts: int, seconds: float) -> Evening:
    """Play all of it on a home: so many posts in so many seconds, then all undone by one action."""
    before = step(home, "prepare")
    with serve(home.path, **home.environ, **IN_CROWDS) as server:
        raiders, known, lasted = attack(server, before, posts=posts, seconds=seconds)
        began = time.perf_counter()
        step(home, "undo")
        while home.rows("SELECT count(*) FROM discussion_sweep WHERE done_at IS NULL") != [(0,)]:
            if time.perf_counter() - began > UNDONE_WITHIN:
                raise TimeoutError("the raid is not undone")
            time.sleep(0.2)  # between two questions; what is waited for is the answer
        undone = time.perf_counter() - began
        after = step(home, "look")
    readers = Counter(status for status, _ in known)
    waits = sorted(wait for _, wait in known)
    return Evening(raiders, readers, waits, lasted, undone, before, after)


def step(home: Home, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(home.python(Path(__file__), json.dumps(name)))
    return found


class Client:
    """One connection that is kept, for many devices of many networks."""

    def __init__(self, server: Server, cookie: str) -> None:
        host = urllib.parse.urlsplit(server.url).netloc
        self.connection = http.client.HTTPConnection(host, timeout=60)
        self.cookie = cookie

    def post(self, thread: int, words: str, *, token: str, network: int) -> tuple[int, float]:
        body = urllib.parse.urlencode({"body": words})
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"{self.cookie}={token}",
            "Sec-Fetch-Site": "same-origin",
            "X-Forwarded-For": f"10.{network >> 8}.{network & 255}.7",
        }
        began = time.perf_counter()
        self.connection.request("POST", f"/t/{thread}/comments/", body, headers)
        answer = self.connection.getresponse()
        answer.read()
        return answer.status, time.perf_counter() - began


def attack(
    server: Server, told: dict[str, Any], *, posts: int, seconds: float
) -> tuple[Counter[int], list[tuple[int, float]], float]:
    """Send all of it at an even pace; return the statuses raiders got, and what readers did."""
    began = time.perf_counter()

    def client(number: int) -> list[tuple[bool, int, float]]:
        one = Client(server, told["cookie"])
        found = []
        every = posts // (KNOWN * EACH)
        with closing(one.connection):
            for at in range(number, posts, CLIENTS):
                # The pace of the raid, not a wait for anything: so many posts in so many seconds.
                time.sleep(max(0.0, began + at * seconds / posts - time.perf_counter()))
                raider = at % RAIDERS
                status, wait = one.post(
                    told["raided"], f"Raid {at}.", token=told["raider"][raider], network=raider
                )
                found.append((False, status, wait))
                if at % every == 0:
                    reader = at // every % KNOWN
                    status, wait = one.post(
                        told["other"], f"Reader {at}.", token=told["known"][reader],
                        network=1000 + reader,
                    )  # fmt: skip
                    found.append((True, status, wait))
        return found

    with ThreadPoolExecutor(CLIENTS) as pool:
        rows = [row for found in pool.map(client, range(CLIENTS)) for row in found]
    lasted = time.perf_counter() - began
    taken = Counter(status for reads, status, _ in rows if not reads)
    return taken, [(status, wait) for reads, status, wait in rows if reads], lasted


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
    from broadsheet.discussion.models import Decision, Sweep, Thread
    from broadsheet.kit.actor import Role
    from discussion.states import state_of

    problems = [problem for check in api.checks() for problem in check.run()]
    raided = Thread.objects.order_by("pk")[0].pk
    decided = Decision.objects.filter(by_role=Role.MODERATOR).exclude(verb="raid").count()
    return {
        "state": state_of(raided),
        "problems": problems,
        "moved": Sweep.objects.get().moved,
        "decisions": decided,
    }


STEPS: Final[dict[str, Callable[[], dict[str, Any]]]] = {
    "prepare": prepare,
    "undo": undo,
    "look": look,
}

if __name__ == "__main__":
    import django

    django.setup()
    json.dump(STEPS[json.load(sys.stdin)](), sys.stdout)
