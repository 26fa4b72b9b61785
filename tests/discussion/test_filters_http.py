"""The page of the filters, and what people are told whose words a filter stops."""

from typing import Any

import pytest
from bs4 import BeautifulSoup

from broadsheet.discussion.filters import judging
from broadsheet.discussion.models import FilterVersion
from broadsheet.discussion.rules.filtering import Filters, written
from discussion.making import Room, guest, moderator, reader
from discussion.test_filters import on
from discussion.test_sanctions_http import as_

MONA, BO = moderator(), moderator("Bo Quist")
PAGE, TRIAL = "/moderation/filters/", "/moderation/filters/trial/"


@pytest.fixture(autouse=True)
def _people(settings: Any) -> None:
    settings.BROADSHEET_ACTOR = "discussion.test_http.actor_of"
    settings.BROADSHEET_NAMES_OF = "discussion.test_queue_http.names_of"
    judging.forget()


def read(response: Any, status: int = 200) -> BeautifulSoup:
    assert response.status_code == status
    assert response["Cache-Control"] == "private, no-store"
    return BeautifulSoup(response.content, "html.parser")


def filled(page: BeautifulSoup) -> dict[str, str]:
    """Return what the form sends as it is drawn."""
    (form,) = page.select("form#filters")
    sent = {str(one["name"]): str(one.get("value", "")) for one in form.select("input[name]")}
    for one in form.select("select[name]"):
        chosen = one.select_one("option[selected]")
        sent[str(one["name"])] = str(chosen["value"]) if chosen else ""
    return sent | {str(one["name"]): one.text for one in form.select("textarea[name]")}


def test_a_draft_is_tried_and_then_switched_on(room: Room) -> None:
    number = room.post("What a foool.").number
    mona = as_(MONA)
    page = read(mona.get(PAGE))
    assert not page.select("input[name=tried]")
    form = filled(page) | {"hold_words": "fool\nfool\n\nliar", "most_links": "2"}
    form["house_rule"] = "hate"
    page = read(mona.post(TRIAL, form))
    assert [td.text for td in page.select("tr[data-draft] td")][:2] == ["1", "0"]
    (caught,) = page.select(f'li[data-caught="{number}"]')
    assert "foool" in caught.select_one("b").text  # type: ignore[union-attr]
    assert not FilterVersion.objects.exists()
    form = filled(page)
    assert form["hold_words"].split() == ["fool", "liar"]
    changed = mona.post(PAGE, form | {"hold_words": "fool"})
    assert read(changed, 409).select_one("#problem")
    assert not FilterVersion.objects.exists()
    answer = mona.post(PAGE, form | {"reason": "Tonight."})
    assert answer.status_code == 303
    page = read(mona.get(answer["Location"]))
    (version,) = page.select("li[data-version]")
    assert "Tonight." in version.text
    assert "Mona Keel" in version.text
    assert filled(page)["most_links"] == "2"
    assert filled(page)["house_rule"] == "hate"


def test_two_moderators_at_once(room: Room) -> None:
    mona, bo = as_(MONA), as_(BO)
    hers = filled(read(mona.post(TRIAL, filled(read(mona.get(PAGE))) | {"hold_words": "a"})))
    his = filled(read(bo.post(TRIAL, filled(read(bo.get(PAGE))) | {"hold_words": "b"})))
    assert mona.post(PAGE, hers).status_code == 303
    page = read(bo.post(PAGE, his), 409)
    assert "A colleague changed" in page.select_one("#problem").text  # type: ignore[union-attr]
    assert filled(page)["hold_words"] == "b"
    assert "a" in FilterVersion.objects.get().content


def test_what_is_wrong_is_said_and_kept(room: Room) -> None:
    mona = as_(MONA)
    form = filled(read(mona.get(PAGE)))
    for wrong, field in (
        ({"hold_words": "***"}, "hold_words"),
        ({"allow_hosts": "nonsense"}, "allow_hosts"),
        ({"repeat_hours": "999"}, "repeat_hours"),
    ):
        page = read(mona.post(TRIAL, form | wrong), 422)
        assert page.select_one(f"#{field}[aria-invalid=true][aria-describedby=problem]")
        assert filled(page)[field] == wrong[field]
    assert mona.post(TRIAL, form | {"most_links": "many"}).status_code == 422
    gone = read(mona.post(TRIAL, form | {"house_rule": "gone", "hold_words": "fool"}), 422)
    assert gone.select_one("#house_rule[aria-invalid=true]")
    assert filled(gone)["hold_words"] == "fool"
    for token in ("", "nonsense", "a:b:c"):
        assert mona.post(PAGE, form | {"tried": token}).status_code == 409


def test_an_earlier_version_is_a_draft_again(room: Room) -> None:
    on(room, hold_words=("fool",))
    on(room, hold_words=("liar",))
    mona = as_(MONA)
    assert filled(read(mona.get(PAGE)))["hold_words"] == "liar"
    assert filled(read(mona.get(f"{PAGE}?version=1")))["hold_words"] == "fool"
    assert filled(read(mona.get(f"{PAGE}?version=77")))["hold_words"] == "liar"


def test_who_is_stopped_is_told_by_which_word_and_loses_nothing(room: Room) -> None:
    on(room, hold_words=("fool",), refuse_words=("liar",))
    client, path = as_(guest()), f"/t/{room.id}/comments/"
    answer = client.post(path, {"body": "You LIAR.", "name": "Max"})
    page = read(answer, 422)
    assert "“LIAR”" in page.select_one("#problem").text  # type: ignore[union-attr]
    assert page.select_one("textarea#body").text.strip() == "You LIAR."  # type: ignore[union-attr]
    waits = client.post(path, {"body": "You fooool.", "name": "Max"}, script=True)
    assert waits.status_code == 202
    assert "fooool" in waits.json()["message"]
    status = read(client.get(waits.json()["url"]))
    assert "fooool" in status.select_one("[role=status]").text  # type: ignore[union-attr]


@pytest.mark.parametrize("who", [guest(), reader("Rhea")])
def test_filters_are_for_moderators(room: Room, who: Any) -> None:
    client = as_(who)
    assert client.get(PAGE).status_code in {302, 403}
    assert client.post(TRIAL, {"hold_words": "x"}).status_code == 403
    assert client.post(PAGE, {"hold_words": "x"}).status_code == 403
    assert written(Filters())
