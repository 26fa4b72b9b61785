"""Notes of the discussion in a story: its words marked, the note below, whatever becomes of it."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.test import Client
from django.urls import reverse

from broadsheet.discussion import api as discussion
from broadsheet.discussion.models import Thread
from broadsheet.kit.actor import Actor
from broadsheet.stories import api as stories
from broadsheet.stories.models import StoryPage
from newsroom import make_document, make_image, make_section, make_story
from people import Cast, Person

FIRST = "It sails at 22:40 from the <b>old quay</b>, every night &amp; in every weather."
SECOND = 'Nobody asked <a href="https://a.example/">the night shift</a> about it, says Mr Lunde.'


def block(kind: str, value: Any) -> dict[str, Any]:
    return {"type": kind, "value": value, "id": str(uuid4())}


def paragraphs(*texts: str) -> dict[str, Any]:
    return block("paragraph", "".join(f"<p>{text}</p>" for text in texts))


BODY = [
    paragraphs(FIRST, SECOND),
    block("heading", {"text": "What counts as success", "level": "2"}),
    block("list", "<ul><li>the boat is full</li><li>the bus waits</li></ul>"),
    block(
        "quote",
        {
            "text": "<p>Hardly anyone used it by the end.</p>",
            "speaker": "Ruth Lunde",
            "role": "captain & owner",
        },
    ),
    block("pull_quote", {"text": "Nobody rang."}),
    paragraphs("The counts are kept by the harbour office."),
]


# Empty cells at the beginning, in the middle and at the end of a row.
TABLE = "month\tpassengers\tbuses & crew\n\t1,100\t\nMay\t1,204\t\nJune\t\tby hand\n"


@pytest.fixture
def story(db: None, now: datetime) -> StoryPage:
    return make_story(make_section(), at=now, body=BODY)


def ask(story: StoryPage, actors: Cast[Actor], now: datetime, words: str, **more: Any) -> int:
    values: dict[str, Any] = {"question": f"About {words[:20]}?", "opened": False} | more
    return discussion.ask(
        actor=actors.editor,
        thread_id=Thread.objects.get(key=str(story.uuid)).pk,
        phrase=discussion.Phrase(words),
        story_text=stories.text_of_edition,
        now=now,
        **values,
    )


def shown(story: StoryPage) -> BeautifulSoup:
    response: Any = Client().get(stories.url_of(story))
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def rewrite(story: StoryPage, body: list[dict[str, Any]]) -> StoryPage:
    page = StoryPage.objects.get(pk=story.pk)
    page.body = page.body.stream_block.to_python(body)
    page.save_revision().publish()
    return StoryPage.objects.get(pk=story.pk)


def before(soup: BeautifulSoup, note: int) -> str:
    """Return the words of what a note stands below."""
    panel = soup.select_one(f".body .beside:has(#note-{note})")
    assert panel is not None
    above = panel.find_previous_sibling()
    assert above is not None
    return above.get_text()


@pytest.mark.parametrize(
    ("words", "marked", "above"),
    [
        ("22:40 from the", "22:40 from the", "It sails"),
        ("every night & in every weather", "every night & in every weather", "It sails"),
        ("the boat is full", "the boat is full", "the bus waits"),
        ("Hardly anyone used it", "Hardly anyone used it", "Ruth Lunde"),
        ("kept by the harbour office", "kept by the harbour office", "The counts"),
        ("says Mr Lunde", "says Mr Lunde", "Nobody asked"),
    ],
)
def test_the_words_lead_to_the_note_below_their_paragraph(
    story: StoryPage, actors: Cast[Actor], now: datetime, words: str, marked: str, above: str
) -> None:
    note = ask(story, actors, now, words)
    soup = shown(story)
    (link,) = soup.select("a.noted")
    assert link.get_text() == marked
    assert (link["href"], link["id"], link["data-n"]) == (f"#note-{note}", f"noted-{note}", "0")
    assert soup.select_one(f"#{link['aria-describedby']}") is not None
    assert soup.select_one(f"details.asked > #note-{note}") is not None
    assert above in before(soup, note)


@pytest.mark.parametrize("words", ["from the old quay, every", "the night shift", "shift about it"])
def test_words_with_a_tag_are_marked_and_the_link_follows(
    story: StoryPage, actors: Cast[Actor], now: datetime, words: str
) -> None:
    note = ask(story, actors, now, words)
    soup = shown(story)
    (link,) = soup.select("a.noted")
    assert (link.get_text(), link.find_parent("a")) == ("", None)
    assert words in link["aria-label"]
    assert "".join(mark.get_text() for mark in soup.select(".body mark")) == words
    assert link["href"] == f"#note-{note}"


def test_words_that_cannot_be_marked_have_their_note_all_the_same(
    story: StoryPage, actors: Cast[Actor], now: datetime
) -> None:
    # Who speaks, and as what, is drawn from two parts.
    note = ask(story, actors, now, "Lunde, captain")
    soup = shown(story)
    assert soup.select("a.noted") == []
    assert "Hardly anyone used it" in before(soup, note)


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("counts as success", "h2#s-what-counts-as-success"),
        ("Ruth", "figure.quote > figcaption > b.speaker"),
        ("captain & owner", "figure.quote > figcaption"),
        ("What they said", ".document > p.small"),
        ("old & new", "figure.picture > figcaption"),
        ("from the air", ".gallery li:nth-child(2) figcaption"),
        ("Both quays", ".gallery .gallery-title"),
        ("Passengers", "caption"),
        ("& crew", "thead th:nth-child(3)"),
        ("1,204", "tbody tr:nth-child(2) td.amount"),
        ("by hand", "tbody tr:nth-child(3) > :last-child"),
        ("How it was counted", "aside.note > .note-title"),
    ],
)
def test_words_are_marked_where_they_are_not_in_paragraphs_too(
    story: StoryPage, actors: Cast[Actor], now: datetime, words: str, place: str
) -> None:
    image = make_image().pk
    stories.make_first_renditions(image_ids={image})
    picture = {"image": image, "alt": "A quay.", "caption": "<p>The <b>old</b> &amp; new quay.</p>"}
    story = rewrite(
        story,
        [
            *BODY,
            block("image", picture),
            block(
                "gallery",
                {
                    "title": "Both quays",
                    "pictures": [
                        picture | {"caption": "<p>One.</p>"},
                        picture | {"caption": "<p>The same from the air.</p>"},
                    ],
                },
            ),
            block("table", {"caption": "Passengers in 2026", "cells": TABLE}),
            block("note", {"title": "How it was counted", "text": "<p>With a pencil.</p>"}),
            block(
                "document",
                {
                    "document": make_document("minutes.pdf").pk,
                    "title": "The minutes",
                    "summary": "What they said & when.",
                },
            ),
        ],
    )
    if words == "old & new":
        # There is a tag among them: each run is marked, and the link follows.
        note = ask(story, actors, now, words)
        (caption,) = shown(story).select(".body figure.picture:not(.gallery *) figcaption")
        assert "".join(mark.get_text() for mark in caption.select("mark")) == words
        assert caption.select_one("a.noted") is not None
        return
    note = ask(story, actors, now, words)
    soup = shown(story)
    (link,) = soup.select("a.noted")
    assert link.get_text() == words
    assert link in soup.select(f".body {place} a.noted")
    assert soup.select_one(f".body .beside #note-{note}") is not None


def test_notes_on_the_same_words_do_not_lie_over_each_other(
    story: StoryPage, actors: Cast[Actor], now: datetime
) -> None:
    first = ask(story, actors, now, "sails at 22:40 from")
    second = ask(story, actors, now, "22:40 from the")
    other = ask(story, actors, now, "says Mr Lunde")
    soup = shown(story)
    assert [link["id"] for link in soup.select("a.noted")] == [f"noted-{first}", f"noted-{other}"]
    assert [panel["id"] for panel in soup.select(".asked-in")] == [
        f"note-{number}" for number in (first, second, other)
    ]
    words = " ".join(part.get_text() for part in soup.select(".body > p"))
    assert "It sails at 22:40 from the old quay, every night & in every weather." in words


def test_a_rewritten_paragraph_keeps_its_note(
    story: StoryPage, actors: Cast[Actor], now: datetime
) -> None:
    note = ask(story, actors, now, "the boat is full")
    gone = ask(story, actors, now, "kept by the harbour office")
    changed = ask(story, actors, now, "asked the night shift about it, says Mr Lunde")
    second = SECOND.replace("about it, says Mr Lunde", "and nobody will, Mr Moss says")
    body = [paragraphs("A new beginning.", FIRST), paragraphs(second), *BODY[1:5]]
    soup = shown(rewrite(story, body))
    (link,) = soup.select("a.noted")
    assert (link["href"], link.get_text()) == (f"#note-{note}", "the boat is full")
    for number in (gone, changed):
        since = soup.select_one(f"#note-{number} .since")
        assert since is not None, "it says so"
    end = soup.select_one(".notes-gone")
    assert end is not None
    assert end.select_one(f"#note-{gone} q").get_text() == "kept by the harbour office"  # type: ignore[union-attr]

    back = shown(rewrite(story, BODY))
    assert len(back.select("a.noted")) == 3
    assert back.select(".notes-gone, .since") == []


def test_a_story_without_notes_is_drawn_as_it_was(story: StoryPage) -> None:
    soup = shown(story)
    assert soup.select(".beside, .noted, .asked") == []
    assert len(soup.select(".body > p")) == 3
    assert settings.CONFIG["reader_notes"] is False


def test_what_was_asked_is_escaped(story: StoryPage, actors: Cast[Actor], now: datetime) -> None:
    evil = "<script>alert(1)</script>\"'><img src=x>"
    note = ask(story, actors, now, "22:40 from the", question=evil, opened=True)
    soup = shown(story)
    assert soup.select_one(f"#question-{note}").get_text() == evil  # type: ignore[union-attr]
    assert soup.select(".asked img, .asked script") == []
    assert soup.select_one("details.asked[open]") is not None


@pytest.mark.parametrize(("name", "asks"), [("owner", True), ("editor", True), ("reporter", False)])
def test_the_desk_leads_to_what_is_asked(
    cast: Cast[Person], now: datetime, name: str, asks: bool
) -> None:
    story = make_story(make_section(), at=now, body=BODY, owner=cast.reporter.user)
    thread = Thread.objects.get(key=str(story.uuid)).pk
    client = Client()
    client.force_login(cast[name].user)
    edit: Any = client.get(reverse("wagtailadmin_pages:edit", args=(story.pk,)))
    assert edit.status_code == 200
    assert (f"/moderation/queue/threads/{thread}/notes/" in edit.content.decode()) == asks
