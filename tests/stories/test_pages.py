import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET

from django.test import Client
from pytest_django import DjangoAssertNumQueries
from wagtail.models import Page, PageViewRestriction

from broadsheet.discussion import api as discussion
from broadsheet.kit.actor import Actor, Role
from broadsheet.stories import api as stories
from broadsheet.stories.models import StoryPage, TextPage
from newsroom import bare, make_image, make_section, make_story

SAME = {"Sec-Fetch-Site": "same-origin"}

BODY: list[dict[str, Any]] = [
    {"type": "paragraph", "value": "<p>The 22:40 ferry will <b>sail</b> again.</p>"},
    {"type": "heading", "value": {"text": "What counts", "level": "2"}},
    {"type": "heading", "value": {"text": "What counts", "level": "3"}},
    {"type": "list", "value": "<ul><li>One</li><li>Two</li></ul>"},
    {
        "type": "quote",
        "value": {
            "text": "<p>Nobody rang.</p>",
            "speaker": "Henrik Moe",
            "role": "hotel owner",
            "source_title": "Meeting papers",
            "source_url": "https://council.example/118",
        },
    },
    {"type": "html", "value": "<table><tr><td>31</td></tr></table>"},
]


def text_of(response: Any) -> str:
    return response.content.decode()


def test_a_story_shows_what_a_careful_paper_needs(db: None, now: datetime) -> None:
    section = make_section()
    image = make_image(description="A ferry at dusk", credit="Ines Halloran")
    story = make_story(
        section,
        at=now,
        standfirst="Orrin’s council voted 7 to 4.",
        bylines=("Ines Halloran", "Piers Okonjo"),
        body=BODY,
        lead_image=image,
        lead_caption="<p>The <i>Greta Marie</i>.</p>",
    )
    page = text_of(Client().get(stories.url_of(story)))
    assert f'data-story="{story.uuid}"' in page
    assert "<h1" in page
    assert "Orrin’s council voted 7 to 4." in page
    assert re.search(r"Ines Halloran</bdi></a>\s*and\s*<a [^>]*><bdi>Piers Okonjo", page)
    assert 'alt="A ferry at dusk"' in page
    assert "By Ines Halloran, click to see the full-size image</a>" in page
    assert "<b>sail</b>" in page
    assert '<h2 id="s-what-counts">' in page
    assert '<h3 id="s-what-counts-2">' in page
    assert "<li>Two</li>" in page
    assert re.search(r'<blockquote cite="https://council.example/118">.*Nobody rang', page)
    assert "Henrik Moe</b>, hotel owner" in page
    assert "<td>31</td>" in page
    assert f'<link rel="canonical" href="http://127.0.0.1:8000{stories.url_of(story)}"' in page
    full = re.search(r'href="(/media/images/[^"]+\.jpg)" class="full"', page)
    assert full
    assert "original_images" not in page


def test_structured_data_is_valid_json_and_cannot_leave_its_element(
    db: None, now: datetime
) -> None:
    headline = '</script><script>alert("1")</script> & more'
    story = make_story(make_section(), at=now, headline=headline, slug="x", bylines=("A. Venn",))
    page = text_of(Client().get(stories.url_of(story)))
    assert "<script>alert" not in page
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found
    data = json.loads(found[1])["@graph"][0]
    assert data["@type"] == "NewsArticle"
    assert data["headline"] == headline
    assert [author["name"] for author in data["author"]] == ["A. Venn"]
    assert datetime.fromisoformat(data["datePublished"]) == now


def test_a_story_without_byline_or_image_has_no_empty_places(db: None, now: datetime) -> None:
    page = text_of(Client().get(stories.url_of(make_story(make_section(), at=now))))
    assert 'class="by"' not in page
    assert "<figure" not in page


def test_a_thread_is_open_before_the_first_reader(db: None, now: datetime) -> None:
    story = make_story(make_section(), at=now)
    assert discussion.shown_keys(site="main", keys=[str(story.uuid)]) == {str(story.uuid)}
    assert 'id="discussion"' in text_of(Client().get(stories.url_of(story)))


def test_a_story_keeps_its_thread_when_its_address_changes(db: None, now: datetime) -> None:
    section = make_section()
    story = make_story(section, at=now)
    for_ever = f"/s/{story.uuid}/"
    assert Client().get(for_ever).headers["Location"] == "/town/the-last-ferry-is-coming-back/"
    section.slug = "harbour"
    section.save_revision().publish()
    assert Client().get(for_ever).headers["Location"] == "/harbour/the-last-ferry-is-coming-back/"
    assert 'id="discussion"' in text_of(Client().get("/harbour/the-last-ferry-is-coming-back/"))


def test_drafts_and_restricted_pages_do_not_exist_for_the_public(db: None, now: datetime) -> None:
    section = make_section()
    draft = make_story(section, at=now, headline="Draft", live=False)
    assert Client().get(stories.url_of(draft)).status_code == 404
    assert Client().get(f"/s/{draft.uuid}/").status_code == 404
    story = make_story(section, at=now)
    PageViewRestriction.objects.create(page=section, restriction_type=PageViewRestriction.LOGIN)
    assert Client().get(stories.url_of(story)).status_code == 404
    for listed in ("/", "/feed.xml", f"/s/{story.uuid}/"):
        assert "last ferry" not in text_of(Client().get(listed)), listed


def test_lists_are_read_in_stretches_without_gaps(
    db: None, now: datetime, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    section = make_section()
    # Three share an hour: the order must be total.
    for number in range(45):
        make_story(
            section,
            at=now - timedelta(hours=number // 3),
            headline=f"Story {number:02}",
            bylines=("A. Venn",),
        )
    address, seen = "/town/", []
    while address:
        with django_assert_max_num_queries(16):
            page = text_of(Client().get(address))
        seen += re.findall(r"<h2><a [^>]*>(Story \d+)</a>", page)
        older = re.search(r'rel="next" href="(\?after=[^"]+)"', page)
        address = "/town/" + older[1] if older else ""
    assert len(seen) == len(set(seen)) == 45
    # The last is a time that is before all times in another zone.
    before_all = "MDAwMS0wMS0wMVQwMDowMDowMCsyMzo1OXwx"
    for bad in ("x", "%00", "a" * 500, "MXwx", "2026", before_all):
        assert Client().get("/town/", {"after": bad}).status_code == 404


def test_the_feed_lists_the_newest_with_addresses_that_stay(db: None, now: datetime) -> None:
    story = make_story(make_section(), at=now, headline="Rope & sails", slug="rope")
    response = Client().get("/feed.xml")
    assert response.headers["Content-Type"].startswith("application/rss+xml")
    item = ET.fromstring(response.content).find("channel/item")  # noqa: S314 - made by us
    assert item is not None
    assert item.findtext("title") == "Rope & sails"
    assert item.findtext("guid") == f"http://127.0.0.1:8000/s/{story.uuid}/"


def test_a_plain_page_and_what_does_not_exist(db: None, now: datetime) -> None:
    make_section()
    front = stories.front()
    assert front
    front.add_child(instance=TextPage(title="House rules", in_footer=True))
    response = Client().get("/house-rules/")
    assert "<h1>House rules</h1>" in text_of(response)
    assert 'href="/house-rules/"' in text_of(Client().get("/"))
    assert Client().get("/town/nothing/").status_code == 404
    assert Client().get("/home/").status_code == 404


def test_the_desk_preview_draws_the_draft(cast: Any, now: datetime) -> None:
    story = make_story(make_section(), at=now, live=False, headline="Not yet out", body=BODY)
    client = Client()
    client.force_login(cast.owner.user)
    page = text_of(client.get(f"/desk/pages/{story.pk}/view_draft/"))
    assert "Not yet out" in page
    assert "Nobody rang" in page


def test_a_story_costs_the_same_queries_whatever_its_length(
    db: None, now: datetime, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    section = make_section()
    image = make_image(description="Ferry")
    pictures = [
        {"type": "image", "value": {"image": image.pk, "alt": "", "caption": "", "credit": ""}}
    ]
    story = make_story(
        section, at=now, body=BODY * 5 + pictures * 5, bylines=("A", "B", "C"), lead_image=image
    )
    with django_assert_max_num_queries(24):
        assert Client().get(stories.url_of(story)).status_code == 200


def test_set_up_follows_the_setting_and_keeps_the_rest(db: None) -> None:
    from wagtail.models import Site

    bare()
    front = stories.set_up_site(name="The Harbour Post", url="http://127.0.0.1:8000")
    again = stories.set_up_site(name="The Harbour Post", url="https://post.example")
    assert front.pk == again.pk
    site = Site.objects.get()
    assert (site.hostname, site.port, site.is_default_site) == ("post.example", 443, True)
    assert Page.objects.filter(depth=2).count() == 1


def test_a_copied_story_is_another_story(db: None, now: datetime) -> None:
    story = make_story(make_section(), at=now)
    copy = story.copy(update_attrs={"slug": "copy", "title": "Copy"})
    assert StoryPage.objects.get(pk=copy.pk).uuid != story.uuid


def test_times_carry_their_zone(db: None) -> None:
    at = datetime(2026, 1, 5, 22, 40, tzinfo=UTC)
    page = text_of(Client().get(stories.url_of(make_story(make_section(), at=at))))
    assert '<time datetime="2026-01-05T22:40:00+00:00">' in page


def test_a_story_taken_back_takes_its_discussion_with_it(db: None, now: datetime) -> None:
    story = make_story(make_section(), at=now)
    number = post_as_guest(story, "Nobody rang us.")
    address = f"/c/{number}/"
    assert Client().get(address).status_code == 200
    story.unpublish()
    assert Client().get(address).status_code == 404
    reply = {"body": "Still here?", "parent": number}
    thread = f"/t/{thread_of(story)}/comments/"
    assert Client().post(thread, reply, headers=SAME).status_code in {403, 409, 422}
    story.refresh_from_db()
    story.save_revision().publish()
    assert Client().get(address).status_code == 200
    StoryPage.objects.get(pk=story.pk).delete()
    assert Client().get(address).status_code == 404


def test_the_storys_setting_closes_and_opens_its_discussion(db: None, now: datetime) -> None:
    story = make_story(make_section(), at=now)
    for is_open in (False, True):
        story.discussion_open = is_open
        story.save_revision().publish()
        page = text_of(Client().get(stories.url_of(story)))
        assert ('id="composer"' in page) is is_open


def test_what_a_crash_left_is_found_and_mended(db: None, now: datetime) -> None:
    section = make_section()
    shown, hidden = make_story(section, at=now), make_story(section, at=now, headline="Second")
    # As a crash between Wagtail's transaction and ours would leave them.
    discussion.hide_thread(site="main", key=str(shown.uuid), now=now)
    StoryPage.objects.filter(pk=hidden.pk).update(live=False)
    found = {check.name: len(list(check.run())) for check in stories.checks()}
    assert {name: count for name, count in found.items() if count} == {
        "stories.threads": 2,
        "stories.lists": 1,
    }
    assert stories.repair(site="main", now=now) == 3
    assert not any(list(check.run()) for check in stories.checks())
    assert stories.repair(site="main", now=now) == 0


def thread_of(story: StoryPage) -> int:
    from broadsheet.discussion.models import Thread

    return Thread.objects.get(key=str(story.uuid)).pk


def post_as_guest(story: StoryPage, text: str) -> int:
    actor = Actor(id="device:guest", roles=frozenset({Role.GUEST}))
    return discussion.post_comment(
        actor=actor,
        thread_id=thread_of(story),
        source=text,
        policy=discussion.Policy(hold_first=False),
        now=story.first_published_at,
    ).number
