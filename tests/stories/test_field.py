"""Filing from a telephone: who may, what becomes of it, and that no word is lost."""

import json
import re
from datetime import datetime
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from PIL import Image

from broadsheet.stories import api as stories
from broadsheet.stories.http import field
from broadsheet.stories.models import NewsImage, Person, SectionPage, StoryPage
from newsroom import make_section, make_story, phone_exif
from people import Cast

HOME, NEW = "/desk/file/", "/desk/file/new/"
SAME = {"Sec-Fetch-Site": "same-origin"}
TEXT = "The boat came.\n\n> Nobody rang.\n— Henrik Moe, hotel owner\nSource: Papers https://council.example/"


@pytest.fixture
def section(db: None) -> SectionPage:
    return make_section()


@pytest.fixture
def reporter(cast: Cast, section: SectionPage) -> Client:
    return signed_in(cast, "reporter")


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr(field, "utcnow", lambda: now)


def signed_in(cast: Cast, name: str) -> Client:
    client = Client(headers=SAME)
    client.force_login(cast[name].user)
    return client


def filing(client: Client, below: SectionPage, **typed: Any) -> dict[str, Any]:
    page = client.get(NEW).content.decode()
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key
    form = {
        "section": below.pk,
        "headline": "The boat is late",
        "standfirst": "Again.",
        "text": TEXT,
    }
    return form | {"key": key[1], "todo": "save"} | typed


def photo(*, exif: bool = True) -> SimpleUploadedFile:
    data = BytesIO()
    Image.new("RGB", (800, 500), "navy").save(data, "JPEG", exif=phone_exif())
    return SimpleUploadedFile("IMG_1.jpg", data.getvalue(), "image/jpeg")


def the_story() -> StoryPage:
    return StoryPage.objects.get()


def the_draft(story: StoryPage) -> StoryPage:
    return StoryPage.objects.get(pk=story.pk).get_latest_revision_as_object()


def test_a_story_is_filed_with_photo_and_quote(
    reporter: Client, section: SectionPage, cast: Cast
) -> None:
    Person.objects.create(name="Ruben Tallow", slug="ruben-tallow", user=cast.reporter.user)
    form = filing(reporter, section, photo=photo(), alt="A boat", credit="Ruben", caption="At dusk")
    answer = reporter.post(NEW, form)
    story = the_story()
    assert (answer.status_code, answer["Location"]) == (303, f"{HOME}{story.pk}/?saved=1")
    assert not story.live
    draft = story.get_latest_revision_as_object()
    assert [block.block_type for block in draft.body] == ["paragraph", "quote"]
    assert draft.lead_image.description == "A boat"
    assert (draft.lead_credit, draft.lead_caption) == ("Ruben", "<p>At dusk</p>")
    assert [byline.person.name for byline in draft.bylines.all()] == ["Ruben Tallow"]
    page = unescape(reporter.get(f"{HOME}{story.pk}/").content.decode())
    assert TEXT in page
    assert "The boat is late" in unescape(reporter.get(HOME).content.decode())
    seen = reporter.get(f"{HOME}{story.pk}/preview/")
    assert seen["Cache-Control"] == "private, no-store"
    assert "Nobody rang." in seen.content.decode()
    assert f'href="{HOME}{story.pk}/">Back to writing' in seen.content.decode()


def test_the_same_form_twice_is_one_story(reporter: Client, section: SectionPage) -> None:
    form = filing(reporter, section)
    for text in ("One.", "Two."):
        assert reporter.post(NEW, form | {"text": text}).status_code == 303
    draft = the_story().get_latest_revision_as_object()
    assert "Two." in str(draft.body.raw_data)


def test_a_draft_is_gone_on_with_and_sent(
    reporter: Client, section: SectionPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    reporter.post(NEW, filing(reporter, section))
    story = the_story()
    here = f"{HOME}{story.pk}/"
    form = {
        "headline": "Later",
        "standfirst": "",
        "text": TEXT,
        "revision": story.latest_revision_id,
    }
    answer = reporter.post(here, form | {"todo": "send"})
    # Without a standfirst there is something to mend first; nothing is lost by looking at it.
    assert answer["Location"] == f"{here}send/"
    page = reporter.get(f"{here}send/").content.decode()
    assert "There is no standfirst." in page
    assert "Submit anyway" in page
    assert reporter.post(f"{here}send/")["Location"] == f"{HOME}?done={story.pk}"
    assert the_story().workflow_in_progress
    assert "It is with an editor." in reporter.get(HOME).content.decode()


def test_whoever_wrote_it_is_told_where_it_stands(
    cast: Cast, reporter: Client, section: SectionPage, now: datetime
) -> None:
    reporter.post(NEW, filing(reporter, section))
    story = the_story()
    here = f"{HOME}{story.pk}/"
    stories.submit_story(actor=cast.reporter.actor, story=story, now=now)
    # With an editor there is no form to type into in vain; an editor has it.
    waiting = reporter.get(here).content.decode()
    assert "It is with an editor." in waiting
    assert "<textarea" not in waiting
    assert "<textarea" in signed_in(cast, "editor").get(here).content.decode()
    # Whoever had it open before is told why, and keeps what they typed.
    late = reporter.post(here, {"headline": "Later", "text": "My words.", "revision": ""})
    assert late.status_code == 422
    assert "This story waits for an editor already." in late.content.decode()
    assert "My words." in late.content.decode()
    task = the_story().current_workflow_task_state
    task.reject(user=cast.editor.user, comment="Who counted?\nName <them>.")
    for path in (HOME, here):
        page = reporter.get(path).content.decode()
        assert "An editor asks for changes." in page
        assert "Who counted?<br>Name &lt;them&gt;." in page
    assert "Submit to an editor again" in reporter.get(here).content.decode()


def test_an_editor_publishes_from_the_same_page(cast: Cast, section: SectionPage) -> None:
    editor = signed_in(cast, "editor")
    editor.post(NEW, filing(editor, section))
    story = the_story()
    assert "Publish now" in editor.get(f"{HOME}{story.pk}/").content.decode()
    assert editor.post(f"{HOME}{story.pk}/send/").status_code == 303
    assert the_story().live
    # A public story is changed at the desk.
    assert (
        reverse("wagtailadmin_pages:edit", args=(story.pk,))
        in editor.get(f"{HOME}{story.pk}/")["Location"]
    )


def test_what_was_saved_meanwhile_is_not_written_over(
    cast: Cast, reporter: Client, section: SectionPage
) -> None:
    reporter.post(NEW, filing(reporter, section))
    story = the_story()
    seen = story.latest_revision_id
    editor = signed_in(cast, "editor")
    here = f"{HOME}{story.pk}/"
    base = {"headline": "By the editor", "text": "Theirs.", "revision": seen}
    assert editor.post(here, base).status_code == 303
    answer = reporter.post(here, {"headline": "Mine", "text": "My words.", "revision": seen})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "My words." in page
    assert 'name="revision" value=""' in page
    assert (
        reporter.post(here, {"headline": "Mine", "text": "My words.", "revision": ""}).status_code
        == 303
    )
    assert story.revisions.count() == 3


def test_the_script_is_told_how_to_overrule(reporter: Client, section: SectionPage) -> None:
    reporter.post(NEW, filing(reporter, section))
    story = the_story()
    as_json = SAME | {"Accept": "application/json"}
    form = {"headline": "Mine", "text": "x", "revision": story.latest_revision_id - 1}
    told = reporter.post(f"{HOME}{story.pk}/", form, headers=as_json)
    assert (told.status_code, told.json()["overrule"]) == (409, True)


def test_what_became_public_meanwhile_gives_the_words_back(
    reporter: Client, section: SectionPage
) -> None:
    reporter.post(NEW, filing(reporter, section))
    story = the_story()
    story.get_latest_revision().publish()
    answer = reporter.post(f"{HOME}{story.pk}/", {"headline": "Mine", "text": "My last words."})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "This story is public." in page
    assert "My last words." in page


def test_what_the_full_editor_made_is_left_to_it(reporter: Client, section: SectionPage) -> None:
    reporter.post(NEW, filing(reporter, section))
    story = the_story()
    draft = story.get_latest_revision_as_object()
    link = f'<p>See <a linktype="page" id="{section.pk}">this</a>.</p>'
    draft.body = json.dumps([{"type": "paragraph", "value": link}])
    draft.save_revision()
    here = f"{HOME}{story.pk}/"
    assert reporter.get(here)["Location"].endswith(f"/{story.pk}/edit/")
    answer = reporter.post(here, {"headline": "Mine", "text": "My words."})
    assert answer.status_code == 409
    assert "My words." in answer.content.decode()
    assert "linktype" in the_story().get_latest_revision().content["body"]


def test_the_address_follows_the_headline_until_it_is_public(
    reporter: Client, section: SectionPage
) -> None:
    for headline in ("Notes", "???", "Notes"):
        reporter.post(NEW, filing(reporter, section, headline=headline))
    slugs = list(StoryPage.objects.order_by("pk").values_list("slug", flat=True))
    assert (slugs[0], slugs[2]) == ("notes", "notes-2")
    assert slugs[1].startswith("story-")
    story = StoryPage.objects.get(slug="notes")
    form = {"headline": "The boat is late", "text": "x", "revision": story.latest_revision_id}
    reporter.post(f"{HOME}{story.pk}/", form)
    assert the_draft(story).slug == "the-boat-is-late"


def test_a_photo_that_was_sent_twice_is_one_image(reporter: Client, section: SectionPage) -> None:
    form = filing(reporter, section)
    for _ in range(2):
        reporter.post(NEW, form | {"photo": photo()})
    assert NewsImage.objects.count() == 1
    story = the_story()
    assert "<img" in reporter.get(f"{HOME}{story.pk}/preview/").content.decode()


def test_what_was_saved_since_the_findings_were_read_does_not_go_out(
    cast: Cast, section: SectionPage
) -> None:
    editor = signed_in(cast, "editor")
    editor.post(NEW, filing(editor, section))
    story = the_story()
    answer = editor.post(f"{HOME}{story.pk}/send/", {"revision": story.latest_revision_id - 1})
    assert answer.status_code == 409
    assert not the_story().live


def test_a_busy_database_keeps_every_word(
    reporter: Client, section: SectionPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = filing(reporter, section)

    def busy(**_: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(field.operations, "start_story", busy)
    answer = reporter.post(NEW, form)
    assert answer.status_code == 503
    assert TEXT in unescape(answer.content.decode())


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"headline": ""}, "This field is required."),
        ({"headline": "x" * 256}, "at most 255 characters"),
        ({"section": "0"}, "Choose the section it belongs to."),
        ({"standfirst": "x" * 601}, "at most 600 characters"),
        ({"photo": SimpleUploadedFile("x.jpg", b"no picture", "image/jpeg")}, "image"),
        ({"photo": SimpleUploadedFile("x.svg", b"<svg/>", "image/svg+xml")}, "image"),
    ],
)
def test_a_refusal_keeps_every_word(
    reporter: Client, section: SectionPage, wrong: dict[str, Any], sentence: str
) -> None:
    answer = reporter.post(NEW, filing(reporter, section, **wrong))
    assert answer.status_code == 422
    page = unescape(answer.content.decode())
    assert TEXT in page
    assert sentence in page
    assert not StoryPage.objects.exists()


def test_a_session_that_ended_loses_nothing(section: SectionPage) -> None:
    stranger = Client(headers=SAME)
    form = {"headline": "Kept", "text": TEXT, "section": "7", "key": "k", "todo": "send"}
    answer = stranger.post(NEW, form)
    assert answer.status_code == 401
    page = unescape(answer.content.decode())
    assert TEXT in page
    assert 'value="Kept"' in page
    assert 'name="section" value="7"' in page
    told = stranger.post(NEW, form, headers=SAME | {"Accept": "application/json"})
    assert told.status_code == 401
    assert told.json()["sign_in"].startswith("/account/login/")
    assert stranger.get(NEW).status_code == 302


def test_the_script_is_answered_with_data(reporter: Client, section: SectionPage) -> None:
    as_json = SAME | {"Accept": "application/json"}
    bad = reporter.post(NEW, filing(reporter, section, headline=""), headers=as_json)
    assert (bad.status_code, list(bad.json()["errors"])) == (422, ["headline"])
    good = reporter.post(NEW, filing(reporter, section, todo="preview"), headers=as_json)
    story = the_story()
    assert good.json()["url"] == f"{HOME}{story.pk}/preview/"
    assert good.json()["revision"] == story.latest_revision_id


def test_a_form_from_elsewhere_is_refused(cast: Cast, section: SectionPage) -> None:
    client = Client()
    client.force_login(cast.reporter.user)
    assert client.post(NEW, {"headline": "x"}).status_code == 403
    assert not StoryPage.objects.exists()


@pytest.mark.parametrize(
    ("name", "may_write", "may_edit_others"),
    [
        ("owner", True, True),
        ("editor", True, True),
        ("reporter", True, False),
        ("moderator", False, False),
        ("reader", False, False),
        ("banned_reader", False, False),
    ],
)
def test_who_may(
    cast: Cast,
    section: SectionPage,
    now: datetime,
    name: str,
    may_write: bool,
    may_edit_others: bool,
) -> None:
    others = make_story(section, at=now, headline="Somebody else’s", live=False)
    client = signed_in(cast, name)
    assert (client.get(NEW).status_code == 200) is may_write
    if may_write:
        assert client.post(NEW, filing(client, section)).status_code == 303
    for path in ("", "preview/", "send/"):
        answer = client.get(f"{HOME}{others.pk}/{path}")
        assert (answer.status_code == 200) is may_edit_others, path
    answer = client.post(f"{HOME}{others.pk}/", {"headline": "Mine now", "text": "x"})
    assert (answer.status_code == 303) is may_edit_others
    assert stories.StoryPage.objects.get(pk=others.pk).live is False
