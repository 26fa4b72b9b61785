"""Who is asking: guests by what their device shows, as the whole site sees them."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from broadsheet.discussion import api as discussion
from broadsheet.discussion.http import limits
from broadsheet.discussion.models import Comment

SAME = {"HTTP_SEC_FETCH_SITE": "same-origin"}


@pytest.fixture
def thread(db: None, now: datetime) -> int:
    limits.forget()
    return discussion.open_thread(
        site="main", key="a", url="/a/", title="A", language="en", now=now
    )


def write(thread: int, words: str, *, client: Client | None = None, **headers: str) -> Any:
    client = client or Client()
    return client, client.post(f"/t/{thread}/comments/", {"body": words}, **SAME, **headers)  # type: ignore[arg-type]


def test_a_double_click_without_a_script_is_one_comment(thread: int) -> None:
    """The browser drops the first answer, cookie and all, and shows the second."""
    first, answer = write(thread, "Pressed twice.")
    second, again = write(thread, "Pressed twice.")
    assert again["Location"] == answer["Location"]
    assert Comment.objects.count() == 1
    assert second.get(again["Location"]).status_code == 200
    assert first.get(again["Location"]).status_code == 200
    # From then on it is one device.
    write(thread, "And a word more.", client=second)
    assert Comment.objects.values("author").distinct().count() == 1
    elsewhere, other = write(thread, "Pressed twice.", REMOTE_ADDR="203.0.113.9")
    assert other["Location"] != answer["Location"]
    assert elsewhere.get(answer["Location"]).status_code == 404


def test_an_identity_is_given_once_and_only_for_what_was_taken(thread: int) -> None:
    client, refused = write(thread, " ")
    assert (refused.status_code, refused.cookies) == (422, {})
    assert write(thread, "Taken.", client=client)[1].cookies
    assert not write(thread, "Taken too.", client=client)[1].cookies
