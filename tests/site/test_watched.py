"""No public page shows a row whose change would leave it standing."""

import re
from datetime import datetime
from typing import Any, Final

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from broadsheet.discussion.models import Comment, Decision, Thread
from broadsheet.kit.clock import utcnow
from broadsheet.pagestore import triggers
from broadsheet.pagestore.api import ANYTHING, SLIP, Slip
from broadsheet.site.watched import WATCHED
from broadsheet.stories.models import StoryPage
from demonstrated import load_quickly

pytestmark = pytest.mark.slow

# Read for public pages, and watched by nobody, because:
UNWATCHED: Final = {
    "discussion_comment at /moderation/": "counted now, for a minute, where nobody kept figures",
    "django_content_type": "it changes with the program alone",
    "discussion_chainhead": "it moves with a decision",
    "discussion_moved": "it is written with a decision",
    "discussion_votetally": "an import writes the comment's counts with it",
    "wagtailsearch_indexentry_fts": "SQLite writes it with wagtailsearch_indexentry",
}
TABLE: Final = re.compile(r'(?:FROM|JOIN)\s+"?([a-z_]+)"?', re.IGNORECASE)
STORY: Final = "/town/the-last-ferry-is-coming-back/"


def addresses() -> list[str]:
    number = Comment.objects.filter(state="published").order_by("pk")[0].pk
    answered = Comment.objects.filter(state="published", parent__isnull=False).order_by("pk")[0].pk
    edited = Comment.objects.filter(revision__gt=1, state="published").order_by("pk").first()
    thread = Thread.objects.get(url=STORY)
    uuid = StoryPage.objects.get(slug=STORY.split("/")[2]).uuid
    decision = Decision.objects.order_by("sequence")[0].sequence
    return [
        *("/", "/town/", STORY, f"{STORY}?sort=oldest", f"{STORY}?sort=votes"),
        *(f"{STORY}?show=staff", f"{STORY}?show=inline", f"{STORY}?at={answered}"),
        *(f"{STORY}?reply={number}", f"/s/{uuid}/", f"/s/{uuid}/versions/"),
        *("/people/piers-okonjo/", "/topics/ferry/", "/archive/", "/archive/2026/06/"),
        *("/search/?q=ferry", "/corrections/", "/corrections/feed.xml", "/feed.xml", "/feed.json"),
        *("/town/feed.xml", "/sitemap.xml", "/sitemap/pages.xml", "/sitemap-news.xml"),
        *("/robots.txt", "/trust.txt", f"/oembed?url=http://127.0.0.1:8000{STORY}"),
        *(f"/c/{number}/", f"/c/{answered}/", f"/t/{thread.pk}/since/0/"),
        *((f"/c/{edited.pk}/versions/",) if edited else ()),
        *("/rules/", "/rules/1/", "/moderation/", f"/moderation/{decision}/"),
        *("/support/", "/support/2026-06/", "/moderation/verify_log.py"),
    ]


def keys_by_table() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for watch in WATCHED:
        found.setdefault(watch.table, set()).add(
            watch.key.partition("'")[2].partition("'")[0] or watch.key
        )
    return found


@pytest.mark.django_db
def test_every_table_a_public_page_reads_makes_it_old(
    monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    load_quickly(monkeypatch, now=now)
    client, known, wrong = Client(), keys_by_table(), []
    for address in addresses():
        path, _, query = address.partition("?")
        slip = Slip(utcnow())
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            extra: dict[str, Any] = {SLIP: slip}
            response = client.get(path, query_params=_query(query), **extra)
        assert response.status_code in {200, 301}, (address, response.status_code)
        assert ANYTHING not in slip.keys, f"{address} does not say what it shows"
        tables = {name for one in queries for name in TABLE.findall(one["sql"])}
        for table in tables & _tables():
            by = {
                key
                for key in known.get(table, ())
                if any(each.startswith(key) for each in slip.keys)
            }
            if (
                not by
                and not {table, f"{table} at {path}"} & UNWATCHED.keys()
                and response.status_code == 200
            ):
                wrong.append(f"{address} reads {table} and shows {sorted(slip.keys)}")
    assert not wrong, "\n".join(wrong)


def _query(query: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in query.split("&") if part)


def _tables() -> set[str]:
    return set(connection.introspection.table_names())


@pytest.mark.django_db
def test_every_watched_table_is_there_and_has_its_triggers() -> None:
    assert {watch.table for watch in WATCHED} <= _tables()
    assert triggers.missing(connection) == frozenset()


@pytest.mark.django_db
def test_a_trigger_that_is_gone_is_named_and_comes_back() -> None:
    name, table = triggers._standing(connection)[0]
    with connection.cursor() as cursor:
        cursor.execute(triggers._drop(connection, name, table))
    (error,) = triggers.check_triggers(databases=["default"])
    assert name in error.msg
    triggers.install(connection)
    assert triggers.check_triggers(databases=["default"]) == []
