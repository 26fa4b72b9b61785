"""The supervisor: it owns the socket on which readers arrive, and replaces a worker that died.

On Linux granian has each worker make a socket of its own, so that several share a port. With one
worker that means: where it dies, readers are refused until there is another one, and whoever was
waiting to be let in is cut off. Here the socket is made once and handed to each worker by the fork,
as granian does elsewhere; who arrives meanwhile waits in its queue.
"""

import ctypes
import signal
import socket
import struct
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

from granian import Granian
from granian.net import SocketHolder

from broadsheet.site.server.address import listen

# So many workers may die within so many seconds. When more do, all of it ends, and whoever looks
# after it starts it from the beginning.
DEATHS: Final = 20
DEATHS_SECONDS: Final = 60.0
STOPS: Final = frozenset({signal.SIGTERM, signal.SIGINT})
# How long a stop waits for those who were let in to be taken.
TAKEN_SECONDS: Final = 1.0
# Linux, asm-generic/socket.h and linux/filter.h: a program of one instruction, "return nothing".
_SO_ATTACH_FILTER: Final = 26
_NOTHING: Final = struct.pack("HBBI", 0x06, 0, 0, 0)
# Linux, linux/tcp.h: of a socket that listens, `tcpi_unacked` is how many wait to be taken.
_WAITING: Final = struct.Struct("=24xI")


class Supervisor(Granian):
    """Granian's server, otherwise in four methods; a test fails where granian has not got them.

    There is no other copy of the socket than those that granian closes: the supervisor's and the
    worker's, at a stop. One more would go on to take in readers whom nobody answers.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._deaths: deque[float] = deque(maxlen=DEATHS)

    def _init_shared_socket(self) -> None:
        if sys.platform != "linux":
            super()._init_shared_socket()
            return
        self._ssp = None
        self._sso = listen(self.bind_addr, self.bind_port, backlog=self.backlog)
        self._sfd = self._sso.fileno()
        self._shd = SocketHolder(self._sfd, False, self.backlog)

    def _drop_shared_socket(self) -> None:
        if sys.platform == "linux" and self._sso is not None:
            let_in_no_more(self._sso)
        super()._drop_shared_socket()

    def _spawn_workers(
        self, spawn_target: Callable[..., None], target_loader: Callable[..., Any]
    ) -> None:
        with stops_wait():
            super()._spawn_workers(spawn_target, target_loader)

    def _respawn_workers(
        self,
        workers: list[int],
        spawn_target: Callable[..., None],
        target_loader: Callable[..., Any],
        delay: float = 0,
    ) -> None:
        with stops_wait():
            super()._respawn_workers(workers, spawn_target, target_loader, delay)
        self._deaths.append(time.monotonic())
        if len(self._deaths) < DEATHS or self._deaths[-1] - self._deaths[0] > DEATHS_SECONDS:
            # Granian gives up at the second death within 5.5 seconds of this note.
            self.respawned_wrks.clear()


@contextmanager
def stops_wait() -> Iterator[None]:
    """Have a stop wait that comes now; a worker that is forked in here begins as one that waits.

    Until it has a way of its own to stop it has its supervisor's, which only notes it down. The
    worker ends the waiting itself (`Application`).
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def let_in_no_more(listening: socket.socket) -> None:
    """Have the kernel let nobody in, and wait until the worker has taken those whom it has.

    Whoever were in the queue when the socket is closed would be cut off, with what they sent. Who
    comes now gets no answer, tries again by itself a second later, and is refused, or let in by the
    next server.
    """
    program = ctypes.create_string_buffer(_NOTHING)
    # Where it cannot be said, a few are cut off.
    with suppress(OSError):
        told = struct.pack("HL", 1, ctypes.addressof(program))
        listening.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, told)
        until = time.monotonic() + TAKEN_SECONDS
        while waiting(listening) and time.monotonic() < until:
            time.sleep(0.001)  # between two looks: the worker says nothing of it


def waiting(listening: socket.socket) -> int:
    """Return how many have been let in and not been taken."""
    said = listening.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _WAITING.size)
    (count,) = _WAITING.unpack(said)
    return int(count)
