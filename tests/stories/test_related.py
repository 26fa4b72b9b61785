"""What else there is to read: by topic and by the words of headlines, however old it is."""

from datetime import datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from broadsheet.stories import related
from broadsheet.stories.models import StoryPage, Topic
from broadsheet.stories.terms import at_least
from newsroom import make_section, make_story

pytestmark = pytest.mark.django_db
HEADLINE = "Council votes on the harbour ferry"


def headlines(page: StoryPage) -> list[str]:
    topics = list(page.tags.values_list("pk", flat=True))
    return [card.headline for card in related.related(page=page, topic_ids=topics)]


@pytest.fixture
def _busy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A newsroom of which only the newest few are looked at."""
    monkeypatch.setattr(related, "LOOKED_AT", 3)


@pytest.mark.usefixtures("_busy")
def test_a_busy_topic_does_not_hide_an_older_story_of_a_quiet_one(now: datetime) -> None:
    section = make_section()
    busy, quiet = (Topic.objects.create(name=name, slug=name) for name in ("town", "rope"))

    def told(days: int, headline: str, *topics: Topic) -> StoryPage:
        story = make_story(section, at=now - timedelta(days=days), headline=headline)
        story.tags.add(*topics)
        story.save_revision().publish()
        return StoryPage.objects.get(pk=story.pk)

    told(900, "Both", busy, quiet)
    told(800, "Rope alone", quiet)
    for number in range(6):
        told(10 + number, f"Town {number}", busy)
    page = told(0, "The page", busy, quiet)
    assert headlines(page) == ["Both", "Town 0", "Town 1", "Town 2"]


@pytest.mark.usefixtures("_busy")
def test_an_older_story_is_found_by_the_words_of_its_headline(
    now: datetime, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    section = make_section()
    old = now - timedelta(days=3000)
    make_story(section, at=old, headline="Harbour ferry: how the council voted")
    make_story(section, at=old, headline="Ferry in the harbour")
    make_story(section, at=old, headline="A secret council on the ferry", live=False)
    for number in range(6):
        body = [{"type": "paragraph", "value": "<p>Council, harbour, ferry, votes.</p>"}]
        make_story(section, at=now, headline=f"Gulls over the ferry, {number}", body=body)
    page = make_story(section, at=now, headline=HEADLINE)
    assert headlines(page) == ["Harbour ferry: how the council voted", "Ferry in the harbour"]
    with django_assert_max_num_queries(7):
        related.related(page=page, topic_ids=[])


@pytest.mark.parametrize(
    "headline", ["", "of it", "ferry", '"council" OR ferry*', "'); council & (ferry <-> |"]
)
def test_no_headline_is_an_error(now: datetime, headline: str) -> None:
    section = make_section()
    make_story(section, at=now, headline=HEADLINE)
    page = make_story(section, at=now, headline="Something")
    page.title = headline
    headlines(page)


def test_so_many_words_of_several() -> None:
    def asked(least: int) -> str:
        return at_least(least, ["a", "b", "c"], both="&", either="|")

    assert asked(1) == "a|b|c"
    assert asked(2) == "(a&(b|c))|(b&c)"
    assert asked(3) == asked(9) == "a&b&c"
