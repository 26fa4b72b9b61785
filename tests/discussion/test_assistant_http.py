"""The assistant's page, and what the queue shows of it."""

from datetime import timedelta
from typing import Any

import pytest

from broadsheet.discussion import api
from broadsheet.discussion.http import asking as http_asking
from broadsheet.discussion.models import Assistant, Comment
from broadsheet.kit.clock import utcnow
from discussion.making import Room, guest, moderator, reader
from discussion.test_assistant import (
    CAREFUL,
    MONA,
    OWNER,
    allow,
    assist,
    history,
    modest,
    nobody_audited,
)
from discussion.test_http import as_, html, send
from discussion.test_queue_http import items, pressed, soup

pytestmark = pytest.mark.slow

__all__ = ["modest", "nobody_audited"]
PAGE = "/moderation/assistant/"


@pytest.fixture(autouse=True)
def _people(settings: Any) -> None:
    settings.BROADSHEET_ACTOR = "discussion.test_http.actor_of"
    settings.BROADSHEET_NAMES_OF = "discussion.test_queue_http.names_of"


def test_its_page_says_that_it_is_silent_and_why(room: Room) -> None:
    page = soup(as_(MONA), PAGE)
    assert page.select_one('.assisting[data-speaks="false"]')
    assert "It is silent." in page.get_text()
    history(room, 9)
    assist(room)
    figures = [one.get_text(strip=True) for one in soup(as_(MONA), PAGE).select(".record dd")]
    assert figures[:3] == ["9", "9", "3"]
    assert as_(guest()).get(PAGE).status_code == 302
    assert as_(reader("Rhea")).get(PAGE).status_code == 403


@pytest.mark.usefixtures("modest")
def test_the_queue_in_its_order_keeps_it_through_a_decision(room: Room) -> None:
    history(room)
    good = room.post("harbour bridge lamp river", policy=CAREFUL).number
    bad = room.post("clodpole <b>gobsmite</b>", policy=CAREFUL).number
    assert not soup(as_(MONA)).select(".orders, .likely")
    assist(room)
    page = soup(as_(MONA))
    assert items(page) == [good, bad]
    (link,) = page.select(".orders a")
    ordered = soup(as_(MONA), str(link["href"]))
    assert items(ordered) == [bad, good]
    said = ordered.select_one(f'[data-comment="{bad}"] .likely')
    assert said is not None
    assert int(str(said["data-likely"])) >= 50
    assert {"the word “clodpole”", "the word “gobsmite”"} & {
        one.get_text() for one in said.select("bdi")
    }
    taken = send(as_(MONA), "/moderation/queue/decisions/", **pressed(ordered, bad, "remove hate"))
    assert taken["Location"] == f"/moderation/queue/?order=likely&done={bad}"
    assert items(soup(as_(MONA), taken["Location"])) == [good]
    assert items(soup(as_(MONA), "/moderation/queue/?order=strange&show=first")) == [good]


@pytest.mark.usefixtures("modest", "nobody_audited")
def test_the_owner_lets_it_approve_and_sees_what_it_did(room: Room) -> None:
    room.now = utcnow() - timedelta(days=1)
    history(room, 120)
    assist(room)
    page = soup(as_(MONA), PAGE)
    assert page.select_one('.assisting[data-speaks="true"]')
    assert not page.select(".assisting form")
    page = soup(as_(OWNER), PAGE)
    percent = page.select_one("#percent")
    assert percent is not None
    assert percent["value"] == "1.5"
    assert len(page.select("tbody tr")) == 6
    taken = send(as_(OWNER), PAGE, approves="1", percent="5")
    assert (taken.status_code, taken["Location"]) == (303, f"{PAGE}?done=1")
    assert Assistant.objects.get().approves_percent == 5
    fine = room.post("harbour bridge lamp river council", policy=CAREFUL).number
    assert assist(room).approved == 1
    assert "Saved." in html(as_(OWNER).get(f"{PAGE}?done=1"))
    page = soup(as_(MONA))
    assert f"comment={fine}" in str(page.select(".lately li a")[0]["href"])
    assert "the assistant let it through" in page.select(".lately li")[0].get_text()
    undone = send(as_(MONA), str(page.select(".lately form")[0]["action"]))
    assert undone.status_code == 303
    assert items(soup(as_(MONA))) == [fine]
    assert send(as_(OWNER), PAGE).status_code == 303
    assert Assistant.objects.get().approves_percent is None


@pytest.mark.parametrize("typed", ["", "0", "11", "-1", "many", "nan", "1e400", "<b>"])
def test_what_is_no_share_is_refused_and_kept(typed: str, room: Room) -> None:
    answer = send(as_(OWNER), PAGE, approves="1", percent=typed)
    assert answer.status_code == 422
    page = soup_of(answer)
    field = page.select_one("#percent")
    assert field is not None
    assert (field["value"], field["aria-invalid"]) == (typed, "true")
    assert page.select_one("input[name=approves][checked]")
    assert "Write a number from 0.1 to 10.0." in page.get_text()
    assert not Assistant.objects.exclude(approves_percent=None).exists()


def soup_of(response: Any) -> Any:
    from bs4 import BeautifulSoup

    return BeautifulSoup(response.content, "html.parser")


def test_nobody_but_the_owner_sends_its_form(room: Room) -> None:
    for who in (MONA, moderator("Bo Quist"), reader("Rhea"), guest()):
        assert send(as_(who), PAGE, approves="1", percent="2").status_code == 403
    assert not Assistant.objects.exists()
    allow(room, 2.0)
    assert Assistant.objects.get().approves_percent == 2


# -- asking a writer -----------------------------------------------------------------------------


@pytest.fixture
def asking(room: Room, modest: None) -> Any:
    """A newsroom whose owner has writers asked, and whose assistant is good."""
    from broadsheet.discussion.assistant import asking as held

    history(room, 90)
    allow(room, None, asks=True)
    assist(room)
    api.prepare_asking()
    yield held
    held._ready.clear()
    http_asking.forget()


def posted(room: Room, words: str, *, by: Any = None, **more: Any) -> Any:
    return send(as_(by or guest()), f"/t/{room.id}/comments/", body=words, **more)


def test_a_writer_is_asked_once_and_never_stopped(room: Room, asking: Any) -> None:
    words = "You clodpole & gobsmite, harbour"
    who = guest()
    first = posted(room, words, by=who)
    assert first.status_code == 422
    page = soup_of(first)
    refusal = page.select_one(".refusal[role=alert]")
    assert refusal is not None
    assert "Read it again?" in refusal.get_text()
    assert "“clodpole”" in refusal.get_text()
    assert page.select_one("textarea[name=body]").get_text().strip() == words
    assert not Comment.objects.filter(source=words).exists()
    assert posted(room, words, by=who).status_code == 303
    assert Comment.objects.filter(source=words).count() == 1
    # Another form with other words is another post; what is fine is not asked about.
    assert posted(room, "clodpole gobsmite wretchling", by=who).status_code == 422
    assert posted(room, "harbour bridge lamp", by=who).status_code == 303


def test_one_form_is_asked_about_once_whatever_is_changed(room: Room, asking: Any) -> None:
    who = guest()
    key = "k" * 30
    asked = posted(room, "clodpole gobsmite", by=who, script=True, key=key)
    assert asked.status_code == 422
    assert asked.json()["code"] == "read_again_words"
    assert asked.json()["field"] == "body"
    again = posted(room, "clodpole, gobsmite!", by=who, script=True, key=key)
    assert again.status_code in {201, 202}


def test_who_works_here_is_not_asked_and_nobody_while_it_is_off(
    room: Room, asking: Any, django_assert_num_queries: Any
) -> None:
    words = "clodpole gobsmite"
    assert posted(room, words, by=MONA).status_code == 303
    allow(room, None)
    api.prepare_asking()
    assert not asking.is_on()
    with django_assert_num_queries(0):
        assert http_asking.read_again(
            actor=guest(), thread=room.id, parent=None, text=words, key="", image=False
        )
    assert posted(room, words).status_code == 303
