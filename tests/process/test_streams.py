"""Open pages are told at once what others write, and never what is not for them."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from broadsheet.discussion.rules.editing import mark_of
from homes import Home, Homes
from listening import Listening
from process.test_at_once import Device
from process.test_crash import thread_of
from serving import IN_CROWDS, Server, get, serve

pytestmark = pytest.mark.process

LINK = "See https://a.example/ for yourself."


@pytest.fixture(scope="module")
def newsroom(homes: Homes) -> Iterator[tuple[Home, Server, int]]:
    home = homes.one_story()
    settings = {**home.environ, **IN_CROWDS, "BROADSHEET_HOLD_LINKS": "true"}
    with serve(home.path, **settings) as server:
        yield home, server, thread_of(server)


def event_of(server: Server, thread: int) -> int:
    """Return the last event of a thread that anybody may know of."""
    with Listening(server.url, f"thread={thread}&since=0") as page:
        said = page.next()
    assert said is not None
    return int(said["event"])


def test_what_one_writes_others_are_told_within_a_second(
    newsroom: tuple[Home, Server, int],
) -> None:
    _, server, thread = newsroom
    since = event_of(server, thread)
    writer, voter = Device(server), Device(server)
    with Listening(server.url, f"thread={thread}&since={since}&meter=1") as page:
        assert page.headers["content-type"] == "text/event-stream"
        assert "no-store" in page.headers["cache-control"]
        assert "set-cookie" not in page.headers
        first = page.next()
        assert first is not None
        assert "new" not in first
        number = writer.writes(thread, "A new voice.")
        began = time.monotonic()
        said = page.until(lambda said: "new" in said)
        assert time.monotonic() - began < 1
        assert said["new"] == [number]
        assert said["counted"].startswith(str(int(first["counted"].split()[0]) + 1))
        assert page.last == said["event"] > since
        # Numbers and totals: of words and names there is nothing in it.
        assert set(said) == {"event", "new", "closed", "counted", "edition"}

        assert voter.send(f"/c/{number}/vote/", value=1).status == 200
        assert page.until(lambda said: "votes" in said)["votes"] == {str(number): [1]}
        taken_back = writer.send(f"/c/{number}/withdraw/", seen=mark_of("A new voice."))
        assert taken_back.status == 200
        gone = page.until(lambda said: "changed" in said)
        assert (gone["changed"], gone["counted"]) == ([number], first["counted"])


def test_what_waits_is_told_to_nobody(newsroom: tuple[Home, Server, int]) -> None:
    _, server, thread = newsroom
    since = event_of(server, thread)
    writer = Device(server)
    with Listening(server.url, f"thread={thread}&since={since}") as page:
        page.next()
        held = writer.send(f"/t/{thread}/comments/", body=LINK)
        assert held.status == 202
        seen = writer.writes(thread, "Nothing to wait for.")
        said = page.until(lambda said: "new" in said)
        assert said["new"] == [seen]
    for event in (0, since):
        with Listening(server.url, f"thread={thread}&since={event}") as page:
            assert held.said["number"] not in (page.next() or {}).get("new", [])


def test_who_comes_back_is_told_what_they_missed(newsroom: tuple[Home, Server, int]) -> None:
    _, server, thread = newsroom
    since = event_of(server, thread)
    writer = Device(server)
    page = Listening(server.url, f"thread={thread}&since={since}")
    first = writer.writes(thread, "While they listen.")
    page.until(lambda said: first in said.get("new", []))
    page.close()
    missed = [writer.writes(thread, f"While nobody listens, {at}.") for at in range(2)]
    with Listening(server.url, f"thread={thread}&since={since}", last=page.last) as again:
        assert again.until(lambda said: "new" in said)["new"] == missed


@pytest.mark.both_in_depth
def test_two_processes_on_one_database(newsroom: tuple[Home, Server, int]) -> None:
    home, server, thread = newsroom
    since = event_of(server, thread)
    with (
        serve(home.path, **home.environ, **IN_CROWDS) as other,
        Listening(other.url, f"thread={thread}&since={since}") as page,
    ):
        page.next()
        number = Device(server).writes(thread, "Through the other door.")
        began = time.monotonic()
        page.until(lambda said: number in said.get("new", []))
        assert time.monotonic() - began < 2


@pytest.mark.deep
def test_a_reader_who_goes_leaves_the_place_to_others(homes: Homes) -> None:
    home = homes.one_story()
    settings = {**home.environ, **IN_CROWDS, "BROADSHEET_LIVE_STREAMS": "2"}
    with serve(home.path, **settings) as server:
        query = f"thread={thread_of(server)}&since=0"
        with Listening(server.url, query), Listening(server.url, query, network=2):
            with Listening(server.url, query, network=3) as refused:
                assert refused.status == 503
            # Pages do not suffer, nor does what is asked now and then instead.
            assert get(f"{server.url}/")[0] == 200
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            with Listening(server.url, query, network=4) as page:
                if page.status == 200:
                    break
        assert page.status == 200


def test_it_stops_at_once_with_streams_open_and_one_that_is_not_read(homes: Homes) -> None:
    home = homes.one_story()
    with serve(home.path, **home.environ, **IN_CROWDS) as server:
        thread = thread_of(server)
        pages = [Listening(server.url, f"thread={thread}&since=0", network=at) for at in range(20)]
        lazy = Listening(server.url, f"thread={thread}&since=0&meter=1", network=99, small=True)
        writer = Device(server)
        for at in range(5):
            number = writer.writes(thread, f"Words {at}.")
        for page in pages:
            page.until(lambda said: number in said.get("new", []))
        # All others read on while one does not; then each is ended in an orderly way.
        ended: list[bool] = []

        def read(page: Listening) -> None:
            while page.next() is not None:
                pass
            ended.append(True)

        readers = [threading.Thread(target=read, args=[page]) for page in pages]
        for reader in readers:
            reader.start()
        began = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - began < 15
        for reader in readers:
            reader.join(10)
        assert len(ended) == len(pages)
        for page in (*pages, lazy):
            page.close()
        assert "Stopped" in server.log.read_text()


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("since=3", 400),
        ("thread=x", 400),
        ("thread=-1", 400),
        ("thread=1&since=" + "9" * 30, 400),
        ("thread=%D9%A1", 400),
        ("meter=1", 200),
    ],
)
def test_what_is_no_stream(newsroom: tuple[Home, Server, int], query: str, status: int) -> None:
    with Listening(newsroom[1].url, query) as page:
        assert page.status == status


def test_a_thread_that_is_not_there(newsroom: tuple[Home, Server, int]) -> None:
    _, server, _ = newsroom
    with Listening(server.url, "thread=987654&since=0") as page:
        assert page.next() is None
    # A browser does not come back after this.
    with Listening(server.url, "thread=987654&since=0") as page:
        assert page.status == 204


def test_nobody_is_told_by_another_method(newsroom: tuple[Home, Server, int]) -> None:
    _, server, thread = newsroom
    host, _, port = server.url.removeprefix("http://").partition(":")
    for method, status in (("POST", 405), ("HEAD", 200)):
        with socket.create_connection((host, int(port)), timeout=30) as client:
            head = f"{method} /live/?thread={thread} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
            client.sendall(f"{head}Content-Length: 0\r\n\r\n".encode())
            assert int(client.makefile("rb").readline().split()[1]) == status
