"""Kept pages without a server around them: drawn once, never older than they may be."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest

from broadsheet.pagestore.api import Key, Slip, Store, Versions
from broadsheet.pagestore.pages import ENCODERS
from broadsheet.site.server import kept
from broadsheet.site.server.handler import IN_MEMORY
from broadsheet.site.server.kept import KeptPages, whole
from broadsheet.site.server.messages import NO_BODY, Answer, Headers, Request, plain

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
HTML = ("content-type", "text/html")
STORY: Key = ("/town/ferry/", "")


class Silent:
    """A source of changes that has none, or cannot tell."""

    lost = False

    def read(self) -> frozenset[str] | None:
        return None if self.lost else frozenset()

    def wait(self, seconds: float) -> bool:
        return bool(seconds)

    def close(self) -> None: ...


class Newsroom:
    """Draws pages, and can be told to be slow, broken, or of another mind."""

    def __init__(self) -> None:
        self.drawn: list[Key] = []
        self.clients: list[str] = []
        self.words = "first"
        self.headers: Headers = [HTML]
        self.status, self.after = 200, 0
        self.until: datetime | None = None
        self.times = 200
        self.began = asyncio.Event()
        self.gate = asyncio.Event()
        self.gate.set()

    async def draw(self, key: Key, slip: Slip, client: str) -> Answer:
        self.drawn.append(key)
        self.clients.append(client)
        self.began.set()
        status = self.status
        words = self.words
        await self.gate.wait()
        await asyncio.sleep(0)
        self.status = self.after or self.status
        if status != 200:
            return plain(status, "not this time")
        slip.kept = True
        slip.keys.add("thread:1")
        slip.until = self.until
        content = (words * self.times).encode()
        headers = [*self.headers, ("x-request-id", "of one")]
        if len(content) <= IN_MEMORY:
            return Answer(200, headers, content)
        return Answer(200, headers, spool=BytesIO(content))


class Rig:
    def __init__(self) -> None:
        self.source = Silent()
        self.versions = Versions(self.source)
        self.store = Store(most_bytes=1024 * 1024)
        self.room = Newsroom()
        self.pages = KeptPages(
            store=self.store,
            versions=self.versions,
            key_of=lambda path, query: None if path.startswith("/me/") else (path, query),
            is_ours=lambda host: host == "post.example",
            draw=self.room.draw,
            packers=ThreadPoolExecutor(2),
            clock=lambda: NOW,
        )

    def change(self, words: str = "second", key: str = "thread:1") -> None:
        self.room.words = words
        self.versions.touch(frozenset({key}))

    async def get(
        self, key: Key = STORY, method: str = "GET", client: str = "10.0.0.1", **headers: str
    ) -> Answer | None:
        sent = {"host": "post.example"} | headers
        named = [(name.replace("_", "-"), value) for name, value in sent.items()]
        return await self.pages.answer(
            Request(method, key[0], key[1], "http", "HTTP/1.1", "", named, NO_BODY), client
        )

    async def words(self, key: Key = STORY) -> str:
        answer = await self.get(key)
        assert answer is not None
        return answer.content.decode()[:6].removesuffix("f").removesuffix("s")


def run(scene: Callable[[Rig], Any]) -> None:
    async def staged() -> None:
        await scene(Rig())

    asyncio.run(staged())


def test_a_page_is_drawn_once_however_many_ask_at_once() -> None:
    async def scene(rig: Rig) -> None:
        answers = await asyncio.gather(*(rig.get() for _ in range(100)))
        assert {answer.content for answer in answers if answer} == {b"first" * 200}
        assert rig.room.drawn == [STORY]
        assert rig.pages.find(*STORY) is not None

    run(scene)


def test_a_page_is_drawn_for_who_asks_first_and_drawn_anew_for_everybody() -> None:
    async def scene(rig: Rig) -> None:
        await rig.get(client="203.0.113.7")
        rig.change()
        await rig.get(client="203.0.113.7")
        assert rig.room.clients == ["203.0.113.7", ""]

    run(scene)


@pytest.mark.parametrize(("megabytes", "is_kept"), [(2, True), (9, False)])
def test_a_large_page_is_kept_whole_or_not_at_all(megabytes: int, is_kept: bool) -> None:
    async def scene(rig: Rig) -> None:
        rig.store = rig.pages._store = Store(most_bytes=100 * 1024 * 1024)
        rig.room.times = megabytes * 1024 * 1024 // 5
        for _ in range(2):
            answer = await rig.get()
            if is_kept:
                assert answer is not None
                assert len(answer.content) == 5 * rig.room.times
            else:
                assert answer is None, "Django answers by itself"
        assert len(rig.store) == is_kept

    run(scene)


def test_a_page_is_packed_once_however_many_wait_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    packed: list[bytes] = []

    def pack(content: bytes) -> bytes:
        packed.append(content)
        return b"packed"

    monkeypatch.setitem(ENCODERS, "br", pack)

    async def scene(rig: Rig) -> None:
        answers = await asyncio.gather(*(rig.get(accept_encoding="br") for _ in range(100)))
        assert {answer.content for answer in answers if answer} == {b"packed"}
        assert len(packed) == 1
        assert rig.store.size == sum(page.size for page in rig.store._pages.values())

    run(scene)


def test_what_changed_is_drawn_anew_for_the_next_who_asks() -> None:
    async def scene(rig: Rig) -> None:
        await rig.get()
        rig.change(key="thread:2")
        assert rig.pages.find(*STORY) is not None
        rig.change()
        assert rig.pages.find(*STORY) is None
        assert (await rig.words()) == "second"
        assert len(rig.room.drawn) == 2

    run(scene)


def test_whoever_asks_after_a_change_is_not_given_a_drawing_that_began_before_it() -> None:
    async def scene(rig: Rig) -> None:
        rig.room.gate.clear()
        early = asyncio.create_task(rig.words())
        await rig.room.began.wait()
        rig.change()
        late = asyncio.create_task(rig.words())
        await asyncio.sleep(0)
        rig.room.gate.set()
        assert await late == "second"
        assert await early == "second"
        assert len(rig.room.drawn) == 2

    run(scene)


def test_whoever_has_just_published_is_not_told_that_there_is_nothing() -> None:
    async def scene(rig: Rig) -> None:
        rig.room.gate.clear()
        rig.room.status = 404
        early = asyncio.create_task(rig.get())
        await rig.room.began.wait()
        rig.change()
        late = asyncio.create_task(rig.get())
        await asyncio.sleep(0)
        # The first drawing had begun by then, and answers as it was.
        rig.room.after = 200
        rig.room.gate.set()
        first, second = await early, await late
        assert first is not None
        assert second is not None
        assert (first.status, second.status) == (404, 200)

    run(scene)


def test_under_many_changes_the_drawing_rests_and_nothing_is_older_than_that() -> None:
    async def scene(rig: Rig) -> None:
        for number in range(50):
            rig.change(f"w{number:04}"[:5])
            await rig.get()
        assert len(rig.room.drawn) <= kept.BURST + 2

    run(scene)


def test_who_wrote_is_shown_it_whatever_rests() -> None:
    async def scene(rig: Rig) -> None:
        for number in range(20):
            rig.change(f"w{number:04}"[:5])
            await rig.get()
        rig.change()
        rig.pages.wrote("10.0.0.2")
        others, writer = await rig.get(), await rig.get(client="10.0.0.2")
        assert others is not None
        assert writer is not None
        assert writer.content.startswith(b"second")
        assert not others.content.startswith(b"second")

    run(scene)


def test_a_page_that_takes_long_is_shown_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "PATIENCE", 0.01)

    async def scene(rig: Rig) -> None:
        await rig.get()
        rig.change()
        rig.room.gate.clear()
        stale = await rig.get()
        assert stale is not None
        assert stale.content.startswith(b"first")
        assert kept.STALE in stale.headers
        rig.room.gate.set()
        await asyncio.sleep(0.01)
        assert (await rig.words()) == "second"

    run(scene)


def test_a_page_that_cannot_be_drawn_stays_as_it_was_and_is_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(kept, "RETRY", 0.01)

    async def scene(rig: Rig) -> None:
        await rig.get()
        rig.change()
        rig.room.status = 503
        for _ in range(5):
            answer = await rig.get()
            assert answer is not None
            assert (answer.status, answer.content[:5]) == (200, b"first")
        assert len(rig.room.drawn) == 2
        rig.room.status = 200
        await asyncio.sleep(0.02)
        assert (await rig.words()) == "second"

    run(scene)


def test_after_a_failure_who_wrote_waits_less_and_nobody_when_the_database_is_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(kept, "RETRY", 60)
    monkeypatch.setattr(kept, "RETRY_OF_WRITERS", 0.01)

    async def scene(rig: Rig) -> None:
        async def fails() -> None:
            rig.change()
            rig.room.status = 503
            assert (await rig.words()) == "first"
            rig.room.status = 200

        await rig.get()
        await fails()
        rig.pages.wrote("10.0.0.2")
        await asyncio.sleep(0.02)
        assert (await rig.words()) == "first"
        theirs = await rig.get(client="10.0.0.2")
        assert theirs is not None
        assert theirs.content.startswith(b"second")

        rig.change("first")
        assert (await rig.words()) == "first"
        await fails()
        assert (await rig.words()) == "first"
        rig.source.lost = True
        rig.versions.refresh()
        assert (await rig.words()) == "second"

    run(scene)


def test_a_page_that_never_was_cannot_be_shown_as_it_was() -> None:
    async def scene(rig: Rig) -> None:
        rig.room.status = 503
        answers = await asyncio.gather(rig.get(), rig.get())
        assert [answer.status for answer in answers if answer] == [503, 503]
        assert len(rig.store) == 0

    run(scene)


def test_a_file_is_no_page_that_could_be_kept() -> None:
    assert whole(Answer(200, [HTML], path="/somewhere/a.pdf")) is None


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_has_gone_is_gone_at_once(status: int) -> None:
    async def scene(rig: Rig) -> None:
        await rig.get()
        rig.change()
        rig.room.status = status
        answer = await rig.get()
        assert answer is not None
        assert answer.status == status
        assert len(rig.store) == 0

    run(scene)


def test_the_clock_alone_can_make_a_page_old() -> None:
    async def scene(rig: Rig) -> None:
        rig.room.until = NOW + timedelta(seconds=0.02)
        await rig.get()
        assert rig.pages.find(*STORY) is not None
        await asyncio.sleep(0.03)
        assert rig.pages.find(*STORY) is None

    run(scene)


@pytest.mark.parametrize(
    "header",
    [
        ("set-cookie", "session=1"),
        ("cache-control", "private, no-store"),
        ("vary", "cookie"),
        ("content-security-policy", "script-src 'nonce-abc'"),
    ],
)
def test_what_belongs_to_one_person_is_never_kept(header: tuple[str, str]) -> None:
    async def scene(rig: Rig) -> None:
        rig.room.headers = [HTML, header]
        # Nor given to all who wait for it: it is for one of them.
        assert await asyncio.gather(rig.get(), rig.get()) == [None, None]
        await rig.get()
        assert len(rig.store) == 0
        assert len(rig.room.drawn) == 2

    run(scene)


def test_a_token_is_never_kept() -> None:
    async def scene(rig: Rig) -> None:
        rig.room.words = '<input name="csrfmiddlewaretoken">'
        assert await rig.get() is None
        assert len(rig.store) == 0

    run(scene)


@pytest.mark.parametrize(
    ("key", "host"), [(("/me/record/", ""), "post.example"), (STORY, "evil.example"), (STORY, "")]
)
def test_private_pages_and_other_hosts_go_to_django(key: Key, host: str) -> None:
    async def scene(rig: Rig) -> None:
        await rig.get()
        assert await rig.get(key, host=host) is None

    run(scene)


def test_who_has_a_page_is_told_that_it_is_the_same() -> None:
    async def scene(rig: Rig) -> None:
        first = await rig.get(accept_encoding="gzip")
        assert first is not None
        named = dict(first.headers)
        assert named["content-encoding"] == "gzip"
        assert "x-request-id" not in named
        tagged = {"accept_encoding": "gzip", "if_none_match": f'"other", {named["etag"]}'}
        dated = {"if_modified_since": named["last-modified"]}
        others = (
            "Mon, 01 Jan 2024 00:00:00 GMT",
            # Of a page that was drawn before the clock was set back.
            "Mon, 01 Jun 2026 13:00:00 GMT",
            "Mon, 01 Jan 99999999999999999999 00:00:00 GMT",
            "x",
        )
        for headers, status in (
            (tagged, 304),
            (dated, 304),
            *(({"if_modified_since": other}, 200) for other in others),
        ):
            answer = await rig.get(**headers)
            assert answer is not None
            assert answer.status == status, headers
        other = await rig.get(if_none_match=named["etag"])
        assert other is not None
        assert other.status == 200, "the tag of another encoding"

    run(scene)


def test_who_has_a_page_of_the_same_second_is_given_the_new_one() -> None:
    async def scene(rig: Rig) -> None:
        first = await rig.get()
        assert first is not None
        rig.change()
        answer = await rig.get(if_modified_since=dict(first.headers)["last-modified"])
        assert answer is not None
        assert answer.content.startswith(b"second")

    run(scene)


def test_no_cache_in_front_keeps_a_page_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """It was told what changed before it asked, and would not be told again."""
    monkeypatch.setattr(kept, "PATIENCE", 0.01)

    async def scene(rig: Rig) -> None:
        rig.pages._shared_seconds = 60
        rig.room.headers = [HTML, ("cache-control", "public, max-age=0, must-revalidate")]
        first = await rig.get()
        assert first is not None
        tag = dict(first.headers)["etag"]
        rig.change()
        rig.room.gate.clear()
        for headers, status in (({}, 200), ({"if_none_match": tag}, 304)):
            stale = await rig.get(**headers)
            assert stale is not None
            assert stale.status == status
            assert dict(stale.headers)["cache-control"] == "public, max-age=0, must-revalidate"
            assert kept.STALE in stale.headers
        rig.room.gate.set()
        await asyncio.sleep(0.01)
        fresh = await rig.get()
        assert fresh is not None
        assert dict(fresh.headers)["cache-control"].endswith("s-maxage=60")

    run(scene)


def test_no_cache_in_front_keeps_a_page_that_changed_while_it_was_packed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    packing, go = threading.Event(), threading.Event()

    def pack(content: bytes) -> bytes:
        packing.set()
        assert go.wait(30)
        return content

    monkeypatch.setitem(ENCODERS, "br", pack)

    async def scene(rig: Rig) -> None:
        rig.pages._shared_seconds = 60
        rig.room.headers = [HTML, ("cache-control", "public, max-age=0, must-revalidate")]
        asked = asyncio.create_task(rig.get(accept_encoding="br"))
        assert await asyncio.to_thread(packing.wait, 30)
        rig.change()
        go.set()
        stale = await asked
        assert stale is not None
        assert dict(stale.headers)["cache-control"] == "public, max-age=0, must-revalidate"
        assert kept.STALE in stale.headers

    run(scene)


def test_a_cache_in_front_is_told_by_which_keys_it_may_keep_a_page() -> None:
    async def scene(rig: Rig) -> None:
        alone = await rig.get()
        assert alone is not None
        assert "surrogate-key" not in dict(alone.headers)
        rig.pages._shared_seconds = 60
        rig.room.headers = [HTML, ("cache-control", "public, max-age=0, must-revalidate")]
        rig.change()
        answer = await rig.get()
        assert answer is not None
        named = dict(answer.headers)
        assert named["surrogate-key"] == "thread-1"
        assert named["cache-control"] == "public, max-age=0, must-revalidate, s-maxage=60"

    run(scene)
