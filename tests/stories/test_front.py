"""The front page fills itself: with nothing, with three stories, with many."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from broadsheet.discussion import api as discussion
from broadsheet.kit.actor import Actor
from broadsheet.stories import api as stories
from broadsheet.stories.front import Front, front_of
from broadsheet.stories.models import FrontPage, SectionPage, StoryPage
from newsroom import make_image, make_section, make_story
from people import Cast

pytestmark = pytest.mark.django_db


def fill(sections: list[SectionPage], number: int, now: datetime) -> list[StoryPage]:
    """Publish stories, the newest first, one section after the other."""
    return [
        make_story(
            sections[n % len(sections)], at=now - timedelta(hours=n), headline=f"Story number {n}"
        )
        for n in range(number)
    ]


def shown() -> Front:
    page = FrontPage.objects.get()
    return front_of(page=page)


def talk_about(story: StoryPage, times: int, actor: Actor, now: datetime) -> None:
    thread = stories.open_discussion(story=story, site="main", now=now)
    for number in range(times):
        discussion.post_comment(
            actor=actor,
            thread_id=thread,
            parent_id=None,
            source=f"Number {number}.",
            policy=discussion.Policy(hold_first=False),
            now=now,
        )


def headlines(front: Front) -> list[str]:
    lead = [front.lead.headline] if front.lead else []
    return lead + [card.headline for card in front.latest]


def test_an_empty_paper_says_so() -> None:
    make_section()
    assert shown() == Front(None, (), (), (), "")
    assert "Nothing has been published yet." in Client().get("/").text


def test_three_stories_are_a_page_of_cards(now: datetime) -> None:
    fill([make_section()], 3, now)
    front = shown()
    assert front.is_thin
    assert headlines(front) == ["Story number 0", "Story number 1", "Story number 2"]
    page = Client().get("/").text
    assert page.count('<article class="card') == 3
    assert page.count("Story number 1</a>") == 1


def test_many_stories_fill_every_part_and_none_stands_twice(now: datetime) -> None:
    sections = [make_section(title) for title in ("Town", "Council", "Water")]
    fill(sections, 40, now)
    front = shown()
    assert headlines(front) == [f"Story number {n}" for n in range(6)]
    assert [block.link.title for block in front.sections] == ["Town", "Council", "Water"]
    below = [card.headline for block in front.sections for card in block.cards]
    assert len(below) == 9
    assert not set(below) & set(headlines(front))
    assert f"?after={front.older}" in Client().get("/").text
    earlier = Client().get("/", {"after": front.older})
    assert "Story number 6</a>" in earlier.text
    assert "Story number 5</a>" not in earlier.text


def test_a_slow_section_keeps_its_place(now: datetime) -> None:
    town, letters = make_section("Town"), make_section("Letters")
    fill([letters], 3, now)
    fill([town], 12, now - timedelta(days=1))
    front = shown()
    # Three stories of Letters stand above; two of them are named again, the lead is not.
    kept = {block.link.title: [card.headline for card in block.cards] for block in front.sections}
    assert kept["Letters"] == ["Story number 1", "Story number 2"]


def test_an_editor_names_the_lead_and_only_what_is_public_leads(now: datetime) -> None:
    old = fill([make_section()], 9, now)[8]
    FrontPage.objects.update(lead=old)
    assert headlines(shown())[:2] == ["Story number 8", "Story number 0"]
    old.unpublish()
    assert headlines(shown())[:2] == ["Story number 0", "Story number 1"]


def test_a_picture_leads_its_section(now: datetime) -> None:
    town = make_section()
    make_story(
        town, at=now - timedelta(days=2), headline="Older, with a picture", lead_image=make_image()
    )
    fill([town], 3, now)
    fill([make_section("Water")], 3, now - timedelta(days=1))
    block = shown().sections[0]
    assert block.cards[0].headline == "Older, with a picture"


def test_what_is_discussed_most(now: datetime, actors: Cast[Actor]) -> None:
    found = fill([make_section()], 6, now)
    talk_about(found[4], 3, actors.guest, now)
    assert shown().discussed == ()
    talk_about(found[2], 1, actors.guest, now)
    assert [(one.headline, one.comments) for one in shown().discussed] == [
        ("Story number 4", 3),
        ("Story number 2", 1),
    ]
    # Beside its own discussion a story is not named.
    talk_about(found[1], 2, actors.guest, now)
    page = Client().get(stories.url_of(found[4])).text.partition('id="talk"')[2]
    assert page.index("Story number 1</a>") < page.index("Story number 2</a>")
    assert "Story number 4</a>" not in page


def test_it_costs_the_same_with_few_stories_and_with_many(now: datetime) -> None:
    sections = [make_section(title) for title in ("Town", "Council")]
    fill(sections, 8, now)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            shown()
        counts.append(len(queries))
        fill(sections, 40, now - timedelta(days=1))
    assert counts[0] == counts[1] <= 13
