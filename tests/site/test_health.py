from collections.abc import Iterator
from typing import Any

import pytest
from django.core.checks import Error
from django.db import InterfaceError, OperationalError, connection
from django.test import Client

from broadsheet.site.http import health

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


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_form_that_meets_no_database_gives_back_what_was_typed(
    error: type[Exception],
) -> None:
    def away(*_: object) -> None:
        raise error("the connection is closed")

    client = Client(headers={"Sec-Fetch-Site": "same-origin"}, raise_request_exception=False)
    words = "Nobody rang <b>us</b>."
    with connection.execute_wrapper(away):
        page = client.post("/t/1/comments/", {"body": words})
        data = client.post(
            "/t/1/comments/", {"body": words}, headers={"Accept": "application/json"}
        )
        read = client.get("/account/login/")
    for answer in (page, data):
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "10"
        assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Nobody rang &lt;b&gt;us&lt;/b&gt;." in page.content.decode()
    assert data.json()["message"]
    assert read.status_code in {200, 503}
