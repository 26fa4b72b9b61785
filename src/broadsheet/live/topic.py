"""One thread that somebody listens to, and one who listens."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

# Positions for which a message is kept, until the next one; whoever is elsewhere asks anew.
KEPT: Final = 256

# A message, and the event that it brings a page to; no message where it could not be had.
type Message = tuple[bytes, int]


class Listener:
    """An open page: the event of its thread up to which it knows, and what waits to be told.

    There are thousands of them, so they hold little. Nothing is queued for one: whoever is behind
    is told once, from where they are, by the same question as those who come back.
    """

    __slots__ = ("_waiter", "beat", "ended", "meter", "moved", "position", "seen", "slot", "topic")

    def __init__(self, topic: "Topic | None", *, position: int, meter: bool) -> None:
        self.topic = topic
        self.position = position
        # Which of its topic's messages it was told; none, so that the first comes at once.
        self.seen = 0
        # Whether it wants to hear of the meter, and whether that moved.
        self.meter = meter
        self.moved = False
        self.beat = False
        self.slot = 0
        self.ended = False
        self._waiter: asyncio.Future[None] | None = None

    @property
    def is_due(self) -> bool:
        """Say whether there is something to be told."""
        behind = self.topic is not None and self.seen != self.topic.number
        return behind or self.moved or self.beat or self.ended

    async def wait(self) -> None:
        """Wait until there is something; one at a time."""
        if self.is_due:
            return
        self._waiter = asyncio.get_running_loop().create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def end(self) -> None:
        self.ended = True
        self.wake()


class Topic:
    """A thread. `head` is the event up to which those are told who are not behind.

    `number` counts the messages; `known` holds the last one, by the event after which it begins.
    """

    __slots__ = (
        "dirty",
        "face",
        "head",
        "held",
        "known",
        "listeners",
        "number",
        "task",
        "thread",
        "told_at",
    )

    def __init__(self, thread: int, *, head: int) -> None:
        self.thread = thread
        self.head = head
        self.number = 0
        self.face: Mapping[str, Any] | None = None
        self.known: dict[int, asyncio.Future[Message]] = {}
        self.listeners: set[Listener] = set()
        self.dirty = False
        self.task: asyncio.Task[None] | None = None
        # When the last message was, by the loop's clock; and what votes wait for.
        self.told_at = 0.0
        self.held: asyncio.TimerHandle | None = None

    def keep(self, position: int, message: asyncio.Future[Message]) -> None:
        if len(self.known) >= KEPT:
            self.known.pop(next(iter(self.known)))
        self.known[position] = message

    def forget(self, position: int, message: asyncio.Future[Message]) -> None:
        """Keep a message no longer that turned out to be none."""
        if self.known.get(position) is message:
            del self.known[position]

    def advance(self, message: Message, face: Mapping[str, Any]) -> None:
        """Have all told this message, which begins where they are."""
        future: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        future.set_result(message)
        self.known = {self.head: future}
        self.head, self.face = message[1], face
        self.number += 1
        for listener in self.listeners:
            listener.wake()
