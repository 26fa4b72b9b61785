import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import signing
from django.db import IntegrityError, connection
from django.test import Client

from broadsheet.kit.actor import Role, Standing
from broadsheet.kit.verdict import RefusalError
from broadsheet.outbox import api as outbox
from broadsheet.readers import api as readers
from broadsheet.readers import decisions, rules
from broadsheet.readers.models import Ban, StandingDecision, User
from discussion.test_pages import plan_of_many
from people import Cast, Person

SAME = {"Sec-Fetch-Site": "same-origin"}


@pytest.mark.parametrize(
    ("who", "reader", "reporter", "owner"),
    [
        ("owner", True, True, False),
        ("editor", True, False, False),
        ("moderator", True, False, False),
        ("reporter", False, False, False),
        ("reader", False, False, False),
        ("guest", False, False, False),
        ("banned_reader", False, False, False),
        ("stranger", False, False, False),
    ],
)
def test_who_may_ban_whom(
    actors: Cast[Any], who: str, reader: bool, reporter: bool, owner: bool
) -> None:
    actor = getattr(actors, who)
    for target, allowed in (("banned_reader", reader), ("reporter", reporter), ("owner", owner)):
        if target == who:
            continue
        verdict = rules.may_ban(actor=actor, target=getattr(actors, target))
        assert bool(verdict) is allowed, target
    assert not rules.may_ban(actor=actor, target=actor)


def test_a_ban_changes_the_standing_and_can_be_lifted(cast: Cast[Person], now: datetime) -> None:
    user = cast.reader.user
    readers.ban(actor=cast.moderator.actor, user=user, reason="Third warning", now=now)
    readers.ban(actor=cast.owner.actor, user=user, reason="Again", now=now + timedelta(days=1))
    assert Ban.objects.get(user=user).reason == "Third warning"
    assert readers.actor_for(User.objects.get(pk=user.pk)).standing is Standing.BANNED
    readers.lift_ban(actor=cast.moderator.actor, user=user, now=now)
    assert readers.actor_for(User.objects.get(pk=user.pk)).standing is Standing.GOOD
    with pytest.raises(RefusalError):
        readers.ban(actor=cast.reader.actor, user=cast.editor.user, reason="No", now=now)


def test_who_banned_and_who_lifted_it_stays_on_record(cast: Cast[Person], now: datetime) -> None:
    user = cast.reader.user
    for reason in ("Third warning", "Again"):
        readers.ban(actor=cast.moderator.actor, user=user, reason=reason, now=now)
    for _ in range(2):
        readers.lift_ban(actor=cast.owner.actor, user=user, now=now)
    # A second ban and a second lifting decide nothing.
    rows = list(StandingDecision.objects.order_by("sequence"))
    before = StandingDecision.objects.filter(account=cast.banned_reader.user.uuid).count()
    mine = [(row.verb, row.decided_by) for row in rows if row.account == user.uuid]
    assert mine == [("ban", cast.moderator.actor.id), ("lift", cast.owner.actor.id)]
    assert list(decisions.broken()) == []
    StandingDecision.objects.filter(pk=rows[before].pk).update(decided_by="account:other")
    assert "was changed after it was written" in next(iter(decisions.broken()))
    rows[-1].delete()
    assert "their head says" in list(decisions.broken())[-1]


def test_roles_are_groups(cast: Cast[Person]) -> None:
    assert readers.actor_for(cast.editor.user).has(Role.EDITOR)
    with pytest.raises(ValueError, match="nobody's to grant"):
        readers.grant_role(user=cast.reader.user, role=Role.GUEST)


def test_an_address_is_one_account_however_it_is_written(db: None) -> None:
    one = User.objects.create_user("Maren@Orrin.Example")
    assert one.email == "maren@orrin.example"
    assert User.objects.get_by_natural_key("MAREN@orrin.example") == one
    with pytest.raises(IntegrityError):
        User.objects.create(email="Other@orrin.example")


def test_a_staff_link_asks_first_and_works_once(cast: Cast[Person]) -> None:
    address = f"/account/staff/{readers.sign_in_token(user=cast.owner.user)}/"
    client = Client()
    asked = client.get(address)
    assert asked.status_code == 200
    assert "_auth_user_id" not in client.session
    signed_in = client.post(address, headers=SAME)
    assert (signed_in.status_code, signed_in.headers["Location"]) == (302, "/desk/")
    assert client.session["_auth_user_id"] == str(cast.owner.user.pk)
    assert Client().get(address).status_code == 410


def test_a_forged_or_old_staff_link_is_refused(
    cast: Cast[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Client().get("/account/staff/abc/").status_code == 410
    forged = signing.dumps([str(cast.owner.user.uuid), "never"], salt="other")
    assert Client().get(f"/account/staff/{forged}/").status_code == 410
    token = readers.sign_in_token(user=cast.owner.user)
    monkeypatch.setattr("broadsheet.readers.operations.SIGN_IN_SECONDS", -1)
    assert readers.user_of_token(token=token) is None


def test_a_reader_signs_up_and_in_by_a_code(db: None) -> None:
    client = Client()
    sent = client.post(
        "/account/signup/",
        {"email": "maren@orrin.example", "name": "  Maren   Oduya "},
        headers=SAME,
    )
    assert sent.status_code == 302, sent.content.decode()
    client.post("/account/confirm-email/", {"code": _code()}, headers=SAME)
    user = User.objects.get(email="maren@orrin.example")
    assert user.shown_name == "Maren Oduya"
    assert client.session["_auth_user_id"] == str(user.pk)

    again = Client()
    again.post("/account/login/code/", {"email": user.email}, headers=SAME)
    again.post("/account/login/code/confirm/", {"code": _code()}, headers=SAME)
    assert again.session["_auth_user_id"] == str(user.pk)


def _code() -> str:
    text = outbox.latest(limit=1)[0].text
    found = re.search(r"^\s*([A-Z0-9]{3,6}-?[A-Z0-9]{3,6})\s*$", text, re.MULTILINE)
    assert found, text
    return found[1]


@pytest.mark.parametrize("path", ["login/", "signup/", "login/code/"])
def test_account_forms_say_e_mail_as_all_others_do(db: None, path: str) -> None:
    page = Client().get(f"/account/{path}").content.decode()
    assert re.search(r"<label [^>]*>E-mail</label>", page)
    assert "Email" not in page


def test_an_actor_leads_back_to_their_account(cast: Cast[Person]) -> None:
    for name, person in cast:
        assert readers.account_of(person.actor) == person.user, name
        if name in ("guest", "banned_reader", "stranger"):
            with pytest.raises(RefusalError, match="no_account"):
                readers.require_account(person.actor)
        else:
            assert readers.require_account(person.actor) == person.user
    assert readers.account_of(replace(cast.reader.actor, id="account:nobody")) is None
    ids = [cast.reader.actor.id, cast.guest.actor.id, "system:scheduler"]
    assert readers.names_of(actor_ids=ids) == {cast.reader.actor.id: "Rhea Sands"}


def test_the_names_of_staff_are_those_of_now(cast: Cast[Person]) -> None:
    before = readers.staff_names()
    assert before == {
        person.actor.name for person in (cast.owner, cast.editor, cast.moderator, cast.reporter)
    }
    alone = User.objects.create_superuser("root@paper.example", name="Rooth")
    assert readers.staff_names() - before == {"Rooth"}
    User.objects.filter(pk=alone.pk).update(is_superuser=False)
    User.objects.filter(pk=cast.reporter.user.pk).update(is_active=False)
    User.objects.filter(pk=cast.editor.user.pk).update(name="")
    User.objects.filter(pk=cast.moderator.user.pk).update(name="Mona K.")
    assert readers.staff_names() == {cast.owner.actor.name, "Mona K."}


def test_the_names_of_staff_are_found_without_reading_who_reads(cast: Cast[Person]) -> None:
    seen: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append((sql, tuple(params)))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        readers.staff_names()
    (statement,) = seen
    text = plan_of_many(*statement)
    assert "user_superusers" in text, text
    assert not re.search(r"(SCAN|Seq Scan on) readers_user\b", text), text
