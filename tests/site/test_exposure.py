"""Every route is public or private, and a public page is the same for everybody."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from broadsheet.kit.exposure import Exposure, Mark, mark_of, public
from broadsheet.site.middleware.exposure import ExposureMiddleware, LeakError, reduced
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


def test_the_desk_and_accounts_are_private_throughout() -> None:
    for where, view in routes():
        if where.startswith(("desk/", "account/", "moderation/", "mailbox/", "me/")):
            mark = mark_of(view)
            assert mark is not None
            assert mark.exposure is Exposure.PRIVATE, where


def test_a_reduced_request_keeps_nothing_of_the_caller(settings: Any) -> None:
    settings.BROADSHEET_URL = "https://post.example"
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


@pytest.mark.parametrize("path", ["/", "/feed.xml", "/support/", "/no/such/page/"])
def test_public_bytes_do_not_depend_on_who_asks(cast: Cast[Person], path: str) -> None:
    plain = Client().get(path)
    hostile = Client().get(path, headers=HOSTILE)
    staff = Client()
    staff.force_login(cast.moderator.user)
    seen_by_staff = staff.get(path)
    for response in (hostile, seen_by_staff):
        assert response.status_code == plain.status_code
        assert response.content == plain.content
        assert response.headers.get("ETag") == plain.headers.get("ETag")
    assert not plain.cookies
    assert "Vary" not in plain.headers
    assert "private" not in plain.headers["Cache-Control"]


def test_an_unchanged_page_is_not_sent_again(cast: Cast[Person]) -> None:
    first = Client().get("/support/")
    again = Client().get("/support/", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert Client().head("/support/").headers["ETag"] == first.headers["ETag"]


def test_a_private_answer_is_never_stored(cast: Cast[Person]) -> None:
    for path in ("/account/login/", "/moderation/", "/desk/", "/readyz"):
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
    client = Client()
    client.force_login(cast.owner.user)
    policy = client.get("/desk/").headers["Content-Security-Policy"]
    assert "'unsafe-inline'" in policy
    assert "frame-ancestors 'self'" in policy
