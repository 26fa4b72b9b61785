"""Fetching reaches the open internet and nothing else, in bounded time and size.

A canary stands on this machine: whatever the address, it must never be asked.
"""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address

import pytest

from broadsheet.kit.safehttp import INTERNET, FetchError, Network, fetch, is_public

type Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass(slots=True)
class Server:
    """A web server on a free port, with what it was asked."""

    port: int
    asked: list[str] = field(default_factory=list)
    answers: dict[str, Answer] = field(default_factory=dict)

    def url(self, path: str, host: str = "pictures.example") -> str:
        return f"http://{host}:{self.port}{path}"


@contextmanager
def serving() -> Iterator[Server]:
    server = Server(0)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.asked.append(f"{self.headers['Host']}{self.path}")
            server.answers.get(self.path, missing)(self)

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        listening.daemon_threads = True
        server.port = listening.server_address[1]
        thread = threading.Thread(target=listening.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            listening.shutdown()
            thread.join()


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


def missing(handler: BaseHTTPRequestHandler) -> None:
    handler.send_error(404)


def body(content: bytes, *, kind: str = "image/png", length: int | None = None) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(content) if length is None else length))
        handler.end_headers()
        handler.wfile.write(content)

    return answer


def redirect(location: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", location)
        handler.end_headers()

    return answer


def here(*names: str) -> Network:
    """A network in which these names lead to this machine, and may."""
    known = set(names or ("pictures.example",))

    def resolve(host: str, _port: int) -> list[str]:
        return ["127.0.0.1"] if host in known else ["10.0.0.1"]

    return Network(resolve=resolve, permits=lambda a: str(a) == "127.0.0.1", ports=None)


def get(url: str, network: Network = INTERNET, *, size: int = 1000, seconds: float = 5) -> bytes:
    return fetch(url=url, max_bytes=size, seconds=seconds, network=network).body


def refusal(url: str, network: Network = INTERNET, **limits: float) -> str:
    with pytest.raises(FetchError) as caught:
        get(url, network, **limits)  # type: ignore[arg-type]  # size is whole in every call
    return caught.value.code


def test_returns_the_body_and_asks_with_the_name_not_the_address(server: Server) -> None:
    server.answers["/p.png"] = body(b"pixels")
    found = fetch(url=server.url("/p.png"), max_bytes=6, seconds=5, network=here())
    assert (found.body, found.content_type, found.status) == (b"pixels", "image/png", 200)
    assert server.asked == [f"pictures.example:{server.port}/p.png"]


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.9.1", "0.1.2.3", "10.1.2.3", "172.16.0.1", "192.168.1.1"),
        *("169.254.169.254", "100.64.0.1", "192.0.0.8", "198.18.0.1", "224.0.0.1", "240.0.0.1"),
        *("255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254"),
        *("ff02::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::7f00:1", "64:ff9b::7f00:1"),
        *("64:ff9b:1::1", "2002:7f00:1::", "2001:0:7f00:1::", "2001:db8::1", "fec0::1"),
    ],
)
def test_only_public_addresses_are_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["93.184.215.14", "8.8.8.8", "2606:2800:220:1::1"])
def test_public_addresses(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("file:///etc/passwd", "scheme"),
        ("ftp://example.org/x", "scheme"),
        ("//example.org/x", "scheme"),
        ("gopher://example.org/", "scheme"),
        ("http://", "url"),
        ("http://user@127.0.0.1/", "url"),
        ("http://example.org\\@127.0.0.1/", "url"),
        ("http://exa mple.org/", "url"),
        ("http://example.org/\r\nX: y", "url"),
        ("http://example.org:99999/", "url"),
        ("http://example.org:22/", "port"),
        ("http://" + "a" * 3000 + ".example/", "url"),
        ("http://127.0.0.1/", "address"),
        ("http://127.1/", "address"),
        ("http://2130706433/", "address"),
        ("http://0x7f000001/", "address"),
        ("http://0177.0.0.1/", "address"),
        ("http://[::1]/", "address"),
        ("http://[::ffff:127.0.0.1]/", "address"),
        ("http://[::ffff:169.254.169.254]/", "address"),
        ("http://169.254.169.254/latest/meta-data/", "address"),
        ("http://localhost/", "address"),
        ("http://①②⑦.⓪.⓪.①/", "address"),
    ],
)
def test_what_is_not_on_the_internet_is_refused(url: str, code: str) -> None:
    assert refusal(url) == code


def test_the_canary_is_not_asked(server: Server) -> None:
    canary = Network(ports=None)
    for host in ("127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433"):
        assert refusal(server.url("/canary", host), canary) == "address"
    assert server.asked == []


def test_a_name_with_one_private_address_is_refused() -> None:
    mixed = Network(resolve=lambda *_: ["93.184.215.14", "127.0.0.1"])
    assert refusal("http://mixed.example/", mixed) == "address"


def test_the_name_is_resolved_once_so_that_a_second_answer_changes_nothing(server: Server) -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    network = Network(
        resolve=lambda *_: next(answers), permits=lambda a: str(a) == "127.0.0.1", ports=None
    )
    server.answers["/p.png"] = body(b"pixels")
    assert get(server.url("/p.png"), network) == b"pixels"
    assert next(answers) == ["10.0.0.1"]


def test_redirects_are_followed_and_each_is_checked(server: Server) -> None:
    server.answers["/old"] = redirect("/new one")
    server.answers["/new%20one"] = body(b"moved")
    server.answers["/out"] = redirect(server.url("/secret", "inside.example"))
    server.answers["/file"] = redirect("file:///etc/passwd")
    assert get(server.url("/old"), here()) == b"moved"
    assert refusal(server.url("/out"), here()) == "address"
    assert refusal(server.url("/file"), here()) == "scheme"
    assert not any("secret" in line for line in server.asked)


def test_redirects_end(server: Server) -> None:
    server.answers["/loop"] = redirect("/loop")
    server.answers["/nowhere"] = redirect("")
    assert refusal(server.url("/loop"), here()) == "redirects"
    assert len(server.asked) == 4
    assert refusal(server.url("/nowhere"), here()) == "redirects"


def test_size_is_bounded_whether_announced_or_not(server: Server) -> None:
    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(b"x" * 5000)

    server.answers |= {"/big": body(b"x" * 2000), "/endless": endless}
    server.answers["/short"] = body(b"x", length=10)
    assert refusal(server.url("/big"), here()) == "too_large"
    assert refusal(server.url("/endless"), here()) == "too_large"
    assert refusal(server.url("/short"), here()) == "connection"


def test_time_is_bounded_though_each_byte_is_quick(server: Server) -> None:
    stop, hung_up = threading.Event(), threading.Event()

    def dripping(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.0 200 OK\r\nX-Drip: ")
        # It would end, after a hundred times what it is given, as an answer that came too short.
        for _ in range(1000):
            if stop.wait(0.02):
                return
            try:
                handler.wfile.write(b"y")
            except OSError:
                hung_up.set()
                return

    server.answers["/drip"] = dripping
    assert refusal(server.url("/drip"), here(), seconds=0.2) == "timeout"
    assert hung_up.wait(10), "nobody listens any more while it still drips"
    stop.set()


def test_a_resolver_that_never_answers_does_not_hold_us() -> None:
    forever = threading.Event()

    def resolve(*_: object) -> list[str]:
        forever.wait(5)
        return []

    slow = Network(resolve=resolve)
    assert refusal("http://slow.example/", slow, seconds=0.2) == "timeout"
    forever.set()


def test_other_answers_are_failures(server: Server) -> None:
    def packed(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Encoding", "gzip")
        handler.end_headers()

    def rubbish(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"no http at all\r\n")

    server.answers |= {"/packed": packed, "/rubbish": rubbish}
    assert refusal(server.url("/gone"), here()) == "status"
    assert refusal(server.url("/packed"), here()) == "encoding"
    assert refusal(server.url("/rubbish"), here()) == "connection"


def test_https_needs_a_certificate_for_the_name() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]

        def answer() -> None:
            peer, _ = listening.accept()
            with peer:
                peer.recv(1000)
                peer.sendall(b"HTTP/1.0 200 OK\r\n\r\nplain")

        thread = threading.Thread(target=answer)
        thread.start()
        assert refusal(f"https://pictures.example:{port}/", here()) == "tls"
        thread.join()


def test_an_unknown_host_says_so() -> None:
    def resolve(*_: object) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "not known")

    assert refusal("http://nowhere.example/", Network(resolve=resolve)) == "resolve"
