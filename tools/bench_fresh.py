"""The busiest page while readers write on it: what that costs, and how old a page anybody sees.

wrk asks for a story page as often as it is answered. Meanwhile comments are posted, one after the
other, and readers look on the page for each of them. bench.py calls `figures()`; by itself this
prints what it measured.
"""

import http.client
import json
import re
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from bench_page import PORTS, broadsheet
from bench_wrk import Serving, wrk

POSTS, READERS, BETWEEN = 20, 2, 0.4
# After the last one, for pages that would still be old.
AFTER: Final = 1.5
WORDS: Final = "The ferry was seen again, number {}."
BOUNDS = {
    # Drawings of the page for one comment that was posted on it, however many read it.
    "page.post_renders": (1.0, "drawings"),
    # From the answer to who posted until the last reader saw a page without the comment.
    "page.stale_s": (1.0, "s"),
}
FLOORS = {
    # Of all readers together, meanwhile.
    "page.hits_while_posting_per_s": (10_000.0, "a second"),
}


@dataclass(slots=True)
class Watched:
    """When each comment was said to be posted, and when a page without it was last asked for."""

    posted: dict[int, float] = field(default_factory=dict)
    missing: dict[int, float] = field(default_factory=dict)
    over: threading.Event = field(default_factory=threading.Event)

    def oldest(self) -> float:
        return max(max(0.0, self.missing.get(n, 0.0) - at) for n, at in self.posted.items())


def figures() -> dict[str, float]:
    """Measure; raises NotMeasuredError where there is no wrk."""
    with broadsheet() as (newsroom, folder):
        log = folder / "home" / "bench.log"
        page = newsroom.page().decode()
        thread = int(re.findall(r'data-thread="(\d+)"', page)[0])
        newsroom.measured(1)
        before = drawings(log, newsroom)
        watched = Watched()
        seconds = round(POSTS * BETWEEN + AFTER) + 1
        with ThreadPoolExecutor(READERS + 2) as pool:
            crowd = pool.submit(wrk, newsroom.url, seconds=seconds, pid=newsroom.process.pid)
            looking = [pool.submit(look, newsroom, watched) for _ in range(READERS)]
            pool.submit(write, thread, watched).result()
            rate = crowd.result()
            watched.over.set()
            for reader in looking:
                reader.result()
        drawn = drawings(log, newsroom) - before
    print(
        f"{len(watched.posted)} comments, {drawn} drawings, {rate.per_second:,.0f} pages a second,"
        f" p99 {rate.p99 * 1000:.1f} ms; oldest page {watched.oldest():.2f} s",
        file=sys.stderr,
    )
    return {
        "page.post_renders": drawn / len(watched.posted),
        "page.stale_s": watched.oldest(),
        "page.hits_while_posting_per_s": rate.per_second,
    }


def drawings(log: Path, newsroom: Serving) -> int:
    """Count how often Django was asked for the page: the server's log has a line for each."""
    path = "/" + newsroom.url.split("/", 3)[3]
    return log.read_text().count(f"GET {path} 200")


def write(thread: int, watched: Watched) -> None:
    line = http.client.HTTPConnection("127.0.0.1", PORTS["broadsheet"], timeout=60)
    for number in range(POSTS):
        said = {"body": WORDS.format(number), "name": "Ruben Tallow"}
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
            "Sec-Fetch-Site": "same-origin",
            "X-Forwarded-For": f"10.9.{number}.7",
        }
        line.request("POST", f"/t/{thread}/comments/", urlencode(said), headers)
        answer = line.getresponse()
        answer.read()
        if answer.status != http.client.CREATED:
            raise RuntimeError(f"a comment was answered with {answer.status}")
        watched.posted[number] = time.monotonic()
        time.sleep(BETWEEN)
    time.sleep(AFTER)  # so long a page could still be old


def look(newsroom: Serving, watched: Watched) -> None:
    """Ask over and over; note of each page which comments it should have had and has not."""
    line = http.client.HTTPConnection("127.0.0.1", PORTS["broadsheet"], timeout=60)
    path = "/" + newsroom.url.split("/", 3)[3]
    pause = threading.Event()
    while not watched.over.is_set():
        asked, known = time.monotonic(), list(watched.posted)
        line.request("GET", path)
        page = line.getresponse().read().decode()
        # A page shows the newest twenty conversations.
        for number in known[-15:]:
            if WORDS.format(number) not in page:
                watched.missing[number] = max(watched.missing.get(number, 0.0), asked)
        pause.wait(0.005)


if __name__ == "__main__":
    print(json.dumps(figures(), indent=2))
