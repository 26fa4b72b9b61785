"""The discussion over HTTP: forms and links for people, JSON for the script, nothing lost."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client
from django.utils.translation import override

from broadsheet.discussion import api
from broadsheet.discussion.http import limits
from broadsheet.discussion.http.thread import invitation
from broadsheet.discussion.models import Comment
from broadsheet.kit.actor import Actor
from discussion.filling import fill_chain, fill_roots
from discussion.making import Room, guest, moderator, open_room, reader, row
from people import Cast

FROM_US = {"HTTP_SEC_FETCH_SITE": "same-origin"}
JSON = {"HTTP_ACCEPT": "application/json"}


_current: dict[str, Actor] = {}


def actor_of(request: Any) -> Actor:
    return _current["actor"]


def remember_device(request: Any, response: HttpResponse, *, as_id: str) -> None:
    if actor_of(request).is_guest:
        response.set_cookie("device", "kept")


def as_(actor: Actor) -> Client:
    _current["actor"] = actor
    return Client()


def send(client: Client, path: str, *, script: bool = False, **fields: Any) -> HttpResponse:
    return client.post(path, fields, **FROM_US, **(JSON if script else {}))  # type: ignore[return-value]


@pytest.fixture(autouse=True)
def _people(settings: Any) -> None:
    settings.BROADSHEET_ACTOR = f"{__name__}.actor_of"
    settings.CONFIG = replace(
        settings.CONFIG,
        values=settings.CONFIG.values | {"hold_first_comment": False, "hold_links": True},
    )


type Chosen = Callable[..., None]


@pytest.fixture
def chosen(settings: Any) -> Chosen:
    """Return what sets settings as a publisher does."""

    def choose(**values: Any) -> None:
        settings.CONFIG = replace(settings.CONFIG, values=settings.CONFIG.values | values)

    return choose


def html(response: HttpResponse) -> str:
    return response.content.decode()


def test_a_published_comment_is_answered_with_its_place(room: Room) -> None:
    device = guest()
    response = send(as_(device), f"/t/{room.id}/comments/", body="Hello there.", name="Anna")
    number = Comment.objects.get().pk
    assert response.status_code == 303
    assert response["Location"] == f"/harbour/ferry/#c{number}"
    assert response["Cache-Control"] == "private, no-store"
    assert response.cookies["device"].value == "kept"

    reply = send(as_(device), f"/t/{room.id}/comments/", body="And more.", parent=number)
    assert reply["Location"] == f"/c/{number + 1}/#c{number + 1}"


def test_a_newcomer_whose_second_answer_proves_nothing_keeps_the_first_identity(
    room: Room,
) -> None:
    one, two = (replace(guest(), newcomer=True) for _ in range(2))
    path = f"/t/{room.id}/comments/"
    for script in (False, True):
        words = f"Pressed twice {script}."
        first = send(as_(one), path, script=script, body=words)
        assert "device" in first.cookies
        again = send(as_(two), path, script=script, body=words)
        assert again.status_code == first.status_code
        assert "device" not in again.cookies
        # By the secret of the form it is the same person: they are told who they are.
        secret = f"{script:032}"
        send(as_(one), path, script=script, body=words, key=secret)
        keyed = send(as_(two), path, script=script, body=words, key=secret)
        assert keyed.cookies["device"].value == "kept"
    assert Comment.objects.count() == 4


def test_a_held_comment_leads_to_a_page_only_its_author_sees(room: Room) -> None:
    device = guest()
    response = send(as_(device), f"/t/{room.id}/comments/", body="See https://a.example/x")
    number = Comment.objects.get().pk
    assert (response.status_code, response["Location"]) == (303, f"/c/{number}/status/")
    page = as_(device).get(f"/c/{number}/status/")
    assert "comments with a link are read by a moderator" in html(page)
    assert "https://a.example/x" in html(page)
    assert page["Cache-Control"] == "private, no-store"
    assert as_(guest()).get(f"/c/{number}/status/").status_code == 404
    assert as_(device).get(f"/c/{number}/").status_code == 404, "it is not public"


def test_what_the_script_is_told(room: Room) -> None:
    device = guest()
    path = f"/t/{room.id}/comments/"
    response = send(as_(device), path, script=True, body="Hello.", key="k1")
    number = Comment.objects.get().pk
    assert response.status_code == 201
    answer = response.json()
    assert answer.pop("editable_until") > "2026"
    assert answer == {
        "state": "published",
        "number": number,
        "parent": None,
        "url": f"/harbour/ferry/#c{number}",
        "message": "",
    }
    assert send(as_(device), path, script=True, body="Hello.", key="k1").json()["number"] == number

    held = send(as_(device), path, script=True, body="www.a.example", parent=number)
    assert held.status_code == 202
    assert held.json()["state"] == "held"
    assert held.json()["parent"] == number
    assert held.json()["message"].startswith("Your comment waits for a moderator")

    room.decide(number, "remove", rule="off_topic")
    again = send(as_(device), path, script=True, body="Hello.", key="k1").json()
    assert (again["state"], again["url"]) == ("removed", f"/c/{number}/status/")
    assert again["message"] == "A moderator removed this comment: rule 3, Off topic."

    refused = send(as_(device), path, script=True, body=" ")
    assert refused.status_code == 422
    assert (refused.json()["code"], refused.json()["field"]) == ("empty", "body")


def refusals(room: Room) -> dict[str, tuple[dict[str, Any], int]]:
    return {
        "empty": ({"body": " "}, 422),
        "too_long": ({"body": "x" * 5001}, 422),
        "email": ({"body": "Kept words", "email": "no address"}, 422),
        "trap": ({"body": "Kept words", "website": "https://spam.example"}, 422),
        "form": ({"body": "Kept words", "parent": "x"}, 422),
        "parent_gone": ({"body": "Kept words", "parent": str(2**62)}, 422),
    }


@pytest.mark.parametrize("code", ["empty", "too_long", "email", "trap", "form", "parent_gone"])
def test_a_refusal_keeps_the_words_and_says_what_to_do(room: Room, code: str) -> None:
    fields, status = refusals(room)[code]
    fields = {"name": "Ann <b>", "key": "k", **fields}
    response = send(as_(guest()), f"/t/{room.id}/comments/", **fields)
    page = html(response)
    assert response.status_code == status
    assert '<div class="refusal" role="alert"' in page
    assert fields["body"] in page
    assert 'value="Ann &lt;b&gt;"' in page
    assert fields.get("email", "") in page
    assert "spam.example" not in page
    assert Comment.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "status"), [("banned_reader", 403), ("stranger", 403), ("reader", 303), ("owner", 303)]
)
def test_who_posts(room: Room, actors: Cast[Actor], name: str, status: int) -> None:
    response = send(as_(actors[name]), f"/t/{room.id}/comments/", body="Kept words")
    assert response.status_code == status
    if status == 403:
        assert "Kept words" in html(response)


def test_a_closed_discussion_gives_the_words_back(room: Room, actors: Cast[Actor]) -> None:
    api.close_thread(actor=actors.owner, thread_id=room.id, now=room.now)
    response = send(as_(guest()), f"/t/{room.id}/comments/", body="Kept words")
    assert response.status_code == 403
    assert "This discussion is closed" in html(response)
    assert "Kept words" in html(response)


def test_too_many_posts_wait_and_keep_their_words(room: Room, settings: Any) -> None:
    settings.DISCUSSION_LIMITS = {"post.person": (2, 30.0)}
    device = guest()
    path = f"/t/{room.id}/comments/"
    for words in ("one", "two"):
        assert send(as_(device), path, body=words).status_code == 303
    response = send(as_(device), path, body="three, kept")
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 31
    assert "three, kept" in html(response)
    assert send(as_(guest()), path, body="somebody else").status_code == 303
    assert Comment.objects.count() == 3


def test_a_network_of_new_devices_is_limited_too(room: Room, settings: Any) -> None:
    settings.DISCUSSION_LIMITS = {"vote.network": (3, 30.0)}
    number = room.post().number
    got = [send(as_(guest()), f"/c/{number}/vote/", value=1).status_code for _ in range(4)]
    assert got == [303, 303, 303, 429]
    elsewhere = replace(guest(), network="2001:db8::/64")
    assert send(as_(elsewhere), f"/c/{number}/vote/", value=1).status_code == 303


def test_newcomers_of_a_network_are_limited_apart_from_its_people(
    room: Room, settings: Any
) -> None:
    settings.DISCUSSION_LIMITS = {"vote.newcomers": (2, 60.0), "vote.network": (5, 300.0)}
    number, path = room.post().number, "/c/{}/vote/"

    def votes(actor: Actor) -> int:
        return send(as_(actor), path.format(number), script=True, value=1).status_code

    assert [votes(replace(guest(), newcomer=True)) for _ in range(40)][:3] == [200, 200, 429]
    # Those who were refused have used nothing of what their neighbours share.
    device = guest()
    assert [votes(device) for _ in range(4)] == [200, 200, 200, 429]
    # Nor have they pushed anybody out of memory: there are the two who were let in, and one more.
    assert len(limits.limiter("vote.person")) == 3


def test_who_is_refused_gets_no_identity(room: Room) -> None:
    for script in (True, False):
        refused = send(as_(guest()), f"/t/{room.id}/comments/", script=script, body=" ")
        assert (refused.status_code, refused.cookies) == (422, {})


def test_words_are_kept_when_the_database_cannot_be_written(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(**_: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("broadsheet.discussion.http.comments.post_comment", locked)
    page = send(as_(guest()), f"/t/{room.id}/comments/", body="Kept words", name="Anna")
    assert (page.status_code, page["Retry-After"]) == (503, "30")
    assert "The server is busy" in html(page)
    assert ">Kept words</textarea>" in html(page)
    answer = send(as_(guest()), f"/t/{room.id}/comments/", script=True, body="Kept")
    assert (answer.status_code, json.loads(html(answer))["code"]) == (503, "busy")


def test_a_comment_of_which_only_the_answer_was_lost_is_one_when_it_is_sent_again(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    def written(**sent: Any) -> None:
        api.post_comment(**sent)
        raise OperationalError("server closed the connection unexpectedly")

    device, path = guest(), f"/t/{room.id}/comments/"
    typed = {"body": "Kept words", "name": "Anna"}
    with monkeypatch.context() as patch:
        patch.setattr("broadsheet.discussion.http.comments.post_comment", written)
        page = send(as_(device), path, **typed, key="")
    (key,) = re.findall(r'name="key" value="([^"]+)"', html(page))
    for _ in range(2):
        assert send(as_(device), path, **typed, key=key).status_code == 303
    assert Comment.objects.count() == 1


def test_a_hidden_story_is_not_named(room: Room) -> None:
    device = guest()
    parent = room.post("Quiet words.", by=reader("Nell Roe")).number
    held = room.post("See https://a.example", by=device, policy=api.Policy(hold_first=True)).number
    api.open_thread(
        site="main", key=room.key, url="/s/secret/", title="Secret", language="en", now=room.now
    )
    api.hide_thread(site="main", key=room.key, now=room.now)
    for fields in ({"body": " "}, {"body": "Kept words", "parent": parent}):
        for script in (False, True):
            answer = send(as_(device), f"/t/{room.id}/comments/", script=script, **fields)
            assert answer.status_code == 403
            assert "story is not public" in html(answer)
            for secret in ("Secret", "secret", "Nell Roe", "Quiet"):
                assert secret not in html(answer)
    kept = send(as_(device), f"/t/{room.id}/comments/", body="Kept words")
    assert ">Kept words</textarea>" in html(kept)
    status = html(as_(device).get(f"/c/{held}/status/"))
    assert "https://a.example" in status
    assert "ecret" not in status


def test_staff_are_not_limited(room: Room, settings: Any, actors: Cast[Actor]) -> None:
    settings.DISCUSSION_LIMITS = {"post.person": (1, 30.0)}
    path = f"/t/{room.id}/comments/"
    for words in ("one", "two", "three"):
        assert send(as_(actors.editor), path, body=words).status_code == 303


@pytest.mark.parametrize(
    "path",
    [
        "/t/999999/comments/",
        "/c/999999/",
        "/c/999999999999999999/",
        "/c/9999999999999999999999/",
        "/c/0/",
        "/c/999999/status/",
        "/c/999999/vote/",
    ],
)
def test_what_is_not_there(room: Room, path: str) -> None:
    client = as_(guest())
    response = send(client, path, body="x", value=1) if path.startswith("/t/") else client.get(path)
    assert response.status_code == 404


def test_a_form_from_elsewhere_is_refused_with_its_words(room: Room) -> None:
    response = as_(guest()).post(
        f"/t/{room.id}/comments/", {"body": "Kept words"}, HTTP_SEC_FETCH_SITE="cross-site"
    )
    assert response.status_code == 403
    assert "Kept words" in html(response)  # type: ignore[arg-type]  # a response
    assert Comment.objects.count() == 0


def test_a_vote_comes_back_to_where_it_was_cast(room: Room, settings: Any) -> None:
    number = room.post().number
    us = settings.BROADSHEET_URL

    def back(referer: str) -> str:
        client = as_(guest())
        extra = {"HTTP_REFERER": referer} if referer else {}
        return str(client.post(f"/c/{number}/vote/", {"value": 1}, **FROM_US, **extra)["Location"])

    page = "/harbour/ferry/?sort=votes&after=abc"
    assert back(us + page) == f"{page}#c{number}"
    assert back(f"{us}{page}&evil=1&x=y") == f"{page}#c{number}"
    assert back(f"{us}/c/17/?after=x") == f"/c/17/?after=x#c{number}"
    for strange in (
        "",
        f"{us}/desk/",
        "https://evil.example/harbour/ferry/",
        f"{us}//evil.example/",
    ):
        assert back(strange) == f"/c/{number}/#c{number}"


def test_what_a_publisher_lets_votes_say(room: Room, actors: Cast[Actor], chosen: Chosen) -> None:
    number = room.post(by=actors.reader).number
    path, page = f"/c/{number}/vote/", f"/c/{number}/"
    device = guest()
    send(as_(device), path, value=-1)
    assert '<b class="num">0</b>' in html(Client().get(page))  # type: ignore[arg-type]
    assert '<b class="num">1</b>' not in html(Client().get(page))  # type: ignore[arg-type]
    chosen(votes="counted")
    assert 'Not useful <b class="num">1</b>' in html(Client().get(page))  # type: ignore[arg-type]
    changed = send(as_(guest()), path, script=True, value=-1)
    assert changed.json() == {"up": 0, "down": 2, "mine": -1}
    chosen(votes="up")
    assert "Not useful" not in html(Client().get(page))  # type: ignore[arg-type]
    assert "Not useful" in html(as_(device).get(path)), "or nobody sees what they said"  # type: ignore[arg-type]
    refused = send(as_(guest()), path, script=True, value=-1)
    assert (refused.status_code, refused.json()["code"]) == (422, "votes_up_only")
    assert send(as_(device), path, script=True, value=0).json() == {"up": 0, "mine": 0}


def test_what_votes_fold_can_be_opened(room: Room, actors: Cast[Actor], chosen: Chosen) -> None:
    root = room.post("A root", by=actors.reader).number
    below = [room.post(f"Words {n}", by=actors.reader, to=root).number for n in range(2)]
    for number, votes in zip(below, (2, 3), strict=True):
        for _ in range(votes):
            room.vote(number, -1, by=guest())

    def folded() -> list[str]:
        page = html(Client().get(f"/c/{root}/"))  # type: ignore[arg-type]
        return re.findall(r'<details class="low"><summary>[^<]+</summary>.*?<p>([^<]+)', page)

    assert folded() == []
    chosen(fold_below=-2)
    assert folded() == ["Words 1"]
    own = html(Client().get(f"/c/{below[1]}/"))  # type: ignore[arg-type]
    assert 'class="low"' not in own, "asked for, it is open"


def test_votes_for_the_script_and_by_hand(room: Room, actors: Cast[Actor]) -> None:
    number = room.post(by=actors.reader).number
    path = f"/c/{number}/vote/"
    device = guest()
    assert send(as_(device), path, script=True, value=1).json() == {"up": 1, "mine": 1}
    assert "You found this comment useful." in html(as_(device).get(path))  # type: ignore[arg-type]
    assert send(as_(device), path, script=True, value=0).json() == {"up": 0, "mine": 0}
    assert "You have not voted" in html(as_(device).get(path))  # type: ignore[arg-type]
    own = send(as_(actors.reader), path, value=1)
    assert own.status_code == 403
    assert "This is your own comment" in html(own)
    assert send(as_(device), path, value=7).status_code == 422
    assert send(as_(device), path, script=True, value="x").json()["code"] == "vote_value"


def test_what_is_mine(room: Room) -> None:
    device = guest()
    voted, own = room.post("a").number, room.post("b", by=device).number
    held = room.post("held <b>", by=device, to=voted, policy=api.Policy(hold_first=True), name="X")
    room.vote(voted, -1, by=device)
    response = as_(device).get(f"/me/thread/{room.id}/")
    assert response["Cache-Control"] == "private, no-store"
    mine = response.json()
    assert (mine["votes"], mine["own"]) == ({str(voted): -1}, [held.number, own])
    assert (mine["guest"], mine["moderator"]) == (True, False)
    (waiting,) = mine["held"]
    assert (waiting["number"], waiting["parent"], waiting["text"]) == (
        held.number,
        voted,
        "held <b>",
    )
    assert as_(guest()).get(f"/me/thread/{room.id}/").json()["held"] == []


MARKS = re.compile(r'<article class="c" id="c(\d+)" data-comment="(\d+)" data-parent="(\d*)"')


def test_the_page_of_a_comment_and_its_marks(room: Room) -> None:
    root = room.post("root <b>", by=reader("Anna <i>")).number
    reply = room.post("reply", to=root).number
    room.decide(reply, "remove", rule="hate")
    last = room.post("more", to=root).number
    response = as_(guest()).get(f"/c/{root}/")
    page = html(response)  # type: ignore[arg-type]
    assert "no-store" not in response["Cache-Control"]
    assert MARKS.findall(page) == [
        (str(root), str(root), ""),
        (str(reply), str(reply), str(root)),
        (str(last), str(last), str(root)),
    ]
    assert "Anna &lt;i&gt;" in page
    assert "root &lt;b&gt;" in page
    assert ">rule 2</a> · <a href=" in page
    assert 'aria-current="true"' in page
    assert page.count("<ol") == page.count("</ol>")
    assert page.count("<li>") == page.count("</li>")
    assert not re.search(r"<script(?!( type=\"module\")? src=)|style=|onclick", page)


def test_a_page_is_the_same_for_everybody(room: Room, actors: Cast[Actor]) -> None:
    root = room.post("root").number
    pages = {
        bytes(as_(person).get(f"/c/{root}/", HTTP_COOKIE="device=x; theme=dark").content)
        for person in (actors.owner, actors.reader, guest())
    }
    assert len(pages) == 1


def test_a_strange_query_is_no_error(room: Room) -> None:
    root = room.post("root").number
    for query in ("after=%00", "after=" + "x" * 5000, "after=AAAA", "after=%ff"):
        assert as_(guest()).get(f"/c/{root}/?{query}").status_code == 200


def test_imported_anchors_stand_in_the_page(room: Room) -> None:
    number = room.bring('12"3').number
    page = html(as_(guest()).get(f"/c/{number}/"))  # type: ignore[arg-type]
    assert '<a id="comment-12&quot;3"></a>' in page


def test_an_old_anchor_leads_to_its_comment(room: Room, now: datetime) -> None:
    number = room.bring("12").number
    room.bring("13", state="held")
    other = open_room(now=now, key="mill")
    client = as_(guest())
    found = client.get(f"/t/{room.id}/comment-12/")
    assert (found.status_code, found["Location"]) == (301, f"/c/{number}/#c{number}")
    assert found["Cache-Control"].startswith("public")
    for thread, anchor in ((room.id, 13), (room.id, 99), (other.id, 12)):
        assert client.get(f"/t/{thread}/comment-{anchor}/").status_code == 404, anchor
    api.hide_thread(site="main", key=room.key, now=now)
    assert client.get(f"/t/{room.id}/comment-12/").status_code == 404


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("owner", 200),
        ("editor", 200),
        ("moderator", 200),
        ("reporter", 403),
        ("reader", 403),
        ("banned_reader", 403),
        ("stranger", 403),
        ("guest", 302),
    ],
)
def test_who_sees_the_queue(room: Room, actors: Cast[Actor], name: str, status: int) -> None:
    held = room.post("waits here", policy=api.Policy()).number
    response = as_(actors[name]).get("/moderation/queue/")
    assert response.status_code == status
    assert ("waits here" in html(response)) == (status == 200)  # type: ignore[arg-type]
    taken = send(as_(actors[name]), "/moderation/queue/decisions/", number=held, verb="publish")
    assert taken.status_code == (303 if status == 200 else 403)
    assert row(held).state == ("published" if status == 200 else "held")


def test_a_moderator_removes_with_a_rule_and_is_told(room: Room, actors: Cast[Actor]) -> None:
    root = room.post("What is answered.", by=reader("Anna")).number
    number = room.post(
        "See https://spam.example/x", to=root, policy=api.Policy(hold_first=False)
    ).number
    page = html(as_(actors.moderator).get("/moderation/queue/"))  # type: ignore[arg-type]
    for expected in (
        "The last ferry",
        "What is answered.",
        "https://spam.example/x",
        "In reply to Anna",
    ):
        assert expected in page

    fields = {"number": number, "verb": "remove", "reason": "Kept words"}
    refused = send(as_(actors.moderator), "/moderation/queue/decisions/", rule="", **fields)
    assert refused.status_code == 422
    assert "Choose the rule" in html(refused)
    assert "Kept words" in html(refused)
    ids = re.findall(r'\bid="([^"]+)"', html(refused))
    assert len(ids) == len(set(ids))

    taken = send(
        as_(actors.moderator), "/moderation/queue/decisions/", rule="advertising", **fields
    )
    assert taken["Location"] == f"/moderation/queue/?done={number}"
    after = html(as_(actors.moderator).get(str(taken["Location"])))  # type: ignore[arg-type]
    assert f"Comment {number} is removed: rule 4, Advertising." in after
    again = send(
        as_(actors.moderator), "/moderation/queue/decisions/", rule="advertising", **fields
    )
    assert again.status_code == 409


@pytest.mark.parametrize(
    "fields", [{}, {"number": "x", "verb": "publish"}, {"number": 1, "verb": "x"}]
)
def test_a_damaged_decision_is_no_error(room: Room, actors: Cast[Actor], fields: Any) -> None:
    room.post()
    assert send(as_(actors.owner), "/moderation/queue/decisions/", **fields).status_code == 422
    missing = send(as_(actors.owner), "/moderation/queue/decisions/", number=2**62, verb="publish")
    assert missing.status_code == 404


def fragment(room: Room, query: str = "") -> str:
    """Draw the fragment as the page of a story does."""
    from django.template.loader import render_to_string
    from django.test import RequestFactory

    from broadsheet.discussion.http.thread import thread_context

    request = RequestFactory().get(f"/harbour/ferry/{query}")
    context = thread_context(request, site="main", key=room.key)
    return render_to_string("discussion/thread.html", context)


def test_a_talk_of_two_is_marked_for_the_style(room: Room) -> None:
    ada, ben = reader("Ada"), reader("Ben")
    number = room.post("A question.", by=ada).number
    for turn in (ben, ada, ben):
        number = room.post("Words.", by=turn, to=number).number
    page = fragment(room)
    assert page.count('<details class="replies" open>') == 1
    assert page.count('<details class="replies straight" open>') == 2
    assert len(re.findall(r'<p class="to" id="r\d+">in reply to', page)) == 2


def test_the_fragment_has_its_marks(room: Room) -> None:
    fill_roots(room, 25)
    number = room.post("Newest of all").number
    page = fragment(room)
    assert f'<section class="room" id="discussion" data-thread="{room.id}"' in page
    assert '<form class="composer" id="composer" method="post"' in page
    for name in ("body", "name", "email", "parent", "key", "website"):
        assert f'name="{name}"' in page
    assert (
        f'<form class="vote" method="post" action="/c/{number}/vote/" data-vote="{number}">' in page
    )
    assert f'<a href="?reply={number}#composer" data-reply="{number}">' in page
    assert len(MARKS.findall(page)) == 20
    assert 'rel="next"' in page
    assert '?sort=newest#discussion" aria-current="true">Newest<' in page
    assert "26 comments" in page
    oldest = fragment(room, "?sort=oldest")
    assert "Newest of all" not in oldest
    after = re.search(r'rel="next" href="[^"]*\?([^"#]*)#discussion', oldest)
    assert after is not None
    second = fragment(room, "?" + after[1].replace("&amp;", "&"))
    assert "Newest of all" in second
    assert "You have reached the end." in second


def test_the_composer_answers_somebody(room: Room) -> None:
    number = room.post("Who knows?", by=reader("Anna")).number
    page = fragment(room, f"?reply={number}")
    assert "Reply to Anna" in page
    assert f'name="parent" value="{number}"' in page
    for strange in ("x", "", "-1", "9" * 40, str(number + 5), "%00"):
        assert 'name="parent" value=""' in fragment(room, f"?reply={strange}")


def test_answering_keeps_the_order_and_shows_what_is_answered(room: Room) -> None:
    words = "You cannot count <them> &amp; take away the bus. " * 9
    number = room.post(f"{words}\n\nThen.").number
    page = fragment(room, "?sort=oldest")
    assert f'href="?sort=oldest&amp;reply={number}#composer"' in page
    page = fragment(room, f"?sort=oldest&reply={number}")
    assert '<blockquote dir="auto">You cannot count &lt;them&gt; &amp; take away' in page
    assert len(re.findall(r'<blockquote dir="auto">([^<]*)', page)[0]) < 320
    assert f'<a href="#c{number}">See it in its place</a>' in page
    assert 'href="/harbour/ferry/?sort=oldest#composer">Comment on the story instead' in page
    assert f'?sort=votes&amp;reply={number}#discussion"' in page
    assert '<input type="hidden" name="sort" value="oldest">' in page
    assert 'name="sort"' not in fragment(room, f"?reply={number}&sort=newest")
    # Beyond the first page it stands by itself.
    for at in range(20):
        room.post(f"More {at}")
    assert f'<a href="/c/{number}/#c{number}">See it' in fragment(room, f"?reply={number}")


def test_a_refused_answer_keeps_the_order_and_what_it_answers(room: Room) -> None:
    number = room.post("Who knows?").number
    form = {"body": "", "parent": str(number), "sort": "votes"}
    page = html(send(as_(guest()), f"/t/{room.id}/comments/", **form))
    assert '<blockquote dir="auto">Who knows?</blockquote>' in page
    assert '<input type="hidden" name="sort" value="votes">' in page
    assert 'href="/harbour/ferry/?sort=votes#discussion">Back to the discussion' in page
    odd = html(send(as_(guest()), f"/t/{room.id}/comments/", **form | {"sort": '"><b>'}))
    assert 'name="sort"' not in odd


def test_a_full_stop_follows_no_headline(room: Room, actors: Cast[Actor]) -> None:
    api.open_thread(
        site="main",
        key=room.key,
        url="/harbour/ferry/",
        title="It is so.",
        language="en",
        now=room.now,
    )
    room.post("here")
    page = html(as_(actors.owner).get("/moderation/queue/?show=newest"))  # type: ignore[arg-type]
    assert re.search(
        r'Published\. On the story <a href="/harbour/ferry/"><bdi>It is so\.</bdi></a></p>', page
    )


def test_an_empty_room_and_a_closed_one(room: Room, actors: Cast[Actor]) -> None:
    page = fragment(room)
    assert "Nobody has commented yet." in page
    assert '<ol class="thread"' in page
    assert "aria-current" not in page
    api.close_thread(actor=actors.owner, thread_id=room.id, now=room.now)
    closed = fragment(room)
    assert "This discussion is closed" in closed
    assert "composer" not in closed.replace("#composer", "")


def test_a_deep_thread_is_drawn(room: Room) -> None:
    fill_chain(room, length=300)
    page = fragment(room)
    assert page.count("<ol") == page.count("</ol>") == 8
    assert "269 more replies" in page
    assert page.count('<p class="to" ') == 27
    numbers = [int(found[0]) for found in MARKS.findall(page)]
    assert len(numbers) == 31


def test_everything_typed_is_escaped_everywhere(room: Room, actors: Cast[Actor]) -> None:
    marker = "<img src=x onerror=alert(1)>\"'"
    device = guest()
    held = room.post(
        marker, by=device, name=marker, email="a@b.example", policy=api.Policy()
    ).number
    open_ = room.post(marker + "2", by=device, name=marker).number
    api.open_thread(
        site="main", key=room.key, url="/harbour/ferry/", title=marker, language="en", now=room.now
    )
    room.decide(open_, "remove", rule="other", reason=marker)
    pages = [
        fragment(room, f"?reply={open_}"),
        html(as_(device).get(f"/c/{held}/status/")),  # type: ignore[arg-type]
        html(as_(device).get(f"/c/{open_}/status/")),  # type: ignore[arg-type]
        html(as_(device).get(f"/c/{open_}/")),  # type: ignore[arg-type]
        html(as_(actors.owner).get(f"/moderation/queue/?done={held}")),  # type: ignore[arg-type]
        html(send(as_(device), f"/t/{room.id}/comments/", body=marker, name=marker, email=marker)),
    ]
    for page in pages:
        assert "<img src=x" not in page


def test_json_is_data(room: Room) -> None:
    device = guest()
    room.post("</script><b>", by=device, policy=api.Policy())
    response = as_(device).get(f"/me/thread/{room.id}/")
    assert response["Content-Type"] == "application/json"
    assert json.loads(response.content)["held"][0]["text"] == "</script><b>"


@pytest.mark.parametrize(
    "written", ["{n}", "c{n}", " https://post.example/town/x/#c{n} ", "/c/{n}/"]
)
def test_a_moderator_finds_a_comment_however_its_address_is_written(
    room: Room, actors: Cast[Actor], written: str
) -> None:
    number = room.post("Said long ago.").number
    page = html(
        as_(actors.moderator).get("/moderation/queue/", {"comment": written.format(n=number)})
    )  # type: ignore[arg-type]
    assert "The comment you asked for" in page
    assert page.count("Said long ago.") == 1
    none = as_(actors.moderator).get("/moderation/queue/", {"comment": "9" * 40})
    assert "There is no comment by that number." in html(none)  # type: ignore[arg-type]


def test_a_preview_is_what_would_be_stored_and_nothing_is(room: Room) -> None:
    device, path = guest(), f"/t/{room.id}/preview/"
    words = "**Look** at <b>this</b> https://a.example/x <script>alert(1)</script>"
    told = send(as_(device), path, script=True, body=words)
    assert (told.status_code, told.cookies) == (200, {})
    assert not Comment.objects.exists()
    shown = told.json()["html"]
    posted = send(as_(device), f"/t/{room.id}/comments/", script=True, body=words)
    assert shown == Comment.objects.get(pk=posted.json()["number"]).html
    assert "<strong>Look</strong>" in shown
    assert "<script" not in shown

    target = room.post("What they said.").number
    fields = {
        "body": words,
        "name": "Anna",
        "email": "a@b.example",
        "parent": target,
        "sort": "votes",
    }
    page = send(as_(device), path, **fields)
    assert (page.status_code, page["Cache-Control"]) == (200, "private, no-store")
    assert shown in html(page)
    assert f'name="parent" value="{target}"' in html(page)
    assert "**Look** at &lt;b&gt;" in html(page)
    for kept in ("Anna", "a@b.example", "votes"):
        assert f'value="{kept}"' in html(page)


def test_what_cannot_be_posted_has_no_preview(room: Room) -> None:
    path = f"/t/{room.id}/preview/"
    assert send(as_(guest()), path, script=True, body=" ").json()["code"] == "empty"
    long = send(as_(guest()), path, body="x" * 6000)
    assert (long.status_code, "x" * 6000 in html(long)) == (422, True)
    assert send(as_(guest()), "/t/999999/preview/", body="x").status_code == 404
    assert as_(guest()).get(path).status_code == 405
    api.close_thread(actor=moderator(), thread_id=room.id, now=room.now)
    assert send(as_(guest()), path, script=True, body="Hello").json()["code"] == "closed"


def test_previews_are_bounded(room: Room) -> None:
    device = guest()
    codes = {
        send(as_(device), f"/t/{room.id}/preview/", script=True, body="x").status_code
        for _ in range(32)
    }
    assert codes == {200, 429}


def test_what_one_wrote_in_a_discussion_is_one_private_page(room: Room) -> None:
    device = guest()
    one = room.post("Published words.", by=device).number
    other = room.post("See www.a.example", by=device, policy=api.Policy()).number
    room.post("Somebody else's.")
    page = as_(device).get(f"/me/thread/{room.id}/comments/")
    assert page["Cache-Control"] == "private, no-store"
    text = html(page)
    assert text.index("See ") < text.index("Published words.")
    assert f"/c/{one}/#c{one}" in text
    assert f"/c/{other}/status/" in text
    assert "It waits for a moderator" in text
    assert "Somebody else" not in text
    assert "Published words." not in html(as_(guest()).get(f"/me/thread/{room.id}/comments/"))
    assert as_(device).get("/me/thread/999999/comments/").status_code == 404


def test_the_invitation_is_the_publishers(settings: Any) -> None:
    def having(**values: str) -> str:
        config = settings.CONFIG
        settings.CONFIG = replace(config, values=config.values | values)
        return invitation()

    assert having() == "What do you know about this, or want to know?"
    with override("de"):
        assert having() == "Was wissen Sie darüber, oder was möchten Sie wissen?"
        assert having(invitation="Post") == "Post", "a publisher's words are no message of ours"
    assert having(bubble="off") == ""
    assert having(bubble="floating", invitation="") == ""


def test_forms_share_their_fields_and_nothing_else() -> None:
    from broadsheet.discussion.http.forms import CommentForm

    bad, good = CommentForm({"email": "nowhere"}), CommentForm({"body": "Words."})
    assert bad.fields is good.fields
    assert (bad.problem(), good.problem()) == (("email", "email"), ("", ""))
    assert CommentForm({"body": "Other words."}).problem() == ("", "")
    assert good.cleaned_data["body"] == "Words."
