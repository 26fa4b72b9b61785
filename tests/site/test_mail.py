from typing import Any

import pytest
from django.core.mail import mailers as configured

from broadsheet.site.mail import mailers


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (
            "smtps://maren:p%40ss@mail.example",
            {"host": "mail.example", "port": 465, "use_ssl": True, "use_tls": False},
        ),
        ("smtp://mail.example", {"port": 587, "use_ssl": False, "use_tls": True}),
        ("smtp://127.0.0.1:25", {"port": 25, "use_ssl": False, "use_tls": False}),
        ("smtp://maren:p%40ss@mail.example:2525", {"username": "maren", "password": "p@ss"}),
    ],
)
def test_an_address_becomes_a_mailer_that_django_accepts(
    settings: Any, address: str, expected: dict[str, Any]
) -> None:
    settings.MAILERS = mailers(address)
    connection = configured["default"]
    for name, value in expected.items():
        assert getattr(connection, name) == value, name


def test_nothing_leaves_a_demonstration(settings: Any) -> None:
    settings.MAILERS = mailers("mailbox")
    assert "dummy" in type(configured["default"]).__module__
