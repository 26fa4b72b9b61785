"""How many questions each public page asks the database: a change here is a decision."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from broadsheet.discussion import api as discussion
from broadsheet.kit.actor import Actor
from broadsheet.stories import api as stories
from demonstrated import load_quickly
from newsroom import make_image, make_story
from people import Cast

pytestmark = pytest.mark.slow
STORY = "/town/the-last-ferry-is-coming-back/"
PINNED = {
    "/": 18,
    "/town/": 12,
    STORY: 24,
    f"{STORY}?sort=oldest": 24,
    f"{STORY}?sort=votes": 24,
    f"{STORY}?reply=FIRST": 25,
    f"{STORY}?at=FIRST": 25,
    "/people/piers-okonjo/": 12,
    "/topics/ferry/": 11,
    "/archive/": 7,
    "/archive/2026/06/": 12,
    "/search/?q=ferry": 12,
    "/corrections/": 5,
    "/c/FIRST/": 8,
    "/support/": 8,
    "/support/2026-06/": 8,
    "/feed.xml": 6,
    "/no/such/page/": 2,
}


def counted(first: int) -> dict[str, int]:
    """Count the queries of every page, of a server that has shown it before."""
    client, counts = Client(), {}
    for path in PINNED:
        real = path.replace("FIRST", str(first))
        client.get(real)
        with CaptureQueriesContext(connection) as queries:
            response: Any = client.get(real)
        assert response.status_code in {200, 404}, (path, response.status_code)
        counts[path] = len(queries)
    return counts


def first_comment() -> int:
    from broadsheet.discussion.models import Comment

    return int(Comment.objects.order_by("pk").values_list("pk", flat=True)[0])


@pytest.fixture(autouse=True)
def _demonstration(db: None, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (
        "funding.http.views",
        "funding.http.context",
        "site.context",
        "site.middleware.publication",
        "stories.http.jsonld",
        "stories.http.feed",
    ):
        monkeypatch.setattr(f"broadsheet.{module}.utcnow", lambda: now)
    load_quickly(monkeypatch, now=now)


def test_each_public_page_asks_as_often_as_it_did() -> None:
    assert counted(first_comment()) == PINNED


def test_no_page_asks_more_often_when_there_is_more(now: datetime, actors: Cast[Actor]) -> None:
    first = first_comment()
    ferry = stories.StoryPage.objects.get(slug="the-last-ferry-is-coming-back")
    for number, name in enumerate(("Piers Okonjo", "Ada Holm", "Noor Idris")):
        add_byline(ferry, name)
        section = ferry.get_parent().specific
        at = now - timedelta(days=number)
        make_story(section, at=at, headline=name, bylines=(name,), lead_image=make_image())
    thread = discussion.open_thread(
        site="main",
        key=str(ferry.uuid),
        url=stories.url_of(ferry),
        title=ferry.title,
        language="en",
        now=now,
    )
    for number in range(12):
        discussion.post_comment(
            actor=actors.guest,
            thread_id=thread,
            parent_id=first if number % 2 else None,
            source=f"More, number {number}.",
            policy=discussion.Policy(hold_first=False),
            now=now,
        )
    # What is on the page by now may need less: a comment with a quotation went to the next one.
    more = {path: n for path, n in counted(first).items() if n > PINNED[path]}
    assert more == {}


def add_byline(page: Any, name: str) -> None:
    person, _ = stories.Person.objects.get_or_create(name=name, slug=name.lower().replace(" ", "-"))
    stories.Byline.objects.create(story=page, person=person, sort_order=9)
