"""Feeds, sitemaps and what else programs read."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from broadsheet.stories import api as stories
from broadsheet.stories.http import sitemaps, trust
from broadsheet.stories.models import Policy, StoryPage, TextPage, Topic
from newsroom import make_image, make_section, make_story

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
BASE = "http://127.0.0.1:8000"


@pytest.fixture
def story(db: None, now: datetime) -> StoryPage:
    section = make_section(standfirst="Between quay and Eastside.")
    make_story(make_section("Sport"), at=now - timedelta(days=40), headline="Old", slug="old")
    made = make_story(
        section,
        at=now,
        headline="Ferry & <b>\x0bquay</b>",
        slug="ferry",
        standfirst="It comes back.",
        bylines=("Ines Halloran",),
    )
    made.tags.add("Harbour")
    made.save_revision().publish()
    return StoryPage.objects.get(pk=made.pk)


def get(path: str, **query: str) -> Any:
    return Client().get(path, query)


PLACES = ("/", "/town/", "/topics/harbour/", "/people/ines-halloran/")


@pytest.mark.parametrize("place", PLACES)
def test_each_list_has_three_feeds(story: StoryPage, place: str) -> None:
    identity = f"{BASE}/s/{story.uuid}/"
    rss = get(f"{place}feed.xml")
    assert rss["Content-Type"] == "application/rss+xml; charset=utf-8"
    channel = xml_of(rss.content).find("channel")
    assert channel is not None
    item = channel.find("item")
    assert item is not None
    assert item.findtext("title") == "Ferry & <b>quay</b>"
    assert item.findtext("guid") == identity
    assert item.findtext("description") == "It comes back."
    atom = xml_of(get(f"{place}feed.atom").content)
    assert atom.findtext(f"{ATOM}entry/{ATOM}id") == identity
    assert atom.findtext(f"{ATOM}entry/{ATOM}author/{ATOM}name") == "Ines Halloran"
    answer = get(f"{place}feed.json")
    assert answer["Content-Type"] == "application/feed+json; charset=utf-8"
    feed = json.loads(answer.content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == f"{BASE}{place}feed.json"
    assert feed["items"][0]["id"] == identity
    assert feed["items"][0]["tags"] == ["Town"]
    assert ("old" in str(feed)) is (place == "/")


def test_feeds_of_what_is_not_there(story: StoryPage) -> None:
    for path in ("/none/", "/topics/none/", "/people/none/", "/series/none/", "/town/ferry/"):
        assert get(f"{path}feed.xml").status_code == 404, path
    assert get("/feed.rss").status_code == 404


def test_a_feed_of_a_topic_without_stories_is_empty(story: StoryPage) -> None:
    Topic.objects.create(name="Empty", slug="empty", description="What nobody has written about.")
    assert json.loads(get("/topics/empty/feed.json").content)["items"] == []
    # A feed in which nothing changes is the same bytes at any time.
    assert b"1970" in get("/topics/empty/feed.xml").content
    assert b"1970" in get("/topics/empty/feed.atom").content
    # A name that only drafts have tells what is being worked on.
    Topic.objects.create(name="Secret", slug="secret")
    assert get("/topics/secret/feed.json").status_code == 404


def test_corrections_have_a_feed_of_their_own(story: StoryPage) -> None:
    said = {"kind": "correction", "day": "2026-06-12", "text": "<p>It was <b>31</b>.</p>"}
    story.corrections = json.dumps([{"type": "correction", "value": said}])
    story.save_revision().publish()
    (item,) = json.loads(get("/corrections/feed.json").content)["items"]
    assert item["title"] == "Correction: Ferry & <b>quay</b>"
    assert item["content_text"] == "It was 31."
    assert get(item["url"].partition("#")[0].removeprefix(BASE)).status_code == 200
    assert b"It was 31." in get("/corrections/feed.xml").content


def test_a_story_that_is_taken_back_leaves_every_feed(story: StoryPage) -> None:
    story.unpublish()
    for place in PLACES:
        assert str(story.uuid) not in get(f"{place}feed.json").content.decode()


def test_feeds_cost_the_same_whatever_their_length(
    story: StoryPage, now: datetime, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    section = stories.SectionPage.objects.get(slug="town")
    for number in range(5):
        make_story(section, at=now - timedelta(hours=number + 1), headline=f"Story {number}")
    get("/town/feed.json")
    with django_assert_max_num_queries(12):
        get("/town/feed.json")


def test_sitemaps_name_what_can_be_read(
    story: StoryPage, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    monkeypatch.setattr(sitemaps, "utcnow", lambda: now + timedelta(hours=1))
    front = stories.front()
    assert front is not None
    front.add_child(instance=TextPage(title="About", slug="about"))
    make_story(stories.SectionPage.objects.get(slug="town"), at=now, headline="Draft", live=False)
    index = xml_of(get("/sitemap.xml").content)
    maps = [loc.text for loc in index.iter(f"{MAP}loc")]
    assert maps == [f"{BASE}/sitemap/{name}.xml" for name in ("pages", "2026-06", "2026-05")]
    told = {loc.text for name in maps for loc in xml_of(get(path(name)).content).iter(f"{MAP}loc")}
    wanted = {
        "/",
        "/town/",
        "/town/ferry/",
        "/about/",
        "/topics/harbour/",
        "/people/ines-halloran/",
    }
    assert {f"{BASE}{one}" for one in wanted} <= told
    assert not any("draft" in str(one) for one in told)
    news = xml_of(get("/sitemap-news.xml").content)
    assert [title.text for title in news.iter(f"{NEWS}title")] == ["Ferry & <b>quay</b>"]
    assert news.findtext(f".//{NEWS}name") == "The Harbour Post"


@pytest.mark.parametrize("name", ["2026-13", "2026-00", "0000-01", "9999-12", "2020-01"])
def test_months_that_are_none(story: StoryPage, name: str) -> None:
    assert get(f"/sitemap/{name}.xml").status_code == 404


def test_oembed(story: StoryPage) -> None:
    url = f"{BASE}{stories.url_of(story)}"
    answer = get("/oembed", url=url)
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    told = json.loads(answer.content)
    assert (told["version"], told["type"], told["width"]) == ("1.0", "rich", 600)
    assert "Ferry &amp; &lt;b&gt;" in told["html"]
    assert "<script" not in told["html"]
    assert json.loads(get("/oembed", url=url, maxwidth="300").content)["width"] == 300
    xml = xml_of(get("/oembed", url=url, format="xml").content)
    assert xml.findtext("provider_name") == "The Harbour Post"
    assert get("/oembed", url=url, format="yaml").status_code == 501
    page = get(stories.url_of(story)).content.decode()
    assert f"/oembed?format=json&amp;url={quote(url, safe='')}" in page


def test_oembed_of_another_alphabet_and_with_a_picture(story: StoryPage) -> None:
    other = make_story(
        stories.SectionPage.objects.get(slug="town"),
        at=story.first_published_at,
        headline="Fähre",
        slug="fähre",
        lead_image=make_image(description="A ferry"),
    )
    url = f"{BASE}/town/f%C3%A4hre/"
    for address in (f"{BASE}/town/fähre/", url):
        told = json.loads(get("/oembed", url=address).content)
        assert told["title"] == other.title
        assert told["thumbnail_url"].startswith(f"{BASE}/media/")
    assert "thumbnail_url" not in json.loads(get("/oembed", url=url, maxwidth="200").content)
    assert get("/oembed", url=f"{BASE}/town/a%00b/").status_code == 404


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://elsewhere.example/town/ferry/",
        f"{BASE}/town/",
        f"{BASE}/none/",
        "http://[",
        "x",
    ],
)
def test_oembed_knows_only_our_stories(story: StoryPage, url: str) -> None:
    assert get("/oembed", url=url).status_code == 404


def test_trust_and_security_say_what_is_set(db: None, settings: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(trust, "utcnow", lambda: datetime(2026, 6, 12, tzinfo=UTC))
    make_section()
    front = stories.front()
    assert front is not None
    front.add_child(instance=TextPage(title="Ethics", slug="ethics", policy=Policy.ETHICS))
    assert get("/trust.txt").content.decode().splitlines() == [
        f"disclosure={BASE}/ethics/",
        "datatrainingallowed=no",
    ]
    assert get("/.well-known/security.txt").status_code == 404
    settings.BROADSHEET_CONTACT, settings.BROADSHEET_TRAINING = "desk@post.example", True
    assert get("/.well-known/trust.txt").content.decode().splitlines()[1:] == [
        "contact=desk@post.example",
        "datatrainingallowed=yes",
    ]
    lines = get("/.well-known/security.txt").content.decode().splitlines()
    assert lines[:2] == ["Contact: mailto:desk@post.example", "Expires: 2026-12-01T00:00:00+00:00"]


def test_robots_name_the_sitemaps(db: None) -> None:
    text = get("/robots.txt").content.decode()
    assert f"Sitemap: {BASE}/sitemap.xml" in text
    assert "Disallow: /desk/" in text
    assert "Allow: /moderation/$" in text, "the public log"


def xml_of(text: bytes) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - our own page


def path(url: str | None) -> str:
    return str(url).removeprefix(BASE)
