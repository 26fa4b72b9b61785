"""The pages about people: what moderators see and send, what those who are limited are told."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from bs4 import BeautifulSoup

from broadsheet.discussion import api
from broadsheet.discussion.models import DecisionReason, Sanction
from broadsheet.kit.actor import Actor, Role, Standing
from discussion.making import Room, guest, moderator, open_room, reader, row
from discussion.test_http import FROM_US, JSON
from discussion.test_http import as_ as as_somebody
from discussion.test_sanctions import limit

MONA, BO = moderator(), moderator("Bo Quist")


@pytest.fixture(autouse=True)
def _people(settings: Any) -> None:
    settings.BROADSHEET_ACTOR = "discussion.test_http.actor_of"
    settings.BROADSHEET_NAMES_OF = "discussion.test_queue_http.names_of"
    settings.BROADSHEET_IDS_OF_STAFF = f"{__name__}.ids_of_staff"


def ids_of_staff(*, roles: Any) -> frozenset[str]:
    return frozenset({MONA.id, BO.id}) if Role.MODERATOR in roles else frozenset()


class Browser:
    """Somebody's browser: each request is theirs, whoever asked before."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor

    def get(self, path: str) -> Any:
        return as_somebody(self.actor).get(path)

    def post(self, path: str, form: dict[str, Any], *, script: bool = False) -> Any:
        return as_somebody(self.actor).post(path, form, **FROM_US, **(JSON if script else {}))


def as_(actor: Actor) -> Browser:
    return Browser(actor)


def send(browser: Browser, path: str, form: dict[str, Any]) -> Any:
    return browser.post(path, form)


def soup(browser: Browser, path: str) -> BeautifulSoup:
    response = browser.get(path)
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    return BeautifulSoup(response.content, "html.parser")


def person_of(number: int) -> str:
    return f"/moderation/people/{row(number).author.uuid}/"


def filled(page: BeautifulSoup) -> dict[str, str]:
    """Return what the form of a limit sends as it is drawn."""
    (form,) = page.select("form#limit")
    sent = {str(one["name"]): str(one.get("value", "")) for one in form.select("input[name]")}
    sent |= {
        str(one["name"]): str(chosen.get("value", chosen.text))
        for one in form.select("select")
        if (chosen := one.select_one("option[selected]") or one.select_one("option"))
    }
    (occasion,) = page.select("input[name=number][form=limit][checked]")
    boxes = {str(one["name"]) for one in form.select("input[type=checkbox]")}
    return {name: value for name, value in sent.items() if name not in boxes} | {
        "number": str(occasion["value"])
    }


def test_a_person_is_stopped_from_their_page_and_let_go_again(room: Room) -> None:
    number = room.post("Rude.", by=reader("Max")).number
    path, mona = person_of(number), as_(MONA)
    page = soup(mona, path)
    assert page.h1
    assert page.h1.text.strip() == "Max"
    form = filled(page) | {"kind": "suspend", "does": "limit hate", "reason": "Last time."}
    answer = send(mona, f"{path}limit/", form)
    assert answer.status_code == 303
    page = soup(mona, answer["Location"])
    assert "It is decided: Suspended." in page.select_one("[role=status]").text  # type: ignore[union-attr]
    (held,) = page.select("li[data-limit][data-holds]")
    assert "Mona Keel" in held.text
    assert "Last time." in held.text
    assert soup(mona, "/moderation/people/").select(f'li[data-limit="{held["data-limit"]}"]')
    lifted = send(mona, f"/moderation/limits/{held['data-limit']}/lift/", {"reason": "Enough."})
    assert lifted["Location"] == path
    assert not soup(mona, path).select("li[data-holds]")
    assert not soup(mona, "/moderation/people/").select("li[data-limit]")


def test_from_an_item_of_the_queue_by_one_panel(room: Room) -> None:
    number = room.post("Rude.", policy=api.Policy(), name="Max").number
    mona = as_(MONA)
    page = soup(mona, "/moderation/queue/")
    panel = page.select_one('article details[data-key="s"]')
    assert panel
    button = panel.select_one('button[value="limit hate"]')
    assert button
    answer = send(
        mona,
        str(button["formaction"]),
        {"number": number, "show": "first", "kind": "warn", "days": "", "does": "limit hate"},
    )
    assert answer["Location"].startswith("/moderation/queue/?")
    shown = soup(mona, answer["Location"])
    assert "is warned" in shown.select_one("#told").text  # type: ignore[union-attr]
    assert shown.select('.mark[data-limited="warn"]')


def test_what_was_chosen_and_typed_is_kept_when_it_is_refused(room: Room) -> None:
    number = room.post("Rude.", by=guest()).number
    path, mona = person_of(number), as_(MONA)
    sent = filled(soup(mona, path)) | {
        "kind": "suspend",
        "days": "",
        "does": "limit hate",
        "reason": "So many words.",
    }
    answer = send(mona, f"{path}limit/", sent)
    assert answer.status_code == 422
    page = BeautifulSoup(answer.content, "html.parser")
    assert page.select_one("[role=alert]#problem")
    assert page.select_one("select[name=days][aria-invalid=true][aria-describedby=problem]")
    assert page.select_one("textarea[name=reason]").text == "So many words."  # type: ignore[union-attr]
    assert filled(page)["kind"] == "suspend"
    for wrong in ({"number": "x"}, {"days": "ten"}, {"kind": "exile"}, {"does": "nonsense"}):
        assert send(mona, f"{path}limit/", sent | {"days": "7"} | wrong).status_code == 422
    assert send(mona, f"{path}limit/", sent | {"number": 10**9, "days": "7"}).status_code == 404
    assert send(mona, "/moderation/limits/77/lift/", {}).status_code == 404
    assert send(mona, "/moderation/limits/77/confirm/", {}).status_code == 404
    assert mona.get("/moderation/people/6a2f1f0e-0000-4000-8000-000000000000/").status_code == 404
    assert not Sanction.objects.exists()


def test_what_was_typed_to_lift_something_is_kept_and_holds_nothing_strange(room: Room) -> None:
    number = room.post("Rude.", by=guest()).number
    done, mona = limit(room, number, "ban", by=MONA), as_(MONA)
    lift = f"/moderation/limits/{done.limit}/lift/"
    answer = send(mona, lift, {"reason": "long " * 300})
    assert answer.status_code == 422
    page = BeautifulSoup(answer.content, "html.parser")
    kept = page.select_one(f"details[open] textarea#lift-{done.limit}[aria-invalid=true]")
    assert kept
    assert kept.text == ("long " * 300).strip()
    assert len(page.select("[aria-invalid=true]")) == 1
    assert send(mona, lift, {"reason": "Enough\0."}).status_code == 303
    assert DecisionReason.objects.order_by("-pk")[0].text == "Enough."


def test_a_colleague_is_asked_and_confirms(room: Room) -> None:
    number = room.post("Rude.", by=guest()).number
    path, mona, bo = person_of(number), as_(MONA), as_(BO)
    send(mona, f"{path}limit/", filled(soup(mona, path)) | {"kind": "ban", "does": "limit hate"})
    held = Sanction.objects.get()
    assert held.waits
    for who, may in ((mona, False), (bo, True)):
        assert soup(who, "/moderation/queue/").select("#seconds")
        confirm = f'[formaction="/moderation/limits/{held.pk}/confirm/"]'
        assert bool(soup(who, path).select(confirm)) is may
    own = send(mona, f"/moderation/limits/{held.pk}/confirm/", {})
    assert own.status_code == 422
    assert b"You decided this yourself" in own.content
    assert send(bo, f"/moderation/limits/{held.pk}/confirm/", {})["Location"] == path
    assert not soup(mona, "/moderation/queue/").select("#seconds")
    assert Sanction.objects.get().until is None


def test_who_works_here_is_offered_nothing(room: Room, settings: Any) -> None:
    number = room.post("Ours.", by=MONA).number
    page = soup(as_(BO), person_of(number))
    assert not page.select("form#limit")
    assert "works here" in page.text


def test_what_each_way_of_reaching_cannot_do_is_said(room: Room, settings: Any) -> None:
    number = room.post("Rude.", by=guest(), name="Max", email="max@example.org").number
    mona = as_(MONA)
    page = soup(mona, person_of(number))
    assert page.select("input[name=mail]")
    assert not page.select("input[name=network]")
    assert "is somebody else to this page" in page.text
    values = settings.CONFIG.values | {"trusted_proxies": ["127.0.0.1"]}
    settings.CONFIG = replace(settings.CONFIG, values=values)
    assert soup(mona, person_of(number)).select("input[name=network]")


@pytest.mark.parametrize("by_script", [False, True])
def test_a_warning_is_read_at_the_composer_and_nothing_is_lost(room: Room, by_script: bool) -> None:
    device = guest()
    held = limit(room, room.post("Rude.", by=device).number, "warn", reason="Attack arguments.")
    client, path = as_(device), f"/t/{room.id}/comments/"
    form = {"body": "What I want to say.", "name": ""}
    answer = client.post(path, form, script=by_script)
    assert answer.status_code == 403
    if by_script:
        assert "/me/limits/" in answer.json()["message"]
        page = soup(client, "/me/limits/")
        (button,) = page.select('section[data-kind="warn"] form[action$="/read/"]')
        assert send(client, str(button["action"]), {})["Location"] == "/me/limits/"
        assert client.post(path, form, script=True).status_code == 201
        return
    page = BeautifulSoup(answer.content, "html.parser")
    assert page.select_one("textarea#body").text.strip() == "What I want to say."  # type: ignore[union-attr]
    box = page.select_one("form#composer input[type=checkbox][name=read][required]")
    assert box
    assert box["value"] == str(held.limit)
    assert client.post(path, form).status_code == 403
    assert client.post(path, form | {"read": box["value"]}).status_code == 303


@pytest.mark.parametrize("kind", ["mute", "suspend", "ban"])
def test_who_is_stopped_can_copy_their_words_and_reads_why(room: Room, kind: str) -> None:
    device = guest()
    limit(room, room.post("Rude.", by=device).number, kind, reason="Because.", days=365)
    client = as_(device)
    answer = client.post(f"/t/{room.id}/comments/", {"body": "My words.", "name": "Max"})
    assert answer.status_code == 403
    page = BeautifulSoup(answer.content, "html.parser")
    assert page.select_one("textarea[readonly]").text == "My words."  # type: ignore[union-attr]
    assert page.select('a[href="/me/limits/"]')
    mine = soup(client, "/me/limits/")
    (said,) = mine.select(f'section[data-kind="{kind}"]')
    assert "rule 2, Hate" in said.text
    assert "Because." in said.text
    assert "a moderator" in said.text
    assert "Mona" not in mine.text
    assert not soup(as_(guest()), "/me/limits/").select("section[data-kind]")


def test_a_banned_account_reads_so_on_its_page(room: Room) -> None:
    banned = replace(reader("Bram"), standing=Standing.BANNED)
    assert "stopped your account" in soup(as_(banned), "/me/limits/").text


def test_what_is_over_stays_to_be_read_for_a_while(room: Room) -> None:
    device = guest()
    number = room.post("Rude.", by=device).number
    held = limit(room, number, "ban")
    api.lift_limit(actor=BO, limit=held.limit, reason="", now=room.tick())
    found = api.my_limits(actor=device, now=room.now)
    assert [(one.limit.kind, one.holds) for one in found] == [("ban", False)]


@pytest.mark.parametrize("path", ["people/", "people/{uuid}/"])
def test_pages_are_for_moderators(room: Room, path: str) -> None:
    number = room.post("Rude.").number
    where = "/moderation/" + path.format(uuid=row(number).author.uuid)
    assert as_(guest()).get(where).status_code == 302
    assert as_(reader("Rhea")).get(where).status_code == 403
    form = {"number": number, "kind": "warn", "does": "limit hate"}
    for who in (guest(), reader("Rhea")):
        assert send(as_(who), person_of(number) + "limit/", form).status_code == 403
    assert soup(as_(MONA), where)
    assert not Sanction.objects.exists()


def test_queries_of_a_persons_page(room: Room) -> None:
    from discussion.test_posting import queries_of

    device = guest()
    numbers = [room.post(f"n{n}", by=device, name=f"N{n}").number for n in range(4)]
    mona = as_(MONA)

    def look(number: int) -> int:
        return queries_of(lambda: soup(mona, person_of(number)))

    look(numbers[0])
    before = look(numbers[0])
    for kind in ("warn", "mute", "slow_author"):
        limit(room, numbers[1], kind)
    assert look(numbers[0]) == before <= 13


def test_who_is_limited_is_told_on_the_page(room: Room, now: datetime) -> None:
    other = open_room(now=now, key="other")
    device = guest()
    number = room.post("Rude.", by=device).number
    here, there = f"/me/thread/{room.id}/", f"/me/thread/{other.id}/"
    assert as_(device).get(here).json()["holds"] == ""
    limit(room, number, "mute")
    assert as_(device).get(here).json()["holds"] == (
        '<a href="/me/limits/">You can read this discussion and not write in it.</a> '
    )
    assert as_(device).get(there).json()["holds"] == ""
    assert as_(guest()).get(here).json()["holds"] == ""
