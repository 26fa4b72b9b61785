"""Which lists a story stands on, after everything that may happen to it in the desk."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries
from wagtail.models import PageViewRestriction

from broadsheet.discussion import api as discussion
from broadsheet.discussion.models import Thread
from broadsheet.stories import api as stories
from broadsheet.stories import list_keys, listings
from broadsheet.stories.models import Listing, SectionPage, Series, StoryPage, Topic
from newsroom import make_section, make_story


def keys_of(story: StoryPage) -> set[str]:
    return set(Listing.objects.filter(story=story.pk).values_list("list_key", flat=True))


def problems() -> list[str]:
    return [line for check in stories.checks() for line in check.run()]


@pytest.fixture
def story(db: None, now: datetime) -> StoryPage:
    """A story that stands on every kind of list."""
    page = make_story(
        make_section(),
        at=now,
        bylines=("Ines Halloran", "Piers Okonjo"),
        series=Series.objects.create(title="The ferry", slug="the-ferry"),
    )
    page.tags.add("Ferry", "Council")
    page.save_revision().publish()
    return StoryPage.objects.get(pk=page.pk)


def all_keys(story: StoryPage) -> set[str]:
    return {
        list_keys.ALL,
        list_keys.of_section(pk=story.get_parent().pk),
        list_keys.of_series(pk=story.series_id),
        *(list_keys.of_topic(pk=topic.pk) for topic in story.tags.all()),
        *(list_keys.of_person(pk=line.person_id) for line in story.bylines.all()),
    }


def test_a_published_story_stands_on_each_of_its_lists(story: StoryPage) -> None:
    assert len(all_keys(story)) == 7
    assert keys_of(story) == all_keys(story)
    assert problems() == []


def test_publishing_again_files_by_what_is_published(story: StoryPage) -> None:
    story.tags.remove("Council")
    story.bylines = list(story.bylines.all())[:1]
    story.series = None
    revision = story.save_revision()
    # A draft changes nothing for readers.
    assert len(keys_of(story)) == 7
    revision.publish()
    story = StoryPage.objects.get(pk=story.pk)
    assert keys_of(story) == {
        list_keys.ALL,
        list_keys.of_section(pk=story.get_parent().pk),
        list_keys.of_topic(pk=Topic.objects.get(name="Ferry").pk),
        list_keys.of_person(pk=story.bylines.get().person_id),
    }
    assert problems() == []


def take_back(story: StoryPage) -> None:
    story.unpublish()


def delete(story: StoryPage) -> None:
    StoryPage.objects.get(pk=story.pk).delete()


def restrict(story: StoryPage) -> None:
    PageViewRestriction.objects.create(page=story.page_ptr, restriction_type="login")


def restrict_section(story: StoryPage) -> None:
    PageViewRestriction.objects.create(page=story.get_parent(), restriction_type="login")


@pytest.mark.parametrize("happens", [take_back, delete, restrict, restrict_section])
def test_what_is_not_public_stands_nowhere(
    story: StoryPage, happens: Callable[[StoryPage], None]
) -> None:
    address, pk = stories.url_of(story), story.pk
    happens(story)
    assert not Listing.objects.filter(story=pk).exists()
    assert listings.page_of().cards == ()
    assert Client().get(address).status_code == 404
    assert problems() == []


def test_a_lifted_restriction_puts_stories_back(story: StoryPage) -> None:
    restrict_section(story)
    PageViewRestriction.objects.get().delete()
    assert keys_of(story) == all_keys(story)


def test_a_story_moves_between_sections_with_its_lists(story: StoryPage, now: datetime) -> None:
    harbour = make_section("Harbour")
    old = list_keys.of_section(pk=story.get_parent().pk)
    story.move(harbour, pos="last-child")
    story = StoryPage.objects.get(pk=story.pk)
    assert old not in keys_of(story)
    assert list_keys.of_section(pk=harbour.pk) in keys_of(story)
    assert "last ferry" in Client().get("/harbour/").content.decode()
    assert "last ferry" not in Client().get("/town/").content.decode()
    assert discussion.shown_keys(site="main", keys=[str(story.uuid)])
    assert Thread.objects.get(key=str(story.uuid)).url == stories.url_of(story)
    assert problems() == []


def test_a_draft_that_moves_opens_nothing(db: None, now: datetime) -> None:
    draft = make_story(make_section(), at=now, live=False)
    draft.move(make_section("Harbour"), pos="last-child")
    assert not Thread.objects.exists()
    assert not Listing.objects.exists()


def test_a_renamed_section_keeps_its_list(story: StoryPage) -> None:
    section = story.get_parent().specific
    section.slug = section.title = "quay"
    section.save_revision().publish()
    assert "last ferry" in Client().get("/quay/").content.decode()


def test_a_renamed_section_costs_the_same_however_many_stories_it_has(
    db: None, now: datetime, django_capture_on_commit_callbacks: Any
) -> None:
    asked = []
    for title, number in (("Few", 2), ("Many", 8)):
        section = make_section(title)
        for nth in range(number):
            make_story(section, at=now, headline=f"{title} {nth}")
        section = SectionPage.objects.get(pk=section.pk)
        section.slug = f"{title}-quay".lower()
        with (
            CaptureQueriesContext(connection) as queries,
            django_capture_on_commit_callbacks(execute=True),
        ):
            section.save()
        asked.append(len(queries))
    # The first of them fills caches.
    assert asked[1] <= asked[0]
    assert problems() == []
    urls = set(Thread.objects.values_list("url", flat=True))
    assert urls == {stories.url_of(page) for page in StoryPage.objects.all()}
    assert "/many-quay/many-7/" in urls


def test_a_thread_that_a_crash_left_at_an_old_address_is_mended(
    story: StoryPage, now: datetime
) -> None:
    Thread.objects.update(url="/old/address/")
    assert f"story {story.pk} is public and its thread is not open at its address" in problems()
    assert stories.repair(site="main", now=now) == 1
    assert Thread.objects.get().url == stories.url_of(story)
    assert problems() == []


def test_deleted_and_renamed_topics(story: StoryPage) -> None:
    ferry, council = Topic.objects.get(name="Ferry"), Topic.objects.get(name="Council")
    ferry.name = ferry.slug = "ferries"
    ferry.save()
    council.delete()
    assert list_keys.of_topic(pk=ferry.pk) in keys_of(story)
    assert len(keys_of(story)) == 6
    assert problems() == []


def test_a_deleted_series_and_a_deleted_section(story: StoryPage) -> None:
    Series.objects.get().delete()
    assert len(keys_of(story)) == 6
    assert problems() == []
    story.get_parent().specific.delete()
    assert not Listing.objects.exists()


def test_a_story_whose_filing_was_lost_is_found_and_filed(story: StoryPage, now: datetime) -> None:
    Listing.objects.filter(list_key=list_keys.ALL).delete()
    Listing.objects.update(published_at=now - timedelta(days=9))
    Listing.objects.create(list_key="topic:999999", story=story, published_at=now)
    assert problems() == [f"story {story.pk} stands on other lists than it should"]
    assert stories.repair(site="main", now=now) == 1
    assert keys_of(story) == all_keys(story)
    assert set(Listing.objects.values_list("published_at", flat=True)) == {now}
    assert stories.repair(site="main", now=now) == 0


def test_a_page_is_right_even_where_a_crash_left_a_row_too_many(
    story: StoryPage, now: datetime
) -> None:
    for number in range(listings.PAGE_LENGTH):
        make_story(
            story.get_parent().specific,
            at=now - timedelta(hours=1 + number),
            headline=f"Story {number}",
        )
    StoryPage.objects.filter(pk=story.pk).update(live=False)
    page = listings.page_of()
    assert story.title not in {card.headline for card in page.cards}
    assert len(listings.page_of(after=page.older).cards) == 1


def test_filing_again_changes_nothing(
    story: StoryPage, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(10):
        assert not stories.file_story(story_id=story.pk)


def test_a_page_of_a_list_costs_a_handful(
    story: StoryPage, now: datetime, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(6):
        (card,) = listings.page_of(list_key=list_keys.of_series(pk=story.series_id)).cards
    assert card.bylines == ("Ines Halloran", "Piers Okonjo")
    with django_assert_max_num_queries(1):
        assert listings.page_of(list_key="topic:0").cards == ()


def test_the_index_serves_a_page(db: None, django_assert_num_queries: Any) -> None:
    from django.db import connection

    rows = Listing.objects.filter(list_key="all").order_by("-published_at", "-story_id")
    if connection.vendor == "sqlite":
        plan = rows[:21].explain()
        assert "listing_newest" in plan
        assert "TEMP B-TREE" not in plan
