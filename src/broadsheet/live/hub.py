"""Who listens to which thread, and what they are told when something changed in it.

A change of a thread costs one question to the database, however many listen. The question is asked
in a thread of the pool; all else runs on the event loop.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

from broadsheet.live.beats import Beats
from broadsheet.live.topic import Listener, Message, Topic
from broadsheet.live.wire import BEAT, Told, hello, message, thread_message

logger = logging.getLogger("broadsheet.live")

# By name of what changed; "*" is whatever there is.
THREAD: Final = "thread:"
METER: Final = frozenset({"funding", "*"})
ALL_THREADS: Final = frozenset({"stories", "discussion", "site", "*"})

# After a message a thread rests, the longer the more listen: telling all takes a tenth of the time.
REST: Final = 0.25
REST_EACH: Final = 0.000_1
# Totals of votes alone may be so old …
VOTES_REST: Final = 3.0
# … and where more comes than is told at once, pages have time to be read.
CROWDED_REST: Final = 5.0
FAILED_REST: Final = 1.0
METER_REST: Final = 1.0
_GONE: Final = 1024

type Look = Callable[[int, int], Awaitable[Told | None]]


class Hub:
    """`look(thread, event)` asks what happened in a thread since; None where nobody may read it."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._topics: dict[int, Topic] = {}
        self._gone: dict[int, None] = {}
        self._meters: set[Listener] = set()
        self._meter_at: asyncio.TimerHandle | None = None
        self._meter_told = 0.0
        self._beats = Beats()
        # Those who are behind or begin are asked for one after the other, so that hundreds of them
        # (or one who makes positions and threads up) keep nobody from hearing what is new.
        self._turn = asyncio.Semaphore(1)
        self._loop: asyncio.AbstractEventLoop | None = None
        self.looks = 0
        self.closed = False

    def __len__(self) -> int:
        return len(self._beats)

    def changed(self, keys: frozenset[str]) -> None:
        """Take note of what changed; called from any thread, once it is committed."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._note, keys)

    def is_gone(self, thread: int) -> bool:
        """Say whether nobody may read this thread, as was found out lately."""
        return thread in self._gone

    def join(self, *, thread: int | None, since: int, meter: bool) -> Listener:
        """Add a page that knows its thread up to the event `since`."""
        self._loop = asyncio.get_running_loop()
        topic = None if thread is None else self._topic(thread, since)
        listener = Listener(topic, position=since, meter=meter)
        listener.ended = self.closed
        if topic is not None:
            topic.listeners.add(listener)
        if meter:
            self._meters.add(listener)
        self._beats.add(listener)
        return listener

    def leave(self, listener: Listener) -> None:
        topic = listener.topic
        if topic is not None:
            topic.listeners.discard(listener)
            if not topic.listeners and self._topics.get(topic.thread) is topic:
                del self._topics[topic.thread]
        self._meters.discard(listener)
        self._beats.discard(listener)

    def close(self) -> None:
        """End every stream, and each that is still to come: the process stops."""
        self.closed = True
        self._beats.end_all()

    def hello(self) -> bytes:
        """Return what a stream begins with."""
        return hello(len(self))

    async def message(self, listener: Listener) -> bytes:
        """Wait for what is sent to a page next; empty when its stream ends."""
        while True:
            await listener.wait()
            if listener.ended:
                return b""
            said = await self._thread_message(listener)
            if listener.moved:
                listener.moved = False
                said += message({"meter": True})
            if not said and listener.beat:
                said = BEAT
            listener.beat = False
            if said:
                return said

    async def _thread_message(self, listener: Listener) -> bytes:
        """Return the one message from where a page is to where its thread is, if there is one."""
        topic = listener.topic
        if topic is None or listener.seen == topic.number:
            return b""
        listener.seen, start = topic.number, listener.position
        known = topic.known.get(start)
        if known is None:
            known = asyncio.ensure_future(self._catch_up(topic, start))
            topic.keep(start, known)
        said, listener.position = await asyncio.shield(known)
        if not said:
            # It comes back later, to where it was, and is asked for anew.
            topic.forget(start, known)
            listener.ended = True
        return said

    async def _catch_up(self, topic: Topic, start: int) -> Message:
        head = topic.head
        try:
            async with self._turn:
                told = await self._ask(topic, start)
        except Exception:  # noqa: BLE001 - whatever a database says while it is away: _follow says it
            told = None
        if told is None:
            return b"", start
        event = min(max(start, head), told.event)
        return thread_message(told, event=event), event

    async def _ask(self, topic: Topic, start: int) -> Told | None:
        self.looks += 1
        told = await self._look(topic.thread, start)
        if told is not None and told.event < start:
            # It knows what never was: the database is an older one that was restored.
            return replace(told, is_whole=False)
        return told

    def _topic(self, thread: int, since: int) -> Topic:
        topic = self._topics.get(thread)
        if topic is None:
            topic = self._topics[thread] = Topic(thread, head=since)
            self._gone.pop(thread, None)
            self._mark(topic)
        elif since > topic.head:
            # A page that was drawn a moment ago knows more.
            self._mark(topic)
        return topic

    def _note(self, keys: frozenset[str]) -> None:
        if keys & ALL_THREADS:
            # What nobody could read may have been published.
            self._gone.clear()
            for topic in self._topics.values():
                self._mark(topic)
        for key in keys:
            name = key.removeprefix(THREAD)
            if name != key and name.isdecimal():
                self._gone.pop(int(name), None)
                if found := self._topics.get(int(name)):
                    self._mark(found)
        if keys & METER and self._meter_at is None and self._loop is not None:
            at = max(self._loop.time(), self._meter_told + METER_REST)
            self._meter_at = self._loop.call_at(at, self._tell_meter)

    def _tell_meter(self) -> None:
        self._meter_at = None
        self._meter_told = asyncio.get_running_loop().time()
        for listener in self._meters:
            listener.moved = True
            listener.wake()

    def _mark(self, topic: Topic) -> None:
        topic.dirty = True
        topic.held = None
        if topic.task is None:
            topic.task = asyncio.ensure_future(self._follow(topic))

    async def _follow(self, topic: Topic) -> None:
        """Look until nothing more has changed, then end; there is at most one for a topic."""
        try:
            while topic.dirty and topic.listeners and not self.closed:
                topic.dirty = False
                await asyncio.sleep(await self._tell(topic))
        finally:
            topic.task = None

    async def _tell(self, topic: Topic) -> float:
        """Look what happened, and tell everybody; returns how long to rest."""
        try:
            if topic.number:
                told = await self._ask(topic, topic.head)
            else:
                # Whether there is such a thread is still to be seen.
                async with self._turn:
                    told = await self._ask(topic, topic.head)
        except Exception as error:  # noqa: BLE001 - whatever a database says while it is away
            logger.warning("What is new in thread %d cannot be read: %s", topic.thread, error)
            topic.dirty = True
            return FAILED_REST
        if told is None:
            # Unless it changed since it was looked at: then it is looked at again.
            if not topic.dirty:
                self._end(topic)
            return 0
        if topic.face == told.face and told.is_whole:
            if told.is_empty:
                return REST
            if told.is_light and self._hold(topic):
                return REST
        topic.told_at = asyncio.get_running_loop().time()
        topic.advance((thread_message(told, event=told.event), told.event), told.face)
        rest = REST if told.is_whole else CROWDED_REST
        return rest + REST_EACH * len(topic.listeners)

    def _hold(self, topic: Topic) -> bool:
        """Let votes wait for a while after the last message; False when they have waited."""
        loop = asyncio.get_running_loop()
        until = topic.told_at + VOTES_REST
        if until <= loop.time():
            return False
        if topic.held is None:
            topic.held = loop.call_at(until, self._mark, topic)
        return True

    def _end(self, topic: Topic) -> None:
        while len(self._gone) >= _GONE:
            self._gone.pop(next(iter(self._gone)))
        self._gone[topic.thread] = None
        for listener in topic.listeners:
            listener.end()
