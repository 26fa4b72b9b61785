"""Kept pages of a served newsroom: asked as no browser asks, and by who has more to see."""

import http.client
import urllib.parse
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import pytest

from homes import Home
from process.test_at_once import Device
from process.test_crash import thread_of
from serving import Server, get
from unkeyed import CANARY, SUFFIXES, gather

pytestmark = pytest.mark.process

PRIVATE = (
    "/account/login/",
    "/desk/",
    "/me/limits/",
    "/moderation/queue/",
    "/report/",
    "/c/1/edit/",
)
# Beside a page's own address; none of them is an address of another page's bytes.
ODD = (
    *("?sort=oldest&sort=newest", "?sort=newest;x", "?Sort=oldest", "?&&&&", "?x=%ff&y=%00"),
    *(";x", ";jsessionid=1", "/x.css", "%2fx.css", "%00", "%0d%0aSet-Cookie:x=1", "%ff", "%zz"),
    *("..%2f", "/../", "//", "/./", "%3fsort=oldest", "%23", "\\", "?" + "a&" * 900, "?sort=%F0"),
)
HOSTS = ("evil.example", "", "localhost@evil.example", "localhost.evil.example")


@dataclass(frozen=True, slots=True)
class Told:
    status: int
    body: bytes
    headers: dict[str, str]

    @property
    def kept(self) -> tuple[int, bytes, str]:
        """What may not differ from one answer to the next."""
        return self.status, self.body, self.headers.get("etag", "")


def ask(server: Server, path: str, method: str = "GET", **headers: str) -> Told:
    host = urllib.parse.urlsplit(server.url).netloc
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    with closing(http.client.HTTPConnection(host, timeout=60)) as line:
        line.putrequest(method, path, skip_host="host" in sent, skip_accept_encoding=True)
        for name, value in sent.items():
            line.putheader(name, value)
        line.endheaders()
        answer = line.getresponse()
        body = answer.read()
        return Told(answer.status, body, {n.lower(): v for n, v in answer.getheaders()})


def pages_of(server: Server) -> Iterator[str]:
    _, front = get(f"{server.url}/")
    story = next(p for p in front.split('"') if p.startswith("/") and p.endswith("ferry/"))
    # Not the log: the scheduler counts its figures in the first minute.
    yield from ("/", story, f"{story}?sort=oldest", "/feed.xml", "/rules/1/", "/rules/")


def test_nothing_that_is_sent_changes_a_kept_page(served: tuple[Home, Server]) -> None:
    _, server = served
    pages = list(pages_of(server))
    packed = ("", "gzip", "br")
    plain = {(p, e): ask(server, p, accept_encoding=e).kept for p in pages for e in packed}
    assert all(status == 200 for status, *_ in plain.values())
    sent = gather(None, allowed=("sort",))
    for headers in sent.header_batches(20):
        for (page, encoding), expected in plain.items():
            told = ask(server, page, **headers | {"accept-encoding": encoding})
            assert told.kept == expected, (page, headers)
            assert CANARY.encode() not in told.body
    for host in HOSTS:
        assert ask(server, pages[1], host=host).status in {400, 421} or not host, host
    seen = {odd: ask(server, pages[1].rstrip("/") + odd).kept for odd in ODD}
    assert [odd for odd, (status, *_) in seen.items() if status >= 500] == []
    # Whoever asks first decides nothing: each is answered again as it was, and the pages too.
    assert {odd: ask(server, pages[1].rstrip("/") + odd).kept for odd in ODD} == seen
    assert {(p, e): ask(server, p, accept_encoding=e).kept for p, e in plain} == plain
    # Nor is a page drawn anew for a query that nobody would read to its end.
    for page in (pages[1], pages[2]):
        endless = page + ("&" if "?" in page else "?") + "sort=oldest&" + "%41" * 5_000
        assert ask(server, endless, accept_encoding="").kept == plain[pages[1], ""]
    head = ask(server, pages[1], "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["etag"] == plain[pages[1], ""][2]
    tag = plain[pages[1], "br"][2]
    again = ask(server, pages[1], accept_encoding="br", if_none_match=tag)
    assert (again.status, again.body) == (304, b"")


@pytest.mark.deep
def test_nothing_private_is_kept_for_the_next(served: tuple[Home, Server]) -> None:
    _, server = served
    owner = Device(server)
    owner.signs_in(urllib.parse.urlsplit(server.sign_in_url).path)
    cookies = owner.headers()["Cookie"]
    thread = thread_of(server)
    for address in (*PRIVATE, f"/t/{thread}/mine/"):
        for suffix in ("", *SUFFIXES):
            path = address.rstrip("/") + suffix if suffix else address
            theirs = ask(server, path, cookie=cookies)
            stranger = ask(server, path)
            said = theirs.headers.get("cache-control", "")
            if said != "private, no-store":
                assert theirs.kept == stranger.kept, path
            assert b"csrfmiddlewaretoken" not in stranger.body or "no-store" in said, path
            assert "set-cookie" not in theirs.headers or said == "private, no-store", path
