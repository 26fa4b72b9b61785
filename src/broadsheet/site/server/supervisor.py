"""The supervisor: it owns the socket on which readers arrive, and replaces a worker that died.

On Linux granian has each worker make a socket of its own, so that several share a port. With one
worker that means: where it dies, readers are refused until there is another one, and whoever was
waiting to be let in is cut off. Here the socket is made once and handed to each worker by the fork,
as granian does elsewhere; who arrives meanwhile waits in its queue.
"""

import sys
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Final

from granian import Granian
from granian.net import SocketHolder

from broadsheet.site.server.address import listen

# So many workers may die within so many seconds. When more do, all of it ends, and whoever looks
# after it starts it from the beginning.
DEATHS: Final = 20
DEATHS_SECONDS: Final = 60.0


class Supervisor(Granian):
    """Granian's server, otherwise in two methods; a test fails where granian has not got them.

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

    def _respawn_workers(
        self,
        workers: list[int],
        spawn_target: Callable[..., None],
        target_loader: Callable[..., Any],
        delay: float = 0,
    ) -> None:
        super()._respawn_workers(workers, spawn_target, target_loader, delay)
        self._deaths.append(time.monotonic())
        if len(self._deaths) < DEATHS or self._deaths[-1] - self._deaths[0] > DEATHS_SECONDS:
            # Granian gives up at the second death within 5.5 seconds of this note.
            self.respawned_wrks.clear()
