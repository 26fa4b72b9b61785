"""What pages say in structured data: every term is schema.org's, and what is said is true."""

from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from broadsheet.discussion import api as discussion
from broadsheet.kit.actor import Actor, Role
from broadsheet.kit.html import plain_words
from broadsheet.stories import api as stories
from broadsheet.stories import structured
from broadsheet.stories.models import Byline, Policy, Series, StoryPage, TextPage
from broadsheet.stories.shown import Credit, Link, Picture, SeriesBox, ShownCorrection, Story
from broadsheet.stories.shown import ShownByline as Line
from newsroom import make_image, make_section, make_story
from stories.schema_org import data_of, problems

BASE = "https://post.example"
PAPER = structured.Publisher(
    name="The Harbour Post",
    url=BASE,
    logo=f"{BASE}/media/logo.png",
    tagline="From the quay",
    language="en",
    policies=tuple((kind, f"{BASE}/{kind}/") for kind in Policy.values if kind),
)


def whole_story(now: datetime, **other: Any) -> Story:
    facts: dict[str, Any] = {
        "key": "00000000-0000-4000-8000-000000000000",
        "headline": "The last ferry",
        "url": "/town/ferry/",
        "standfirst": "It comes back.",
        "language": "en",
        "section": Link("Town", "/town/"),
        "bylines": (Line("Ines", "/people/ines/"), Line("Piers", "/people/piers/", "Data")),
        "picture": Picture(
            src="/media/a.webp",
            srcset="",
            width=1200,
            height=800,
            alt="A ferry",
            caption="<p>The <i>Greta</i>.</p>",
            credit=Credit("Maren", "/people/maren/", "https://licence.example/by"),
            full_url="/media/a.jpg",
        ),
        "body": (),
        "published_at": now,
        "updated_at": None,
        "topics": (Link("Ferry", "/topics/ferry/"),),
        "discussion_open": True,
        "genre_code": "",
        "corrections": (
            ShownCorrection(
                "correction", "Correction", "<p>It was 31.</p>", date(2026, 6, 1), "k-1"
            ),
        ),
        "version": 2,
        "series": SeriesBox(Link("The quay", "/series/quay/"), 2, ()),
    }
    return Story(**facts | other)


@pytest.mark.parametrize("genre", ["", "analysis", "opinion", "review", "explainer", "interview"])
def test_every_kind_of_story_in_terms_of_schema_org(now: datetime, genre: str) -> None:
    node = structured.article(whole_story(now, genre_code=genre), publisher=PAPER, comments=3)
    assert list(problems(node)) == []
    assert node["@type"].endswith("NewsArticle")


def test_the_rest_in_terms_of_schema_org(now: datetime) -> None:
    nodes = [
        structured.organisation(PAPER),
        structured.newsroom_site(PAPER),
        structured.trail(Link("Town", "/town/"), base_url=BASE),
        structured.collection(name="Town", url=f"{BASE}/town/", urls=[f"{BASE}/town/ferry/"]),
        structured.collection(name="Town", url=f"{BASE}/town/"),
        structured.profile(name="Ines", url=f"{BASE}/people/ines/", role="Reporter", bio="She."),
    ]
    assert [found for node in nodes for found in problems(node)] == []


def test_the_check_finds_what_is_wrong() -> None:
    """The guard itself: a term that is not there, on the wrong type, with the wrong value."""
    for wrong in (
        {"@type": "NewsStory"},
        {"@type": "NewsArticle", "heading": "x"},
        {"@type": "Person", "headline": "x"},
        {"@type": "NewsArticle", "datePublished": "yesterday"},
        {"@type": "NewsArticle", "author": {"@type": "ImageObject"}},
        {"@type": "NewsArticle", "author": {"@type": "Person", "headline": "x"}},
        {"@type": "NewsArticle", "headline": ""},
    ):
        assert list(problems(wrong)), wrong


def test_nothing_is_said_of_what_is_not_there(now: datetime) -> None:
    bare = whole_story(
        now, bylines=(), picture=None, standfirst="", topics=(), corrections=(), series=None
    )
    node = structured.article(bare, publisher=structured.Publisher("Post", BASE), comments=0)
    assert list(problems(node)) == []
    missing = {
        "author",
        "contributor",
        "image",
        "description",
        "keywords",
        "correction",
        "isPartOf",
    }
    assert not missing & set(node)


def test_a_storys_page_says_what_it_shows(db: None, now: datetime) -> None:
    story = _story_with_everything(now)
    data = data_of(Client().get(stories.url_of(story)).content.decode())
    assert [found for node in data for found in problems(node)] == []
    article, trail, posting = data
    assert article["@type"] == "OpinionNewsArticle"
    assert article["headline"] == "</script><b>Ferry"
    assert article["author"][0]["url"].endswith("/people/ines-halloran/")
    assert article["publisher"]["ethicsPolicy"].endswith("/ethics/")
    assert article["commentCount"] == 3
    assert [one["name"] for one in trail["itemListElement"]] == [
        "The Harbour Post",
        "Town",
        "</script><b>Ferry",
    ]
    assert posting["@type"] == "DiscussionForumPosting"
    first = posting["comment"][0]
    assert first["text"] == "One & two.\nThree."
    assert first["comment"][0]["comment"][0]["text"] == "Deeper."
    assert first["author"]["name"] == "Maren"


def test_comments_that_are_not_public_are_not_in_it(db: None, now: datetime) -> None:
    story = _story_with_everything(now)
    discussion.decide(
        actor=Actor(id="system:test", roles=frozenset({Role.SYSTEM, Role.OWNER})),
        comment_id=_numbers(story)[0],
        verb="remove",
        rule="personal_attack",
        reason="",
        now=now,
    )
    page = Client().get(stories.url_of(story)).content.decode()
    assert "One &amp; two" not in page
    assert "One & two" not in str(data_of(page))


def test_front_and_section(db: None, now: datetime) -> None:
    make_story(make_section(), at=now, bylines=("Ines Halloran",))
    for path, kinds in (
        ("/", ["NewsMediaOrganization", "WebSite"]),
        ("/town/", ["CollectionPage", "BreadcrumbList"]),
        ("/people/ines-halloran/", ["ProfilePage", "BreadcrumbList"]),
    ):
        data = data_of(Client().get(path).content.decode())
        assert [node["@type"] for node in data] == kinds
        assert [found for node in data for found in problems(node)] == []


def test_what_is_shared_of_a_story(db: None, now: datetime) -> None:
    story = _story_with_everything(now)
    page = Client().get(stories.url_of(story)).content.decode()
    for mark in (
        '<meta property="og:type" content="article">',
        '<meta property="og:title" content="&lt;/script&gt;&lt;b&gt;Ferry">',
        '<meta property="article:section" content="Town">',
        '<meta name="twitter:card" content="summary_large_image">',
        'type="application/json+oembed"',
    ):
        assert mark in page, mark


def test_plain_words_keep_the_blocks_apart() -> None:
    html = "<p>One &amp;<br>two</p><blockquote><p>a <b>b</b></p></blockquote><ul><li>c</li></ul>"
    assert plain_words(html) == "One &\ntwo\na b\nc"


def _story_with_everything(now: datetime) -> StoryPage:
    section = make_section()
    front = stories.front()
    assert front is not None
    front.add_child(instance=TextPage(title="Ethics", slug="ethics", policy=Policy.ETHICS))
    image = make_image(description="A ferry", credit="Maren")
    series = Series.objects.create(title="The quay", slug="quay")
    story = make_story(
        section,
        at=now,
        headline="</script><b>Ferry",
        slug="ferry",
        genre="opinion",
        standfirst="It comes back.",
        bylines=("Ines Halloran",),
        lead_image=image,
        series=series,
        series_part=1,
    )
    assert Byline.objects.filter(story=story).exists()
    stories.make_renditions(image_ids={image.pk})
    thread_id = stories.open_discussion(story=story, site="main", now=now)
    parent = None
    for text in ("One & two.\n\nThree.", "An answer.", "Deeper."):
        parent = discussion.post_comment(
            actor=Actor(id=f"device:{text}", roles=frozenset({Role.GUEST})),
            thread_id=thread_id,
            parent_id=parent,
            source=text,
            name="Maren",
            policy=discussion.Policy(hold_first=False, hold_links=False),
            now=now,
        ).number
    return story


def _numbers(story: StoryPage) -> list[int]:
    page = discussion.thread_page(site="main", key=str(story.uuid))
    assert page is not None
    return [comment.number for comment in page.comments]
