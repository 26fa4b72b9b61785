"""Editing, withdrawing and reporting over HTTP: pages for people, JSON for the script."""

import re
from dataclasses import replace
from typing import Any

import pytest
from django.db import OperationalError
from django.http import HttpResponse

from broadsheet.discussion import api
from broadsheet.discussion.http import limits
from broadsheet.discussion.models import Comment, CommentRevision, Report
from broadsheet.kit.actor import Actor
from discussion.making import Room, guest, reader, row
from discussion.test_http import as_, fragment, html, send
from people import Cast


@pytest.fixture(autouse=True)
def _people(settings: Any) -> None:
    settings.BROADSHEET_ACTOR = "discussion.test_http.actor_of"
    settings.CONFIG = replace(
        settings.CONFIG,
        values=settings.CONFIG.values | {"hold_first_comment": False, "hold_links": True},
    )


@pytest.fixture
def fresh(room: Room, monkeypatch: pytest.MonkeyPatch) -> Room:
    """A room whose clock is the one that views read."""
    for module in ("comments", "editing", "moderation", "reports", "second_looks", "versions"):
        monkeypatch.setattr(f"broadsheet.discussion.http.{module}.utcnow", lambda: room.now)
    return room


def get(actor: Actor, path: str) -> HttpResponse:
    return as_(actor).get(path)  # type: ignore[return-value]


def shown(actor: Actor, path: str) -> str:
    return html(get(actor, path))


def seen_in(page: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]+)"', page)
    assert found, page
    return found[1]


def test_an_author_changes_a_comment_without_script(fresh: Room) -> None:
    device = guest()
    number = fresh.post("Befroe <b>.", by=device).number
    path = f"/c/{number}/edit/"
    assert f'href="{path}"' in shown(guest(), f"/c/{number}/")
    assert f'href="{path}"' in shown(device, f"/c/{number}/status/")
    page = get(device, path)
    assert page["Cache-Control"] == "private, no-store"
    assert "Befroe &lt;b&gt;." in html(page)
    assert "it can be changed." in html(page)
    taken = send(as_(device), path, body="Before.", seen=seen_in(html(page)))
    assert (taken.status_code, taken["Location"]) == (303, f"/c/{number}/#c{number}")
    assert "<p>Before.</p>" in shown(guest(), f"/c/{number}/")


def test_a_comment_is_changed_by_its_author_alone(fresh: Room, actors: Cast[Actor]) -> None:
    number = fresh.post("Words.", by=guest()).number
    waits = fresh.post("Words.", by=guest(), policy=api.Policy()).number
    for _, actor in actors:
        for path in (f"/c/{number}/edit/", f"/c/{number}/withdraw/"):
            page = get(actor, path)
            assert page.status_code == 403
            assert "is somebody else’s" in html(page)
            assert "Words." not in html(page)
            assert "<form class" not in html(page)
            assert send(as_(actor), path, body="x", seen="x").status_code == 403
            assert send(as_(actor), path, script=True, body="x", seen="x").status_code == 403
        assert get(actor, f"/c/{waits}/edit/").status_code == 404, "nobody knows of it"
    assert get(guest(), "/c/999999999/edit/").status_code == 404
    assert send(as_(guest()), "/c/999999999/edit/", body="x").status_code == 404
    assert send(as_(guest()), "/c/999999999/withdraw/").status_code == 404
    assert row(number).state == "published"


def test_a_refused_edit_keeps_every_word(fresh: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    device = guest()
    number = fresh.post("Words.", by=device).number
    path, long = f"/c/{number}/edit/", "kept " * 1200
    seen = api.mark_of("Words.")

    def refused(status: int, typed: str, **fields: str) -> str:
        answer = send(as_(device), path, **({"body": typed, "seen": seen} | fields))
        assert answer.status_code == status
        assert typed.strip() in html(answer)
        return html(answer)

    assert "6000 characters long" in refused(422, long).replace("5999", "6000")
    with monkeypatch.context() as patched:

        def locked(**_: Any) -> None:
            raise OperationalError("database is locked")

        patched.setattr("broadsheet.discussion.http.editing.edit_comment", locked)
        assert "Nothing you wrote is lost" in refused(503, "kept words")
    with monkeypatch.context() as patched:
        patched.setitem(limits.LIMITS, "edit.person", limits.Limit(burst=1, every=60.0))
        limits.forget()
        assert send(as_(device), path, body="Words.", seen=seen).status_code == 303
        assert "That was a lot" in refused(429, "kept words")
        limits.forget()
    fresh.edit(number, "From the phone.", by=device)
    page = refused(409, "From the desk.")
    assert "From the phone." in page
    assert send(as_(device), path, body="Both.", seen=seen_in(page)).status_code == 303
    api.close_thread(actor=api_owner(), thread_id=fresh.id, now=fresh.now)
    assert "What you wrote, to copy" in refused(403, "too late")


def api_owner() -> Actor:
    from broadsheet.kit.actor import Role

    return replace(reader("Odile"), roles=frozenset({Role.OWNER}))


def test_what_the_script_is_told_of_an_edit(fresh: Room) -> None:
    device = guest()
    number = fresh.post("Words.", by=device).number
    fresh.vote(number, 1)
    path = f"/c/{number}/edit/"
    answer = send(as_(device), path, script=True, body="Others.", seen=api.mark_of("Words."))
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "state": "published",
            "number": number,
            "revision": 2,
            "url": f"/c/{number}/#c{number}",
            "message": "Your comment is changed.",
        },
    )
    conflict = send(as_(device), path, script=True, body="Mine.", seen=api.mark_of("Words."))
    assert (conflict.status_code, conflict.json()["code"]) == (409, "edit_conflict")
    held = send(as_(device), path, script=True, body="www.a.example", seen=api.mark_of("Others."))
    assert (held.status_code, held.json()["state"]) == (202, "held")
    assert held.json()["message"].startswith("Your comment waits for a moderator")
    assert held.json()["url"] == f"/c/{number}/status/"


def test_the_script_is_told_what_can_still_be_changed(fresh: Room) -> None:
    device = guest()
    old = fresh.post("Old.", by=device).number
    for _ in range(20):
        fresh.tick()
    new = fresh.post("New.", by=device).number
    gone = fresh.post("Gone.", by=device).number
    fresh.withdraw(gone, by=device)
    mine = get(device, f"/me/thread/{fresh.id}/").json()  # type: ignore[attr-defined]  # of JSON
    assert mine["own"] == [gone, new, old]
    assert list(mine["editable_until"]) == [str(new)]
    assert mine["editable_until"][str(new)] > fresh.now.isoformat()[:19]


def test_a_comment_says_that_it_was_edited_and_what_it_said(fresh: Room) -> None:
    device = guest()
    number = fresh.post("Before <i> noon\n\nMore.", by=device).number
    fresh.vote(number, 1)
    assert get(guest(), f"/c/{number}/versions/").status_code == 302
    fresh.edit(number, "After <i> noon\n\nMore.", by=device)
    assert f'<a class="edition" href="/c/{number}/versions/">edited <time' in fragment(fresh)
    response = get(guest(), f"/c/{number}/versions/")
    page = html(response)
    assert response["Cache-Control"].startswith("public")
    assert '<del><span class="vh">removed: </span>Before </del>' in page
    assert '<ins><span class="vh">added: </span>After </ins>' in page
    assert "<i>" not in page
    assert get(guest(), "/c/999999999/versions/").status_code == 404
    fresh.withdraw(number, by=device)
    assert get(guest(), f"/c/{number}/versions/")["Location"] == f"/c/{number}/#c{number}"
    stub = shown(guest(), f"/c/{number}/")
    assert "Withdrawn by its author." in stub
    assert "/edit/" not in stub


def test_withdrawing_without_script_and_with(fresh: Room) -> None:
    device = guest()
    first, second = (fresh.post(f"Words {n}.", by=device).number for n in range(2))
    waits = fresh.post("Words wait.", by=device, policy=api.Policy(), name="X").number
    asked = get(device, f"/c/{first}/withdraw/")
    assert "This cannot be undone." in html(asked)
    assert asked["Cache-Control"] == "private, no-store"
    taken = send(as_(device), f"/c/{first}/withdraw/")
    assert (taken.status_code, taken["Location"]) == (303, f"/c/{first}/#c{first}")
    assert send(as_(device), f"/c/{first}/withdraw/").status_code == 403
    told = send(as_(device), f"/c/{second}/withdraw/", script=True).json()
    assert (told["state"], told["message"]) == ("removed", "Your comment is withdrawn.")
    unseen = send(as_(device), f"/c/{waits}/withdraw/")
    assert unseen["Location"] == f"/c/{waits}/status/"
    status = shown(device, f"/c/{waits}/status/")
    assert "You withdrew it." in status
    assert "Words wait." not in status


def test_a_report_is_sent_and_thanked_for(fresh: Room) -> None:
    device = guest()
    number = fresh.post("Words.").number
    path = f"/c/{number}/report/"
    assert f'href="{path}"' in shown(guest(), f"/c/{number}/")
    page = get(device, path)
    assert page["Cache-Control"] == "private, no-store"
    assert "8. Quoted out of context" in html(page)
    refused = send(as_(device), path, rule="other", words="")
    assert refused.status_code == 422
    refused = send(as_(device), path, rule="hate", words="kept " * 101)
    assert (refused.status_code, "kept kept" in html(refused)) == (422, True)
    assert '<option value="hate" selected>' in html(refused)
    taken = send(as_(device), path, rule="out_of_context", words="<b>The opposite.")
    assert (taken.status_code, taken["Location"]) == (303, path)
    assert taken.cookies["device"].value == "kept"
    thanks = shown(device, path)
    assert "A moderator will read your report." in thanks
    assert 'data-own="report"' not in thanks
    told = send(as_(guest()), path, script=True, rule="hate")
    assert (told.status_code, told.json()["number"]) == (201, number)
    assert Report.objects.count() == 2
    assert get(guest(), "/c/999999999/report/").status_code == 404
    assert send(as_(guest()), "/c/999999999/report/", rule="hate").status_code == 404


@pytest.mark.parametrize(
    ("name", "status"),
    [("reader", 303), ("guest", 303), ("banned_reader", 403), ("stranger", 403)],
)
def test_who_reports(fresh: Room, actors: Cast[Actor], name: str, status: int) -> None:
    number = fresh.post("Words.").number
    answer = send(as_(actors[name]), f"/c/{number}/report/", rule="hate")
    assert answer.status_code == status
    assert Report.objects.count() == (status == 303)


def test_reports_are_limited(fresh: Room) -> None:
    device = guest()
    numbers = [fresh.post("Words.").number for _ in range(6)]
    answers = [send(as_(device), f"/c/{n}/report/", rule="hate").status_code for n in numbers]
    assert answers == [303] * 5 + [429]


def test_moderators_read_reports_and_answer_them(fresh: Room, actors: Cast[Actor]) -> None:
    mona = actors.moderator
    calm, number = fresh.post("Calm.").number, fresh.post("Words.").number
    fresh.report(number, "hate", "It <i>hurts.")
    fresh.report(number, "hate")
    page = shown(mona, "/moderation/queue/")
    assert "Reported by 2 people:" in page
    assert "rule 2, Hate (2)" in page
    assert "It &lt;i&gt;hurts." in page
    assert page.count("data-comment") == 1
    assert (
        "Reported by"
        not in shown(mona, f"/moderation/queue/?comment={calm}").partition("waiting")[0]
    )
    stands = send(as_(mona), "/moderation/queue/decisions/", number=number, verb="dismiss")
    assert stands.status_code == 303
    assert "Nothing waits to be read." in shown(mona, "/moderation/queue/")
    again = send(as_(mona), "/moderation/queue/decisions/", number=number, verb="dismiss")
    assert again.status_code == 409


def test_nobody_publishes_words_they_did_not_read(fresh: Room, actors: Cast[Actor]) -> None:
    device, mona = guest(), actors.moderator
    number = fresh.post("Harmless.", by=device, policy=api.Policy()).number
    seen = seen_in(shown(mona, "/moderation/queue/"))
    fresh.edit(number, "Buy my pills.", by=device)
    fields: dict[str, Any] = {"number": number, "verb": "publish"}
    refused = send(as_(mona), "/moderation/queue/decisions/", seen=seen, **fields)
    assert refused.status_code == 409
    assert "Its author changed this comment meanwhile." in html(refused)
    fresh_mark = seen_in(html(refused))
    assert (
        send(as_(mona), "/moderation/queue/decisions/", seen=fresh_mark, **fields).status_code
        == 303
    )


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("owner", 303),
        ("editor", 303),
        ("moderator", 303),
        ("reporter", 403),
        ("reader", 403),
        ("guest", 403),
        ("banned_reader", 403),
        ("stranger", 403),
    ],
)
def test_who_blanks_a_version(fresh: Room, actors: Cast[Actor], name: str, status: int) -> None:
    device = guest()
    number = fresh.post("At Mill Lane 4.", by=device).number
    fresh.vote(number, 1)
    fresh.edit(number, "At the mill.", by=device)
    path = f"/c/{number}/versions/blank/"
    seen = get(actors[name], path)
    assert seen.status_code == {303: 200, 403: 302 if name == "guest" else 403}[status]
    if status == 303:
        empty = send(as_(actors[name]), path, version=1, reason="")
        assert (empty.status_code, "Say in a sentence why" in html(empty)) == (422, True)
        assert send(as_(actors[name]), path, version=2, reason="x").status_code == 404
        assert send(as_(actors[name]), path, version="x", reason="y").status_code == 422
    taken = send(as_(actors[name]), path, version=1, reason="An address.")
    assert taken.status_code == status
    page = shown(guest(), f"/c/{number}/versions/")
    assert ("Lane" in page) == (status == 403)
    assert ("A moderator took the words of this version away." in page) == (status == 303)
    assert CommentRevision.objects.filter(source="").exists() == (status == 303)


def test_the_list_of_comments_grows_by_nothing(fresh: Room) -> None:
    """What is offered on each comment is script's; the markup of one has no more than before."""
    fresh.post("Words.")
    markup = fragment(fresh)
    for word in ("report/", "edit/", "withdraw/", "versions/"):
        assert word not in markup
    assert Comment.objects.count() == 1
