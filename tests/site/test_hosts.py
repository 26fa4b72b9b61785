"""Which site was asked for: another host is turned away, and reaches neither mail nor mailbox."""

from typing import Any

import pytest
from django.test import Client

from broadsheet.kit.hosts import hosts_of, is_loopback, origins_of
from broadsheet.outbox import api as outbox
from broadsheet.readers.models import User
from people import Cast, Person

URL = "https://post.example"


@pytest.fixture
def served(settings: Any) -> Any:
    """The settings of a newsroom that others reach."""
    settings.BROADSHEET_URL = URL
    settings.ALLOWED_HOSTS = hosts_of(URL)
    settings.CSRF_TRUSTED_ORIGINS = origins_of(URL)
    return settings


@pytest.mark.parametrize(
    ("url", "hosts", "origins"),
    [
        ("https://post.example", ["post.example"], ["https://post.example"]),
        ("https://post.example:8443", ["post.example"], ["https://post.example:8443"]),
        (
            "http://127.0.0.1:8000",
            ["127.0.0.1", "localhost", "[::1]"],
            ["http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:8000"],
        ),
        (
            "http://[::1]:8000",
            ["127.0.0.1", "localhost", "[::1]"],
            ["http://[::1]:8000", "http://127.0.0.1:8000", "http://localhost:8000"],
        ),
    ],
)
def test_the_names_of_a_site(url: str, hosts: list[str], origins: list[str]) -> None:
    assert hosts_of(url) == hosts
    assert origins_of(url) == origins


@pytest.mark.parametrize("host", ["localhost:9000", "[::1]:8000", "127.0.0.1", "http://[::1]:1"])
def test_what_means_this_machine(host: str) -> None:
    assert is_loopback(host)
    assert not is_loopback(host.replace("1", "2").replace("localhost", "localhost.example"))


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("post.example", 200),
        ("POST.example:443", 200),
        ("evil.example", 421),
        ("127.0.0.1", 421),
        ("post.example.evil.example", 421),
        ("", 421),
    ],
)
def test_a_request_for_another_host_is_turned_away(
    served: Any, db: None, host: str, status: int
) -> None:
    # As a browser sends it whose name server was made to answer with our address.
    client = Client(headers={"Host": host, "Sec-Fetch-Site": "same-origin"})
    for path in ("/support/", "/account/login/"):
        response = client.get(path)
        assert response.status_code == status, path
    if status != 200:
        assert f'href="{URL}/"' in response.content.decode()
        assert "evil" not in response.content.decode()
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        assert response.headers["Cache-Control"] == "no-store"
        posted = client.post("/account/signup/", {"email": "m@orrin.example", "name": "Maren"})
        assert posted.status_code == status
        assert not User.objects.exists()


def test_a_balancer_may_ask_a_machine_by_its_number(served: Any, db: None) -> None:
    assert Client(headers={"Host": "10.0.0.7:8000"}).get("/readyz").status_code == 200


def test_there_are_no_pages_about_passwords(cast: Cast[Person]) -> None:
    client = Client()
    client.force_login(cast.owner.user)
    for path in ("reset/", "set/", "change/", "reset/key/1-set-password/", "reset/done/"):
        assert client.get(f"/account/password/{path}").status_code == 404, path
    assert client.get("/account/reauthenticate/").status_code == 404
    asked = Client().get("/desk/login/?next=/desk/pages/")
    assert asked.status_code == 302
    assert asked.headers["Location"] == "/account/login/?next=/desk/pages/"
    assert b'type="password"' not in Client().get("/account/login/").content


def test_who_has_nothing_to_confirm_is_led_on(cast: Cast[Person]) -> None:
    client = Client()
    client.force_login(cast.reader.user)
    last = client.get("/account/confirm-email/", follow=True).redirect_chain[-1]
    assert last == ("/", 302)


@pytest.mark.parametrize(
    ("path", "data", "link"),
    [
        ("signup/", {"email": "reader@harbour.example", "name": "R"}, f"{URL}/account/login/"),
        ("login/", {"login": "nobody@harbour.example"}, f"{URL}/account/signup/"),
        ("login/", {"login": "reader@harbour.example"}, f"{URL}/"),
        ("signup/", {"email": "new@harbour.example", "name": "New"}, f"{URL}/"),
    ],
)
def test_account_mail_names_the_publication_and_links_to_it(
    cast: Cast[Person], served: Any, path: str, data: dict[str, str], link: str
) -> None:
    served.PUBLICATION_NAME = "The Harbour Post"
    # A name that is allowed, and still not the one of the settings.
    served.ALLOWED_HOSTS = ["*"]
    client = Client(headers={"Host": "evil.example", "Sec-Fetch-Site": "same-origin"})
    client.post(f"/account/{path}", data)
    (letter,) = outbox.latest(limit=2)
    assert letter.subject.startswith("The Harbour Post: ")
    assert link in letter.text.split()
    assert letter.text.rstrip().endswith(f"-- \nThe Harbour Post\n{URL}/")
    assert "evil" not in letter.text
    assert "assword" not in letter.text.replace("There is no password", "")


@pytest.mark.parametrize(
    ("url", "host", "peer", "status"),
    [
        ("http://127.0.0.1:8000", "localhost:8000", "127.0.0.1", 200),
        ("http://127.0.0.1:8000", "[::1]:8000", "::1", 200),
        ("http://127.0.0.1:8000", "localhost:8000", "192.0.2.7", 404),
        # A proxy on this machine that is not declared: everybody seems to be here.
        ("https://post.example", "post.example", "127.0.0.1", 404),
        ("https://post.example", "localhost", "127.0.0.1", 404),
    ],
)
def test_the_mailbox_is_for_this_machine_alone(
    db: None,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    url: str,
    host: str,
    peer: str,
    status: int,
) -> None:
    monkeypatch.setitem(settings.CONFIG.values, "mail", "mailbox")
    settings.BROADSHEET_URL, settings.ALLOWED_HOSTS = url, ["*"]
    response = Client(headers={"Host": host}).get("/mailbox/", REMOTE_ADDR=peer)
    assert response.status_code == status
