"""The desk's first page: everybody sees what concerns them, and what was forgotten is loud."""

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from broadsheet.stories import api as stories
from broadsheet.stories.desk import queries
from broadsheet.stories.models import StoryPage
from clocks import Clock
from newsroom import make_section, make_story
from people import Cast, Person

HOUR = timedelta(hours=1)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, now: datetime) -> Clock:
    return Clock(monkeypatch, now)


def home(person: Person) -> dict[str, str]:
    """The text of each panel of the desk's first page."""
    client = Client()
    client.force_login(person.user)
    page = client.get("/desk/").content.decode()
    assert "w-summary" not in page
    found = re.findall(r'data-desk-panel="(\w+)"(.*?)</section>', page, re.DOTALL)
    return {name: " ".join(re.sub(r"<[^>]+>", " ", text).split()) for name, text in found}


def test_everybody_sees_the_panels_that_concern_them(cast: Cast[Person]) -> None:
    make_section()
    all_panels = {"mine", "review", "scheduled", "embargo"}
    expected = {
        "owner": all_panels,
        "editor": all_panels,
        "reporter": all_panels - {"review"},
        "moderator": set(),
    }
    for name, panels in expected.items():
        assert set(home(cast[name])) == panels, name


def test_a_story_is_begun_by_the_name_of_its_section(cast: Cast[Person]) -> None:
    town = make_section()
    client = Client()
    client.force_login(cast.reporter.user)

    def forms() -> list[str]:
        page = client.get("/desk/").content.decode()
        return re.findall(r'href="([^"]+/add/stories/storypage/\d+/)"', page)

    assert forms() == [f"/desk/pages/add/stories/storypage/{town.pk}/"]
    assert "Write a story" in home(cast.reporter)["mine"]
    sea = make_section("Sea <i>")
    make_section("Closed", live=False)
    assert forms() == [f"/desk/pages/add/stories/storypage/{row.pk}/" for row in (town, sea)]
    assert "Write a story in Town Sea &lt;i&gt;" in home(cast.reporter)["mine"]
    for address in forms():
        assert client.get(address).status_code == 200


def test_a_reporter_sees_their_own_on_its_way(cast: Cast[Person], clock: Clock) -> None:
    section = make_section()

    def begin(headline: str, who: Person = cast.reporter, **fields: Any) -> StoryPage:
        return make_story(
            section, at=clock.now, live=False, headline=headline, owner=who.user, **fields
        )

    begin("A draft")
    begin("An editor's own", cast.editor)
    sent, back, out = begin("Sent in"), begin("Sent back"), begin("Out by now")
    for story in (sent, back):
        stories.submit_story(actor=cast.reporter.actor, story=story, now=clock.now)
    state = StoryPage.objects.get(pk=back.pk).current_workflow_state
    state.current_task_state.reject(user=cast.editor.user, comment="Who says so?")
    stories.publish_story(actor=cast.editor.actor, story=out, now=clock.now)
    mine = home(cast.reporter)["mine"]
    order = ["asks for changes", "Sent back Who says so?", "With the editors", "Sent in", "Drafts"]
    order += ["A draft", "Published lately", "Out by now"]
    places = [mine.index(words) for words in order]
    assert places == sorted(places)
    assert "An editor's own" not in mine
    review = home(cast.editor)["review"]
    assert "Sent in Ruben Tallow Town 9:30 on 12 June 2026" in review
    assert "Sent back" not in review


def test_what_is_scheduled_held_back_or_forgotten(cast: Cast[Person], clock: Clock) -> None:
    section = make_section()
    made = {}
    for headline, who, fields in (
        ("Tomorrow", cast.editor, {"go_live_at": clock.now + 24 * HOUR}),
        ("Forgotten", cast.editor, {"go_live_at": clock.now + 48 * HOUR}),
        ("Missed", cast.editor, {"go_live_at": clock.now - HOUR}),
        ("Held", cast.editor, {"embargo_until": clock.now + HOUR}),
        ("Free", cast.editor, {"embargo_until": clock.now - HOUR}),
        ("Mine", cast.reporter, {"embargo_until": clock.now + HOUR}),
    ):
        made[headline] = make_story(
            section, at=clock.now, live=False, headline=headline, owner=who.user, **fields
        )
    stories.publish_story(actor=cast.editor.actor, story=made["Tomorrow"], now=clock.now)
    live = make_story(section, at=clock.now, headline="New words")
    live.go_live_at = clock.now + 72 * HOUR
    live.save_revision()
    panels = home(cast.owner)
    scheduled, _, rest = panels["scheduled"].partition("Story Section Time")
    for headline in ("Forgotten", "Missed", "New words"):
        assert headline in scheduled
        assert headline not in rest
    assert "nobody has pressed the button" in scheduled
    assert "Tomorrow Town 9:30 on 13 June 2026" in rest
    assert "Held" in panels["embargo"]
    assert "Mine" in panels["embargo"]
    assert "Free" not in panels["embargo"]
    panels = home(cast.reporter)
    assert "Nothing is scheduled." in panels["scheduled"]
    assert "Mine" in panels["embargo"]
    assert "Held" not in panels["embargo"]


def test_what_was_forgotten_is_found_without_reading_drafts(
    cast: Cast[Person], clock: Clock, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    section = make_section()
    paris = ZoneInfo("Europe/Paris")
    for number in range(queries.LENGTH + 5):
        make_story(section, at=clock.now, live=False, headline=f"No time {number}")
        at = (clock.now + number * HOUR).astimezone(paris)
        make_story(section, at=clock.now, live=False, headline=f"Time {number}", go_live_at=at)
    out = make_story(section, at=clock.now, headline="Out")
    out.go_live_at = clock.now - HOUR
    out.save_revision()
    ContentType.objects.get_for_model(StoryPage)
    with django_assert_num_queries(2) as asked:
        found = queries.scheduled(user=None, now=clock.now)
    assert [line.title for line in found.forgotten] == [f"Time {n}" for n in range(queries.LENGTH)]
    assert found.forgotten[1].at == clock.now + HOUR
    drafts = asked.captured_queries[-1]["sql"]
    assert f"LIMIT {queries.LENGTH}" in drafts
    assert '"wagtailcore_revision"."object_str"' not in drafts


def test_the_first_page_costs_the_same_however_much_there_is(
    cast: Cast[Person], clock: Clock, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    section = make_section()
    for number in range(12):
        story = make_story(
            section,
            at=clock.now,
            live=False,
            headline=f"Story {number}",
            owner=cast.reporter.user,
            go_live_at=clock.now + HOUR,
        )
        if number % 2:
            stories.submit_story(actor=cast.reporter.actor, story=story, now=clock.now)
    client = Client()
    client.force_login(cast.editor.user)
    client.get("/desk/")
    with django_assert_max_num_queries(40):
        assert client.get("/desk/").status_code == 200
