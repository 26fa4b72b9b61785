"""Links to a draft: who may make one, what it shows, and that it ends."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import CollectionViewRestriction

from broadsheet.kit.verdict import RefusalError
from broadsheet.stories.desk import previews
from broadsheet.stories.models import NewsDocument, PreviewLink, StoryPage
from clocks import Clock
from newsroom import make_document, make_image, make_section, make_story
from people import Cast, Person

DAY = timedelta(days=1)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, now: datetime) -> Clock:
    return Clock(monkeypatch, now)


@pytest.fixture
def story(cast: Cast[Person], now: datetime) -> StoryPage:
    return make_story(
        make_section(),
        at=now,
        live=False,
        headline="Not yet out",
        owner=cast.reporter.user,
        lead_image=make_image(description="A ferry", credit="Maren"),
    )


def share(cast: Cast[Person], story: StoryPage, clock: Clock, days: int = 7) -> str:
    return previews.share_preview(actor=cast.reporter.actor, story=story, days=days, now=clock.now)


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("owner", True),
        ("editor", True),
        ("reporter", True),
        ("moderator", False),
        ("reader", False),
        ("banned_reader", False),
        ("guest", False),
        ("stranger", False),
    ],
)
def test_who_may_edit_may_share_and_take_back(
    cast: Cast[Person], story: StoryPage, clock: Clock, name: str, may: bool
) -> None:
    actor = cast[name].actor
    facts: dict[str, Any] = {"actor": actor, "story": story, "now": clock.now}
    if may:
        assert previews.share_preview(**facts, days=1)
        assert previews.revoke_previews(**facts) == 1
        return
    with pytest.raises(RefusalError):
        previews.share_preview(**facts, days=1)
    share(cast, story, clock)
    with pytest.raises(RefusalError):
        previews.revoke_previews(**facts)


def test_another_reporter_may_not(cast: Cast[Person], story: StoryPage, clock: Clock) -> None:
    StoryPage.objects.filter(pk=story.pk).update(owner=cast.editor.user)
    with pytest.raises(RefusalError):
        share(cast, StoryPage.objects.get(pk=story.pk), clock)


def test_the_latest_draft_is_drawn_for_anybody_and_kept_by_nobody(
    cast: Cast[Person], story: StoryPage, clock: Clock
) -> None:
    path = share(cast, story, clock)
    story.title = "Better words"
    story.embargo_until = clock.now + DAY
    story.save_revision()
    response = Client().get(path)
    page = response.content.decode()
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "private, no-store"
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert '<meta name="robots" content="noindex">' in page
    assert "Better words" in page
    assert "Draft, not published." in page
    assert "This link is valid until" in page
    assert "Not published yet" in page
    assert "1970" not in page
    assert "Under embargo until" in page
    assert "<figure" in page
    assert "application/ld+json" not in page
    assert 'id="discussion"' not in page
    assert not response.cookies
    # The same bytes for staff: nothing of a person is in them.
    client = Client()
    client.force_login(cast.owner.user)
    assert client.get(path).content == response.content
    for person in (cast.reporter, cast.owner):
        assert person.actor.email not in page


def test_a_published_story_is_pointed_to(
    cast: Cast[Person], story: StoryPage, clock: Clock
) -> None:
    story.get_latest_revision().publish()
    path = share(cast, StoryPage.objects.get(pk=story.pk), clock)
    assert 'href="/town/not-yet-out/"' in Client().get(path).content.decode()


@pytest.mark.parametrize("days", previews.DAYS)
def test_a_link_ends_on_its_day(
    cast: Cast[Person], story: StoryPage, clock: Clock, days: int
) -> None:
    path = share(cast, story, clock, days)
    clock.at(clock.now + days * DAY - timedelta(seconds=1))
    assert Client().get(path).status_code == 200
    clock.at(clock.now + timedelta(seconds=1))
    response = Client().get(path)
    assert response.status_code == 410
    assert "This preview has ended" in response.content.decode()
    assert "Not yet out" not in response.content.decode()
    assert response.headers["Cache-Control"] == "private, no-store"


def test_links_are_taken_back_and_no_publication_brings_them_back(
    cast: Cast[Person], story: StoryPage, clock: Clock
) -> None:
    paths = {share(cast, story, clock, days) for days in previews.DAYS}
    assert len(paths) == 3
    previews.revoke_previews(actor=cast.editor.actor, story=story, now=clock.now)
    story.get_latest_revision().publish()
    for path in paths:
        assert Client().get(path).status_code == 410
    new = share(cast, story, clock)
    assert Client().get(new).status_code == 200
    StoryPage.objects.get(pk=story.pk).delete()
    assert Client().get(new).status_code == 410


def test_what_we_did_not_sign_does_not_exist(
    cast: Cast[Person], story: StoryPage, clock: Clock
) -> None:
    path = share(cast, story, clock)
    token = path.split("/")[2]
    facts, _, signature = token.partition(":")
    for forged in (f"{facts}:{signature[:-1]}", f"x{facts}:{signature}", "a:b", facts, ":"):
        assert Client().get(f"/preview/{forged}/").status_code == 404, forged
    assert Client().post(path).status_code in {403, 405}


def test_a_section_called_preview_keeps_its_stories(db: None, now: datetime) -> None:
    make_story(make_section("Preview"), at=now, headline="Plays")
    assert Client().get("/preview/plays/").status_code == 200


def test_the_desk_makes_lists_and_ends_links(
    cast: Cast[Person], story: StoryPage, clock: Clock
) -> None:
    client = Client(headers={"Sec-Fetch-Site": "same-origin"})
    client.force_login(cast.reporter.user)
    edit = client.get(reverse("wagtailadmin_pages:edit", args=(story.pk,))).content.decode()
    url = reverse("stories_previews", args=(story.pk,))
    assert f'href="{url}"' in edit
    assert client.post(url, {"days": "400"}).status_code == 303
    assert PreviewLink.objects.count() == 0
    client.post(url, {"days": "30"})
    page = client.get(url).content.decode()
    found = re.search(r'value="http://127.0.0.1:8000(/preview/[^"]+)"', page)
    assert found
    assert "Valid until 9:30 on 12 July 2026" in page
    assert Client().get(found.group(1)).status_code == 200
    client.post(url, {"revoke": "all"})
    assert Client().get(found.group(1)).status_code == 410
    client.force_login(cast.moderator.user)
    assert client.get(url).status_code == 302
    assert client.post(url, {"days": "1"}).status_code == 302
    assert PreviewLink.objects.filter(revoked_at=None).count() == 0


def test_the_desks_own_preview_says_that_it_is_one(
    cast: Cast[Person], story: StoryPage, clock: Clock
) -> None:
    story.embargo_until = clock.now + DAY
    story.save_revision()
    client = Client()
    client.force_login(cast.owner.user)
    page = client.get(f"/desk/pages/{story.pk}/view_draft/").content.decode()
    assert "Draft, not published." in page
    assert "Under embargo until" in page


def shown(document: NewsDocument) -> list[dict[str, Any]]:
    return [{"type": "document", "value": {"document": document.pk, "title": "", "summary": ""}}]


def links(page: str) -> list[str]:
    return re.findall(r'href="([^"]+\.(?:pdf|html))"', page)


def test_a_draft_s_documents_are_read_by_its_link_and_no_others(
    cast: Cast[Person], story: StoryPage, clock: Clock
) -> None:
    paper, other = make_document("leak 1.pdf", b"%PDF-1.7 x"), make_document("other.pdf")
    story.body = shown(paper)
    story.save_revision()
    path = share(cast, story, clock)
    (address,) = links(Client().get(path).content.decode())
    assert address == f"{path}documents/{paper.pk}/{paper.filename}"
    response = Client().get(address)
    assert b"".join(response) == b"%PDF-1.7 x"  # type: ignore[call-overload]  # a stream
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Cache-Control"] == "private, no-store"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert not response.cookies
    # The public address is dead as before, and the token opens nothing else.
    assert Client().get(f"/documents/{paper.pk}/{paper.filename}").status_code == 404
    for wrong in (
        f"{path}documents/{other.pk}/{other.filename}",
        f"{path}documents/{paper.pk}/other.pdf",
        f"{path}documents/{'9' * 18}/{paper.filename}",
        f"/preview/a:b/documents/{paper.pk}/{paper.filename}",
    ):
        assert Client().get(wrong).status_code == 404, wrong
    assert Client().post(address).status_code in {403, 405}
    # Taken out of the draft, it is no longer read by the link.
    story.body = shown(other)
    story.save_revision()
    assert Client().get(address).status_code == 404
    story.body = shown(paper)
    story.save_revision()
    assert Client().get(address).status_code == 200
    clock.at(clock.now + 7 * DAY)
    assert Client().get(address).status_code == 404


@pytest.mark.parametrize("kind", ["paragraph", "html", "quote", "table"])
def test_a_draft_leads_to_its_documents_by_its_link(
    cast: Cast[Person], story: StoryPage, clock: Clock, kind: str
) -> None:
    paper = make_document("leak 1.pdf")
    public = f"/documents/{paper.pk}/{paper.filename}"
    words: dict[str, Any] = {
        "paragraph": f'<p><a id="{paper.pk}" linktype="document">it</a></p>',
        "html": f'<dl><dd><a href="{public}" rel="noopener">it</a></dd></dl>',
        "quote": {"text": "<p>No.</p>", "speaker": "I", "source_title": "", "source_url": public},
        "table": {"caption": "C", "cells": "a\tb\n1\t2", "source_url": public},
    }
    story.body = [{"type": kind, "value": words[kind]}]
    story.save_revision()
    path = share(cast, story, clock)
    (address,) = links(Client().get(path).content.decode())
    assert address == f"{path}documents/{paper.pk}/{paper.filename}"
    assert Client().get(address).status_code == 200
    assert Client().get(public).status_code == 404
    client = Client()
    client.force_login(cast.reporter.user)
    drawn = client.get(f"/desk/pages/{story.pk}/view_draft/").content.decode()
    assert links(drawn) == [f"/desk/files/{paper.pk}/{paper.filename}"]


def test_what_is_no_pdf_opens_from_no_link(
    cast: Cast[Person], story: StoryPage, clock: Clock
) -> None:
    paper = make_document("a.html", b"<script>alert(1)</script>")
    story.body = shown(paper)
    story.save_revision()
    path = share(cast, story, clock)
    response = Client().get(f"{path}documents/{paper.pk}/{paper.filename}")
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_a_closed_collection_is_closed_to_a_link(
    cast: Cast[Person], story: StoryPage, clock: Clock
) -> None:
    paper = make_document("leak.pdf")
    story.body = shown(paper)
    story.save_revision()
    address = f"{share(cast, story, clock)}documents/{paper.pk}/{paper.filename}"
    assert Client().get(address).status_code == 200
    CollectionViewRestriction.objects.create(collection=paper.collection, restriction_type="login")
    assert Client().get(address).status_code == 404


@pytest.mark.parametrize("address", ["/desk/pages/{}/view_draft/", "/desk/file/{}/preview/"])
def test_staff_read_a_draft_s_documents_at_the_desk(
    cast: Cast[Person], story: StoryPage, clock: Clock, address: str
) -> None:
    paper = make_document("leak.pdf", b"%PDF-1.7 x")
    story.body = shown(paper)
    story.save_revision()
    client = Client()
    client.force_login(cast.reporter.user)
    (link,) = links(client.get(address.format(story.pk)).content.decode())
    assert link == f"/desk/files/{paper.pk}/{paper.filename}"
    assert client.get(link).status_code == 200
    assert Client().get(link).status_code == 302
