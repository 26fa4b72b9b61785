"""Commands that are one call into the house, tried in this process."""

import pytest
from click.testing import CliRunner, Result
from django.test import Client

from broadsheet.site.cli import main
from people import Cast, Person

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.mark.parametrize(
    ("who", "works"),
    [
        ("owner", True),
        ("editor", True),
        ("reporter", True),
        ("moderator", True),
        ("reader", False),
        ("banned_reader", False),
    ],
)
def test_staff_are_given_a_link_that_signs_them_in_once(
    cast: Cast[Person], who: str, works: bool
) -> None:
    said = run("sign-in", f" {who.title()}@harbour.example")
    assert (said.exit_code == 0) is works
    if not works:
        assert said.output.startswith("broadsheet: no member of staff has the address")
        return
    link = said.output.split()[-1]
    assert link.startswith("http://127.0.0.1:8000/account/staff/")
    path = link.removeprefix("http://127.0.0.1:8000")
    client = Client(headers=SAME_ORIGIN)
    assert client.post(path).headers["Location"] == "/desk/"
    assert client.session["_auth_user_id"] == str(cast[who].user.pk)  # type: ignore[union-attr]
    assert Client().get(path).status_code == 410


def test_without_an_address_it_is_the_owner(cast: Cast[Person]) -> None:
    nobody = run("sign-in")
    assert nobody.exit_code == 1
    assert "no owner yet" in nobody.output
    owner = cast.owner.user
    assert owner is not None
    owner.is_superuser = True
    owner.save(update_fields=["is_superuser"])
    assert run("sign-in").output.startswith("Odile Brandt signs in here, once: http")
