"""Every route is public or private, and a public page is the same for everybody."""

import re
from collections.abc import Iterator
from datetime import datetime
from http import HTTPStatus
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from broadsheet.kit.exposure import Exposure, Mark, mark_of, public
from broadsheet.readers.models import Ban
from broadsheet.site.middleware.exposure import ExposureMiddleware, LeakError, reduced
from broadsheet.site.server.wsgi import Handler
from clocks import Clock
from demonstrated import load_quickly
from newsroom import set_up
from people import Cast, Person

HOSTILE = {
    "Cookie": "session=x; color_scheme_id=9; csrf=y",
    "X-Ghost-Preview": "1",
    "Accept-Language": "ar",
    "X-Forwarded-Host": "evil.example",
    "X-Requested-With": "XMLHttpRequest",
    "User-Agent": "<script>alert(1)</script>",
    "Authorization": "Bearer abc",
}


SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


def routes(patterns: Any = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        where = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry.url_patterns, where)
        elif isinstance(entry, URLPattern):
            yield where, entry.callback


def test_every_route_says_public_or_private() -> None:
    silent = [where for where, view in routes() if mark_of(view) is None]
    assert silent == []


LOG = (
    *("moderation/", "moderation/<number:number>/"),
    *("moderation/log.jsonl", "moderation/verify_log.py"),
)


def test_the_desk_and_accounts_are_private_throughout() -> None:
    for where, view in routes():
        if where in LOG:
            continue
        if where.startswith(("desk/", "account/", "moderation/", "mailbox/", "me/")):
            mark = mark_of(view)
            assert mark is not None
            assert mark.exposure is Exposure.PRIVATE, where


def test_a_reduced_request_keeps_nothing_of_the_caller(settings: Any) -> None:
    settings.BROADSHEET_URL = "https://post.example"
    settings.ALLOWED_HOSTS = ["post.example"]
    request = RequestFactory().get(
        "/town/?sort=newest&utm_source=x&after=b&after=a",
        headers=HOSTILE,
        REMOTE_ADDR="203.0.113.9",
        HTTP_HOST="evil.example",
    )
    bare = reduced(request, Mark(Exposure.PUBLIC, frozenset({"after", "sort"})))
    assert bare.COOKIES == {}
    assert bare.GET.urlencode() == "after=a&sort=newest"
    assert bare.get_host() == "post.example"
    assert bare.is_secure()
    left = " ".join(str(value) for value in bare.META.values())
    for value in ("203.0.113.9", "evil.example", "color_scheme_id", "utm_source", "script"):
        assert value not in left
    assert not hasattr(bare, "session")


@pytest.fixture
def demonstration(cast: Cast[Person], now: datetime, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The demonstration newsroom; returns its public addresses, one of each kind and more.

    The clock stands still: a meter says of which minute it is.
    """
    from broadsheet.discussion.models import Comment
    from broadsheet.stories.models import SectionPage

    Clock(monkeypatch, now)
    load_quickly(monkeypatch, now=now)
    comment = Comment.objects.filter(state="published").order_by("pk")[0]
    story, section = comment.thread.url, SectionPage.objects.order_by("pk")[0].slug
    plain = ["/", "/feed.xml", "/support/", f"/{section}/", story, f"/c/{comment.pk}/"]
    return [*plain, f"{story}?sort=oldest", f"{story}?reply={comment.pk}", f"{story}?sort=votes"]


# On every route, with fewer words on it, in every run: test_purity.
@pytest.mark.deep
def test_public_bytes_do_not_depend_on_who_asks(
    demonstration: list[str], cast: Cast[Person]
) -> None:
    staff = Client()
    staff.force_login(cast.moderator.user)
    # Who has written and voted here has a device of their own.
    guest = Client(headers=SAME_ORIGIN)
    thread = re.search(r'data-thread="(\d+)"', guest.get(demonstration[4]).content.decode())
    assert thread
    guest.post(f"/t/{thread[1]}/comments/", {"body": "Held for now", "name": "Maren"})
    assert guest.cookies
    for path in demonstration:
        plain = Client().get(path)
        assert plain.status_code == 200, path
        assert b"Held for now" not in plain.content, path
        joined = "&" if "?" in path else "?"
        asked = {
            "hostile": Client().get(path, headers=HOSTILE),
            "another address": Client().get(f"{path}{joined}utm_source=x&session=y"),
            "a moderator": staff.get(path),
            "a moderator, hostile": staff.get(path, headers=HOSTILE | {"Cookie": cookie(staff)}),
            "a guest": guest.get(path),
            "from elsewhere": Client().get(path, REMOTE_ADDR="203.0.113.9", secure=True),
        }
        for who, response in asked.items():
            assert response.status_code == 200, (path, who)
            assert response.content == plain.content, (path, who)
            assert response.headers["ETag"] == plain.headers["ETag"], (path, who)
            assert not response.cookies, (path, who)
            assert "Vary" not in response.headers, (path, who)
        assert plain.headers["Cache-Control"] == "public, max-age=0, must-revalidate"


def test_the_server_looks_for_a_view_once(
    cast: Cast[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    look = URLResolver.resolve

    def resolve(self: URLResolver, path: str) -> Any:
        if self is get_resolver():
            asked.append(path)
        return look(self, path)

    monkeypatch.setattr(URLResolver, "resolve", resolve)
    answer = Handler().get_response(RequestFactory().get("/readyz"))
    assert asked == ["/readyz"]
    assert answer.status_code == HTTPStatus.OK


def test_a_missing_page_is_the_same_for_everybody(cast: Cast[Person]) -> None:
    staff = Client()
    staff.force_login(cast.moderator.user)
    plain = Client().get("/no/such/page/")
    for response in (Client().get("/no/such/page/", headers=HOSTILE), staff.get("/no/such/page/")):
        assert (response.status_code, response.content) == (404, plain.content)
        assert not response.cookies
        assert response.headers["Cache-Control"] == "no-store"


def cookie(client: Client) -> str:
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())


def test_an_unchanged_page_is_not_sent_again(cast: Cast[Person]) -> None:
    first = Client().get("/support/")
    again = Client().get("/support/", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert Client().head("/support/").headers["ETag"] == first.headers["ETag"]


def test_a_private_answer_is_never_stored(cast: Cast[Person]) -> None:
    for path in ("/account/login/", "/moderation/queue/", "/desk/", "/readyz"):
        assert Client().get(path).headers["Cache-Control"] == "private, no-store", path


def test_a_public_view_that_sets_a_cookie_is_not_sent() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        response = HttpResponse("mine")
        response.set_cookie("session", "secret")
        return response

    with pytest.raises(LeakError):
        ExposureMiddleware(public()(view))(RequestFactory().get("/"))


@pytest.mark.parametrize("path", ["/", "/support/", "/feed.xml"])
def test_a_public_page_takes_no_forms(db: None, path: str) -> None:
    assert Client().post(path, {"body": "x"}).status_code == 405


@pytest.mark.parametrize(
    ("headers", "refused"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Origin": "null"}, True),
        ({"Origin": "https://evil.example"}, True),
        ({}, True),
        ({"Sec-Fetch-Site": "same-origin"}, False),
        ({"Origin": "http://127.0.0.1:8000"}, False),
        ({"Referer": "http://127.0.0.1:8000/town/"}, False),
    ],
)
def test_a_form_from_elsewhere_is_refused_and_its_text_kept(
    cast: Cast[Person], headers: dict[str, str], refused: bool
) -> None:
    typed = "Nobody rang <b>us</b>."
    response = Client().post("/t/999999/comments/", {"body": typed}, headers=headers)
    assert (response.status_code == 403) is refused
    if refused:
        assert "Nobody rang &lt;b&gt;us&lt;/b&gt;." in response.content.decode()
        assert response.headers["Cache-Control"] == "private, no-store"


def test_security_headers_stand_on_every_page(cast: Cast[Person]) -> None:
    for path in ("/", "/support/", "/account/login/", "/no/such/page/"):
        headers = Client().get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, path
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert "nonce" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"


def test_the_desk_alone_has_a_looser_policy(cast: Cast[Person]) -> None:
    set_up()
    client = Client()
    client.force_login(cast.owner.user)
    policy = client.get("/desk/").headers["Content-Security-Policy"]
    assert "'unsafe-inline'" in policy
    assert "frame-ancestors 'self'" in policy


def test_what_the_guard_answers_carries_the_policy_too(cast: Cast[Person]) -> None:
    refused = Client().post("/t/1/comments/", {"body": "x"}, headers={"Origin": "null"})
    assert refused.status_code == 403
    assert "default-src 'none'" in refused.headers["Content-Security-Policy"]


def test_a_moderators_reason_is_given_back_too(cast: Cast[Person]) -> None:
    refused = Client().post("/moderation/queue/decisions/", {"reason": "Names a private person"})
    assert "Names a private person" in refused.content.decode()


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("owner", 200),
        ("editor", 200),
        ("reporter", 200),
        ("moderator", 200),
        ("reader", 403),
        ("banned_reader", 403),
        ("guest", 302),
        ("stranger", 302),
    ],
)
def test_who_may_enter_the_desk_and_nobody_who_is_banned(
    cast: Cast[Person], now: datetime, who: str, status: int
) -> None:
    set_up()
    user = cast[who].user
    client = Client()
    if user is not None:
        client.force_login(user)
    assert client.get("/desk/").status_code == status
    if user is None:
        return
    Ban.objects.get_or_create(
        user=user, defaults={"reason": "Left", "banned_by": "system:tests", "banned_at": now}
    )
    for path in ("/desk/", "/desk/pages/", "/desk/gifts/", "/desk/images/", "/desk/readers/"):
        banned = client.get(path)
        assert banned.status_code == 403, path
        assert "no access here" in banned.content.decode()
        assert banned.headers["Cache-Control"] == "private, no-store"
    assert not type(user).objects.get(pk=user.pk).has_perm("wagtailadmin.access_admin")
