"""The editor of stories: the button, the findings before it, embargo and schedule in words."""

import json
import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from broadsheet.stories import api as stories
from broadsheet.stories.blocks import CorrectionBlock
from broadsheet.stories.checks import Answer
from broadsheet.stories.desk import links
from broadsheet.stories.models import Byline, StoryPage
from broadsheet.stories.models import Person as Writer
from clocks import Clock
from newsroom import make_document, make_image, make_section, make_story
from people import Cast, Person

HOUR = timedelta(hours=1)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, now: datetime) -> Clock:
    return Clock(monkeypatch, now)


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, Answer]:
    """No test asks the internet; what is put in here is what a link answers."""
    from django.core.cache import cache

    cache.clear()
    answers: dict[str, Answer] = {}
    monkeypatch.setattr(links, "ask", lambda url: answers.get(url, Answer.FINE))
    return answers


def signed_in(person: Person) -> Client:
    client = Client(headers={"Sec-Fetch-Site": "same-origin"})
    client.force_login(person.user)
    return client


def sound_story(person: Person, **fields: Any) -> StoryPage:
    """A draft that no check has anything to say about."""
    image = make_image(description="A ferry in the rain", credit="Maren Oduya")
    fields = {"standfirst": "She leaves on Monday.", "lead_image": image} | fields
    body = [{"type": "paragraph", "value": "<p>Nobody rang.</p>"}]
    return make_story(
        make_section(),
        at=datetime(2026, 6, 12, 9, 0).astimezone(),
        live=False,
        owner=person.user,
        bylines=("Ada Quay",),
        body=body,
        **fields,
    )


def form_of(story: StoryPage, **changes: Any) -> dict[str, Any]:
    """What the editor's form sends for a story, with some fields changed."""
    from wagtail.test.utils.form_data import (
        inline_formset,
        nested_form_data,
        rich_text,
        streamfield,
    )

    draft = story.get_latest_revision_as_object()
    body = [(block.block_type, rich_text(block.value.source)) for block in draft.body]
    bylines = [{"person": line.person_id, "part": line.part} for line in draft.bylines.all()]
    data = nested_form_data(
        {
            "title": draft.title,
            "slug": draft.slug,
            "standfirst": draft.standfirst,
            "language": draft.language,
            "lead_image": draft.lead_image_id or "",
            "lead_caption": rich_text(""),
            "genre": "",
            "body": streamfield(body),
            "corrections": streamfield([]),
            "bylines": inline_formset(bylines),
            "related_stories": inline_formset([]),
            "comments": inline_formset([]),
            "discussion_open": "on",
        }
    )
    return data | changes


def edit_url(story: StoryPage) -> str:
    return reverse("wagtailadmin_pages:edit", args=(story.pk,))


def main_button(client: Client, url: str) -> str:
    page = client.get(url).content.decode()
    found = re.search(r"data-next-step>([^<]+)<", page) or re.search(
        r"action-save[^>]*>.*?</svg>\s*([^<]+?)\s*</button>", page, re.DOTALL
    )
    assert found, page
    return unescape(found.group(1)).strip()


def messages_of(response: Any) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def fresh(story: StoryPage) -> StoryPage:
    return StoryPage.objects.get(pk=story.pk)


# --- The button -----------------------------------------------------------------------------------


def test_the_button_says_what_will_happen(cast: Cast[Person], clock: Clock) -> None:
    section = make_section()
    new = reverse("wagtailadmin_pages:add", args=("stories", "storypage", section.pk))
    assert main_button(signed_in(cast.reporter), new) == "Submit to an editor"
    assert main_button(signed_in(cast.editor), new) == "Publish now"
    story = sound_story(cast.reporter)
    assert main_button(signed_in(cast.reporter), edit_url(story)) == "Submit to an editor"
    assert main_button(signed_in(cast.owner), edit_url(story)) == "Publish now"
    stories.submit_story(actor=cast.reporter.actor, story=story, now=clock.now)
    assert main_button(signed_in(cast.editor), edit_url(story)) == "Approve and publish"
    stories.approve_story(actor=cast.editor.actor, story=fresh(story), now=clock.now)
    assert main_button(signed_in(cast.editor), edit_url(story)) == "Publish changes"


def test_the_button_says_when(cast: Cast[Person], clock: Clock) -> None:
    at = datetime(2026, 11, 27, 6, 0).astimezone(clock.now.tzinfo)
    editor = signed_in(cast.editor)
    story = sound_story(cast.editor, go_live_at=at)
    assert main_button(editor, edit_url(story)) == "Publish at 6:00 on 27 November 2026"
    story.embargo_until = at + HOUR
    story.save_revision()
    held = "Save draft (under embargo until 7:00 on 27 November 2026)"
    assert main_button(editor, edit_url(story)) == held
    story.embargo_until = at
    story.save_revision()
    stories.publish_story(actor=cast.editor.actor, story=story, now=clock.now)
    page = editor.get(edit_url(story)).content.decode()
    assert "Goes out at 6:00 on 27 November 2026" in page


def test_the_button_follows_what_is_typed(cast: Cast[Person], clock: Clock) -> None:
    """The desk saves while somebody types; its answer carries the button's new words."""
    story = sound_story(cast.editor)
    at = (clock.now + HOUR).strftime("%Y-%m-%d %H:%M")
    data = form_of(story, go_live_at=at)
    answer = signed_in(cast.editor).post(
        edit_url(story), data, headers={"Accept": "application/json"}
    )
    assert answer.json()["success"]
    assert "Publish at 10:30 on 12 June 2026" in answer.json()["html"]
    assert not fresh(story).live


@pytest.mark.parametrize("kind", ["FrontPage", "SectionPage", "TextPage"])
def test_no_page_has_a_bare_button(cast: Cast[Person], kind: str) -> None:
    from broadsheet.stories import models

    make_section()
    if kind == "TextPage":
        stories.front().add_child(instance=models.TextPage(title="Imprint"))
    page = getattr(models, kind).objects.get()
    assert main_button(signed_in(cast.editor), edit_url(page)) == "Publish changes"


# --- From button to reader ---------------------------------------------------------------------


def test_a_sound_story_goes_out_at_once(cast: Cast[Person]) -> None:
    story = sound_story(cast.editor)
    data = form_of(story, title="Better words") | {"action-publish": "action-publish"}
    response = signed_in(cast.editor).post(edit_url(story), data, follow=True)
    assert "“Better words” is published" in messages_of(response)
    assert (fresh(story).live, fresh(story).title) == (True, "Better words")


def test_what_is_to_be_mended_stands_before_the_button_and_never_in_its_way(
    cast: Cast[Person],
) -> None:
    story = sound_story(cast.editor)
    client = signed_in(cast.editor)
    data = form_of(story, standfirst="", title="Typed") | {"action-publish": "action-publish"}
    response = client.post(edit_url(story), data, follow=True)
    page = response.content.decode()
    assert 'data-finding="standfirst_missing"' in page
    assert "Go back and mend" in page
    assert not fresh(story).live
    assert fresh(story).get_latest_revision_as_object().title == "Typed"
    revision = re.search(r'name="revision" value="(\d+)"', page)
    assert revision
    check = reverse("stories_check", args=(story.pk, "publish"))
    assert "Publish anyway" in page
    response = client.post(check, {"revision": revision.group(1)}, follow=True)
    assert "“Typed” is published" in messages_of(response)
    assert fresh(story).live


def test_a_reporter_submits_anyway(cast: Cast[Person]) -> None:
    story = sound_story(cast.reporter)
    client = signed_in(cast.reporter)
    data = form_of(story, standfirst="") | {"action-submit": "action-submit"}
    response = client.post(edit_url(story), data, follow=True)
    page = response.content.decode()
    assert "Submit anyway" in page
    assert not fresh(story).workflow_in_progress
    revision = fresh(story).latest_revision_id
    check = reverse("stories_check", args=(story.pk, "submit"))
    response = client.post(check, {"revision": revision}, follow=True)
    assert "is with the editors now" in messages_of(response)
    assert fresh(story).workflow_in_progress
    # Not by this way either.
    check = reverse("stories_check", args=(story.pk, "publish"))
    client.post(check, {"revision": revision}, follow=True)
    assert not fresh(story).live


def test_an_approval_asks_the_checks_too_and_keeps_its_comment(
    cast: Cast[Person], clock: Clock
) -> None:
    story = sound_story(cast.reporter, standfirst="")
    stories.submit_story(actor=cast.reporter.actor, story=story, now=clock.now)
    client = signed_in(cast.editor)
    data = form_of(story) | {
        "action-workflow-action": "true",
        "workflow-action-name": "approve",
        "workflow-action-extra-data": '{"comment": "Good"}',
    }
    response = client.post(edit_url(story), data, follow=True)
    assert "Approve and publish anyway" in response.content.decode()
    assert not fresh(story).live
    check = reverse("stories_check", args=(story.pk, "approve"))
    client.post(check, {"revision": fresh(story).latest_revision_id})
    assert fresh(story).live
    state = fresh(story).workflow_states.get()
    assert (state.status, state.current_task_state.comment) == ("approved", "Good")


def test_a_story_that_goes_back_says_so_to_both(cast: Cast[Person], clock: Clock) -> None:
    story = sound_story(cast.reporter)
    stories.submit_story(actor=cast.reporter.actor, story=story, now=clock.now)
    asks = {"action-workflow-action": "true", "workflow-action-name": "reject"}
    comment = {"workflow-action-extra-data": json.dumps({"comment": "Who <says> so?"})}
    editor = signed_in(cast.editor)
    response = editor.post(edit_url(story), form_of(story) | asks | comment, follow=True)
    assert f"“{story.title}” is back with whoever wrote it" in messages_of(response)
    assert "has been updated" not in messages_of(response)
    opened = signed_in(cast.reporter).get(edit_url(story))
    assert f"{cast.editor.user} asks for changes: “Who <says> so?”" in unescape(messages_of(opened))
    assert main_button(signed_in(cast.reporter), edit_url(story)) == "Submit to an editor again"


def test_help_does_not_call_for_attention(cast: Cast[Person]) -> None:
    response = signed_in(cast.editor).get(reverse("wagtailadmin_home"))
    assert "whats-new-in-wagtail" not in response.content.decode()


def test_what_changed_meanwhile_is_looked_at_again(cast: Cast[Person]) -> None:
    story = sound_story(cast.editor, standfirst="")
    client = signed_in(cast.editor)
    seen = fresh(story).latest_revision_id
    story.save_revision()
    check = reverse("stories_check", args=(story.pk, "publish"))
    response = client.post(check, {"revision": seen}, follow=True)
    assert "Somebody has changed the story" in messages_of(response)
    assert not fresh(story).live


def test_a_new_story_is_never_public_before_its_step(cast: Cast[Person], clock: Clock) -> None:
    template = sound_story(cast.editor)
    section = template.get_parent()
    new = reverse("wagtailadmin_pages:add", args=("stories", "storypage", section.pk))
    ends = (clock.now + HOUR).strftime("%Y-%m-%d %H:%M")
    data = form_of(template, title="Secret", slug="secret", embargo_until=ends)
    response = signed_in(cast.editor).post(
        new, data | {"action-publish": "action-publish"}, follow=True
    )
    story = StoryPage.objects.get(slug="secret")
    assert not story.live
    assert "Under embargo until 10:30 on 12 June 2026" in messages_of(response)
    data = form_of(template, title="Open", slug="open", standfirst="")
    signed_in(cast.editor).post(new, data | {"action-publish": "action-publish"})
    assert not StoryPage.objects.get(slug="open").live


@pytest.mark.parametrize(("accept", "status"), [("text/html", 200), ("application/json", 400)])
def test_of_two_forms_at_once_one_is_told_that_the_address_is_taken(
    cast: Cast[Person], monkeypatch: pytest.MonkeyPatch, accept: str, status: int
) -> None:
    """A form that saves itself may be sent at the same moment: both have looked, one has it."""
    other = sound_story(cast.editor, slug="fresh")
    section = other.get_parent()
    new = reverse("wagtailadmin_pages:add", args=("stories", "storypage", section.pk))
    data = form_of(other, title="Fresh", slug="fresh")
    is_free = Page._slug_is_available
    looks = iter([True])

    def looked(slug: str, parent: Page, page: Page | None = None) -> bool:
        return next(looks, None) or bool(is_free(slug, parent, page))

    monkeypatch.setattr(Page, "_slug_is_available", staticmethod(looked))
    answer = signed_in(cast.editor).post(new, data, headers={"Accept": accept})
    assert answer.status_code == status
    assert StoryPage.objects.filter(slug="fresh").count() == 1
    said = "is already in use within the parent page"
    assert (said in unescape(answer.content.decode())) is (accept == "text/html")


def test_the_form_holds_back_what_is_under_embargo(cast: Cast[Person], clock: Clock) -> None:
    story = sound_story(cast.editor)
    client = signed_in(cast.editor)
    ends = (clock.now + HOUR).strftime("%Y-%m-%d %H:%M")
    data = form_of(story, embargo_until=ends, title="Typed")
    response = client.post(
        edit_url(story), data | {"action-publish": "action-publish"}, follow=True
    )
    said = messages_of(response)
    assert "The draft is saved." in said
    assert said.count("Under embargo until 10:30") == 1
    assert not fresh(story).live
    assert fresh(story).get_latest_revision_as_object().title == "Typed"


def test_many_at_once_are_held_back_too(cast: Cast[Person], clock: Clock) -> None:
    story = sound_story(cast.editor, embargo_until=clock.now + HOUR)
    section = story.get_parent()
    url = reverse("wagtail_bulk_action", args=("wagtailcore", "page", "publish"))
    client = signed_in(cast.editor)
    for ids, data in (([story.pk], {}), ([section.pk], {"include_descendants": "on"})):
        query = "&".join(f"id={pk}" for pk in ids)
        response = client.post(f"{url}?{query}&next=/desk/", data, follow=True)
        assert "Under embargo until" in messages_of(response)
        assert not fresh(story).live


def test_approving_from_a_list_says_that_it_is_under_embargo(
    cast: Cast[Person], clock: Clock
) -> None:
    story = sound_story(cast.reporter, embargo_until=clock.now + HOUR)
    stories.submit_story(actor=cast.reporter.actor, story=story, now=clock.now)
    state = fresh(story).current_workflow_task_state
    url = reverse("wagtailadmin_pages:workflow_action", args=(story.pk, "approve", state.pk))
    response = signed_in(cast.editor).post(url, {"comment": ""}, follow=True)
    assert "Under embargo until" in messages_of(response)
    assert not fresh(story).live
    assert fresh(story).workflow_in_progress


def test_a_time_that_nobody_confirmed_is_said_in_the_editor(
    cast: Cast[Person], clock: Clock
) -> None:
    story = sound_story(cast.editor, go_live_at=clock.now + HOUR)
    client = signed_in(cast.editor)
    assert "nothing is scheduled" in messages_of(client.get(edit_url(story)))
    stories.publish_story(actor=cast.editor.actor, story=story, now=clock.now)
    assert "nothing is scheduled" not in messages_of(client.get(edit_url(story)))


def test_the_findings_are_for_who_may_edit(cast: Cast[Person]) -> None:
    story = sound_story(cast.editor)
    check = reverse("stories_check", args=(story.pk,))
    for name, expected in {
        "owner": 200,
        "editor": 200,
        "reporter": 302,
        "moderator": 302,
        "reader": 403,
    }.items():
        assert signed_in(cast[name]).get(check).status_code == expected, name
    assert signed_in(cast.editor).get(check + "shred/").status_code == 404
    assert Page.objects.filter(pk=story.pk, live=True).count() == 0


def test_the_editor_lists_what_is_to_be_mended(cast: Cast[Person]) -> None:
    story = sound_story(cast.editor, standfirst="")
    page = signed_in(cast.editor).get(edit_url(story)).content.decode()
    assert 'data-finding="standfirst_missing"' in page


def test_a_new_story_carries_its_writers_byline(cast: Cast[Person]) -> None:
    section = make_section()
    writer = Writer.objects.create(name="Ruben Tallow", slug="ruben", user=cast.reporter.user)
    new = reverse("wagtailadmin_pages:add", args=("stories", "storypage", section.pk))
    page = signed_in(cast.reporter).get(new).content.decode()
    assert f'name="bylines-0-person" value="{writer.pk}"' in page
    assert 'name="bylines-0-person"' not in signed_in(cast.editor).get(new).content.decode()
    assert Byline.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "chooses", "changes_others"),
    [
        ("owner", True, True),
        ("editor", True, True),
        ("reporter", True, False),
        ("moderator", False, False),
        ("reader", False, False),
    ],
)
def test_who_may_use_pictures_and_documents(
    cast: Cast[Person], name: str, chooses: bool, changes_others: bool
) -> None:
    make_section()
    image, document = make_image(), make_document("minutes.pdf")
    client = signed_in(cast[name])
    for app, there in (("wagtailimages", image), ("wagtaildocs", document)):
        chooser = client.get(reverse(f"{app}_chooser:choose"))
        assert (there.title in chooser.content.decode()) is chooses, app
        added = client.get(reverse(f"{app}:add"))
        assert (added.status_code == 200) is chooses, app
        opened = client.get(reverse(f"{app}:edit", args=(there.pk,)))
        assert (opened.status_code == 200) is changes_others, app


@pytest.mark.parametrize("name", ["reporter", "editor"])
@pytest.mark.parametrize("kind", ["person", "series", "topic"])
def test_who_writes_keeps_people_series_and_topics(
    cast: Cast[Person], name: str, kind: str
) -> None:
    make_section()
    page = signed_in(cast[name]).get(reverse(f"wagtailsnippets_stories_{kind}:add"))
    assert page.status_code == 200
    # The address follows what is typed.
    assert "w-sync#apply" in page.content.decode()


def test_a_correction_begins_with_the_publisher_s_today(cast: Cast[Person], clock: Clock) -> None:
    story = sound_story(cast.editor)
    page = signed_in(cast.editor).get(edit_url(story)).content.decode()
    begun = CorrectionBlock().get_default()["day"]
    assert f"&quot;{begun.isoformat()}&quot;" in page


@pytest.mark.parametrize(
    ("title", "sentence"),
    [("", "This field is required."), ("x" * 300, "at most 255 characters (it has 300)")],
)
def test_a_headline_is_refused_with_one_reason_and_the_rest_kept(
    cast: Cast[Person], title: str, sentence: str
) -> None:
    story = sound_story(cast.editor)
    data = form_of(story, title=title, standfirst="Typed before")
    response = signed_in(cast.editor).post(edit_url(story), data)
    assert sentence in str(response.context["form"].errors["title"])
    assert "nothing to read" not in unescape(response.content.decode())
    assert "Typed before" in response.content.decode()


def test_only_what_is_shown_can_be_set_for_search_engines(cast: Cast[Person]) -> None:
    story = sound_story(cast.editor)
    client = signed_in(cast.editor)
    assert "show_in_menus" not in client.get(edit_url(story)).content.decode()
    words = {"seo_title": "Lamp <out>", "search_description": "Eleven nights"}
    client.post(edit_url(story), form_of(story, **words) | {"action-publish": "action-publish"})
    page = Client().get(fresh(story).url).content.decode()
    assert "<title>Lamp &lt;out&gt; | " in page
    assert '<meta name="description" content="Eleven nights">' in page
    section = client.get(edit_url(story.get_parent().specific)).content.decode()
    assert "seo_title" not in section


def test_the_form_of_an_image_says_what_its_description_is_for(cast: Cast[Person]) -> None:
    make_section()
    client, image = signed_in(cast.editor), make_image()
    for address in (
        reverse("wagtailimages:edit", args=(image.pk,)),
        reverse("wagtailimages_chooser:choose"),
    ):
        assert "its alternative text" in client.get(address).content.decode()
