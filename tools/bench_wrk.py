"""How many answers a second a server gives: wrk on one core, the server on the other.

Servers are started here too, each alone on its core. Both are Linux's: taskset, /proc.
"""

import os
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final
from urllib.parse import urljoin

from bench_processes import NotMeasuredError, cpu_seconds

CLIENT_CORE, SERVER_CORE = "0", "1"
CONNECTIONS: Final = 64
STARTING: Final = 90
_UNITS: Final = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0}


@dataclass(frozen=True, slots=True)
class Rate:
    """What wrk saw, and what the server used meanwhile."""

    per_second: float
    p99: float
    # Seconds of the server's processor for one answer.
    cpu: float
    # How much of its core the server used: below 1 it was wrk that could not go faster.
    busy: float


@dataclass(frozen=True, slots=True)
class Serving:
    """A server under measure: its processes, and the address that it is asked for."""

    process: subprocess.Popen[bytes]
    url: str
    headers: dict[str, str] = field(default_factory=dict)
    connections: int = CONNECTIONS
    # What it cannot do without, and shares its core with: a database, for one.
    besides: tuple[subprocess.Popen[bytes], ...] = ()

    def asked(self, headers: dict[str, str]) -> "Serving":
        """Return the same, asked with these headers."""
        return replace(self, headers=headers)

    def at(self, path: str) -> "Serving":
        """Return the same, asked for another page."""
        return replace(self, url=urljoin(self.url, path))

    def measured(self, seconds: int) -> Rate:
        return wrk(
            self.url,
            seconds=seconds,
            pid=self.process.pid,
            besides=[process.pid for process in self.besides],
            headers=self.headers,
            connections=self.connections,
        )

    def page(self) -> bytes:
        request = urllib.request.Request(self.url, headers=self.headers)  # noqa: S310 - our own
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - our own
            body: bytes = answer.read()
        return body


def check_wrk() -> None:
    """Raise NotMeasuredError where the pair cannot be set up."""
    for program in ("wrk", "taskset"):
        if not shutil.which(program):
            raise NotMeasuredError(f"there is no {program} (Debian: apt-get install {program})")
    if len(os.sched_getaffinity(0)) < 2:  # noqa: PLR2004 - one for each of the two
        raise NotMeasuredError("there is one core only; a client and a server need one each")


def wrk(
    url: str,
    *,
    seconds: int,
    pid: int,
    besides: Sequence[int] = (),
    headers: dict[str, str] | None = None,
    connections: int = CONNECTIONS,
) -> Rate:
    """Ask for an address as often as it is answered; every answer must be a good one."""
    options = [
        part for name, value in (headers or {}).items() for part in ("-H", f"{name}: {value}")
    ]
    command = ["taskset", "-c", CLIENT_CORE, "wrk", "-t1", f"-c{connections}", f"-d{seconds}s"]
    pids = [pid, *besides]
    before, began = sum(map(cpu_seconds, pids)), time.monotonic()
    done = subprocess.run(
        [*command, "--latency", "--timeout", "20s", *options, url],
        capture_output=True,
        text=True,
        check=True,
    )
    used, took = sum(map(cpu_seconds, pids)) - before, time.monotonic() - began
    said = done.stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise RuntimeError(f"{url}:\n{said}")
    number, unit = _found(r"99%\s+([\d.]+)(us|ms|s|m)\b", said)
    answers = int(_found(r"(\d+) requests in", said)[0])
    (rate,) = _found(r"Requests/sec:\s+([\d.]+)", said)
    return Rate(float(rate), float(number) * _UNITS[unit], used / max(answers, 1), used / took)


def _found(pattern: str, said: str) -> tuple[str, ...]:
    found = re.search(pattern, said)
    if found is None:
        raise RuntimeError(f"wrk said something new:\n{said}")
    return found.groups()


@contextmanager
def serving(
    command: list[str | Path],
    url: str,
    *,
    log: Path,
    environment: dict[str, str] | None = None,
    cwd: Path | None = None,
) -> Iterator[Serving]:
    """Start a server on its core and wait until it answers."""
    with started(
        command, ready=lambda: answers(url), log=log, environment=environment, cwd=cwd
    ) as process:
        yield Serving(process, url)


@contextmanager
def started(
    command: list[str | Path],
    *,
    ready: Callable[[], bool],
    log: Path,
    environment: dict[str, str] | None = None,
    cwd: Path | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """Start a process on the server's core, wait until it is ready, and end it afterwards."""
    with log.open("wb") as said:
        process = subprocess.Popen(
            ["taskset", "-c", SERVER_CORE, *command],
            env=environment,
            cwd=cwd,
            stdout=said,
            stderr=said,
        )
        try:
            until = time.monotonic() + STARTING
            while not ready():
                if time.monotonic() > until or process.poll() is not None:
                    raise RuntimeError(f"it did not start: {log.read_text()}")
                time.sleep(0.05)  # between two questions; what is waited for is the answer
            yield process
        finally:
            process.terminate()
            process.wait(timeout=90)


def answers(url: str) -> bool:
    """Say whether a server is there, whatever it thinks of the address."""
    try:
        with urllib.request.urlopen(url, timeout=20):  # noqa: S310 - our own
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
