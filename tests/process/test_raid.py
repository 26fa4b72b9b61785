"""Ten thousand comments a minute of five hundred, through the server: readers go on, all undone."""

import http.client
import json
import sys
import time
import urllib.parse
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest

import raiding
from homes import Home
from process.conftest import SETTINGS
from serving import Server, serve

pytestmark = [pytest.mark.process, pytest.mark.deep]

POSTS: Final = 10_000
SECONDS: Final = 60
CLIENTS: Final = 8
# Each of those who were here before writes so often in that minute, as the limits let a person.
EACH: Final = 3


def step(home: Home, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(home.python(Path(raiding.__file__), json.dumps(name)))
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


def test_readers_go_on_in_a_raid_and_all_of_it_is_undone(home: Home) -> None:
    told = step(home, "prepare")
    with serve(home.path, **home.environ, **SETTINGS) as server:
        taken, known, lasted = _raid(server, told)
        began = time.perf_counter()
        step(home, "undo")
        while home.rows("SELECT count(*) FROM discussion_sweep WHERE done_at IS NULL") != [(0,)]:
            assert time.perf_counter() - began < 180
            time.sleep(0.2)  # between two questions; what is waited for is the answer
        undone = time.perf_counter() - began
        found = step(home, "look")
    statuses = Counter(status for status, _ in known)
    waits = sorted(wait for _, wait in known)
    slowest = waits[int(len(waits) * 0.99)]
    sys.stderr.write(
        f"{POSTS} in {lasted:.0f} s: {dict(taken)}; readers {dict(statuses)}, p99 {slowest:.2f} s;"
        f" {found['moved']} undone in {undone:.1f} s\n"
    )
    assert statuses[201] >= 0.99 * len(known)
    assert taken[201] == 0
    assert set(taken) == {202, 429}, "held, or more than a person may in that time"
    assert found["moved"] == taken[202]
    assert found["state"] == told["state"]
    assert found["problems"] == []


def _raid(
    server: Server, told: dict[str, Any]
) -> tuple[Counter[int], list[tuple[int, float]], float]:
    """Send all of it at an even pace; return the statuses raiders got, and what readers did."""
    began = time.perf_counter()

    def client(number: int) -> list[tuple[bool, int, float]]:
        one = Client(server, told["cookie"])
        found = []
        every = POSTS // (raiding.KNOWN * EACH)
        with closing(one.connection):
            for at in range(number, POSTS, CLIENTS):
                # The pace of the raid, not a wait for anything: so many posts in so many seconds.
                time.sleep(max(0.0, began + at * SECONDS / POSTS - time.perf_counter()))
                raider = at % raiding.RAIDERS
                status, wait = one.post(
                    told["raided"], f"Raid {at}.", token=told["raider"][raider], network=raider
                )
                found.append((False, status, wait))
                if at % every == 0:
                    reader = at // every % raiding.KNOWN
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
