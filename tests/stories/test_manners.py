"""What holds for every page at the desk: no privacy, no aliases, nothing that cannot be printed."""

from datetime import datetime
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from wagtail.models import PageViewRestriction

from broadsheet.discussion import api as discussion
from broadsheet.discussion.models import Thread
from broadsheet.kit.actor import Actor, Role
from broadsheet.stories import api as stories
from broadsheet.stories.models import SectionPage, StoryPage
from newsroom import make_section, make_story
from people import Cast, Person

SAME = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def story(now: datetime, cast: Cast[Person]) -> StoryPage:
    return make_story(make_section(), at=now)


@pytest.fixture
def desk(story: StoryPage, cast: Cast[Person]) -> Client:
    client = Client(headers=SAME)
    client.force_login(cast.owner.user)
    return client


def problems() -> list[str]:
    return [problem for check in stories.checks() for problem in check.run()]


def test_nobody_sets_a_pages_privacy(desk: Client, story: StoryPage) -> None:
    for page in (story, story.get_parent(), stories.front()):
        assert page is not None
        edited = desk.get(f"/desk/pages/{page.pk}/edit/")
        assert edited.status_code == 200
        assert "set-privacy" not in edited.content.decode()
        fields = {"restriction_type": "login", "password": "", "groups": []}
        desk.post(f"/desk/pages/{page.pk}/privacy/", fields)
    assert not PageViewRestriction.objects.exists()
    assert problems() == []


def test_the_discussion_follows_a_restriction_that_a_program_made(
    story: StoryPage, now: datetime
) -> None:
    section = story.get_parent()
    thread = Thread.objects.get(key=str(story.uuid))
    posted = discussion.post_comment(
        actor=Actor(id="device:1", roles=frozenset({Role.GUEST})),
        thread_id=thread.pk,
        source="Read me.",
        policy=discussion.Policy(hold_first=False, hold_links=False),
        now=now,
    )
    address = f"/c/{posted.number}/"
    assert Client().get(address).status_code == 200
    shut = PageViewRestriction.objects.create(
        page=section, restriction_type=PageViewRestriction.LOGIN
    )
    another = make_story(section.specific, at=now, headline="Another")
    assert Client().get(address).status_code == 404
    assert not Thread.objects.filter(key=str(another.uuid), hidden_at=None).exists()
    assert problems() == []
    # What a crash left is mended in the same sense.
    Thread.objects.update(hidden_at=None)
    assert problems() == [f"story {story.pk} is not public and its thread can be read"]
    assert stories.repair(site="main", now=now) == 1
    shut.delete()
    assert Client().get(address).status_code == 200
    assert Thread.objects.filter(hidden_at=None).count() == 2
    assert problems() == []


def test_a_section_is_copied_with_its_stories(desk: Client, story: StoryPage) -> None:
    section = story.get_parent()
    form: dict[str, Any] = {
        "new_title": "Harbour",
        "new_slug": "harbour",
        "new_parent_page": section.get_parent().pk,
        "copy_subpages": "on",
        "publish_copies": "on",
        # An alias would be the same story at two addresses; the form does not offer it.
        "alias": "on",
    }
    assert 'name="alias"' not in desk.get(f"/desk/pages/{section.pk}/copy/").content.decode()
    answer: Any = desk.post(f"/desk/pages/{section.pk}/copy/", form)
    assert answer.status_code == 302
    copy = StoryPage.objects.child_of(SectionPage.objects.get(slug="harbour")).get()
    assert (copy.alias_of, copy.live) == (None, True)
    assert copy.uuid != story.uuid
    assert Thread.objects.get(key=str(copy.uuid)).url == f"/harbour/{copy.slug}/"
    # The same from its drafts.
    copy.get_latest_revision().publish()
    assert StoryPage.objects.get(pk=copy.pk).uuid == copy.uuid
    assert problems() == []


def test_what_cannot_be_printed_is_left_out(now: datetime, desk: Client, story: StoryPage) -> None:
    pasted = StoryPage.objects.get(pk=story.pk)
    pasted.title = pasted.seo_title = "The last\x0b ferry\x00"
    pasted.standfirst = "Two\x1f miles\nat night"
    pasted.save_revision().publish()
    saved = StoryPage.objects.get(pk=story.pk)
    assert (saved.title, saved.draft_title) == ("The last ferry", "The last ferry")
    assert (saved.seo_title, saved.standfirst) == ("The last ferry", "Two miles\nat night")
    feed = ET.fromstring(Client().get("/feed.xml").content)  # noqa: S314 - our own
    assert [title.text for title in feed.iter("title")][1:] == ["The last ferry"]
    pasted.title = "\x07\x07"
    with pytest.raises(ValidationError):
        pasted.save_revision()
