"""A public page is the same bytes whatever is sent with the question; nothing private is public.

Every route is tried, with what is collected of attacks on caches. A cache may keep a public page
only because of this.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from itertools import cycle, islice
from typing import Any, Final

import pytest
from django.test import Client

from broadsheet.kit.exposure import Exposure, mark_of
from unkeyed import CANARY, SUFFIXES, Unkeyed, gather
from world import World, every_route, is_ours, public_addresses

type Ask = Callable[[Client, str], Any]

# What a page may say of the exchange itself.
OF_ONE_ANSWER: Final = frozenset({"X-Request-Id", "Date"})
PERSONAL: Final = (
    *("csrfmiddlewaretoken", "nonce-", "@harbour.example", "Mona Keel", "Sign out"),
    *("Odile Brandt", CANARY),
)
# For every run so many of them at each address, by turns; `make test-deep` takes all.
FEW_SUFFIXES: Final = 2
TOGETHER: Final = 60
MANY: Final = 40


@dataclass(frozen=True, slots=True)
class Seen:
    """All of an answer that a cache would keep."""

    status: int
    content: bytes
    headers: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, response: Any) -> "Seen":
        content = b"".join(response) if response.streaming else response.content
        kept = ((n, v) for n, v in response.headers.items() if n not in OF_ONE_ANSWER)
        return cls(response.status_code, content, tuple(sorted(kept)))

    def personal(self) -> list[str]:
        said = self.content.decode(errors="replace") + " ".join(v for _, v in self.headers)
        return [word for word in PERSONAL if word in said]


def private_addresses(world: World) -> Iterator[str]:
    for route, view in every_route():
        mark = mark_of(view)
        assert mark is not None, route
        if mark.exposure is Exposure.PRIVATE and is_ours(view):
            yield world.address(route)
    yield from ("/desk/", "/desk/pages/", "/desk/account/", "/account/login/", "/account/logout/")


def allowed() -> list[str]:
    return sorted({name for _, view in every_route() if (m := mark_of(view)) for name in m.query})


def with_some_query(unkeyed: Unkeyed) -> Ask:
    queries = cycle(unkeyed.query_batches(TOGETHER))
    return lambda client, address: ask_with(client, address, next(queries))


def with_a_body(client: Client, address: str) -> Any:
    body = {"data": f"sort=votes&q={CANARY}", "content_type": "application/x-www-form-urlencoded"}
    return client.generic("GET", address, **body)


@pytest.fixture
def unkeyed(request: pytest.FixtureRequest) -> Unkeyed:
    return gather(request.getfixturevalue("test_data"), allowed=allowed())


class Pages:
    """Each public page as a stranger sees it who asks plainly, and who sees another one."""

    def __init__(self, world: World) -> None:
        self._plain = {at: Seen.of(Client().get(at)) for at in public_addresses(world)}
        assert [at for at, seen in self._plain.items() if seen.personal()] == []
        assert sum(seen.status == HTTPStatus.OK for seen in self._plain.values()) > MANY

    def differing(self, ask: Ask) -> list[str]:
        return [at for at, seen in self._plain.items() if Seen.of(ask(Client(), at)) != seen]


@pytest.fixture
def pages(world: World) -> Pages:
    return Pages(world)


def as_somebody(who: Client) -> Ask:
    return lambda _, address: who.get(address)


def with_headers(sent: dict[str, str]) -> Ask:
    return lambda client, address: client.get(address, headers=sent)


def with_query(query: str) -> Ask:
    return lambda client, address: ask_with(client, address, query)


def ask_with(client: Client, address: str, query: str) -> Any:
    return client.get(f"{address}{'&' if '?' in address else '?'}{query}")


@pytest.mark.slow
def test_nothing_that_is_sent_along_changes_a_byte(
    pages: Pages, world: World, unkeyed: Unkeyed
) -> None:
    for who in ("moderator", "guest"):
        assert world.clients[who].cookies, who
        assert pages.differing(as_somebody(world.clients[who])) == [], who
    assert len(unkeyed.headers) > 1_000
    at_once = {n: v for batch in unkeyed.header_batches(TOGETHER) for n, v in batch.items()}
    assert pages.differing(with_headers(at_once | {"cookie": unkeyed.cookies()})) == []
    # Each address is asked with some of the names, and each name is sent to some of them.
    assert pages.differing(with_some_query(unkeyed)) == []
    assert pages.differing(with_a_body) == []


@pytest.mark.deep
def test_nobody_and_no_header_and_no_parameter_changes_a_byte_of_any_page(
    pages: Pages, world: World, unkeyed: Unkeyed
) -> None:
    for who, client in world.clients.items():
        assert pages.differing(as_somebody(client)) == [], who
    for sent in unkeyed.header_batches(TOGETHER):
        assert pages.differing(with_headers(sent)) == [], sent
    for query in unkeyed.query_batches(TOGETHER):
        assert pages.differing(with_query(query)) == [], query


def test_of_a_parameter_the_last_counts_and_only_by_its_name(world: World) -> None:
    def seen(query: str) -> Seen:
        return Seen.of(Client().get(f"{world.story}?{query}"))

    assert seen("sort=votes&sort=oldest") == seen("sort=oldest") != seen("")
    for odd in (
        "Sort=oldest",
        "sort%20=oldest",
        "x=1;sort=oldest",
        "sort[]=oldest",
        "%00sort=oldest",
    ):
        assert seen(odd) == seen(""), odd


def unsafe(world: World, *, suffixes: int) -> list[tuple[str, str]]:
    """Return the answers about private pages, with an ending, that a cache might keep.

    Either nothing may be kept, or it is a public page, the same for strangers.
    """
    found, stranger, owner = [], Client(), world.clients["owner"]
    endings = cycle(SUFFIXES)
    for address in private_addresses(world):
        for suffix in ("", *islice(endings, suffixes)):
            asked = address.rstrip("/") + suffix if suffix else address
            answer = owner.get(asked)
            kept = answer.headers.get("Cache-Control", "")
            if kept == "private, no-store":
                continue
            seen = Seen.of(answer)
            theirs = Seen.of(stranger.get(asked))
            if seen != theirs or seen.personal():
                found.append((asked, f"{answer.status_code} {kept}"))
    return found


@pytest.mark.slow
def test_no_ending_makes_a_private_page_one_that_is_kept(world: World) -> None:
    assert unsafe(world, suffixes=FEW_SUFFIXES) == []


@pytest.mark.deep
def test_no_ending_at_all_makes_a_private_page_one_that_is_kept(world: World) -> None:
    assert unsafe(world, suffixes=len(SUFFIXES)) == []


def test_a_host_that_is_not_ours_is_told_nothing(world: World) -> None:
    for host in ("evil.example", "127.0.0.1:8000@evil.example", "127.0.0.1:8000.evil.example", ""):
        answer = Client().get(world.story, headers={"host": host})
        assert answer.status_code in {400, 421}, host
        assert b"evil.example" not in answer.content
        assert answer.headers.get("Cache-Control") != "public, max-age=0, must-revalidate"
