"""A PostgreSQL of our own for as long as a `with` block lasts: in a temporary folder, no root."""

import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from machine import find_postgresql

PR_SET_PDEATHSIG = 1
# Nothing here outlives the run, so nothing has to reach the disk.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=100")

CLUSTER = ("-E", "UTF8", "--locale=C.UTF-8", "--no-sync")


class NoPostgresError(Exception):
    """There is no PostgreSQL on this machine, or it does not start; the message says which."""


@dataclass(slots=True)
class Cluster:
    """A server that can be stopped, as in a crash, and started again with what it had written."""

    binaries: Path
    folder: Path
    account: str | None
    port: int
    _server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgres://broadsheet@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Return when it answers. Raises NoPostgresError."""
        settings = [*FAST, "listen_addresses=127.0.0.1", f"port={self.port}"]
        settings += [f"unix_socket_directories={self.folder}"]
        data, log = self.folder / "data", self.folder / "log"
        with log.open("ab") as output:
            server = subprocess.Popen(
                [self.binaries / "postgres", "-D", data, *(f"-c{each}" for each in settings)],
                user=self.account,
                cwd=self.folder,
                stdout=output,
                stderr=output,
                # Ctrl+C is for the tests; they end first, then the server is stopped.
                start_new_session=True,
                preexec_fn=_die_with_parent,  # noqa: PLW1509 - this process has no threads
            )
        try:
            _wait(self.binaries, server, self.port, log)
        except BaseException:
            server.kill()
            server.wait()
            raise
        self._server = server

    def stop(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """End it at once, as in a crash; SIGINT: in order, but who is connected is cut off."""
        if self._server:
            self._server.send_signal(how)
            self._server.wait(timeout=30)
            self._server = None

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Let it and all who serve for it do nothing: they refuse nobody and answer nobody."""
        stopped: list[int] = []
        # First who makes the others, so that there will be no more of them.
        waiting = [self._server.pid] if self._server else []
        try:
            while waiting:
                process = waiting.pop()
                with suppress(ProcessLookupError, FileNotFoundError):
                    os.kill(process, signal.SIGSTOP)
                    stopped.append(process)
                    children = Path(f"/proc/{process}/task/{process}/children").read_text()
                    waiting += map(int, children.split())
            yield
        finally:
            for process in stopped:
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGCONT)


@contextmanager
def postgresql() -> Iterator[str]:
    """Start a server on a free port of 127.0.0.1 and yield its DATABASE_URL.

    It is stopped and its folder removed when the block ends, also by an exception or Ctrl+C; if
    this process is killed, the server stops too. Raises NoPostgresError.
    """
    with cluster() as server:
        yield server.url


@contextmanager
def cluster() -> Iterator[Cluster]:
    """The same for who stops it meanwhile."""
    binaries = find_postgresql()
    if binaries is None:
        raise NoPostgresError("PostgreSQL 15 or newer is not installed")
    folder = Path(tempfile.mkdtemp(prefix="broadsheet-pg-"))
    account = _account()
    if account:
        os.chown(folder, pwd.getpwnam(account).pw_uid, -1)
    server = Cluster(binaries, folder, account, _free_port())
    try:
        _make(server)
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _account() -> str | None:
    """PostgreSQL refuses to run as root; then its own account does, or nobody."""
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam("postgres")
    except KeyError:
        return "nobody"
    return "postgres"


def _make(server: Cluster) -> None:
    data = server.folder / "data"
    made = subprocess.run(
        [server.binaries / "initdb", "-D", data, "-U", "broadsheet", "-A", "trust", *CLUSTER],
        user=server.account,
        cwd=server.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        raise NoPostgresError(f"initdb failed: {made.stderr.strip()}")


def _wait(binaries: Path, server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    ready = [binaries / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port), "-d", "postgres"]
    deadline = time.monotonic() + 60
    while subprocess.run(ready, check=False).returncode:
        if server.poll() is not None or time.monotonic() > deadline:
            raise NoPostgresError(f"the server did not start: {log.read_text()[-500:]}")
        time.sleep(0.05)  # between two questions; what is waited for is the answer


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _die_with_parent() -> None:
    # Even a killed test run leaves no server behind (Linux; elsewhere this does nothing).
    libc = ctypes.CDLL(None)
    if hasattr(libc, "prctl"):
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def main() -> int:
    """`python tools/postgres.py COMMAND …`: run it with DATABASE_URL set to such a server."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with postgresql() as url:
            print(f"DATABASE_URL={url}", flush=True)
            command = sys.argv[1:] or [os.environ.get("SHELL", "sh")]
            return subprocess.run(
                command, env=os.environ | {"DATABASE_URL": url}, check=False
            ).returncode
    except NoPostgresError as error:
        print(f"broadsheet: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
