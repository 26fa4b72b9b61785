"""The pages and forms of the queue, without a script and for it."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from broadsheet.discussion import api
from broadsheet.discussion.models import Decision, DecisionReason
from discussion.making import Room, guest, moderator, reader, row
from discussion.test_http import as_, html, send

CAREFUL = api.Policy()
MONA, BO = moderator(), moderator("Bo Quist")
DECISIONS = "/moderation/queue/decisions/"


@pytest.fixture(autouse=True)
def _people(settings: Any) -> None:
    settings.BROADSHEET_ACTOR = "discussion.test_http.actor_of"
    settings.BROADSHEET_NAMES_OF = f"{__name__}.names_of"


def names_of(*, actor_ids: list[str]) -> dict[str, str]:
    known = {MONA.id: "Mona Keel", BO.id: "Bo Quist"}
    return {one: known[one] for one in actor_ids if one in known}


def soup(client: Client, path: str = "/moderation/queue/") -> BeautifulSoup:
    response = client.get(path)
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    return BeautifulSoup(response.content, "html.parser")


def items(page: BeautifulSoup) -> list[int]:
    return [int(str(one["data-comment"])) for one in page.select("#items article[data-comment]")]


def pressed(page: BeautifulSoup, number: int, does: str) -> dict[str, str]:
    """Return what the form of a comment sends when one of its buttons is pressed."""
    (form,) = page.select(f'article[data-comment="{number}"] form.decide')
    assert form.select_one(f'button[name=does][value="{does}"]'), does
    fields = {str(one["name"]): str(one.get("value", "")) for one in form.select("input[name]")}
    return fields | {"does": does}


def test_lists_say_how_many_and_lead_to_each(room: Room) -> None:
    first = room.post("first", policy=CAREFUL).number
    said = room.post("said", by=reader("Rhea")).number
    room.report(said, "out_of_context", "Never said that.")
    page = soup(as_(MONA))
    counts = {str(a["data-list"]): a.get_text(" ") for a in page.select("nav.lists a[data-list]")}
    assert {code: text.split()[-1] for code, text in counts.items()} == {
        "": "2",
        "held": "0",
        "first": "1",
        "reported": "1",
        "context": "1",
        "raid": "0",
        "appeal": "0",
        "notice": "0",
    }
    assert items(page) == [first, said]
    for show, there in (
        ("first", [first]),
        ("context", [said]),
        ("held", []),
        ("x", [first, said]),
    ):
        assert items(soup(as_(MONA), f"/moderation/queue/?show={show}")) == there
    reasons = [str(one["data-reason"]) for one in page.select("[data-reason]")]
    assert reasons == ["first", "reported", "context"]


def test_a_branch_goes_by_a_form_and_comes_back_by_another(room: Room) -> None:
    top = room.post("top").number
    answer = room.post("answer", to=top).number
    room.report(top)
    fields = pressed(soup(as_(MONA)), top, "remove_branch hate")
    taken = send(as_(MONA), DECISIONS, **fields)
    assert (taken.status_code, taken["Location"]) == (303, f"/moderation/queue/?done={top}")
    assert [row(n).state for n in (top, answer)] == ["removed", "removed"]
    page = soup(as_(MONA), taken["Location"])
    told = page.select_one("#told")
    assert told is not None
    assert "2 comments are removed" in told.get_text()
    undo = str(told.select("form")[0]["action"])
    assert page.select_one(".lately li[data-mine] form")["action"] == undo  # type: ignore[index]
    back = send(as_(BO), undo)
    assert (back.status_code, back["Location"]) == (303, f"/moderation/queue/?done={top}&did=undo")
    assert [row(n).state for n in (top, answer)] == ["published", "published"]
    assert items(soup(as_(MONA), back["Location"])) == [top]
    again = send(as_(MONA), undo)
    assert again.status_code == 409
    assert "Somebody undid this meanwhile." in html(again)
    assert send(as_(MONA), f"{DECISIONS}{10**12}/undo/").status_code == 404
    assert send(as_(guest()), undo).status_code == 403


def test_the_second_moderator_sees_what_the_first_did(room: Room) -> None:
    number = room.post("first", policy=CAREFUL).number
    fields = pressed(soup(as_(BO)), number, "publish")
    send(as_(MONA), DECISIONS, **pressed(soup(as_(MONA)), number, "remove hate"))
    late = send(as_(BO), DECISIONS, **fields)
    assert late.status_code == 409
    assert "Mona Keel removed it (rule 2, Hate)" in html(late)
    script = send(as_(BO), DECISIONS, script=True, **fields)
    told = script.json()  # type: ignore[attr-defined]
    assert (script.status_code, told["code"], told["waits"]) == (409, "already_decided", False)
    assert told["last"].startswith("Mona Keel removed it")
    assert Decision.objects.filter(actor_id=BO.id).count() == 0


def test_the_script_is_told_what_was_done(room: Room) -> None:
    number = room.post("first", policy=CAREFUL).number
    done = send(as_(MONA), DECISIONS, script=True, number=number, does="publish").json()  # type: ignore[attr-defined]
    assert (done["number"], done["waits"], done["state"]) == (number, False, "published")
    assert done["message"] == f"Comment {number} is published."
    undo = f"{DECISIONS}{done['sequence']}/undo/"
    back = send(as_(MONA), undo, script=True).json()  # type: ignore[attr-defined]
    assert back["message"] == f"What was decided about comment {number} is undone."
    assert room.waiting() == [number]


def test_what_concerns_a_moderator_has_no_buttons_and_says_why(room: Room) -> None:
    mine = room.post("Mine.", by=MONA).number
    number = room.post("No.", to=mine).number
    room.report(number)
    page = soup(as_(MONA))
    concern = page.select_one(f'article[data-comment="{number}"] .concern')
    assert concern is not None
    assert concern.get_text() == "It answers you. Somebody else decides about it."
    offered = {str(b["value"]).split()[0] for b in page.select("article button[name=does]")}
    assert offered <= {"ask", "pin", "feature", "close", "mark_answer"}
    refused = send(as_(MONA), DECISIONS, number=number, does="dismiss")
    assert refused.status_code == 403
    assert send(as_(BO), DECISIONS, number=number, does="dismiss").status_code == 303


def test_claims_are_seen_by_the_other(room: Room) -> None:
    number = room.post("first", policy=CAREFUL).number
    send(as_(MONA), DECISIONS, **pressed(soup(as_(MONA)), number, "take"))
    claim = soup(as_(BO)).select_one(".claim")
    assert claim is not None
    assert claim.get_text() == "Taken by Mona Keel"
    now = as_(BO).get(f"/moderation/queue/now/?of={number},x,{10**12}").json()
    assert now == {
        str(number): {
            "waits": True,
            "state": "held",
            "last": now[str(number)]["last"],
            "claim": "Taken by Mona Keel",
            "taken": True,
        }
    }
    refused = send(as_(BO), DECISIONS, number=number, does="take")
    assert refused.status_code == 409
    form = pressed(soup(as_(MONA)), number, "ask") | {"question": "Is this satire?"}
    send(as_(MONA), DECISIONS, **form)
    page = soup(as_(BO))
    assert "Mona Keel asks a colleague" in page.get_text()
    assert "Is this satire?" in page.get_text()
    assert as_(guest()).get("/moderation/queue/now/?of=1").status_code == 302


def test_what_was_meant_for_a_colleague_is_no_reason_for_an_author(room: Room) -> None:
    number = room.post("Words.", policy=CAREFUL).number
    form = pressed(soup(as_(MONA)), number, "publish")
    send(as_(MONA), DECISIONS, **form, question="Is she drunk again?", reason="")
    assert not DecisionReason.objects.filter(text__contains="drunk").exists()


def test_several_at_once_and_all_of_one_person(room: Room) -> None:
    lina = reader("Lina")
    hers = [room.post(f"n{n}", by=lina, policy=CAREFUL).number for n in range(3)]
    said = room.post("said").number
    room.report(said)
    page = soup(as_(MONA))
    ticks = [str(one["value"]) for one in page.select("input[name=chosen][form=batch]")]
    assert len(ticks) == 4
    kept = send(
        as_(MONA), "/moderation/queue/batch/", chosen=ticks[:1], does="remove", reason="kept"
    )
    assert kept.status_code == 422
    assert "kept" in html(kept)
    taken = send(as_(MONA), "/moderation/queue/batch/", chosen=[ticks[0], ticks[3]], does="approve")
    assert (taken.status_code, taken["Location"]) == (303, "/moderation/queue/?all=2&left=0")
    assert "2 comments are decided." in soup(as_(MONA), taken["Location"]).get_text()
    assert room.waiting() == hers[1:]
    # One has changed meanwhile, and is left.
    room.edit(hers[1], "Other words.", by=lina)
    some = send(as_(MONA), "/moderation/queue/batch/", chosen=ticks[1:3], does="remove hate")
    assert some["Location"] == "/moderation/queue/?all=1&left=1"
    room.post("once more", by=lina, policy=api.Policy(hold_links=True, hold_first=False))
    whole = f"/moderation/queue/?author={hers[1]}"
    assert items(soup(as_(MONA), whole)) == [hers[1]]
    fields = {"author": hers[1], "whole": "1", "does": "remove advertising"}
    done = send(as_(MONA), "/moderation/queue/batch/", **fields)
    assert done["Location"] == f"/moderation/queue/?author={hers[1]}&all=1&left=0"
    assert room.waiting() == []
    assert send(as_(MONA), "/moderation/queue/batch/", does="approve").status_code == 422
    assert send(as_(MONA), "/moderation/queue/batch/", chosen="x", does="pin").status_code == 422
    assert (
        send(as_(guest()), "/moderation/queue/batch/", chosen=ticks, does="approve").status_code
        == 403
    )


def test_a_page_leads_to_the_next(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    from broadsheet.discussion.moderation import queries

    numbers = [room.post(f"n{n}", policy=CAREFUL).number for n in range(4)]
    monkeypatch.setattr(queries.queue_page, "__kwdefaults__", queries.queue_page.__kwdefaults__ | {"limit": 3})  # fmt: skip  # noqa: E501
    page = soup(as_(MONA), "/moderation/queue/?show=first")
    assert items(page) == numbers[:3]
    (further,) = page.select("a[rel=next]")
    assert items(soup(as_(MONA), str(further["href"]))) == numbers[3:]


@pytest.mark.parametrize("reason", ["mine " * 3_000, "mine\0 mine"])
def test_no_reason_is_too_strange_or_lost(room: Room, reason: str) -> None:
    one, two, three = (room.post(f"Words {n}.", by=reader("Rhea")).number for n in range(3))
    send(as_(MONA), DECISIONS, number=str(three), does="hold")
    undo = f"{DECISIONS}{Decision.objects.latest('sequence').sequence}/undo/"
    answers = [
        send(as_(MONA), DECISIONS, number=str(one), does="remove hate", reason=reason),
        send(
            as_(MONA),
            "/moderation/queue/batch/",
            chosen=str(two),
            does="remove hate",
            reason=reason,
        ),
        send(as_(MONA), undo, reason=reason),
    ]
    if "\0" in reason:
        assert {answer.status_code for answer in answers} == {303}
        kept = Decision.objects.filter(reason__text="mine mine").values_list("verb", flat=True)
        assert sorted(kept) == ["remove", "remove", "undo"]
        return
    assert {answer.status_code for answer in answers} == {422}
    assert all("1000" in html(answer) for answer in answers)
    assert all("mine mine" in html(answer) for answer in answers[:2])


def test_a_batch_lets_stand_what_was_read(room: Room) -> None:
    device = guest()
    number = room.post("Words.", by=device).number
    room.report(number, by=guest())
    seen = room.queue().items[0].seen
    room.edit(number, "Other words, which nobody read.", by=device)
    answer = send(as_(MONA), "/moderation/queue/batch/", chosen=f"{number}-{seen}", does="approve")
    assert "all=0&left=1" in answer["Location"]
    assert room.waiting() == [number]


def test_who_may_moderate_is_told_where_the_tools_for_open_pages_are(room: Room) -> None:
    for who in (guest(), reader("Rhea")):
        assert as_(who).get(f"/me/thread/{room.id}/").json()["moderator"] is False
    address = as_(MONA).get(f"/me/thread/{room.id}/").json()["moderator"]
    assert "moderating" in address
    assert "label=Moderate" in address
