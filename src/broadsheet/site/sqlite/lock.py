"""One writer at a time: among the threads of this process, and among processes.

SQLite lets one connection write at a time anyway, but its way of waiting is to try again: with
sixteen threads the unlucky one waits a second. And SQLite 3.7.0 to 3.51.2 can corrupt a WAL
database when two connections write and checkpoint at once. Both go away when writers queue here.
"""

import fcntl
import os
import threading
import time
from functools import cache
from pathlib import Path
from typing import Final

# Two bytes far beyond the text in the lock file. Who wants to write first takes the turnstile and
# keeps it while it waits for the lock itself: so a process that writes without pause (an import)
# cannot slip past another that has been waiting.
_TURNSTILE: Final = 1 << 20
_LOCK: Final = _TURNSTILE + 1
_FIRST_PAUSE: Final = 0.0005
_LONGEST_PAUSE: Final = 0.01


class LockTimeoutError(Exception):
    """Nobody gave the lock back in time; the message says who holds it."""


class WriteLock:
    """The right to write to one database file. `path` is None for a database in memory.

    It belongs to a connection rather than to a thread: whoever took it may give it back from
    another thread.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._turnstile = threading.Lock()
        self._lock = threading.Lock()
        self._thread: int | None = None
        self._file: int | None = None
        # The size of the -wal file below which a checkpoint is not worth trying again.
        self.checkpoint_above = 0

    def acquire(self, timeout: float) -> None:
        """Take the lock. Raises LockTimeoutError after `timeout` seconds."""
        deadline = time.monotonic() + timeout
        if self._thread == threading.get_ident():
            # Waiting for oneself would only end with the timeout.
            raise LockTimeoutError("this thread already writes through another connection")
        self._acquire_here(timeout)
        try:
            self._acquire_file(deadline, timeout)
        except BaseException:
            self._lock.release()
            raise
        self._thread = threading.get_ident()

    def try_acquire(self) -> bool:
        """Take the lock if it is free this instant."""
        try:
            self.acquire(0)
        except LockTimeoutError:
            return False
        return True

    def release(self) -> None:
        self._thread = None
        try:
            if self._file is not None:
                fcntl.lockf(self._file, fcntl.LOCK_UN, 1, _LOCK)
        finally:
            self._lock.release()

    def _acquire_here(self, timeout: float) -> None:
        deadline = time.monotonic() + timeout
        if not self._turnstile.acquire(timeout=timeout):
            raise LockTimeoutError(_waited(timeout, "another thread of this process is writing"))
        try:
            if not self._lock.acquire(timeout=max(0.0, deadline - time.monotonic())):
                raise LockTimeoutError(
                    _waited(timeout, "another thread of this process is writing")
                )
        finally:
            self._turnstile.release()

    def _acquire_file(self, deadline: float, timeout: float) -> None:
        if self._path is None:
            return
        if self._file is None:
            # Opened once and never closed: closing any descriptor of a file gives up the
            # process's record locks on it.
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
        file = self._file
        if not (_wait_for(file, _TURNSTILE, deadline)):
            raise LockTimeoutError(_waited(timeout, self._holder()))
        try:
            if not _wait_for(file, _LOCK, deadline):
                raise LockTimeoutError(_waited(timeout, self._holder()))
        finally:
            fcntl.lockf(file, fcntl.LOCK_UN, 1, _TURNSTILE)
        os.pwrite(file, b"%-20d" % os.getpid(), 0)

    def _holder(self) -> str:
        pid = os.pread(self._file, 20, 0).decode("ascii", "replace").strip() if self._file else ""
        return f"another process is writing (the last one was {pid or 'unknown'})"


def _wait_for(file: int, byte: int, deadline: float) -> bool:
    pause = _FIRST_PAUSE
    while True:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, byte)
        except (BlockingIOError, PermissionError):
            if time.monotonic() >= deadline:
                return False
            time.sleep(pause)  # a record lock that can be waited for has no timeout
            pause = min(pause * 2, _LONGEST_PAUSE)
        else:
            return True


def _waited(timeout: float, why: str) -> str:
    return f"waited {timeout:g} seconds for the right to write: {why}"


_locks: dict[str, WriteLock] = {}
_locks_guard = threading.Lock()


def lock_for(*, name: str, in_memory: bool) -> WriteLock:
    """Return this process's one lock for a database; two names of one file share it."""
    key = name if in_memory else _real_path(name)
    with _locks_guard:
        if key not in _locks:
            _locks[key] = WriteLock(None if in_memory else Path(f"{key}.lock"))
        return _locks[key]


@cache
def _real_path(name: str) -> str:
    """Return what a path leads to: asked once, for every write asks for its lock."""
    return os.path.realpath(name)


def _forget() -> None:
    """Start afresh in a forked child: nobody in it will ever give back what it inherited."""
    global _locks_guard  # noqa: PLW0603 - the guard may have been held at the fork as well
    _locks_guard = threading.Lock()
    _locks.clear()


os.register_at_fork(after_in_child=_forget)
