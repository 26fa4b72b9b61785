from collections.abc import Iterator
from typing import Any

import pytest
from django.core.checks import Error
from django.db import OperationalError
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
