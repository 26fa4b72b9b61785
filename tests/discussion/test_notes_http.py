"""Notes over HTTP: the form for words of a story, answers without script, the moderators' list."""

from dataclasses import replace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from broadsheet.discussion.models import Comment, Note, Thread
from broadsheet.kit.actor import Actor
from discussion.making import Room, guest, moderator, problems, row
from discussion.test_http import _people as _people  # noqa: PLC0414 - a fixture
from discussion.test_http import as_, html, send
from discussion.test_notes import STORY, ask, decide, start
from discussion.test_notes import told as told  # noqa: PLC0414 - a fixture
from people import Cast

# What each of the cast gets from the form where readers may not begin, and where they may.
CLOSED = {"owner": 303, "editor": 303, "moderator": 303}
BEGUN = {"reporter": 303, "reader": 303, "guest": 303}


def story_text(*, key: str, edition: int) -> str | None:
    return {1: STORY}.get(edition)


@pytest.fixture(autouse=True)
def _story(settings: Any) -> None:
    settings.BROADSHEET_STORY_TEXT = f"{__name__}.story_text"


def let_readers(settings: Any, *, begin: bool) -> None:
    settings.CONFIG = replace(
        settings.CONFIG, values=settings.CONFIG.values | {"reader_notes": begin}
    )


def form(room: Room, actor: Actor, **fields: Any) -> Any:
    values = {"phrase": "the night shift", "question": "Were you?", "body": "I was."} | fields
    return send(as_(actor), f"/t/{room.id}/notes/new/", **values)


def soup(response: Any) -> BeautifulSoup:
    return BeautifulSoup(html(response), "html.parser")


@pytest.mark.parametrize("begin", [False, True])
@pytest.mark.parametrize(
    "name",
    ["owner", "editor", "moderator", "reporter", "reader", "guest", "banned_reader", "stranger"],
)
def test_who_may_mark_words(
    told: Room, actors: Cast[Actor], settings: Any, name: str, begin: bool
) -> None:
    let_readers(settings, begin=begin)
    expected = (CLOSED | (BEGUN if begin else {})).get(name, 403)
    response = form(told, actors[name])
    assert response.status_code == expected, html(response)[:500]
    assert response["Cache-Control"] == "private, no-store"
    note = Note.objects.first()
    assert (note is not None) == (expected == 303)
    if note:
        assert note.by_reader == (name in BEGUN)
        at = f"/harbour/ferry/#note-{note.pk}"
        assert response["Location"] == at if name in CLOSED else "#c" in response["Location"]
    shown = as_(actors[name]).get(f"/t/{told.id}/notes/new/")
    reads = 302 if name == "guest" else 403
    assert shown.status_code == (200 if expected == 303 else reads)
    assert problems() == []


def test_the_form_takes_what_was_selected_on_the_page(told: Room) -> None:
    chosen = {"phrase": "quay", "before": "from the old ", "after": ", every night"}
    shown = soup(as_(moderator()).get(f"/t/{told.id}/notes/new/", chosen))
    assert shown.select_one("#phrase").get_text() == "quay"  # type: ignore[union-attr]
    sent = {field["name"]: field["value"] for field in shown.select("input[type=hidden]")}
    assert sent == {"before": chosen["before"], "after": chosen["after"]}
    response = form(told, moderator(), **chosen, opened="1")
    assert response.status_code == 303
    note = Note.objects.get()
    assert (note.start, note.opened) == (STORY.index("quay"), True)


def test_words_that_are_there_twice_are_chosen(told: Room) -> None:
    refused = form(told, moderator(), phrase="quay", question="Which?")
    assert refused.status_code == 422
    page = soup(refused)
    choices = page.select("input[name=start]")
    assert [choice["value"] for choice in choices] == [
        str(STORY.index("quay")),
        str(STORY.rindex("quay")),
    ]
    assert page.select_one("#question").get_text() == "Which?"  # type: ignore[union-attr]
    assert page.select_one("#phrase[aria-invalid]") is not None
    assert form(told, moderator(), phrase="quay", start=choices[1]["value"]).status_code == 303
    assert Note.objects.get().start == STORY.rindex("quay")


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({"phrase": "no such words"}, "no such words"),
        ({"question": " "}, "the night shift"),
        ({"question": "x" * 400}, "x" * 400),
        ({"start": "-1"}, "the night shift"),
        ({"phrase": "x" * 5000}, "x" * 5000),
    ],
)
def test_a_refused_question_keeps_what_was_typed(
    told: Room, fields: dict[str, str], kept: str
) -> None:
    response = form(told, moderator(), **fields)
    assert response.status_code == 422
    assert kept in html(response)
    assert 'role="alert"' in html(response)


def test_a_readers_words_are_kept_too(told: Room, settings: Any) -> None:
    let_readers(settings, begin=True)
    response = form(told, guest(), phrase="no such words", body="What I saw.", name="Anna")
    assert response.status_code == 422
    page = soup(response)
    assert page.select_one("#body").get_text() == "What I saw."  # type: ignore[union-attr]
    assert page.select_one("#name")["value"] == "Anna"  # type: ignore[index]
    assert form(told, guest(), body="", phrase="night").status_code == 422


def test_a_readers_note_that_waits_leads_to_its_page(told: Room, settings: Any) -> None:
    let_readers(settings, begin=True)
    response = form(told, guest(), body="See https://a.example/ for it.")
    number = Comment.objects.get().pk
    assert response["Location"] == f"/c/{number}/status/"


def test_there_is_no_form_for_a_story_that_is_hidden(told: Room) -> None:
    Thread.objects.filter(pk=told.id).update(hidden_at=told.now)
    assert form(told, moderator()).status_code == 404
    assert as_(moderator()).get("/t/987654/notes/new/").status_code == 404


def test_an_answer_from_beside_the_words(told: Room) -> None:
    note = ask(told)
    response = send(as_(guest()), f"/t/{told.id}/comments/", body="Me.", note=note, name="Anna")
    number = Comment.objects.get().pk
    assert (response.status_code, response["Location"]) == (303, f"/harbour/ferry/#c{number}")
    assert row(number).note_id == note
    page = html(Client().get(f"/c/{number}/"))
    assert f'href="/harbour/ferry/#note-{note}"' in page
    assert "22:40 from the old quay" in page


@pytest.mark.parametrize(("verb", "status"), [("close_note", 403), ("remove_note", 409)])
def test_an_answer_that_comes_too_late_is_kept(told: Room, verb: str, status: int) -> None:
    note = ask(told)
    decide(told, note, verb)
    response = send(as_(guest()), f"/t/{told.id}/comments/", body="But I took it.", note=note)
    assert response.status_code == status
    page = soup(response)
    assert page.select_one("#body").get_text() == "But I took it."  # type: ignore[union-attr]
    assert page.select("input[name=note]") == [], "posted again, it stands on its own"


def test_a_refused_answer_is_still_one(told: Room) -> None:
    note = ask(told)
    response = send(as_(guest()), f"/t/{told.id}/comments/", body=" ", note=note)
    page = soup(response)
    assert page.select_one("input[name=note]")["value"] == str(note)  # type: ignore[index]
    assert "Who takes it?" in page.get_text()


@pytest.mark.parametrize("name", ["owner", "editor", "moderator", "reporter", "reader", "guest"])
def test_who_sees_the_list_and_decides(told: Room, actors: Cast[Actor], name: str) -> None:
    note = ask(told)
    path = f"/moderation/queue/threads/{told.id}/notes/"
    client = as_(actors[name])
    moderates = name in CLOSED
    assert client.get(path).status_code == (200 if moderates else 302 if name == "guest" else 403)
    response = send(client, path, note=note, verb="close_note", reason="Enough.")
    assert response.status_code == (303 if moderates else 403)
    assert (Note.objects.get().closed_because == "Enough.") == moderates


def test_the_list_says_what_stands_and_takes_it_back(told: Room, settings: Any) -> None:
    note = ask(told)
    let_readers(settings, begin=True)
    start(told)
    path = f"/moderation/queue/threads/{told.id}/notes/"
    client = as_(moderator())
    page = soup(client.get(path))
    assert len(page.select("article[data-note]")) == 2
    for verb, offered in (
        ("remove_note", ["restore_note"]),
        ("restore_note", ["close_note", "remove_note"]),
        ("close_note", ["reopen_note", "remove_note"]),
    ):
        assert send(client, path, note=note, verb=verb).status_code == 303
        buttons = soup(client.get(path)).select(f"[data-note='{note}'] button")
        assert [button["value"] for button in buttons] == offered
    again = send(client, path, note=note, verb="close_note", reason="Twice.")
    assert (again.status_code, "Twice." in html(again)) == (409, True)
    assert send(client, path, note=note, verb="applaud").status_code == 422
    assert send(client, path, note=10**6, verb="close_note").status_code == 404
    long = send(client, path, note=note, verb="reopen_note", reason="x" * 1001)
    assert (long.status_code, "x" * 1001 in html(long)) == (422, True)
    assert client.get("/moderation/queue/threads/987654/notes/").status_code == 404


def test_a_note_of_another_discussion_is_not_decided_here(told: Room) -> None:
    from discussion.making import open_room

    other = open_room(now=told.now, key="other")
    note = ask(told)
    path = f"/moderation/queue/threads/{other.id}/notes/"
    assert send(as_(moderator()), path, note=note, verb="close_note").status_code == 404


def test_moderators_see_what_an_answer_is_about(told: Room) -> None:
    told.post("Me.", note_id=ask(told))
    page = soup(as_(moderator()).get("/moderation/queue/?show=newest"))
    words = page.select_one("article[data-comment] .on-words")
    assert words is not None
    assert "22:40 from the old quay" in words.get_text()
    assert "Who takes it?" in words.get_text()
