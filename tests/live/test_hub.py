"""Who is told what of a thread, how often it is asked for, and who is let in."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from broadsheet.live import beats, hub, topic
from broadsheet.live.api import Hub, Listener, Places, Told
from broadsheet.live.wire import BEAT

THREAD = 17
MOST = 5


class Discussion:
    """A thread as the hub is told of it; `asked` are the events from which it was asked for."""

    def __init__(self) -> None:
        self.events = 0
        self.came: dict[int, int] = {}
        self.voted: dict[int, int] = {}
        self.face: dict[str, Any] = {"closed": False}
        self.asked: list[int] = []
        self.hidden = False
        self.down = False
        # So many looks more find nobody who may read it, and then all may.
        self.came_back_after = 0
        self.go = asyncio.Event()
        self.go.set()

    def post(self, number: int) -> None:
        self.events += 1
        self.came[number] = self.events

    def vote(self, number: int) -> None:
        self.events += 1
        self.voted[number] = self.events

    async def look(self, thread: int, event: int) -> Told | None:
        assert thread == THREAD
        self.asked.append(event)
        await self.go.wait()
        if self.down:
            raise OSError("no database")
        if self.hidden:
            self.came_back_after -= 1
            self.hidden = self.came_back_after != 0
            return None
        new = [number for number, at in self.came.items() if at > event]
        votes = {number: [1] for number, at in self.voted.items() if at > event}
        data = {"new": new[:MOST], "changed": [], "votes": votes}
        whole = len(new) <= MOST
        return Told(event=self.events, data=data, face=dict(self.face), is_whole=whole)


def read(said: bytes) -> list[dict[str, Any]]:
    """Return the events of a message, `id` among what they say."""
    found = []
    for block in said.decode().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if line != ":")
        if "data" in fields:
            identity = {"id": int(fields["id"])} if "id" in fields else {}
            found.append({**json.loads(fields["data"]), **identity})
    return found


class Scene:
    def __init__(self) -> None:
        self.discussion = Discussion()
        self.hub = Hub(self.discussion.look)

    def join(self, since: int = 0, *, thread: int | None = THREAD, meter: bool = False) -> Listener:
        return self.hub.join(thread=thread, since=since, meter=meter)

    async def told(self, listener: Listener) -> dict[str, Any]:
        (only,) = read(await asyncio.wait_for(self.hub.message(listener), 5))
        return only

    async def is_silent(self, *listeners: Listener) -> bool:
        """Let all that is under way come to its end, and say whether nobody is told anything."""
        for _ in range(20):
            await asyncio.sleep(0)
        return not any(listener.is_due for listener in listeners)

    def change(self, *keys: str) -> None:
        self.hub.changed(frozenset(keys or {f"thread:{THREAD}"}))


@pytest.fixture(autouse=True)
def restless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing rests, so that nobody has to wait for it."""
    for name in ("REST", "REST_EACH", "CROWDED_REST", "FAILED_REST", "METER_REST"):
        monkeypatch.setattr(hub, name, 0)


def play(scene: Callable[[Scene], Awaitable[None]]) -> None:
    async def run() -> None:
        await scene(Scene())

    asyncio.run(run())


def test_one_question_however_many_listen() -> None:
    async def scene(it: Scene) -> None:
        listeners = [it.join() for _ in range(50)]
        first = [await it.told(listener) for listener in listeners]
        assert first == [{"id": 0, "event": 0, "closed": False}] * 50
        assert it.discussion.asked == [0]
        it.discussion.post(7)
        it.change()
        assert [await it.told(each) for each in listeners] == [
            {"id": 1, "event": 1, "new": [7], "closed": False}
        ] * 50
        assert it.discussion.asked == [0, 0]
        it.discussion.post(8)
        it.change()
        assert (await it.told(listeners[0]))["new"] == [8]
        assert it.discussion.asked == [0, 0, 1]

    play(scene)


def test_who_comes_later_or_comes_back_is_told_what_they_missed() -> None:
    async def scene(it: Scene) -> None:
        early = it.join()
        await it.told(early)
        for number in (7, 8, 9):
            it.discussion.post(number)
            it.change()
            await it.told(early)
        back = [it.join(1) for _ in range(20)]
        assert [(await it.told(each))["new"] for each in back] == [[8, 9]] * 20
        # All of them cost one question; and who is there is told nothing twice.
        assert it.discussion.asked[4:] == [1]
        assert await it.is_silent(early, *back)
        current = it.join(3)
        assert "new" not in await it.told(current)
        it.discussion.post(10)
        it.change()
        for each in (early, current, *back):
            assert (await it.told(each))["new"] == [10]
        assert it.discussion.asked[4:] == [1, 3, 3]

    play(scene)


def test_a_slow_reader_is_told_all_at_once() -> None:
    async def scene(it: Scene) -> None:
        slow, quick = it.join(), it.join()
        await it.told(slow)
        await it.told(quick)
        for number in (7, 8, 9):
            it.discussion.post(number)
            it.change()
            await it.told(quick)
        assert (await it.told(slow))["new"] == [7, 8, 9]
        assert await it.is_silent(slow)

    play(scene)


def test_more_than_is_told_at_once_says_read_it_again() -> None:
    async def scene(it: Scene) -> None:
        listener = it.join()
        await it.told(listener)
        for number in range(MOST + 1):
            it.discussion.post(number)
        it.change()
        assert await it.told(listener) == {"id": 6, "event": 6, "reset": True, "closed": False}
        it.discussion.post(99)
        it.change()
        assert (await it.told(listener))["new"] == [99]

    play(scene)


def test_what_nobody_may_know_of_is_not_told() -> None:
    async def scene(it: Scene) -> None:
        listener = it.join()
        await it.told(listener)
        # A comment that is held, say: an event, and nothing to be seen.
        it.discussion.events += 1
        it.change()
        assert await it.is_silent(listener)
        assert it.discussion.asked == [0, 0]
        it.discussion.face = {"closed": True}
        it.change()
        assert await it.told(listener) == {"id": 1, "event": 1, "closed": True}

    play(scene)


def test_a_thread_that_nobody_may_read_ends_its_streams() -> None:
    async def scene(it: Scene) -> None:
        listener = it.join()
        await it.told(listener)
        it.discussion.hidden = True
        it.change()
        assert await it.hub.message(listener) == b""
        assert it.hub.is_gone(THREAD)
        it.hub.leave(listener)
        it.discussion.hidden = False
        again = it.join()
        await it.told(again)
        assert not it.hub.is_gone(THREAD)

    play(scene)


@pytest.mark.parametrize("key", [f"thread:{THREAD}", "stories", "*"])
def test_a_thread_that_can_be_read_again_has_streams_again(key: str) -> None:
    """Also one that was asked for before there was any such thread."""

    async def scene(it: Scene) -> None:
        it.discussion.hidden = True
        early = it.join()
        assert await it.hub.message(early) == b""
        it.hub.leave(early)
        assert it.hub.is_gone(THREAD)
        it.discussion.hidden = False
        it.change("thread:5")
        await it.is_silent()
        assert it.hub.is_gone(THREAD)
        it.change(key)
        await it.is_silent()
        assert not it.hub.is_gone(THREAD)

    play(scene)


def test_a_thread_that_came_back_while_it_was_looked_at_has_its_streams() -> None:
    async def scene(it: Scene) -> None:
        listener = it.join()
        await it.told(listener)
        it.discussion.hidden = True
        it.discussion.go.clear()
        it.change()
        await it.is_silent()
        # This look is over with, as of before; it only has not been heard yet.
        it.change()
        await it.is_silent()
        it.discussion.go.set()
        it.discussion.came_back_after = 1
        it.discussion.post(7)
        assert (await it.told(listener))["new"] == [7]
        assert not it.hub.is_gone(THREAD)

    play(scene)


def test_a_page_that_knows_more_than_the_database_is_read_again() -> None:
    async def scene(it: Scene) -> None:
        it.discussion.events = 5
        ahead = it.join(10**15)
        assert await it.told(ahead) == {"id": 5, "event": 5, "reset": True, "closed": False}
        beside = it.join(900)
        assert (await it.told(beside))["reset"] is True
        it.discussion.post(7)
        it.change()
        for each in (ahead, beside):
            assert (await it.told(each))["new"] == [7]

    play(scene)


def test_the_database_is_away_and_comes_back() -> None:
    async def scene(it: Scene) -> None:
        listener = it.join()
        await it.told(listener)
        it.discussion.down = True
        it.discussion.post(7)
        it.change()
        assert await it.is_silent(listener)
        # Who comes meanwhile is sent away, to come back.
        late = it.join(3)
        assert await it.hub.message(late) == b""
        it.hub.leave(late)
        it.discussion.down = False
        assert (await it.told(listener))["new"] == [7]
        # Nor has anything to happen in the thread before they are let in.
        it.discussion.down = True
        late = it.join(1)
        assert await it.hub.message(late) == b""
        it.hub.leave(late)
        it.discussion.down = False
        assert await it.told(it.join(1)) == {"id": 1, "event": 1, "closed": False}

    play(scene)


def test_what_changes_while_it_is_looked_at_is_looked_at_again() -> None:
    async def scene(it: Scene) -> None:
        listener = it.join()
        await it.told(listener)
        it.discussion.go.clear()
        it.discussion.post(7)
        it.change()
        await it.is_silent()
        it.discussion.post(8)
        it.change()
        it.discussion.go.set()
        seen = (await it.told(listener))["new"]
        if 8 not in seen:
            seen += (await it.told(listener))["new"]
        assert seen == [7, 8]
        assert await it.is_silent(listener)

    play(scene)


def test_votes_wait_until_a_comment_comes_or_a_while_has_gone_by(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def scene(it: Scene) -> None:
        monkeypatch.setattr(hub, "VOTES_REST", 3600)
        listener = it.join()
        await it.told(listener)
        for _ in range(3):
            it.discussion.vote(1)
            it.change()
        assert await it.is_silent(listener)
        it.discussion.post(7)
        it.change()
        assert await it.told(listener) == {
            "id": 4,
            "event": 4,
            "new": [7],
            "votes": {"1": [1]},
            "closed": False,
        }
        monkeypatch.setattr(hub, "VOTES_REST", 0.01)
        it.discussion.vote(2)
        it.change()
        assert (await it.told(listener))["votes"] == {"2": [1]}

    play(scene)


def test_the_meter_is_told_to_who_shows_it_once_for_many_gifts() -> None:
    async def scene(it: Scene) -> None:
        both, meter, thread = (
            it.join(meter=True),
            it.join(thread=None, meter=True),
            it.join(),
        )
        await it.told(both)
        await it.told(thread)
        for _ in range(3):
            it.change("funding")
        assert await it.told(meter) == {"meter": True}
        assert await it.told(both) == {"meter": True}
        assert await it.is_silent(both, meter, thread)

    play(scene)


@pytest.mark.parametrize("key", ["stories", "discussion", "site", "*"])
def test_what_may_concern_every_thread_has_each_looked_at(key: str) -> None:
    async def scene(it: Scene) -> None:
        listener = it.join()
        await it.told(listener)
        it.discussion.face = {"closed": False, "edition": 2}
        it.change("thread:18", "thread:x", "page:1")
        assert await it.is_silent(listener)
        assert it.discussion.asked == [0]
        it.change(key)
        assert (await it.told(listener))["edition"] == 2

    play(scene)


def test_when_it_stops_all_end_and_nobody_is_let_in() -> None:
    async def scene(it: Scene) -> None:
        listener = it.join()
        await it.told(listener)
        waiting = asyncio.ensure_future(it.hub.message(listener))
        await asyncio.sleep(0)
        it.hub.close()
        assert await waiting == b""
        assert await it.hub.message(it.join()) == b""

    play(scene)


def test_a_heart_beats_for_each_and_no_stream_is_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene(it: Scene) -> None:
        monkeypatch.setattr(beats, "_SECOND", 0)
        monkeypatch.setattr(beats, "_SHORTEST", 2)
        monkeypatch.setattr(beats, "_SPREAD", 1)
        listener = it.join(thread=None, meter=True)
        assert await it.hub.message(listener) == BEAT
        assert await it.hub.message(listener) == b""
        it.hub.leave(listener)
        assert len(it.hub) == 0

    play(scene)


def test_nothing_is_left_of_who_has_gone() -> None:
    async def scene(it: Scene) -> None:
        one, other = it.join(meter=True), it.join(meter=True)
        await it.told(one)
        it.hub.leave(one)
        assert len(it.hub) == 1
        it.change()
        it.hub.leave(other)
        assert len(it.hub) == 0
        assert await it.is_silent()
        # A new one begins anew.
        again = it.join(0)
        it.discussion.post(7)
        assert (await it.told(again))["new"] == [7]

    play(scene)


def test_messages_that_are_kept_for_who_comes_back_are_bounded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def scene(it: Scene) -> None:
        monkeypatch.setattr(topic, "KEPT", 4)
        it.discussion.events = 100
        first = it.join(100)
        await it.told(first)
        assert first.topic is not None
        for since in range(20):
            await it.told(it.join(since))
        assert len(first.topic.known) <= 4

    play(scene)


def test_who_makes_positions_up_keeps_nobody_waiting_for_what_is_new() -> None:
    async def scene(it: Scene) -> None:
        one = it.join()
        await it.told(one)
        it.discussion.go.clear()
        began = len(it.discussion.asked)
        behind = [asyncio.create_task(it.hub.message(it.join(1000 + made))) for made in range(200)]
        it.discussion.post(7)
        it.change()
        for _ in range(20):
            await asyncio.sleep(0)
        # One of theirs, and what is new: what a busy thread is asked next is not their two hundred.
        assert len(it.discussion.asked) - began == 2
        assert it.discussion.asked[-2:].count(0) == 1
        it.discussion.go.set()
        assert (await it.told(one))["new"] == [7]
        assert all(read(said) for said in await asyncio.gather(*behind))

    play(scene)


def test_who_makes_threads_up_keeps_nobody_waiting_for_what_is_new() -> None:
    async def scene(it: Scene) -> None:
        asked, go = list[int](), asyncio.Event()

        async def look(thread: int, event: int) -> Told | None:
            asked.append(thread)
            if thread != THREAD:
                await go.wait()
                return None
            return await it.discussion.look(thread, event)

        it.hub = Hub(look)
        one = it.join()
        await it.told(one)
        made_up = [it.join(thread=1000 + number) for number in range(200)]
        ends = [asyncio.create_task(it.hub.message(each)) for each in made_up]
        it.discussion.post(7)
        it.change()
        assert (await it.told(one))["new"] == [7]
        assert len(set(asked) - {THREAD}) == 1
        go.set()
        assert set(await asyncio.gather(*ends)) == {b""}
        assert it.hub.is_gone(1000)

    play(scene)


def test_places_in_all_and_of_a_network() -> None:
    places = Places(total=3, per_network=2)
    assert [places.take("a"), places.take("a"), places.take("a")] == [True, True, False]
    assert [places.take("b"), places.take("c")] == [True, False]
    places.leave("a")
    assert places.take("c")
    for network in ("a", "b", "c"):
        places.leave(network)
    assert places.taken == 0
