"""Two at the same moment, as the server meets them: nothing is lost, nothing is counted twice."""

import http.client
import json
import re
import secrets
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from itertools import count
from threading import Barrier
from typing import Any

import pytest

from broadsheet.discussion.rules.editing import mark_of
from homes import Home
from process.test_crash import thread_of
from serving import Server

pytestmark = pytest.mark.process

# Who is first differs from one time to the next.
TIMES = 6
_networks = count(1)


@dataclass
class Device:
    """A browser with its cookies, in a network of its own."""

    server: Server
    network: int = field(default_factory=lambda: next(_networks))
    cookies: SimpleCookie = field(default_factory=SimpleCookie)

    def sends(self, path: str, **form: object) -> "Sent":
        return Sent(self, path, urllib.parse.urlencode(form).encode())

    def send(self, path: str, **form: object) -> "Answer":
        (answer,) = at_once(self.sends(path, **form))
        return answer

    def writes(self, thread: int, words: str) -> int:
        """Write a comment that appears; return its number."""
        return self.send(f"/t/{thread}/comments/", body=words).number

    def signs_in(self, path: str) -> None:
        """Follow a link for staff, and confirm."""
        with self.connected() as connection:
            connection.request("GET", path, headers=self.headers())
            page = self.heard(connection.getresponse())
        (token,) = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert self.send(path, csrfmiddlewaretoken=token).status == 302

    def connected(self) -> closing[http.client.HTTPConnection]:
        host = urllib.parse.urlsplit(self.server.url).netloc
        return closing(http.client.HTTPConnection(host, timeout=60))

    def heard(self, answer: http.client.HTTPResponse) -> str:
        """Keep the cookies of an answer and return its text."""
        for line in answer.headers.get_all("Set-Cookie", []):
            self.cookies.load(line)
        return answer.read().decode()

    def headers(self) -> dict[str, str]:
        return {
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": "; ".join(f"{name}={one.value}" for name, one in self.cookies.items()),
            "Sec-Fetch-Site": "same-origin",
            "X-Forwarded-For": f"10.{self.network >> 8}.{self.network & 255}.7",
        }


@dataclass(frozen=True)
class Sent:
    device: Device
    path: str
    body: bytes


@dataclass(frozen=True)
class Answer:
    status: int
    said: dict[str, Any]

    @property
    def number(self) -> int:
        assert self.status == 201, self
        return int(self.said["number"])


def at_once(*requests: Sent) -> list[Answer]:
    """Send them on connections of their own; the last byte of each when all others are there."""
    barrier = Barrier(len(requests), timeout=60)

    def run(sent: Sent) -> Answer:
        with sent.device.connected() as connection:
            connection.putrequest("POST", sent.path)
            for name, value in sent.device.headers().items():
                connection.putheader(name, value)
            connection.putheader("Content-Length", str(len(sent.body)))
            connection.endheaders(sent.body[:-1])
            barrier.wait()
            connection.send(sent.body[-1:])
            answer = connection.getresponse()
            text = sent.device.heard(answer)
            is_json = answer.headers.get_content_type() == "application/json"
            return Answer(answer.status, json.loads(text) if is_json else {})

    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(run, requests))


@dataclass
class Newsroom:
    """A served newsroom with one story, and what its database holds."""

    home: Home
    server: Server
    thread: int

    def device(self) -> Device:
        return Device(self.server)

    def comment(self, number: int) -> tuple[str, str, int, int]:
        """Return state, words and both counts of a comment."""
        (row,) = self.home.rows(
            f"SELECT state, source, up, down FROM discussion_comment WHERE id = {number:d}"  # noqa: S608 - a number
        )
        return row

    def how_many(self, table: str, number: int) -> int:
        ((found,),) = self.home.rows(
            f"SELECT count(*) FROM discussion_{table} WHERE comment_id = {number:d}"  # noqa: S608 - ours, and a number
        )
        return int(found)


@pytest.fixture(scope="module")
def newsroom(served: tuple[Home, Server]) -> Newsroom:
    home, server = served
    return Newsroom(home, server, thread_of(server))


@pytest.mark.both_in_depth
def test_readers_at_once_lose_nothing_and_count_nothing_twice(newsroom: Newsroom) -> None:
    for _ in range(TIMES):
        readers_at_once(newsroom)


@pytest.mark.deep
def test_after_many_at_once_all_counts_are_right(newsroom: Newsroom) -> None:
    editor, other = two_moderators(newsroom)
    for _ in range(2 * TIMES):
        readers_at_once(newsroom)
        an_edit_meets_a_removal(newsroom, editor)
        two_moderators_decide(newsroom, editor, other)
    checked = newsroom.home.run("selfcheck")
    assert checked.returncode == 0, checked.stdout


def readers_at_once(newsroom: Newsroom) -> None:
    one_device_votes_twice(newsroom)
    two_devices_vote(newsroom)
    for known in (True, False):
        a_form_is_sent_twice(newsroom, key="", known=known)
        a_form_is_sent_twice(newsroom, key=secrets.token_hex(16), known=known)


def one_device_votes_twice(newsroom: Newsroom) -> None:
    number = newsroom.device().writes(newsroom.thread, "Voted on by one.")
    voter = newsroom.device()
    voter.writes(newsroom.thread, "Known from now on.")
    path = f"/c/{number}/vote/"
    answers = at_once(voter.sends(path, value=1), voter.sends(path, value=1))
    assert [answer.said for answer in answers] == [{"up": 1, "mine": 1}] * 2
    answers = at_once(voter.sends(path, value=-1), voter.sends(path, value=0))
    assert [answer.status for answer in answers] == [200, 200]
    # Whichever was last; what it was told is what there is.
    _, _, up, down = newsroom.comment(number)
    assert (up, down) in {(0, 1), (0, 0)}
    assert {"up": up, "mine": -down} in [answer.said for answer in answers]
    assert newsroom.how_many("vote", number) == down


def two_devices_vote(newsroom: Newsroom) -> None:
    number = newsroom.device().writes(newsroom.thread, "Voted on by two.")
    path = f"/c/{number}/vote/"
    answers = at_once(*(newsroom.device().sends(path, value=1) for _ in range(2)))
    assert sorted(answer.said["up"] for answer in answers) == [1, 2]
    assert newsroom.comment(number)[2:] == (2, 0)


def a_form_is_sent_twice(newsroom: Newsroom, *, key: str, known: bool) -> None:
    """By a device that wrote before, or by one that nobody knows: then neither brings a cookie.

    It can change what it wrote all the same, whichever of the two answers came last.
    """
    device = newsroom.device()
    if known:
        device.writes(newsroom.thread, "Known from now on.")
    path, words = f"/t/{newsroom.thread}/comments/", f"Sent twice with the key “{key}”."
    answers = at_once(*(device.sends(path, body=words, key=key) for _ in range(2)))
    first, second = (answer.number for answer in answers)
    assert first == second
    assert device.send(f"/c/{first}/edit/", body="Changed.", seen=mark_of(words)).status == 200
    assert newsroom.comment(first)[:2] == ("published", "Changed.")


def an_edit_meets_a_removal(newsroom: Newsroom, editor: Device) -> None:
    author, words = newsroom.device(), "Words that somebody read."
    number = author.writes(newsroom.thread, words)
    edited, removed = at_once(
        author.sends(f"/c/{number}/edit/", body="Other words.", seen=mark_of(words)),
        editor.sends("/moderation/queue/decisions/", **removal(number, words)),
    )
    state, source, *_ = newsroom.comment(number)
    if removed.status == 200:
        assert (state, source, edited.said["code"]) == ("removed", words, "edit_gone")
    else:
        # Nobody removes what they have not read.
        assert (removed.status, edited.status) == (409, 200)
        assert (state, source) == ("published", "Other words.")
    assert newsroom.how_many("decision", number) == (state == "removed")


def two_moderators_decide(newsroom: Newsroom, editor: Device, other: Device) -> None:
    words = "Read by two moderators."
    number = newsroom.device().writes(newsroom.thread, words)
    form = removal(number, words)
    answers = at_once(
        *(one.sends("/moderation/queue/decisions/", **form) for one in (editor, other))
    )
    assert sorted(answer.status for answer in answers) == [200, 409]
    assert newsroom.comment(number)[0] == "removed"
    assert newsroom.how_many("decision", number) == 1


def removal(number: int, words: str) -> dict[str, object]:
    return {"number": number, "verb": "remove", "rule": "hate", "seen": mark_of(words)}


def two_moderators(newsroom: Newsroom) -> list[Device]:
    """Make two accounts; return a device that each is signed in on."""
    done = newsroom.home.run(
        "manage",
        "shell",
        "--no-imports",
        "-c",
        "from broadsheet.kit.actor import Role\n"
        "from broadsheet.readers.api import ensure_staff, sign_in_token\n"
        "for name in ('Mona', 'Max'):\n"
        "    email = f'{name}@example.org'\n"
        "    user = ensure_staff(email=email, name=name, role=Role.MODERATOR)\n"
        "    print(f'/account/staff/{sign_in_token(user=user)}/')",
    )
    links = re.findall(r"^/account/staff/\S+$", done.stdout, re.MULTILINE)
    assert len(links) == 2, done.stderr
    devices = [newsroom.device() for _ in links]
    for device, link in zip(devices, links, strict=True):
        device.signs_in(link)
    return devices
