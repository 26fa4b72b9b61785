"""How soon a newsroom answers, and what it holds in memory while crowds read it.

Measured on `broadsheet demo`. bench.py calls `figures()`; by itself this prints what it measured.
"""

import http.client
import json
import os
import re
import subprocess
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Final

from bench_processes import family, proportional

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
PORT, READERS, STARTS = 28117, 8, 3
STORY: Final = "/town/the-last-ferry-is-coming-back/"
READING: Final = 8.0
BOUNDS = {
    # All processes of a newsroom while crowds read it, memory that they share counted once.
    "process.rss_mb": (300.0, "MB"),
    # What a publisher waits for when the newsroom starts again; what a reader does.
    "start.second_s": (5.0, "s"),
    "process.cold_start_s": (3.0, "s"),
}
NOT_PAGES: Final = ("/account/", "/desk/", "/media/", "/me/", "/static/")
LINK: Final = re.compile(r'href="(/[^"#]*)"')


def figures() -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="broadsheet-bench-") as home:
        with announced(home) as (process, address):
            pages = public_pages(address)
            memory = most_while_read(process.pid, address, pages)
        began = time.monotonic()
        with announced(home):
            seconds = time.monotonic() - began
        cold = median(first_byte(home, STORY) for _ in range(STARTS))
    return {
        "process.rss_mb": memory / 1024,
        "start.second_s": seconds,
        "process.cold_start_s": cold,
    }


def public_pages(address: str) -> list[str]:
    """Return what the front page leads to, and what that leads to, of what is public."""
    found, seen = ["/"], {"/"}
    for page in list(found) + links(address, "/"):
        for link in [page, *links(address, page)]:
            if link not in seen and not link.startswith(NOT_PAGES):
                seen.add(link)
                found.append(link)
    return found


def links(address: str, page: str) -> list[str]:
    with urllib.request.urlopen(address + page.removeprefix("/"), timeout=30) as answer:  # noqa: S310 - our own
        return LINK.findall(answer.read().decode(errors="replace"))


def most_while_read(pid: int, address: str, pages: list[str]) -> float:
    """Let readers ask for all of it, over and over; return the most KB that all processes held."""
    end = time.monotonic() + READING
    host = address.removeprefix("http://").rstrip("/")
    most: list[float] = []

    def read(first: int) -> None:
        line = http.client.HTTPConnection(host, timeout=60)
        turn = first
        while time.monotonic() < end:
            line.request("GET", pages[turn % len(pages)], headers={"Accept-Encoding": "br"})
            line.getresponse().read()
            turn += READERS + 1
        line.close()

    with ThreadPoolExecutor(READERS) as pool:
        reading = [pool.submit(read, number) for number in range(READERS)]
        pause = threading.Event()
        while any(not reader.done() for reader in reading):
            most.append(sum(proportional(one) for one in family(pid)))
            pause.wait(0.5)
        for reader in reading:
            reader.result()
    return max(most)


def first_byte(home: str, page: str) -> float:
    """Start a prepared newsroom and return the seconds until a reader has a page's first byte."""
    with started(home) as _:
        began = time.monotonic()
        while True:
            line = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
            try:
                line.request("GET", page)
                answer = line.getresponse()
                answer.read(1)
            except OSError:
                time.sleep(0.01)  # between two tries; what is waited for is the answer
            else:
                if answer.status != http.client.OK:
                    raise RuntimeError(f"{page} answers {answer.status}")
                return time.monotonic() - began
            finally:
                line.close()


@contextmanager
def announced(home: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start it and wait until it says where it is."""
    with started(home) as process:
        lines = iter(process.stdout.readline, "") if process.stdout else iter(())
        line = next((line for line in lines if "http://127.0.0.1:" in line), None)
        if line is None:
            raise RuntimeError("broadsheet demo did not start; what it printed stands above")
        yield process, line[line.index("http://") :].strip()


@contextmanager
def started(home: str) -> Iterator[subprocess.Popen[str]]:
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("BROADSHEET_", "DATABASE_"))}
    process = subprocess.Popen(
        [BIN / "broadsheet", "demo", "--port", str(PORT)],
        env=kept | {"BROADSHEET_HOME": home},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=90)


if __name__ == "__main__":
    print(json.dumps(figures(), indent=2))
