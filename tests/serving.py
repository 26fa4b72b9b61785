"""A real `broadsheet serve` in a process of its own, for tests."""

import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

START_SECONDS: Final = 180.0
STOP_SECONDS: Final = 90.0
# What would let a server see the developer's own newsroom, or this test run's.
_FOREIGN: Final = ("BROADSHEET_", "DATABASE_URL", "DJANGO_SETTINGS_MODULE", "PORT")

# Clients are in many networks, as far as the server knows, and what they write is there at once.
IN_CROWDS: Final = {
    "BROADSHEET_TRUSTED_PROXIES": "127.0.0.1/32",
    "BROADSHEET_HOLD_FIRST_COMMENT": "false",
}


@dataclass(slots=True)
class Server:
    """A served newsroom. `said` are the lines that it printed, `log` is the file with the rest."""

    url: str
    home: Path
    log: Path
    process: subprocess.Popen[str]
    said: list[str] = field(default_factory=list)

    @property
    def sign_in_url(self) -> str:
        """Return the staff sign-in link that was printed at the start."""
        return next(line.split()[-1] for line in self.said if "/account/staff/" in line)

    def notice(self) -> None:
        """Have it look at what was written behind its back: it does before it answers a form."""
        try:
            urllib.request.urlopen(self.url + "/", data=b"", timeout=60)  # noqa: S310 - ours
        except urllib.error.HTTPError as error:
            assert error.code in {403, 405}  # noqa: PT017 - refused, as it must be

    @property
    def worker(self) -> int:
        """Return the process that answers."""
        return worker_of(self.process.pid)

    def stop(self) -> int:
        """Stop it in an orderly way, as a service manager does; returns the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_SECONDS)

    def kill(self) -> None:
        """End it and its worker as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(STOP_SECONDS)


@contextmanager
def serve(home: Path, *, demo: bool = False, **environ: str) -> Iterator[Server]:
    """Serve `home` on a free port; at the end stop it and make sure that it ended well.

    `environ` are settings as environment variables (BROADSHEET_THREADS="2"). A home that was
    served before is served again with its data.
    """
    server = start(home, demo=demo, **environ)
    try:
        yield server
        if server.process.poll() is None:
            code = server.stop()
            assert code == 0, f"it ended with {code}:\n{server.log.read_text()}"
    finally:
        if server.process.poll() is None:
            server.kill()
        assert server.process.stdout is not None
        server.process.stdout.close()


def start(home: Path, *, demo: bool = False, **environ: str) -> Server:
    """Start a server and return when it answers; the caller stops it."""
    home.mkdir(parents=True, exist_ok=True)
    port = free_port()
    log = home / "server.log"
    command = [sys.executable, "-m", "broadsheet", "demo" if demo else "serve", "--port", str(port)]
    with log.open("a") as errors:
        process = subprocess.Popen(
            command,
            env=clean_environment(home, **environ),
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            start_new_session=True,
        )
    server = Server(f"http://127.0.0.1:{port}", home, log, process)
    _wait_until_it_answers(server)
    return server


def worker_of(supervisor: int) -> int:
    """Return the living child of a supervisor; waits for there to be one."""
    while True:
        children = Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text().split()
        for child in map(int, children):
            if states_of(child) - {"Z"}:
                return child


def freeze(process: int) -> None:
    """Stop a process, and return when each of its threads stands still."""
    os.kill(process, signal.SIGSTOP)
    while states_of(process) - {"T"}:
        pass


def kill_child(process: int) -> None:
    """Kill the child of a frozen process, and return when no thread of it runs any more."""
    os.kill(process, signal.SIGKILL)
    while states_of(process) - {"Z"}:
        pass


def states_of(process: int) -> set[str]:
    """Return what the threads of a process do, as letters of `proc_pid_stat(5)`."""
    states = set()
    for file in Path(f"/proc/{process}/task").glob("*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):
            states.add(file.read_text().rpartition(")")[2].split()[0])
    return states


def clean_environment(home: Path, **environ: str) -> dict[str, str]:
    """Return this process's environment without its newsroom, with another."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
    return {**kept, "BROADSHEET_HOME": str(home), **environ}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def get(url: str, **headers: str) -> tuple[int, str]:
    """Return an address's status and text; redirects are followed, errors are answers too."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, headers=named)  # noqa: S310 - our own server
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - as above
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def _wait_until_it_answers(server: Server) -> None:
    """Read what it prints: its address, as soon as that answers, then the sign-in link."""
    # Nothing to wait for any more when it ends, and it is ended when it takes too long.
    late = threading.Timer(START_SECONDS, server.kill)
    late.start()
    try:
        assert server.process.stdout is not None
        for line in server.process.stdout:
            server.said.append(line.rstrip())
            if "/account/staff/" in line:
                break
        else:
            raise AssertionError(f"it did not start:\n{server.log.read_text()}")
    finally:
        late.cancel()
    status, said = get(f"{server.url}/readyz")
    assert status == 200, f"{said}\n{server.log.read_text()}"
