from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.contrib.redirects.models import Redirect

from broadsheet.stories import api as stories
from newsroom import make_section, make_story


@pytest.mark.parametrize(
    ("old", "asked"),
    [
        ("/2019/05/ferry", "/2019/05/ferry/"),
        ("/2019/05/ferry", "/2019/05/ferry"),
        ("/?p=12", "/?p=12"),
        ("/?p=12", "/?p=12&utm_source=newsletter"),
    ],
)
def test_an_old_address_leads_to_the_story(db: None, now: datetime, old: str, asked: str) -> None:
    story = make_story(make_section(), at=now)
    Redirect.objects.create(old_path=old, redirect_page=story)
    answer = Client().get(asked, follow=False)
    while answer.status_code == 301 and answer.headers["Location"] == asked + "/":
        answer = Client().get(asked + "/")
    assert (answer.status_code, answer.headers["Location"]) == (301, stories.url_of(story))
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_an_old_address_of_a_draft_does_not_betray_it(db: None, now: datetime) -> None:
    draft = make_story(make_section(), at=now, live=False)
    Redirect.objects.create(old_path="/2019/05/ferry", redirect_page=draft)
    assert Client().get("/2019/05/ferry/").status_code == 404


@pytest.mark.parametrize("query", ["p=99", "cat=7", "p=99&page=2", "feed=rss2&p=x"])
def test_a_number_that_leads_nowhere_leads_to_the_front_page(db: None, query: str) -> None:
    """To the one that is kept: it is not drawn for whoever counts through all numbers."""
    answer = Client().get(f"/?{query}")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_page_that_is_here_asks_nothing_about_old_addresses(db: None, now: datetime) -> None:
    make_story(make_section(), at=now)
    with CaptureQueriesContext(connection) as asked:
        assert Client().get("/town/").status_code == 200
    assert not [query for query in asked if "redirects" in query["sql"]]
