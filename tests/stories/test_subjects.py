"""Pages of people, topics, series and months: what they show, how they go on, what is not there."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from broadsheet.stories import api as stories
from broadsheet.stories.models import NewsImage, Person, Series, StoryPage, Topic
from newsroom import make_image, make_section, make_story

CARD = re.compile(r"<h[23]><a [^>]*>([^<]+)</a>")


def text_of(address: str, **query: str) -> str:
    response: Any = Client().get(address, query)
    assert response.status_code == 200, address
    return str(response.content.decode())


def cards(page: str) -> list[str]:
    main = page[page.index("<main") : page.index("</main>")]
    return CARD.findall(main)


def all_cards(address: str) -> list[str]:
    found, here = [], address
    while here:
        page = text_of(here) if "?" not in here else Client().get(here).content.decode()
        found += cards(page)
        older = re.search(r'rel="next" href="(\?after=[^"]+)"', page)
        here = address + older[1] if older else ""
    return found


def tag(story: StoryPage, *topics: str) -> None:
    story.tags.add(*topics)
    story.save_revision().publish()


def test_a_persons_page(
    db: None, now: datetime, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    Person.objects.create(
        name="Ines Halloran",
        slug="ines-halloran",
        role="Harbour reporter",
        bio="Writes about ferries.\n\nCame from Tarn.",
        email="ines@harbour.example",
        link="https://ines.example/",
        photo=make_image(description="A portrait"),
    )
    stories.make_renditions(image_ids=set(NewsImage.objects.values_list("pk", flat=True)))
    section = make_section()
    make_story(section, at=now, headline="Hers", bylines=("Ines Halloran",))
    make_story(section, at=now, headline="Not hers", bylines=("Piers Okonjo",))
    with django_assert_max_num_queries(16):
        page = text_of("/people/ines-halloran/")
    assert cards(page) == ["Hers"]
    for shown in (
        "<h1><bdi>Ines Halloran</bdi></h1>",
        "Harbour reporter",
        "<p>Came from Tarn.</p>",
        'href="mailto:ines@harbour.example"',
        'href="https://ines.example/"',
        '<link rel="canonical" href="http://127.0.0.1:8000/people/ines-halloran/"',
    ):
        assert shown in page
    assert re.search(r'<header class="page-head person"><picture>.*?<img src="/media/', page)


def test_a_person_without_stories_has_a_page_if_somebody_wrote_a_biography(
    db: None, now: datetime
) -> None:
    make_story(make_section(), at=now, live=False, bylines=("Noor Idris",))
    for path in ("/people/noor-idris/", "/people/noor-idris/feed.xml"):
        assert Client().get(path).status_code == 404, path
    Person.objects.update(bio="Writes about the harbour.")
    assert 'class="empty"' in text_of("/people/noor-idris/")
    assert Client().get("/people/noor-idris/feed.xml").status_code == 200


def test_names_of_any_alphabet_have_addresses(db: None) -> None:
    make_section()
    Person.objects.create(name="Ольга Ким", slug="ольга-ким", bio="Editor.")
    assert "Ольга Ким" in text_of("/people/ольга-ким/")


def test_a_topics_page_and_its_stretches(db: None, now: datetime) -> None:
    section = make_section()
    for number in range(23):
        story = make_story(
            section, at=now - timedelta(hours=number // 2), headline=f"No {number:02}"
        )
        tag(story, "Ferry")
    make_story(section, at=now, headline="Other")
    found = all_cards("/topics/ferry/")
    assert sorted(found) == [f"No {number:02}" for number in range(23)]
    assert "<h1>Ferry</h1>" in text_of("/topics/ferry/")


def test_a_topic_that_only_a_draft_has_is_not_told(db: None, now: datetime) -> None:
    draft = make_story(make_section(), at=now, live=False)
    draft.tags.add("Arrest of the mayor")
    draft.save_revision()
    Topic.objects.get_or_create(name="Arrest of the mayor", slug="arrest-of-the-mayor")
    assert Client().get("/topics/arrest-of-the-mayor/").status_code == 404
    Topic.objects.create(name="Elections", slug="elections", description="Every four years.")
    page = text_of("/topics/elections/")
    assert "Every four years." in page
    assert 'class="empty"' in page


def test_a_series_is_read_in_the_order_of_its_parts(db: None, now: datetime) -> None:
    section = make_section()
    whole = Series.objects.create(title="The ferry", slug="the-ferry", description="All of it.")
    wanted = []
    for number in range(1, 24):
        headline = f"Part {number:02}"
        # The later part came out first.
        at = now - timedelta(days=number)
        make_story(section, at=at, headline=headline, series=whole, series_part=number)
        wanted.append(headline)
    for number in (2, 1):
        headline = f"Without number {number}"
        make_story(section, at=now + timedelta(days=number), headline=headline, series=whole)
    wanted += ["Without number 1", "Without number 2"]
    assert all_cards("/series/the-ferry/") == wanted
    story = StoryPage.objects.get(title="Part 07")
    page = text_of(stories.url_of(story))
    assert "Part 7 of the series" in page
    assert '<span aria-current="page">Part 07</span>' in page


def test_the_archive_counts_months_in_the_publications_zone(
    db: None, settings: Any, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    settings.TIME_ZONE = "Pacific/Auckland"
    section = make_section()
    # Already January in Auckland.
    make_story(section, at=datetime(2025, 12, 31, 20, tzinfo=UTC), headline="New year")
    make_story(section, at=datetime(2025, 11, 30, 2, tzinfo=UTC), headline="November")
    make_story(section, at=datetime(2023, 7, 5, tzinfo=UTC), headline="Old", slug="old")
    with django_assert_max_num_queries(12):
        page = text_of("/archive/")
    assert re.findall(r'href="(/archive/\d[^"]+)"', page) == [
        "/archive/2026/01/",
        "/archive/2025/11/",
        "/archive/2023/07/",
    ]
    assert cards(text_of("/archive/2026/01/")) == ["New year"]
    empty = text_of("/archive/2025/12/")
    assert 'class="empty"' in empty
    assert 'href="/archive/2025/11/"' in empty
    assert 'href="/archive/2026/01/"' in empty


def test_a_month_is_read_in_stretches(db: None, now: datetime) -> None:
    section = make_section()
    for number in range(23):
        make_story(section, at=now - timedelta(hours=number), headline=f"No {number:02}")
    assert all_cards("/archive/2026/06/") == [f"No {number:02}" for number in range(23)]


def test_an_archive_of_nothing(db: None) -> None:
    make_section()
    assert 'class="empty"' in text_of("/archive/")


@pytest.mark.parametrize(
    "address",
    [
        "/people/nobody/",
        "/people/%00/",
        "/topics/nothing/",
        "/series/none/",
        "/archive/2026/13/",
        "/archive/2026/00/",
        "/archive/0000/01/",
        "/archive/9999/12/",
        "/archive/2024/01/",
        "/archive/2026/6/",
        "/archive/٢٠٢٦/06/",
        "/people/ines-halloran/?after=x",
        "/topics/ferry/?after=%00",
        "/series/the-ferry/?after=99999999",
        "/series/the-ferry/?after=x",
        "/archive/2026/06/?after=MjAyNg",
    ],
)
def test_what_is_not_there_is_404(db: None, now: datetime, address: str) -> None:
    whole = Series.objects.create(title="The ferry", slug="the-ferry")
    story = make_story(make_section(), at=now, bylines=("Ines Halloran",), series=whole)
    tag(story, "Ferry")
    assert Client().get(address).status_code == 404
