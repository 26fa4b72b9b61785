import pytest
from django.test import Client

from broadsheet.readers.models import Ban
from newsroom import set_up
from people import Cast, Person

SAME = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(autouse=True)
def newsroom(db: None) -> None:
    """Roles open the desk only once the site is set up."""
    set_up()


@pytest.mark.parametrize(
    ("who", "allowed"),
    [
        ("owner", True),
        ("editor", True),
        ("moderator", True),
        ("reporter", False),
        ("reader", False),
        ("banned_reader", False),
    ],
)
def test_who_may_stop_a_reader_from_writing(cast: Cast[Person], who: str, allowed: bool) -> None:
    client = Client()
    client.force_login(getattr(cast, who).user)
    reader = cast.reader.user
    client.post(f"/desk/readers/{reader.uuid}/ban/", {"reason": "Third warning"}, headers=SAME)
    assert Ban.objects.filter(user=reader).exists() is allowed
    page = client.get("/desk/readers/")
    assert (page.status_code == 200) is allowed
    if allowed:
        assert "Third warning" in page.content.decode()
        client.post(f"/desk/readers/{reader.uuid}/lift/", headers=SAME)
        assert not Ban.objects.filter(user=reader).exists()


def test_a_ban_needs_a_reason_and_spares_staff(cast: Cast[Person]) -> None:
    client = Client()
    client.force_login(cast.moderator.user)
    reader, owner = cast.reader.user, cast.owner.user
    answers = [
        client.post(
            f"/desk/readers/{reader.uuid}/ban/", {"reason": " "}, headers=SAME, follow=True
        ),
        client.post(f"/desk/readers/{owner.uuid}/ban/", {"reason": "x"}, headers=SAME, follow=True),
    ]
    assert "Say why" in answers[0].content.decode()
    assert "nobody the owner" in answers[1].content.decode()
    assert set(Ban.objects.values_list("user_id", flat=True)) <= {cast.banned_reader.user.pk}


def test_accounts_are_searched(cast: Cast[Person]) -> None:
    client = Client()
    client.force_login(cast.owner.user)
    page = client.get("/desk/readers/", {"q": cast.moderator.user.email}).content.decode()
    assert page.count("data-account") == 1
    assert "Nobody here" in client.get("/desk/readers/", {"q": "zzz"}).content.decode()
    assert client.get("/desk/readers/", {"after": "x"}).status_code == 200
