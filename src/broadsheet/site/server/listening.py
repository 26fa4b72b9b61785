"""Open pages and the changes they are told of: live's hub, with what it asks the discussion."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from django.db import close_old_connections, connections

from broadsheet.discussion.http.told import told_since
from broadsheet.kit.clock import utcnow
from broadsheet.kit.netaddr import Network
from broadsheet.live.api import Hub, Places, Told
from broadsheet.site.in_force import in_force
from broadsheet.site.server.streams import Streams


class Listening:
    """The event streams of a process. Made after the fork."""

    def __init__(self, *, most: int, trusted: tuple[Network, ...]) -> None:
        # A thread of its own: where pages fill the pool, what is new is told all the same.
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="live")
        self.hub = Hub(self._look)
        self.streams = Streams(self.hub, places=Places(total=most), trusted=trusted)

    def stop(self) -> None:
        """Close the database; the streams have ended."""
        self._pool.submit(connections.close_all)
        self._pool.shutdown(wait=True)

    async def _look(self, thread: int, event: int) -> Told | None:
        return await asyncio.get_running_loop().run_in_executor(self._pool, look, thread, event)


def look(thread: int, event: int) -> Told | None:
    """Ask the discussion what is new, in the publication's language."""
    close_old_connections()
    with in_force(now=utcnow()):
        told = told_since(thread_id=thread, event=event)
    if told is None:
        return None
    return Told(event=told.event, data=told.comments, face=told.thread, is_whole=not told.more)
