"""Notices of illegal content, and statements of reasons."""

import csv
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.http import HttpResponse
from django.test import Client

from broadsheet.discussion import api
from broadsheet.discussion.http import limits
from broadsheet.discussion.http import notices as pages
from broadsheet.discussion.models import Notice, Report
from broadsheet.discussion.notices import reasons
from broadsheet.discussion.notices.operations import send_notice
from broadsheet.discussion.notices.reasons import statement_of, statements
from broadsheet.discussion.rules.noticing import SENDER_KEPT, Sent, is_complete
from broadsheet.discussion.rules.reasons import RESTRICTING, Restriction, statement
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import Refused
from discussion.making import Room, guest, moderator, problems
from discussion.test_http import as_
from discussion.test_posting import queries_of
from people import Cast

FULL = Sent("Line 2 calls for violence.", "§ 111", "Ana Wren", "ana@wren.example", good_faith=True)
AT = datetime(2026, 6, 12, 9, 36, tzinfo=UTC)
REMOVED = Restriction(
    number=7, verb="remove", rule="hate", title="Hate", sentence="Nobody is belittled.", law=False,
    facts="Names.", automatic=False, reported=False, noticed=False, language="de-AT",
    has_image=False, written_at=AT, at=AT, version=2,
)  # fmt: skip


@pytest.fixture(autouse=True)
def _people(settings: Any) -> None:
    settings.BROADSHEET_ACTOR = "discussion.test_http.actor_of"
    limits.forget()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, ""),
        ({"words": ""}, "notice_words"),
        ({"words": "x" * 3001}, "report_too_long"),
        ({"name": ""}, "notice_name"),
        ({"email": ""}, "notice_email"),
        ({"good_faith": False}, "notice_faith"),
        ({"name": "", "email": "", "abuse": True}, ""),
        ({"law": ""}, ""),
        ({"authority": True}, ""),
    ],
)
def test_what_a_notice_has_to_say(change: dict[str, object], code: str) -> None:
    verdict = is_complete(sent=replace(FULL, **change))  # type: ignore[arg-type]  # its own fields
    assert (verdict.code if isinstance(verdict, Refused) else "") == code


def test_the_fields_of_a_statement() -> None:
    assert statement(REMOVED) == {
        "puid": 7,
        "decision_visibility": "DECISION_VISIBILITY_CONTENT_REMOVED",
        "decision_ground": "DECISION_GROUND_INCOMPATIBLE_CONTENT",
        "incompatible_content_ground": "Hate",
        "incompatible_content_explanation": "Nobody is belittled.",
        "decision_facts": "Names.",
        "source_type": "SOURCE_VOLUNTARY",
        "automated_detection": "No",
        "automated_decision": "AUTOMATED_DECISION_NOT_AUTOMATED",
        "content_type": ("CONTENT_TYPE_TEXT",),
        "content_language": "DE",
        "content_date": "2026-06-12",
        "application_date": "2026-06-12",
        "redress": ("INTERNAL_COMPLAINT", "JUDICIAL"),
        "house_rules_version": 2,
    }


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"law": True}, {"decision_ground": "DECISION_GROUND_ILLEGAL_CONTENT"}),
        ({"law": True}, {"illegal_content_legal_ground": "Hate"}),
        ({"verb": "hold"}, {"decision_visibility": "DECISION_VISIBILITY_CONTENT_DISABLED"}),
        ({"verb": "mute"}, {"decision_provision": "DECISION_PROVISION_PARTIAL_SUSPENSION"}),
        ({"verb": "ban"}, {"decision_account": "DECISION_ACCOUNT_TERMINATED"}),
        ({"verb": "suspend", "until": AT}, {"end_date": "2026-06-12"}),
        ({"noticed": True, "reported": True}, {"source_type": "SOURCE_ARTICLE_16"}),
        ({"reported": True}, {"source_type": "SOURCE_TYPE_OTHER_NOTIFICATION"}),
        ({"automatic": True}, {"automated_detection": "Yes"}),
        ({"has_image": True}, {"content_type": ("CONTENT_TYPE_TEXT", "CONTENT_TYPE_IMAGE")}),
    ],
)
def test_what_makes_a_statement_another(change: dict[str, object], said: dict[str, object]) -> None:
    found = statement(replace(REMOVED, **change))  # type: ignore[arg-type]  # its own fields
    assert {name: found[name] for name in said} == said


def test_every_measure_can_be_stated() -> None:
    for verb in RESTRICTING:
        assert statement(replace(REMOVED, verb=verb))["puid"] == 7


def send(client: Client, **fields: object) -> HttpResponse:
    typed = {
        "address": "https://post.example/c/1/#c1", "words": "It calls for <b>violence</b>.",
        "law": "§ 111", "name": "Ana Wren", "email": "ana@wren.example", "good_faith": "on",
    } | fields  # fmt: skip
    answer: HttpResponse = client.post("/report/", typed, headers={"Sec-Fetch-Site": "same-origin"})
    return answer


def text(response: HttpResponse) -> str:
    return BeautifulSoup(response.content, "html.parser").main.text  # type: ignore[union-attr]  # a page has one


def test_a_notice_is_acknowledged_decided_and_answered(room: Room) -> None:
    number = room.post("Burn it.").number
    form = as_(guest()).get(f"/report/?comment={number}").content.decode()
    assert f'value="{number}"' in form
    taken = send(as_(guest()), address=f"/c/{number}/")
    assert taken.status_code == 303
    page = taken["Location"]
    assert "Notice 1" in text(as_(guest()).get(page))
    assert "&lt;b&gt;" in as_(guest()).get(page).content.decode()
    assert as_(guest()).get("/report/unknown/").status_code == 404
    assert room.waiting("notice") == room.waiting("reported") == [number]
    queue = text(as_(moderator()).get("/moderation/queue/?show=notice"))  # type: ignore[arg-type]
    assert "a notice of illegal content (1)" in queue
    assert "calls for" in queue

    done = room.decide(number, "remove", rule="unlawful", reason="A call for arson.")
    assert room.waiting("notice") == []
    told = text(as_(guest()).get(page))
    assert "the comment is removed or held back" in told
    assert f"log {done.sequence}" in told
    said = statement_of(number=done.sequence)
    assert said is not None
    assert (said["source_type"], said["decision_ground"]) == (
        "SOURCE_ARTICLE_16",
        "DECISION_GROUND_ILLEGAL_CONTENT",
    )
    api.undo_decision(actor=moderator(), sequence=done.sequence, now=room.tick())
    assert room.waiting("notice") == [number]
    assert problems() == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"words": " "}, "Say why this is against the law"),
        ({"address": "https://post.example/town/"}, "no address of a comment here"),
        ({"address": "/c/99999/"}, "no address of a comment here"),
        ({"name": ""}, "Write your name"),
        ({"email": "nobody"}, "Write an e-mail address"),
        ({"good_faith": ""}, "Confirm that what you say"),
        ({"law": "x" * 400}, "damaged"),
    ],
)
def test_nothing_typed_is_lost(room: Room, fields: dict[str, str], said: str) -> None:
    number = room.post("Burn it.").number
    typed = {"address": f"/c/{number}/", "law": "a law of ours", "authority": "on"} | fields
    if not typed.get("good_faith", "on"):
        typed.pop("good_faith")
    answer = (
        send(as_(guest()), **typed)
        if "good_faith" not in fields
        else as_(guest()).post(
            "/report/",
            {"words": "It calls for it.", "name": "Ana", "email": "ana@wren.example", **typed},
            headers={"Sec-Fetch-Site": "same-origin"},
        )
    )
    assert answer.status_code == 422
    page = BeautifulSoup(answer.content, "html.parser")
    assert said in page.select_one(".refusal").text  # type: ignore[union-attr]  # it is there
    assert page.select_one("[name=authority]").has_attr("checked")  # type: ignore[union-attr]  # as above
    assert page.select_one("[name=law]")["value"] == typed["law"]  # type: ignore[index]  # as above
    assert not Report.objects.exists()
    assert not Notice.objects.exists()


def test_what_is_not_public_gets_no_notice(room: Room) -> None:
    number = room.post("Burn it.").number
    room.decide(number, "remove", rule="hate")
    assert "not public at present" in send(as_(guest()), address=f"/c/{number}/").content.decode()


def test_the_author_reads_the_statement_of_reasons(room: Room) -> None:
    device = guest()
    number = room.post("Burn it.", by=device).number
    room.report(number, "hate")
    room.decide(number, "remove", rule="hate", reason="Whole groups.")
    page = BeautifulSoup(as_(device).get(f"/c/{number}/status/").content, "html.parser")
    said = page.select_one("details.statement").text  # type: ignore[union-attr]  # it is there
    for words in (
        "The comment is removed",
        "Hate",
        "Whole groups.",
        "a report by readers",
        "decided by a person",
        "everywhere",
    ):
        assert words in said
    room.decide(number, "restore")
    page = BeautifulSoup(as_(device).get(f"/c/{number}/status/").content, "html.parser")
    assert page.select_one("details.statement") is None


def sent(client: Client, address: str) -> list[str]:
    """Return the lines of what is sent as it is read."""
    response = client.get(address)
    assert response.streaming
    return b"".join(response).decode().splitlines()


def test_statements_are_sent_as_they_are_read(
    room: Room, actors: Cast[Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reasons, "_TOGETHER", 2)
    number = room.post("Words.").number
    for _ in range(5):
        room.decide(number, "remove", rule="other", reason="Why.")
        room.decide(number, "restore")
    client = as_(actors.moderator)
    response = iter(client.get("/moderation/statements.jsonl"))
    first = queries_of(lambda: next(response))
    assert first == queries_of(lambda: list(islice(response, 2))), "a part, and the next"
    assert len(list(response)) == 2
    monkeypatch.setattr(pages, "MOST", 3)
    assert len(sent(client, "/moderation/statements.csv")) == 4, "a head, and as many as are sent"
    assert [json.loads(one)["puid"] for one in sent(client, "/moderation/statements.jsonl")] == [
        1,
        3,
        5,
    ]


def test_staff_take_the_statements_away(room: Room, actors: Cast[Actor]) -> None:
    for n in range(3):
        number = room.post(f"n {n}").number
        room.decide(number, "remove", rule="other", reason="=HYPERLINK(1)")
        room.decide(number, "restore")
    client = as_(actors.moderator)
    lines = sent(client, "/moderation/statements.jsonl")
    assert [json.loads(line)["puid"] for line in lines] == [1, 3, 5]
    rows = list(csv.DictReader(sent(client, "/moderation/statements.csv?after=1")))
    assert [row["puid"] for row in rows] == ["3", "5"]
    assert rows[0]["decision_facts"] == "'=HYPERLINK(1)"
    assert [one["puid"] for one in statements(limit=2)] == [1, 3]
    assert client.get("/moderation/statements.exe").status_code == 404
    for who in ("reader", "reporter"):
        assert as_(actors[who]).get("/moderation/statements.csv").status_code == 403


def test_moderators_read_who_sends_a_notice_until_it_was_decided_long_ago(room: Room) -> None:
    number = room.post("Fight them.").number
    api_number = send_notice(comment_id=number, sent=FULL, now=room.tick()).number
    page = as_(moderator()).get("/moderation/queue/?show=notice").content.decode()
    for said in (f"Notice {api_number}", "§ 111", "Ana Wren", "ana@wren.example"):
        assert said in page
    room.decide(number, "remove")
    assert api.forget_senders(now=room.now + SENDER_KEPT - timedelta(days=1)) == 0
    assert api.forget_senders(now=room.now + SENDER_KEPT) == 1
    assert api.forget_senders(now=room.now + SENDER_KEPT) == 0
    (kept,) = Notice.objects.all()
    assert (kept.name, kept.email, kept.law) == ("", "", "§ 111")
    assert problems() == []
