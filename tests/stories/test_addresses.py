"""Addresses that are the house's: no page may take one, and every route has one."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import URLResolver, get_resolver

from broadsheet.importing.wordpress.newsroom import free_slug
from broadsheet.stories import api as stories
from broadsheet.stories.models import SectionPage, TextPage
from broadsheet.stories.rules import RESERVED_SLUGS
from newsroom import make_section, make_story
from people import Cast, Person


def routes(patterns: Any, before: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern).removeprefix("^")
        if isinstance(pattern, URLResolver) and not route:
            yield from routes(pattern.url_patterns, route)
        else:
            yield route


def test_every_route_begins_with_a_reserved_word() -> None:
    words = {
        found[1]
        for route in routes(get_resolver().url_patterns)
        if (found := re.match(r"([a-z][a-z_-]*)(/|$)", route))
    }
    assert {"people", "desk", "s"} <= words
    # An address of a preview holds a colon, which no slug does.
    assert words - RESERVED_SLUGS <= {"preview"}


@pytest.mark.parametrize("slug", sorted(RESERVED_SLUGS))
def test_no_page_right_below_the_front_takes_one(db: None, slug: str) -> None:
    section = make_section()
    for page in (SectionPage(title="x", slug=slug), TextPage(title="x", slug=slug)):
        with pytest.raises(ValidationError, match="address of the house"):
            section.get_parent().add_child(instance=page)
    section.slug = slug
    with pytest.raises(ValidationError, match="address of the house"):
        section.save()


def test_further_below_they_are_words_like_others(db: None, now: datetime) -> None:
    section = make_section()
    about = section.get_parent().add_child(instance=TextPage(title="About"))
    about.add_child(instance=TextPage(title="People", slug="people"))
    make_story(section, at=now, slug="search")
    assert Client().get("/about/people/").status_code == 200
    assert Client().get("/town/search/").status_code == 200


@pytest.mark.parametrize("who", ["owner", "editor"])
def test_the_desk_says_so_and_keeps_what_was_typed(cast: Cast[Person], who: str) -> None:
    front = make_section().get_parent()
    client = Client()
    user = cast[who].user
    assert user is not None
    client.force_login(user)
    typed = {"title": "Who we are", "slug": "people", "in_menu_order": "100", "standfirst": "We."}
    same = {"Sec-Fetch-Site": "same-origin"}
    answer = client.post(f"/desk/pages/add/stories/sectionpage/{front.pk}/", typed, headers=same)
    page = answer.content.decode()
    assert page.count("“people” is an address of the house") == 1
    assert "Who we are" in page
    assert not SectionPage.objects.filter(slug="people").exists()


def test_an_import_picks_another_word(db: None) -> None:
    section = make_section()
    front = stories.front()
    assert free_slug("topics", below=front) == "topics-2"
    assert free_slug("topics", below=section) == "topics"


def test_a_page_that_lay_there_before_is_told(db: None) -> None:
    section = make_section()
    SectionPage.objects.filter(pk=section.pk).update(slug="archive", url_path="/home/archive/")
    (check,) = (check for check in stories.checks() if check.name == "stories.addresses")
    assert list(check.run()) == [
        f"page {section.pk} lies at /archive/, which is an address of the house"
    ]
