import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.checks import Error
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InterfaceError, OperationalError, connection
from django.test import Client, RequestFactory

from broadsheet.site.http import health
from broadsheet.site.http.again import form_again

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _look_again() -> Iterator[None]:
    """Forget that another test found all well."""
    health._looked["until"] = 0.0
    yield
    health._looked["until"] = 0.0


def test_a_database_in_order_is_ready(client: Client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (200, b"ready\n")
    assert "no-store" in answer["Cache-Control"]


def test_missing_migrations_are_not(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = [("discussion", "9999_more")]
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda *_: plan)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"migrations are missing\n")


def test_missing_triggers_are_not(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [Error("Triggers are missing: secret_name", id="funding.E001")]
    monkeypatch.setattr(health, "run_checks", lambda **_: found)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert b"secret_name" not in answer.content


def test_a_database_that_does_not_answer_is_not(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken:
        def cursor(self) -> Any:
            raise OperationalError("connection to 10.0.0.7 refused")

    monkeypatch.setattr(health, "connection", Broken())
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert b"10.0.0.7" not in answer.content


def post_away(
    address: str,
    sent: dict[str, Any],
    *,
    error: type[Exception] = OperationalError,
    **headers: str,
) -> Any:
    """Send a form while there is no database."""

    def away(*_: object) -> None:
        raise error("the connection is closed")

    client = Client(headers=headers, raise_request_exception=False)
    with connection.execute_wrapper(away):
        answer = client.post(address, sent)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    assert answer.headers["Cache-Control"] == "private, no-store"
    return answer


OURS = {"Sec-Fetch-Site": "same-origin"}
AS_DATA = {**OURS, "Accept": "application/json"}


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_form_that_meets_no_database_gives_back_what_was_typed(error: type[Exception]) -> None:
    words = {"body": "Nobody rang <b>us</b>."}
    page = post_away("/t/1/comments/", words, error=error, **OURS).content.decode()
    assert "Nobody rang &lt;b&gt;us&lt;/b&gt;." in page
    data = post_away("/t/1/comments/", words, error=error, **AS_DATA).json()
    assert data["code"] == "away"
    # As the script does.
    assert "What you wrote is kept on this device" in data["message"]


def test_what_is_said_to_a_script_is_true_of_what_was_sent() -> None:
    for address, sent, said in (
        ("/c/1/report/", {"rule": "hate", "words": "Insults"}, "What you wrote is still here"),
        ("/c/1/vote/", {"value": "1"}, "moment. Please try again"),
    ):
        data = post_away(address, sent, error=InterfaceError, **AS_DATA).json()
        assert said in data["message"], address


class Forms(HTMLParser):
    """Reads the form of a page as a browser would send it."""

    def __init__(self, answer: Any) -> None:
        super().__init__()
        self.action = ""
        self.fields: list[tuple[str, str]] = []
        self.feed(answer.content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = named["action"]
        elif tag in {"input", "textarea"}:
            self.fields.append((named["name"], named.get("value", "")))

    def handle_data(self, data: str) -> None:
        if self.lasttag == "textarea" and self.fields[-1][1] == "":
            self.fields[-1] = (self.fields[-1][0], data)


def test_a_form_that_meets_no_database_can_be_sent_again() -> None:
    sent = {"body": "Nobody <b>rang</b>.", "parent": "7", "quote": ["one", "two"], "key": ""}
    form = Forms(post_away("/t/1/comments/?x=%22", sent, **OURS))
    fields = dict(form.fields)
    assert form.action == "/t/1/comments/?x=%22"
    assert re.fullmatch(r"\d{16}\.[\w-]{22}:[\w-]{43}", fields.pop("key"))
    quotes = [value for name, value in form.fields if name == "quote"]
    assert quotes == ["one", "two"]
    assert fields == {"body": sent["body"], "parent": "7", "quote": "two"}
    own = Forms(post_away("/t/1/comments/", sent | {"key": "mine"}, **OURS))
    assert own.fields[-1] == ("key", "mine")
    # No page can hold a file: it has to be chosen again.
    pictured = {"body": "Look", "image": SimpleUploadedFile("ferry.jpg", b"JFIF")}
    answer = post_away("/t/1/comments/", pictured, **OURS)
    assert Forms(answer).fields == [("body", "Look"), ("image", "")]
    assert "multipart/form-data" in answer.content.decode()
    # A vote has no words, and can be sent again as well.
    assert Forms(post_away("/c/1/vote/", {"value": "1"}, **OURS)).fields == [("value", "1")]


def test_what_another_site_had_sent_is_no_form_of_ours() -> None:
    """The guard may not have seen it: then one press on a page of ours would send it."""
    foreign: tuple[dict[str, str], ...] = (
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://evil.example"},
        {},
    )
    for headers in foreign:
        request = RequestFactory(headers=headers).post("/t/1/comments/", {"body": "Buy"})
        assert form_again(request) is None
    request = RequestFactory(headers=OURS).post("/t/1/comments/", {"body": "Buy"})
    assert form_again(request) is not None
    # Nor are those that carry a token.
    assert form_again(RequestFactory(headers=OURS).post("/desk/login/", {"body": "x"})) is None
