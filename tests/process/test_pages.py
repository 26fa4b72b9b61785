"""Public pages as a browser, a cache and a neighbour's program meet them."""

import gzip
import http.client
import re
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any, Final

import brotli
import pytest

from homes import Home
from process.test_at_once import Device
from process.test_crash import thread_of
from serving import Server

pytestmark = pytest.mark.process

# Of a second, for a machine that is busy with other tests as well.
SOON: Final = 10.0


def ask(
    server: Server, path: str, method: str = "GET", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    netloc = urllib.parse.urlsplit(server.url).netloc
    with closing(http.client.HTTPConnection(netloc, timeout=60)) as connection:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers=sent)
        answer = connection.getresponse()
        named = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, named, answer.read()


def story_of(server: Server) -> str:
    """Return the address of the one story."""
    _, _, front = ask(server, "/")
    return next(
        address
        for address in re.findall(r'href="(/[\w-]+/[\w-]+/)"', front.decode())
        if b"data-thread" in ask(server, address)[2]
    )


def test_a_page_goes_out_in_every_encoding_with_a_tag_of_its_own(
    served: tuple[Home, Server],
) -> None:
    _, server = served
    story = story_of(server)
    status, headers, plain = ask(server, story)
    assert status == 200
    assert headers["vary"] == "accept-encoding"
    assert headers["cache-control"] == "public, max-age=0, must-revalidate"
    tags = {headers["etag"]}
    decoders: dict[str, Any] = {"br": brotli.decompress, "gzip": gzip.decompress}
    for encoding, decode in decoders.items():
        for _ in range(2):
            status, headers, content = ask(server, story, Accept_Encoding=encoding)
            assert headers["content-encoding"] == encoding
            assert decode(content) == plain
        tags.add(headers["etag"])
        status, _, content = ask(
            server, story, Accept_Encoding=encoding, If_None_Match=headers["etag"]
        )
        assert (status, content) == (304, b"")
    assert len(tags) == 3
    status, headers, content = ask(server, story, "HEAD")
    assert (status, headers["content-length"], content) == (200, str(len(plain)), b"")


def test_nothing_of_who_asks_changes_what_is_kept(served: tuple[Home, Server]) -> None:
    _, server = served
    story = story_of(server)
    _, _, plain = ask(server, story)
    headers = {
        "Cookie": "session=x; csrf=y",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "Accept-Language": "ar",
        "X-Original-URL": "/desk/",
    }
    for path in (story, f"{story}?utm_source=x", f"{story}?sort=", f"{story}?x[]=1&y"):
        assert ask(server, path, **headers)[2] == plain, path
    assert ask(server, story, Host="evil.example")[0] == 421
    assert ask(server, "/me/record/")[1]["cache-control"] == "private, no-store"
    assert ask(server, "/me/record/x.css")[0] == 404


def test_who_wrote_sees_it_at_once_and_a_neighbouring_process_is_noticed(
    served: tuple[Home, Server],
) -> None:
    home, server = served
    thread, story = thread_of(server), story_of(server)
    ask(server, story)
    words = "It came at dawn, with nobody on board."
    Device(server).writes(thread, words)
    assert words in ask(server, story)[2].decode()
    program = (
        "from wagtail.models import Page;"
        "from broadsheet.stories.models import Publication;"
        "from django.db.transaction import atomic\n"
        "with atomic():\n"
        "    Page.objects.filter(depth__gt=3).update(title='Renamed elsewhere')\n"
        "    Publication.objects.update_or_create(pk=1, defaults={'name': 'The Other Post'})"
    )
    with ThreadPoolExecutor(1) as neighbour:
        done = neighbour.submit(home.run, "manage", "shell", "-c", program)
        while not done.done():
            # A page that is drawn each time: what it needs of the publication was just read.
            assert ask(server, "/nothing-here/")[0] == 404
            ask(server, story)
    assert done.result().returncode == 0, done.result().stderr
    deadline = time.monotonic() + SOON
    while not all(
        words in ask(server, story)[2] for words in (b"Renamed elsewhere", b"The Other Post")
    ):
        assert time.monotonic() < deadline, "what another process wrote was not noticed"
