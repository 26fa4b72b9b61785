"""A thread for search engines: its first public comments, each below what it answers."""

from typing import Any

from broadsheet.discussion.http.structured import MOST_COMMENTS, forum_posting
from discussion.making import Room

BASE = "https://post.example"


def posting(room: Room) -> dict[str, Any]:
    found = forum_posting(room.page(), base_url=BASE, author={}, published="2026-06-12", text="")
    assert found is not None
    return found


def texts(nodes: list[dict[str, Any]]) -> list[Any]:
    return [[node["text"], *texts(node.get("comment", []))] for node in nodes]


def test_so_many_are_in_it_and_how_many_there_are_is_said(room: Room) -> None:
    for number in range(MOST_COMMENTS + 3):
        room.post(f"Comment {number}.")
    found = posting(room)
    newest = range(MOST_COMMENTS + 2, 2, -1)
    assert texts(found["comment"]) == [[f"Comment {number}."] for number in newest]
    assert found["commentCount"] == MOST_COMMENTS + 3


def test_what_answers_a_stub_takes_no_place_from_another(room: Room) -> None:
    root = room.post("Before.").number
    room.post("An answer.", to=root)
    gone = room.post("Gone soon.").number
    for _ in range(MOST_COMMENTS):
        below = room.post("Below it.", to=gone).number
        room.post("Further down.", to=below)
    room.decide(gone, "remove")
    assert texts(posting(room)["comment"]) == [["Before.", ["An answer."]]]
