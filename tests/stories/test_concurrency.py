"""Two who publish one story at once: each makes a version, and no number is used twice.

On SQLite writers wait for one another before they begin; the same tests hold there.
"""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from wagtail.models import Collection, Locale, Page

from broadsheet.stories import api as stories
from broadsheet.stories.models import StoryPage, StoryVersion
from crowd import at_once
from newsroom import make_section, make_story

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _roots(transactional_db: None) -> None:
    """Another test of this kind has emptied the tables that Wagtail's migrations fill."""
    if Page.get_first_root_node() is None:
        Locale.objects.get_or_create(language_code="en")
        Page.add_root(instance=Page(title="Root", slug="root"))
    if Collection.get_first_root_node() is None:
        Collection.add_root(name="Root")


def numbers(story: StoryPage) -> list[int]:
    rows = StoryVersion.objects.filter(story=story).order_by("number")
    return list(rows.values_list("number", flat=True))


def test_versions_published_at_once_have_numbers_of_their_own(now: datetime) -> None:
    story = make_story(make_section(), at=now, headline="One")

    def publish(headline: str) -> Callable[[], None]:
        def run() -> None:
            # The database of tests is in memory, where who reads does not get past who writes.
            alone = transaction.atomic() if connection.vendor == "sqlite" else nullcontext()
            with alone:
                page = StoryPage.objects.get(pk=story.pk)
                page.title = headline
                page.save_revision().publish()

        return run

    at_once(publish("Two"), publish("Three"))
    found = numbers(story)
    assert found == list(range(1, len(found) + 1))
    # What the one who was later published is what readers have, whoever that was.
    last = StoryVersion.objects.filter(story=story).order_by("number").last()
    assert last is not None
    assert last.headline == StoryPage.objects.get(pk=story.pk).title


def test_each_of_two_records_what_the_other_has_not_seen(now: datetime) -> None:
    story = make_story(make_section(), at=now, headline="One")

    def record(headline: str, minutes: int) -> Callable[[], int]:
        @transaction.atomic
        def run() -> int:
            StoryPage.objects.select_for_update(of=("self",)).get(pk=story.pk)
            StoryPage.objects.filter(pk=story.pk).update(title=headline)
            return stories.record_story(story_id=story.pk, now=now + timedelta(minutes=minutes))

        return run

    answers = at_once(record("Two", 1), record("Three", 2))
    assert sorted(map(str, answers)) == ["2", "3"]
    assert numbers(story) == [1, 2, 3]


def test_the_same_words_recorded_by_many_at_once_are_one_version(now: datetime) -> None:
    story = make_story(make_section(), at=now, headline="One")
    StoryPage.objects.filter(pk=story.pk).update(title="Two")
    record = [lambda: stories.record_story(story_id=story.pk, now=now)] * 4
    assert set(at_once(*record)) == {2}
    assert numbers(story) == [1, 2]
