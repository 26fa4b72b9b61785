"""The page "Staff": who may give roles, what a role gives, and who hears of it."""

import pytest
from django.test import Client

from broadsheet.kit.actor import Role
from broadsheet.outbox import api as outbox
from broadsheet.readers import api as readers
from newsroom import set_up
from people import Cast, Person

SAME = {"Sec-Fetch-Site": "same-origin"}
SARA = {"email": "Sara@Example.org", "name": "Sara Quill", "roles": ["reporter", "moderator"]}


@pytest.fixture(autouse=True)
def newsroom(db: None) -> None:
    """Roles open the desk only once the site is set up."""
    set_up()


def client_of(person: Person) -> Client:
    client = Client(headers=SAME)
    client.force_login(person.user)
    return client


@pytest.mark.parametrize(
    ("who", "allowed"),
    [
        ("owner", True),
        ("editor", False),
        ("moderator", False),
        ("reporter", False),
        ("reader", False),
        ("banned_reader", False),
    ],
)
def test_who_decides_who_works_here(cast: Cast[Person], who: str, allowed: bool) -> None:
    client = client_of(getattr(cast, who))
    reader = cast.reader.user
    assert (client.get("/desk/staff/").status_code == 200) is allowed
    client.post("/desk/staff/new/", SARA)
    form = {"email": cast.reporter.user.email, "name": "Rhea", "roles": []}
    client.post(f"/desk/staff/{cast.reporter.user.uuid}/", form)
    assert (readers.staff_account(email=SARA["email"]) is not None) is allowed
    assert (readers.actor_for(cast.reporter.user).is_staff) is not allowed
    assert not readers.actor_for(reader).is_staff


def test_a_colleague_is_added_and_hears_how_to_sign_in(cast: Cast[Person]) -> None:
    client = client_of(cast.owner)
    said = client.post("/desk/staff/new/", SARA, follow=True).content.decode()
    assert "sara@example.org" in said
    (sara,) = [one for one in readers.staff() if one.name == "Sara Quill"]
    assert sara.roles == {Role.REPORTER, Role.MODERATOR}
    (letter,) = [one for one in outbox.latest(limit=5) if one.to == "sara@example.org"]
    assert "/desk/" in letter.text
    page = client.get(f"/desk/staff/{sara.uuid}/").content.decode()
    assert 'value="reporter" id="id_roles_0" checked' in " ".join(page.split())
    # The desk opens for who has a role, and closes when it is taken.
    user = readers.user_by_uuid(uuid=sara.uuid)
    hers = Client(headers=SAME)
    hers.force_login(user)
    assert hers.get("/desk/").status_code == 200
    client.post(f"/desk/staff/{sara.uuid}/", SARA | {"roles": []})
    assert hers.get("/desk/").status_code == 403
    assert not [one for one in readers.staff() if one.name == "Sara Quill"]
    assert not [problem for check in readers.checks() for problem in check.run()]


def test_a_reader_who_becomes_staff_stays_who_they_are(cast: Cast[Person]) -> None:
    reader = cast.reader.user
    form = {"email": reader.email.upper(), "name": "Ruben Tallow", "roles": ["editor"]}
    client_of(cast.owner).post("/desk/staff/new/", form)
    account = readers.staff_account(email=reader.email)
    assert account is not None
    assert account.uuid == reader.uuid


def test_ownership_is_given_and_never_left_to_nobody(cast: Cast[Person]) -> None:
    owner, editor = cast.owner.user, cast.editor.user
    ada = {"email": owner.email, "name": "Ada", "roles": []}
    client = client_of(cast.owner)
    answer = client.post(f"/desk/staff/{owner.uuid}/", ada | {"roles": ["editor"]})
    assert answer.status_code == 422
    assert "give up your own ownership" in answer.content.decode()
    assert 'value="Ada"' in answer.content.decode()
    assert readers.actor_for(owner).has(Role.OWNER)
    henning = {"email": editor.email, "name": "Henning", "roles": ["owner"]}
    client.post(f"/desk/staff/{editor.uuid}/", henning)
    client_of(cast.editor).post(f"/desk/staff/{owner.uuid}/", ada)
    owner.refresh_from_db()
    assert not owner.is_superuser
    assert not readers.actor_for(owner).is_staff


def test_an_address_is_changed_and_stays_one_persons(cast: Cast[Person]) -> None:
    owner = cast.owner.user
    client = client_of(cast.owner)
    form = {"email": "new@example.org", "name": owner.shown_name, "roles": ["owner"]}
    client.post(f"/desk/staff/{owner.uuid}/", form)
    owner.refresh_from_db()
    assert owner.email == "new@example.org"
    taken = form | {"email": cast.reader.user.email}
    answer = client.post(f"/desk/staff/{owner.uuid}/", taken).content.decode()
    assert "Another account has this address." in answer


def test_what_cannot_be_taken_is_said_at_its_field(cast: Cast[Person]) -> None:
    client = client_of(cast.owner)
    answer = client.post("/desk/staff/new/", {"email": "nobody", "name": "Sara", "roles": []})
    assert answer.status_code == 422
    assert 'value="nobody"' in answer.content.decode()
    banned = cast.banned_reader.user.email
    answer = client.post("/desk/staff/new/", SARA | {"email": banned})
    assert "This account is banned" in answer.content.decode()
    assert client.get("/desk/staff/00000000-0000-0000-0000-000000000000/").status_code == 404
    assert client.post("/desk/staff/new/", SARA | {"roles": ["reader"]}).status_code == 422
