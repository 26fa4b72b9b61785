"""The demonstration: what is in it, its books at any moment, and being anybody in it."""

import re
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import get_user
from django.http import HttpRequest
from django.test import Client
from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime

from broadsheet.funding import api as funding
from broadsheet.kit.actor import Actor, Role
from broadsheet.readers import api as readers
from broadsheet.site.demo import books, files, load, people
from broadsheet.site.selfcheck import run_all
from broadsheet.stories import api as stories
from broadsheet.stories.blocks import BodyBlock
from newsroom import set_up

OURS = {"Sec-Fetch-Site": "same-origin"}
MAIN = "the-last-ferry-is-coming-back"
OWNER = Actor(id="account:owner", roles=frozenset({Role.OWNER, Role.READER}))
ROLES = {
    "guest": None,
    "reader": {Role.READER},
    "moderator": {Role.MODERATOR, Role.READER},
    "reporter": {Role.REPORTER, Role.READER},
    "editor": {Role.EDITOR, Role.READER},
    "owner": {Role.OWNER, Role.READER},
}
# No embed: everything in the demonstration acts without a line to the world.
LEFT_OUT = {"embed", "html", "image"}


@pytest.fixture
def demonstration(settings: Any) -> None:
    settings.DEMONSTRATION = True


@pytest.fixture
def crew(db: None) -> people.Cast:
    return people.invite()


def test_the_files_show_what_a_newsroom_can_do(now: datetime) -> None:
    found = files.stories(now=now)
    assert len(found) >= 14
    assert len({story.head["section"] for story in found}) == 4
    kinds = {kind for story in found for kind, _ in story.blocks}
    assert kinds | LEFT_OUT == set(BodyBlock().child_blocks)
    heads = [story.head for story in found]
    assert sorted(head["series"][1] for head in heads if "series" in head) == [1, 2, 3]
    assert {head["genre"] for head in heads if "genre" in head} >= {"opinion", "explainer"}
    assert any("earlier" in head and head["corrections"] for head in heads)
    assert any("picture" not in head for head in heads)


def test_the_files_name_only_what_is_there(now: datetime) -> None:
    newsroom, pictures = files.newsroom(), files.table("pictures.toml")
    slugs = {story.slug for story in files.stories(now=now)}
    topics = {entry["name"] for entry in newsroom["topics"]}
    for story in files.stories(now=now):
        assert set(story.head["topics"]) <= topics, story.slug
        assert set(story.head.get("related", [])) <= slugs, story.slug
        assert story.head.get("picture", "ferry") in pictures
    assert set(files.threads(now=now)) <= slugs
    drawn = [entry for entry in (files.FOLDER / "images").iterdir() if entry.name[0] != "."]
    assert {entry.name for entry in drawn} == {f"{name}.webp" for name in pictures}
    for entry in drawn:
        assert len(entry.read_bytes()) <= 60_000, entry.name
    assert all(picture["alt"] and picture["title"] for picture in pictures.values())
    papers = {entry.name.removesuffix(".pdf") for entry in (files.FOLDER / "documents").iterdir()}
    assert papers == set(newsroom["papers"])


def test_the_thread_is_long_deep_and_moderated(now: datetime) -> None:
    thread = files.threads(now=now)[MAIN]
    assert len(thread) >= 60
    assert max(comment.level for comment in thread) >= 8
    assert {comment.rule for comment in thread} >= {"personal_attack", "off_topic", "advertising"}
    assert sum(bool(comment.quotes) for comment in thread) >= 4
    # What is answered is older than its answer, and all of it is younger than the story.
    story = next(s for s in files.stories(now=now) if s.slug == MAIN)
    above: dict[int, int] = {-1: story.head["hours_ago"] * 60}
    for comment in thread:
        assert comment.minutes_ago < above[comment.level - 1], comment.text
        above[comment.level] = comment.minutes_ago


def page_of(address: str) -> str:
    return Client().get(address).content.decode()


def _assert_its_past_is_of_one_piece(now: datetime) -> None:
    """What was corrected long before it was loaded says so everywhere, and its sources are open."""
    story = stories.StoryPage.objects.get(slug="nobody-rang-the-hotels")
    assert story.first_published_at < story.updated_at < now
    at = localtime(story.updated_at).isoformat()
    assert f'datetime="{at}"' in page_of(f"/s/{story.uuid}/versions/")
    assert re.search(
        rf'class="corrected">.*Corrected <time datetime="{re.escape(at)}"',
        page_of(stories.url_of(story)),
    )
    items = Client().get("/corrections/feed.json").json()["items"]
    seen = {item["date_published"] for item in items if stories.url_of(story) in item["url"]}
    assert {datetime.fromisoformat(each) for each in seen} == {story.updated_at}
    for each in stories.StoryPage.objects.all():
        for address in re.findall(r'href="([^"]*/documents/[^"]+)"', page_of(stories.url_of(each))):
            assert Client().get(address).status_code == 200, address


@pytest.mark.slow
def test_it_is_loaded_once_and_whole(db: None, now: datetime) -> None:
    from broadsheet.discussion.models import Comment

    set_up()
    assert load(now=now)
    assert "Broadsheet" in stories.publication(now=now).tagline
    assert stories.StoryPage.objects.live().count() == len(files.stories(now=now))
    states = Counter(Comment.objects.values_list("state", flat=True))
    assert states["published"] >= 60
    assert states["held"] == 2
    assert states["removed"] >= 4
    assert set(Comment.objects.values_list("voice", flat=True)) == {"", "newsroom", "moderator"}
    assert Comment.objects.earliest("pk").thread.key == str(
        stories.StoryPage.objects.get(slug=MAIN).uuid
    )
    for image in stories.NewsImage.objects.all():
        assert image.description
        assert image.credit_person is not None
    assert [found for _, found in run_all() if found] == []
    _assert_its_past_is_of_one_piece(now)
    assert not load(now=now), "a second start changes nothing"


@pytest.mark.parametrize(
    "moment",
    [
        "2026-11-25T18:00:00Z",
        "2026-12-01T00:00:00.000001Z",
        "2027-01-01T00:00:07Z",
        "2028-02-29T12:00:00Z",
        "2026-10-31T23:59:59Z",
        "2026-03-31T22:30:00Z",
    ],
)
def test_the_meter_stands_at_the_same_sum_whatever_the_day(db: None, moment: str) -> None:
    now = parse_datetime(moment)
    assert now is not None
    books.keep(owner=OWNER, now=now)
    meter = funding.meter(now=now)
    assert meter is not None
    assert (meter.raised.minor, meter.goal.minor) == (112_000, 500_000)
    assert [mark.amount.minor for mark in meter.steps] == [250_000, 500_000]
    closed = funding.closed_months(now=now)
    assert [month.raised.minor > 250_000 for month in closed] == [True, True]
    assert [found for name, found in run_all() if name.startswith("funding") and found] == []


def role_of(client: Client) -> set[Role] | None:
    request = HttpRequest()
    request.session = client.session
    user: Any = get_user(request)
    return set(readers.actor_for(user).roles) if user.is_authenticated else None


def see_as(client: Client, persona: str, back: str = "/town/") -> Any:
    return client.post("/demonstration/as/", {"persona": persona, "next": back}, headers=OURS)


@pytest.mark.parametrize("persona", ROLES)
def test_each_persona_gets_exactly_its_role(
    demonstration: None, crew: people.Cast, persona: str
) -> None:
    client = Client()
    see_as(client, "owner" if persona != "owner" else "reader")
    answer = see_as(client, persona)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/town/")
    assert role_of(client) == ROLES[persona]
    assert client.get("/demonstration/").json() == {"persona": persona}
    assert set(people.PERSONAS) == set(ROLES)


@pytest.mark.parametrize("persona", ROLES)
def test_a_real_site_knows_none_of_it(crew: people.Cast, persona: str) -> None:
    client = Client()
    assert see_as(client, persona).status_code == 404
    assert client.get("/demonstration/").status_code == 404
    assert "demo-bar" not in client.get("/").content.decode()
    assert role_of(client) is None


def test_the_setting_alone_makes_nobody(demonstration: None, db: None) -> None:
    assert see_as(Client(), "owner").status_code == 404
    assert see_as(Client(), "nobody").status_code == 404


def test_it_needs_a_mailbox_that_sends_nothing() -> None:
    assert django_settings.DEMONSTRATION is False
    assert django_settings.CONFIG["demonstration"] is False


@pytest.mark.parametrize(
    ("persona", "asked", "leads_to"),
    [
        ("reader", "/town/?sort=oldest", "/town/?sort=oldest"),
        ("editor", "/desk/", "/desk/"),
        ("reader", "/desk/pages/3/", "/"),
        ("guest", "/moderation/queue/", "/"),
        ("editor", "https://evil.example/", "/"),
        ("editor", "//evil.example/", "/"),
        ("editor", "/\\evil.example", "/"),
        ("editor", "", "/"),
    ],
)
def test_one_returns_to_where_one_was(
    demonstration: None, crew: people.Cast, persona: str, asked: str, leads_to: str
) -> None:
    assert see_as(Client(), persona, asked).headers["Location"] == leads_to


def test_only_our_own_pages_may_sign_somebody_in(demonstration: None, crew: people.Cast) -> None:
    client = Client()
    form = {"persona": "owner", "next": "/"}
    assert client.post("/demonstration/as/", form).status_code == 403
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert client.post("/demonstration/as/", form, headers=foreign).status_code == 403
    assert client.get("/demonstration/as/").status_code == 405
    assert role_of(client) is None


@pytest.mark.parametrize("path", ["/", "/support/", "/no/such/page/"])
def test_a_public_page_with_its_bar_is_everybodys(
    demonstration: None, crew: people.Cast, path: str
) -> None:
    owner = Client()
    see_as(owner, "owner")
    plain, signed_in = Client().get(path), owner.get(path)
    assert b'class="demo-bar"' in plain.content
    assert plain.content == signed_in.content
    assert f'name="next" value="{path}"' in plain.content.decode()


def test_a_private_page_says_who_one_is(demonstration: None, crew: people.Cast) -> None:
    set_up()
    client = Client()
    see_as(client, "editor")
    page = client.get("/moderation/queue/").content.decode()
    assert 'value="editor" aria-pressed="true"' in page
    assert page.count('aria-pressed="true"') == 1
    assert 'value="editor" aria-pressed="true"' in client.get("/desk/").content.decode()


def test_words_for_days_follow_the_moment() -> None:
    now = datetime(2027, 3, 2, 9, tzinfo=UTC)
    said = files.filled("{weekday:1}, {date:-41}, {month:40}, {year:3}", now)
    assert said == "Monday, 12 April, January, 2024"
