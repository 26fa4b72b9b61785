"""Work in the background: each job in a thread of its own, in one process at a time.

A job that is slow or broken keeps no other from its work. Nothing here sleeps: every wait is on an
event that stopping sets.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.db import close_old_connections, connections

from broadsheet.kit.clock import utcnow
from broadsheet.site.lease import RENEW, Keeper
from broadsheet.site.logs import request_id
from broadsheet.site.postgresql.patience import patience

logger = logging.getLogger(__name__)

LEASE: Final = "background"
# How soon a process without the lease looks whether it has got it.
_LOOK: Final = 2.0
# A job that fails is tried less and less often, but never given up.
_LONGEST_BACKOFF: Final = 600.0
# Jobs that run often keep their connection to the database.
_KEEP_CONNECTION: Final = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Something to be done again and again. `run` is given the time, and takes the time it needs.

    `wake` starts it before its time; `first` delays its first run after a start. `next_at` is
    asked after each run for an earlier time than the next one, if something is due by then.
    """

    name: str
    every: timedelta
    run: Callable[[datetime], None]
    first: timedelta = timedelta(0)
    wake: threading.Event = field(default_factory=threading.Event)
    next_at: Callable[[], datetime | None] | None = None


class Scheduler:
    """Runs jobs while this process holds the lease."""

    def __init__(
        self,
        jobs: Sequence[Job],
        *,
        clock: Callable[[], datetime] = utcnow,
        keeper: Keeper | None = None,
    ) -> None:
        self._jobs = jobs
        self._clock = clock
        self._keeper = keeper or Keeper(LEASE, clock=clock)
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Start the threads; called after the fork."""
        self._spawn("lease", self._keep_lease)
        for job in self._jobs:
            self._spawn(job.name, self._loop, job)

    def stop(self, timeout: float = 30.0) -> bool:
        """Let every job finish what it is doing; False if one did not within `timeout` seconds."""
        self._stopping.set()
        for job in self._jobs:
            job.wake.set()
        for thread in self._threads:
            thread.join(timeout)
        late = [thread.name for thread in self._threads if thread.is_alive()]
        if late:
            logger.error("Still busy while stopping: %s", ", ".join(late))
        return not late

    def _spawn(self, name: str, target: Callable[..., None], *args: Job) -> None:
        # Daemons: one that hangs must not keep the process from ending.
        thread = threading.Thread(target=target, args=args, name=f"job-{name}", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _keep_lease(self) -> None:
        token = request_id.set("lease")
        try:
            while True:
                self._keeper.beat()
                if self._stopping.wait(RENEW.total_seconds()):
                    break
            # The jobs may still be busy: the lease is theirs until they are through.
            for thread in self._threads:
                if thread is not threading.current_thread():
                    thread.join(timeout=20)
            self._keeper.drop()
        finally:
            connections.close_all()
            request_id.reset(token)

    def _loop(self, job: Job) -> None:
        patience.unbound()
        token = request_id.set(f"job-{job.name}")
        failures = 0
        pause = job.first.total_seconds()
        try:
            while not self._pause(job, pause):
                if not self._keeper.held:
                    pause = min(_LOOK, job.every.total_seconds())
                    continue
                failures = 0 if self._run(job) else failures + 1
                pause = _pause_after(job, failures)
                if not failures and job.next_at:
                    pause = min(pause, self._until(job.next_at))
        finally:
            connections.close_all()
            request_id.reset(token)

    def _pause(self, job: Job, seconds: float) -> bool:
        """Wait for the time, the bell or the end; True when it is the end."""
        job.wake.wait(seconds)
        job.wake.clear()
        return self._stopping.is_set()

    def _until(self, next_at: Callable[[], datetime | None]) -> float:
        """Return the seconds until something is due; what is overdue waits for its next turn."""
        try:
            due = next_at()
        except Exception:
            logger.exception("The next time that something is due is not known")
            return float("inf")
        seconds = (due - self._clock()).total_seconds() if due else 0.0
        # Not less than a second: the clock that is asked may be a little behind the one that waits.
        return max(1.0, seconds) if seconds > 0 else float("inf")

    def _run(self, job: Job) -> bool:
        try:
            close_old_connections()
            job.run(self._clock())
        except Exception:
            logger.exception("The job %s failed; it will be tried again", job.name)
            return False
        else:
            return True
        finally:
            if job.every > _KEEP_CONNECTION:
                connections.close_all()


def _pause_after(job: Job, failures: int) -> float:
    every = job.every.total_seconds()
    if not failures:
        return every
    return max(every, min(every * 2.0**failures, _LONGEST_BACKOFF))
