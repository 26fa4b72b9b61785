"""The dispatcher without a server around it: what is answered where, and what when it is full."""

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from datetime import datetime
from io import FileIO
from pathlib import Path
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIRequest

from broadsheet.kit.netaddr import parse_networks
from broadsheet.pagestore.api import Store, Versions
from broadsheet.site.server import handler
from broadsheet.site.server.body import TooSlowError, read_body
from broadsheet.site.server.dispatcher import QUEUE_PER_THREAD, Dispatcher, Limits, Pages
from broadsheet.site.server.environ import build_environ
from broadsheet.site.server.files import Files, Renditions, StaticFiles
from broadsheet.site.server.messages import Answer, Request
from broadsheet.site.server.wsgi import Handler
from newsroom import make_document, make_section, make_story

type Environ = dict[str, Any]
type Wsgi = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

THREADS = 8
LIMIT = 1024 * 1024


class Body(list[bytes]):
    """A body that notes that it was closed."""

    closed = False

    def close(self) -> None:
        self.closed = True


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


def ask(
    path: str, method: str = "GET", body: bytes = b"", peer: str = "127.0.0.1:5000", **headers: str
) -> Request:
    named = [(name.replace("_", "-"), value) for name, value in headers.items()]
    if body:
        named.append(("content-length", str(len(body))))
    return Request(
        method,
        path,
        "",
        "http",
        "HTTP/1.1",
        peer,
        named,
        chunks(body[:100], body[100:]),
    )


def plain_app(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["wsgi.input"].read() or b"hello"]


@pytest.fixture
def dispatch(tmp_path: Path) -> Iterator[Callable[..., Dispatcher]]:
    """Make a dispatcher around a WSGI application."""
    static = tmp_path / "static"
    static.mkdir()
    (static / "a.css").write_text("a {}")
    made = []

    def make(
        application: Wsgi = plain_app, threads: int = THREADS, pages: Pages | None = None
    ) -> Dispatcher:
        dispatcher = Dispatcher(
            application,
            limits=Limits(threads=threads, body=LIMIT),
            files=Files(static=StaticFiles(static), renditions=Renditions(tmp_path / "media")),
            pages=pages,
        )
        made.append(dispatcher)
        return dispatcher

    yield make
    for dispatcher in made:
        dispatcher.pool.shutdown()
        dispatcher.packers.shutdown()


def answers(dispatcher: Dispatcher, *requests: Request) -> list[Answer]:
    async def ask_all() -> list[Answer]:
        return await asyncio.gather(*(dispatcher.answer(request) for request in requests))

    return asyncio.run(ask_all())


def waiting_for(go: threading.Event) -> Callable[..., Iterable[bytes]]:
    """Return an application that answers nobody before it is told to."""

    def slow(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        assert go.wait(30)
        return plain_app(environ, start_response)

    return slow


# --- What is answered where --------------------------------------------------------------------


def test_a_full_pool_keeps_nobody_from_files_and_health(
    dispatch: Callable[..., Dispatcher],
) -> None:
    go, inside = threading.Event(), threading.Semaphore(0)

    def slow(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        inside.release()
        assert go.wait(30)
        return plain_app(environ, start_response)

    dispatcher = dispatch(slow)

    async def scene() -> None:
        held = [asyncio.create_task(dispatcher.answer(ask("/"))) for _ in range(2 * THREADS)]
        for _ in range(THREADS):
            await asyncio.to_thread(inside.acquire)
        for path in ("/static/a.css", "/healthz"):
            answer = await dispatcher.answer(ask(path))
            assert answer.status == 200
        assert not any(task.done() for task in held)
        go.set()
        assert [answer.status for answer in await asyncio.gather(*held)] == [200] * 2 * THREADS

    asyncio.run(scene())


def test_more_than_can_be_served_in_time_is_refused_at_once(
    dispatch: Callable[..., Dispatcher],
) -> None:
    go = threading.Event()
    dispatcher = dispatch(waiting_for(go), threads=1)

    async def scene() -> None:
        full = 1 + QUEUE_PER_THREAD
        held = [asyncio.create_task(dispatcher.answer(ask("/"))) for _ in range(full)]
        await asyncio.sleep(0)
        refused = await dispatcher.answer(ask("/"))
        assert refused.status == 503
        assert dict(refused.headers)["retry-after"] == "2"
        go.set()
        assert {answer.status for answer in await asyncio.gather(*held)} == {200}
        assert (await dispatcher.answer(ask("/"))).status == 200

    asyncio.run(scene())


def test_one_network_leaves_half_of_the_places_to_the_others(
    dispatch: Callable[..., Dispatcher],
) -> None:
    go = threading.Event()
    dispatcher = dispatch(waiting_for(go), threads=1)

    async def scene() -> None:
        half = (1 + QUEUE_PER_THREAD) // 2
        greedy = [ask("/", peer=f"203.0.113.{at}:5000") for at in range(100)]
        held = [asyncio.create_task(dispatcher.answer(request)) for request in greedy[:half]]
        await asyncio.sleep(0)
        assert {(await dispatcher.answer(request)).status for request in greedy[half:]} == {503}
        # Whoever comes through a proxy of this machine that nobody named shares all of them.
        others = [ask("/", peer="198.51.100.7:5000"), *(ask("/") for _ in range(half))]
        held += [asyncio.create_task(dispatcher.answer(request)) for request in others]
        await asyncio.sleep(0)
        go.set()
        assert {answer.status for answer in await asyncio.gather(*held)} == {200}
        assert (await dispatcher.answer(greedy[0])).status == 200
        assert not dispatcher._inside_of

    asyncio.run(scene())


class Unchanged:
    """A source of changes that has none."""

    def read(self) -> frozenset[str]:
        return frozenset()

    def wait(self, seconds: float) -> bool:
        return bool(seconds)

    def close(self) -> None: ...


def test_who_asks_for_the_page_of_a_network_that_is_full_is_not_refused_with_it(
    dispatch: Callable[..., Dispatcher],
) -> None:
    go = threading.Event()
    pages = Pages(
        store=Store(most_bytes=1024 * 1024),
        versions=Versions(Unchanged()),
        key_of=lambda path, query: (path, query),
        is_ours=lambda _: True,
        url="http://post.example",
    )
    dispatcher = dispatch(waiting_for(go), threads=1, pages=pages)

    async def scene() -> None:
        half = (1 + QUEUE_PER_THREAD) // 2
        greedy = [ask(f"/{at}/", peer=f"203.0.113.{at}:5000") for at in range(half)]
        held = [asyncio.create_task(dispatcher.answer(request)) for request in greedy]
        await asyncio.sleep(0)
        more = [ask("/story/", peer=f"203.0.113.{at}:5000") for at in range(4)]
        refused = [asyncio.create_task(dispatcher.answer(request)) for request in more]
        other = asyncio.create_task(dispatcher.answer(ask("/story/", peer="198.51.100.7:5000")))
        assert {answer.status for answer in await asyncio.gather(*refused)} == {503}
        go.set()
        assert {answer.status for answer in await asyncio.gather(*held, other)} == {200}

    asyncio.run(scene())


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (ask("/x\0y"), 400),
        (ask(""), 400),
        (ask("*", "OPTIONS"), 400),
        (ask("/", "TRACE"), 405),
        (ask("example.com:443", "CONNECT"), 400),
        (ask("/static/none.css"), 404),
        (ask("/media/original_images/x.jpg"), 404),
        (ask("/healthz"), 200),
    ],
)
def test_some_addresses_never_reach_the_application(
    dispatch: Callable[..., Dispatcher], request_: Request, status: int
) -> None:
    def never(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        raise AssertionError(environ["PATH_INFO"])

    assert answers(dispatch(never), request_)[0].status == status


# --- Bodies ------------------------------------------------------------------------------------


@pytest.mark.parametrize("length", [1, 99, 101, 600_000, LIMIT])
def test_a_body_arrives_whole(dispatch: Callable[..., Dispatcher], length: int) -> None:
    body = bytes(number % 251 for number in range(length))
    (answer,) = answers(dispatch(), ask("/", "POST", body))
    assert answer.content == body


def test_a_body_over_the_limit_is_refused_in_words(dispatch: Callable[..., Dispatcher]) -> None:
    (answer,) = answers(dispatch(), ask("/", "POST", b"x" * (LIMIT + 1)))
    assert answer.status == 413
    assert b"at most 1 MB" in answer.content


def test_a_body_that_breaks_off_never_reaches_the_application(
    dispatch: Callable[..., Dispatcher],
) -> None:
    def never(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        raise AssertionError

    short = ask("/", "POST", content_length="500")
    (answer,) = answers(dispatch(never), short)
    assert answer.status == 400


def test_a_body_without_a_length_is_refused(dispatch: Callable[..., Dispatcher]) -> None:
    (answer,) = answers(dispatch(), ask("/", "POST", transfer_encoding="chunked"))
    assert answer.status == 411


def test_a_sender_that_stops_is_not_waited_for() -> None:
    async def stopping() -> AsyncIterator[bytes]:
        yield b"x"
        await asyncio.Event().wait()

    async def scene() -> None:
        with pytest.raises(TooSlowError):
            await read_body(stopping(), announced=10, limit=LIMIT, idle=0.01)

    asyncio.run(scene())


def test_a_body_that_is_there_is_not_waited_for() -> None:
    async def whole() -> AsyncIterator[bytes]:
        yield b"body="
        yield b"words"
        await asyncio.Event().wait()

    async def scene() -> None:
        body = await read_body(whole(), announced=10, limit=LIMIT, idle=0.01)
        assert body.read() == b"body=words"

    asyncio.run(scene())


# --- The application's answers -----------------------------------------------------------------


def test_every_answer_is_closed_also_one_that_breaks(dispatch: Callable[..., Dispatcher]) -> None:
    bodies: list[Body] = []

    class Breaking(Body):
        def __iter__(self) -> Iterator[bytes]:
            yield b"a"
            raise ValueError("half way")

    def application(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [])
        bodies.append(Breaking([b"a"]) if environ["PATH_INFO"] == "/broken" else Body([b"whole"]))
        return bodies[-1]

    dispatcher = dispatch(application)
    statuses = [a.status for a in answers(dispatcher, ask("/"), ask("/broken"), ask("/", "HEAD"))]
    assert statuses == [200, 500, 200]
    assert [body.closed for body in bodies] == [True] * 3


def test_a_failure_is_an_answer_without_details(dispatch: Callable[..., Dispatcher]) -> None:
    def failing(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        raise ValueError("the secret reason")

    (answer,) = answers(dispatch(failing), ask("/"))
    assert answer.status == 500
    assert b"secret" not in answer.content
    assert dict(answer.headers)["x-request-id"]


def test_a_long_answer_waits_in_a_file_and_an_endless_one_is_ended(
    dispatch: Callable[..., Dispatcher], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handler, "LARGEST", 4 * handler.IN_MEMORY)

    def endless(environ: Environ, start_response: Callable[..., Any]) -> Iterator[bytes]:
        start_response("200 OK", [])
        count = 0
        while environ["PATH_INFO"] == "/endless" or count < 3 * 16:
            count += 1
            yield b"x" * (handler.IN_MEMORY // 16)

    long, ended = answers(dispatch(endless), ask("/long"), ask("/endless"))
    assert long.spool is not None
    with long.spool as spool:
        assert len(spool.read()) == 3 * handler.IN_MEMORY
    assert ended.status == 500


class Stored(FileIO):
    """A file as Django's storage opens it, which knows where it is."""

    @property
    def path(self) -> str:
        return str(self.name)


def test_a_file_that_is_stored_is_sent_from_where_it_is(
    dispatch: Callable[..., Dispatcher], tmp_path: Path
) -> None:
    opened: list[FileIO] = []

    def document(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Length", "999")])
        path = environ["PATH_INFO"]
        opened.append((FileIO if path == "/temporary" else Stored)(file))
        opened[-1].seek(path == "/rest")
        wrapped: Iterable[bytes] = environ["wsgi.file_wrapper"](opened[-1])
        return wrapped

    file = tmp_path / "a.pdf"
    file.write_bytes(b"x" * (2 * handler.IN_MEMORY))
    paths = ("/", "/rest", "/temporary")
    asked = [*map(ask, paths), ask("/", "HEAD")]
    stored, rest, temporary, head = answers(dispatch(document), *asked)
    assert all(each.closed for each in opened)
    for answer in (stored, head):
        assert (answer.path, answer.spool) == (str(file), None)
        sizes = [value for name, value in answer.headers if name == "content-length"]
        assert sizes == [str(2 * handler.IN_MEMORY)]
    for answer, missing in ((rest, 1), (temporary, 0)):
        assert answer.spool is not None
        with answer.spool as spool:
            assert len(spool.read()) == 2 * handler.IN_MEMORY - missing


def test_the_servers_own_count_is_the_only_content_length(
    dispatch: Callable[..., Dispatcher],
) -> None:
    def wrong(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Length", "999"), ("Connection", "close")])
        return [b"abc"]

    got, head = answers(dispatch(wrong), ask("/"), ask("/", "HEAD"))
    assert {name for name, _ in got.headers} == {"x-request-id"}
    assert dict(head.headers)["content-length"] == "999"


# --- The environ -------------------------------------------------------------------------------

PROXY = parse_networks(["127.0.0.1"])


def environ_of(
    *headers: tuple[str, str], peer: str, path: str = "/", query: str = "q=%C3%A9"
) -> Environ:
    request = Request("GET", path, query, "http", "HTTP/1.1", peer, headers, chunks())
    from io import BytesIO

    return build_environ(
        request,
        body=BytesIO(),
        length=0,
        server=("127.0.0.1", 8000),
        trusted=PROXY,
        request_id="0123456789abcdef",
    )


SPOOFED = (
    ("x-forwarded-for", "198.51.100.7"),
    ("x_forwarded_for", "6.6.6.6"),
    ("x-forwarded-proto", "https"),
    ("x-forwarded-host", "evil.example"),
    ("x-real-ip", "6.6.6.6"),
    ("forwarded", "for=6.6.6.6"),
    ("proxy", "http://evil.example"),
)


def test_a_stranger_says_nothing_about_itself() -> None:
    environ = environ_of(*SPOOFED, peer="203.0.113.9:5000")
    assert environ["REMOTE_ADDR"] == "203.0.113.9"
    assert environ["wsgi.url_scheme"] == "http"
    assert [name for name in environ if name.startswith("HTTP_")] == []


def test_our_proxy_says_who_asks_and_how() -> None:
    environ = environ_of(*SPOOFED, peer="127.0.0.1:5000")
    assert environ["REMOTE_ADDR"] == "198.51.100.7"
    assert environ["wsgi.url_scheme"] == "https"
    assert environ["HTTP_X_FORWARDED_PROTO"] == "https"
    said = {name for name in environ if name.startswith("HTTP_")}
    assert said == {"HTTP_X_FORWARDED_PROTO"}


def test_headers_become_variables_and_duplicates_are_joined() -> None:
    environ = environ_of(
        ("accept", "text/html"),
        ("accept", "image/webp"),
        ("cookie", "a=1"),
        ("cookie", "b=2"),
        ("content-type", "text/plain"),
        ("content-length", "17"),
        peer="203.0.113.9:5000",
    )
    assert environ["HTTP_ACCEPT"] == "text/html,image/webp"
    assert environ["HTTP_COOKIE"] == "a=1; b=2"
    assert environ["CONTENT_TYPE"] == "text/plain"
    assert environ["CONTENT_LENGTH"] == "0"
    assert "HTTP_CONTENT_LENGTH" not in environ


def test_the_path_is_bytes_as_characters() -> None:
    environ = environ_of(peer="203.0.113.9:5000", path="/hafen/bär/")
    assert environ["PATH_INFO"].encode("latin-1").decode("utf-8") == "/hafen/bär/"
    assert environ["QUERY_STRING"] == "q=%C3%A9"


@pytest.mark.parametrize("path", ["/موضوع/", "/題/", "/\ufffd/"])
def test_an_address_in_any_script_is_answered(db: None, path: str) -> None:
    """By Django itself, which writes into the environ that it is given."""
    environ = environ_of(("host", "127.0.0.1:8000"), peer="127.0.0.1:5000", path=path)
    assert handler.run(Handler(), environ, received=0.0).status == 404


def test_a_query_in_any_script_is_read(db: None) -> None:
    """As some programs send it, without percent signs."""
    query = "order=€"
    environ = environ_of(("host", "127.0.0.1:8000"), peer="127.0.0.1:5000", path="/", query=query)
    assert WSGIRequest(dict(environ)).GET["order"] == "€"
    assert handler.run(Handler(), environ, received=0.0).status < 500


def test_a_document_is_sent_from_where_it_is(db: None, now: datetime) -> None:
    document = make_document("Größe.pdf", b"%PDF-1.7 x")
    shown = {"type": "document", "value": {"document": document.pk, "title": "", "summary": ""}}
    make_story(make_section(), at=now, body=[shown])
    path = f"/documents/{document.pk}/{document.filename}"
    environ = environ_of(("host", "127.0.0.1:8000"), peer="127.0.0.1:5000", path=path)
    answer = handler.run(Handler(), environ, received=0.0)
    assert (answer.status, answer.path) == (200, document.file.path)
    assert dict(answer.headers)["content-length"] == "10"


def test_no_thread_is_taken_before_the_body_is_there(dispatch: Callable[..., Dispatcher]) -> None:
    async def scene() -> None:
        arriving = asyncio.Event()

        async def slowly() -> AsyncIterator[bytes]:
            await arriving.wait()
            yield b"late"

        dispatcher = dispatch(threads=1)
        slow = Request("POST", "/", "", "http", "HTTP/1.1", "", [("content-length", "4")], slowly())
        waiting = asyncio.create_task(dispatcher.answer(slow))
        assert (await dispatcher.answer(ask("/"))).content == b"hello"
        arriving.set()
        assert (await waiting).content == b"late"

    with contextlib.suppress(asyncio.CancelledError):
        asyncio.run(scene())
