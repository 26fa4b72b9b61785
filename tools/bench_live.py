"""Open pages that are told what is new: what one costs, how soon all are told, what pages lose.

The server on one core; five thousand listeners, and wrk, on the other. By hand for more of them:

    .venv/bin/python tools/bench_live.py 10000
"""

import http.client
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median
from typing import Final
from urllib.parse import urlencode

import bench_page
from bench_processes import NotMeasuredError, family, proportional
from bench_wrk import CLIENT_CORE, Serving

STREAMS: Final = 5_000
ROUNDS, SECONDS, SETTLE = 5, 4, 3
# Processes of a server that is at rest, and how long its jobs may take, in seconds.
SERVER, JOBS = 2, 120
BOUNDS = {
    # Memory of the process for one page that is open and hears nothing.
    "live.idle_kb": (40.0, "KB"),
    # From the sending of a comment until the last but one of a hundred pages knows of it; and while
    # other readers ask for as many pages as the core gives.
    "live.p99_s": (1.0, "s"),
    "live.p99_busy_s": (1.0, "s"),
}
FLOORS = {
    # Pages a second with all of them open and a comment each second, beside none.
    "live.page_rate_kept": (0.7, "ratio"),
}
_numbers = count(1)


def figures(streams: int = STREAMS) -> dict[str, float]:
    """Measure all of it. Raises NotMeasuredError."""
    with bench_page.broadsheet(BROADSHEET_LIVE_STREAMS=str(streams)) as (newsroom, _):
        alone = bench_page.in_turns({"broadsheet": newsroom})["broadsheet"]
        time.sleep(SETTLE)  # what was asked for before has been let go
        before = memory(newsroom)
        with listeners(newsroom, streams) as crowd:
            time.sleep(SETTLE)  # all have their first messages
            idle = (memory(newsroom) - before) / streams
            told = median(crowd.p99() for _ in range(ROUNDS))
            rates, busy = [], []
            for _ in range(ROUNDS):
                rate, late = crowd.meanwhile()
                rates.append(rate)
                busy.append(late)
    kept = median(rates) / alone.per_second
    print(
        f"{streams:,} open pages: {idle:.1f} KB each; all told within {told:.2f} s,"
        f" {median(busy):.2f} s while {median(rates):,.0f} pages a second are asked for,"
        f" {kept:.0%} of what there are without them",
        file=sys.stderr,
    )
    return {
        "live.idle_kb": idle,
        "live.p99_s": told,
        "live.p99_busy_s": median(busy),
        "live.page_rate_kept": kept,
    }


def memory(newsroom: Serving) -> int:
    """Return what the server holds, in KB: the supervisor and its worker, and no job of theirs."""
    until = time.monotonic() + JOBS
    while len(found := list(family(newsroom.process.pid))) > SERVER:
        if time.monotonic() > until:
            raise NotMeasuredError("the server has work in the background that does not end")
        time.sleep(0.2)  # between two looks
    return sum(map(proportional, found))


@dataclass
class Crowd:
    """The open pages of a thread."""

    process: subprocess.Popen[str]
    newsroom: Serving
    thread: int

    def p99(self) -> float:
        """Write a comment; return how long until nearly all knew of it."""
        sent = time.monotonic()
        number = self._write()
        late = self._told(number) - sent
        time.sleep(1)  # the thread has rested: none of it is waited for the next time
        return late

    def meanwhile(self) -> tuple[float, float]:
        """Ask for pages as fast as they come, and write one comment: the rate, and how late."""
        asking = subprocess.Popen(
            [
                "taskset",
                "-c",
                CLIENT_CORE,
                "wrk",
                "-t1",
                "-c64",
                f"-d{SECONDS}s",
                self.newsroom.url,
            ],
            stdout=subprocess.PIPE,
            text=True,
        )
        time.sleep(1)  # it asks
        late = self.p99()
        said, _ = asking.communicate()
        found = re.search(r"Requests/sec:\s+([\d.]+)", said)
        if found is None or "Non-2xx" in said:
            raise RuntimeError(said)
        return float(found[1]), late

    def _told(self, number: int) -> float:
        for line in self.process.stdout or ():
            if "ended" in line:
                raise RuntimeError(line)
            said = json.loads(line)
            if said["number"] == number:
                return sorted(said["at"])[int(len(said["at"]) * 0.99) - 1]
        raise RuntimeError("the listeners went away")

    def _write(self) -> int:
        at = next(_numbers)
        client = http.client.HTTPConnection(
            f"127.0.0.1:{bench_page.PORTS['broadsheet']}", timeout=60
        )
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
            "Sec-Fetch-Site": "same-origin",
            "X-Forwarded-For": f"172.{16 + at // 250}.{at % 250}.9",
        }
        client.request(
            "POST", f"/t/{self.thread}/comments/", urlencode({"body": f"News {at}."}), headers
        )
        answer = client.getresponse()
        said = json.loads(answer.read())
        client.close()
        if answer.status != http.client.CREATED:
            raise RuntimeError(str(said))
        return int(said["number"])


@contextmanager
def listeners(newsroom: Serving, streams: int) -> Iterator[Crowd]:
    page = newsroom.page().decode()
    found = re.search(r'data-thread="(\d+)" data-event="(\d+)"', page)
    if found is None:
        raise NotMeasuredError("the story has no discussion")
    thread, event = found.groups()
    program = Path(__file__).with_name("bench_listeners.py")
    port = str(bench_page.PORTS["broadsheet"])
    query = f"thread={thread}&since={event}&meter=1"
    command = [
        "taskset",
        "-c",
        CLIENT_CORE,
        sys.executable,
        str(program),
        port,
        str(streams),
        query,
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        line = process.stdout.readline() if process.stdout else ""
        if line != "open\n":
            raise RuntimeError(f"not all of {streams} may listen: {line}")
        yield Crowd(process, newsroom, int(thread))
    finally:
        process.kill()
        process.communicate()


if __name__ == "__main__":
    print(json.dumps(figures(int(sys.argv[1]) if len(sys.argv) > 1 else STREAMS), indent=2))
