"""What is looked at before a story goes out: the rules, the reading, the links."""

import threading
from datetime import datetime
from typing import Any

import pytest
from django.core.cache import cache
from wagtail.contrib.redirects.models import Redirect

from broadsheet.kit.safehttp import FetchError
from broadsheet.stories import api as stories
from broadsheet.stories.checks import (
    Answer,
    Code,
    Draft,
    Link,
    Picture,
    Place,
    Quote,
    findings,
)
from broadsheet.stories.desk import links
from newsroom import make_image, make_section, make_story

HERE = Place("b1", is_block=True)
SOUND: dict[str, Any] = {
    "headline": "The last ferry is coming back",
    "standfirst": "On Monday.",
    "has_picture": True,
    "has_byline": True,
    "has_text": True,
}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"headline": "x" * 110}, []),
        ({"headline": "x" * 111}, [Code.HEADLINE_LONG]),
        ({"standfirst": "  "}, [Code.STANDFIRST_MISSING]),
        ({"has_byline": False}, [Code.BYLINE_MISSING]),
        ({"has_picture": False}, [Code.PICTURE_MISSING]),
        ({"has_text": False}, [Code.TEXT_MISSING]),
        ({"pictures": (Picture(HERE, "Ferry", "A ferry", "Maren"),)}, []),
        ({"pictures": (Picture(HERE, "Ferry", " ", "Maren"),)}, [Code.ALT_MISSING]),
        ({"pictures": (Picture(HERE, "Ferry", "A ferry", ""),)}, [Code.CREDIT_MISSING]),
        ({"quotes": (Quote(HERE, "No.", "Maren", "https://a.example"),)}, []),
        (
            {"quotes": (Quote(HERE, "No.", "", ""),)},
            [Code.SPEAKER_MISSING, Code.SOURCE_MISSING],
        ),
        ({"links": (Link(HERE, " ", "https://a.example"),)}, [Code.LINK_TEXT_EMPTY]),
    ],
)
def test_what_is_found(change: dict[str, Any], expected: list[Code]) -> None:
    draft = Draft(**(SOUND | change))
    assert [found.code for found in findings(draft)] == expected


@pytest.mark.parametrize("answer", list(Answer))
def test_a_dead_link_is_found_and_says_why(answer: Answer) -> None:
    draft = Draft(**SOUND, links=(Link(HERE, "the report", "https://a.example"),))
    found = findings(draft, answers={"https://a.example": answer})
    if answer in {Answer.FINE, Answer.UNASKED}:
        assert found == ()
    else:
        assert [(one.code, one.answer, one.place) for one in found] == [
            (Code.LINK_DEAD, answer, HERE)
        ]
        assert "the report" in stories.sentence(found[0])


@pytest.mark.parametrize("code", list(Code))
def test_every_finding_has_a_sentence(code: Code) -> None:
    found = stories.Finding(code, HERE, "this", Answer.GONE)
    assert stories.sentence(found)
    assert "%(" not in stories.sentence(found)


def test_a_story_is_read_with_what_its_pictures_say_themselves(
    db: None, now: datetime, asked: list[str]
) -> None:
    good = make_image(description="A ferry", credit="Maren Oduya")
    bare = make_image(title="Bare", description="", credit="")
    story = make_story(
        make_section(),
        at=now,
        live=False,
        standfirst="On Monday.",
        lead_image=good,
        bylines=("Ada",),
        body=[
            {
                "type": "paragraph",
                "value": '<p>See <a href="https://gone.example/x">the report</a> and '
                '<a href="https://a.example"></a> <a linktype="page" id="999">us</a>.</p>',
            },
            {"type": "image", "value": {"image": bare.pk, "alt": "", "caption": ""}},
            {
                "type": "gallery",
                "value": {
                    "pictures": [
                        {"image": good.pk, "alt": "", "caption": ""},
                        {"image": bare.pk, "alt": "A door", "caption": "", "credit": "Us"},
                    ]
                },
            },
            {"type": "quote", "value": {"text": "<p>Nobody rang us.</p>"}},
        ],
    )
    story = story.get_latest_revision_as_object()
    found = stories.check_story(story=story)
    assert [(one.code, one.about) for one in found] == [
        (Code.ALT_MISSING, "Bare"),
        (Code.CREDIT_MISSING, "Bare"),
        (Code.SPEAKER_MISSING, "Nobody rang us."),
        (Code.SOURCE_MISSING, "Nobody rang us."),
        (Code.LINK_DEAD, "the report"),
        (Code.LINK_TEXT_EMPTY, "https://a.example"),
        (Code.LINK_DEAD, "us"),
    ]
    assert sorted(asked) == ["https://a.example", "https://gone.example/x"]
    # A second look a moment later asks nobody.
    assert stories.check_story(story=story) == found
    assert len(asked) == 2
    places = {one.place.anchor for one in found}
    assert places == {str(block.id) for block in story.body} - {str(story.body[2].id)}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that were asked; those of `gone.example` answer that there is nothing."""
    cache.clear()
    seen: list[str] = []

    def ask(url: str) -> Answer:
        seen.append(url)
        return Answer.GONE if "gone.example" in url else Answer.FINE

    monkeypatch.setattr(links, "ask", ask)
    return seen


def test_our_own_links_are_looked_up(db: None, now: datetime, asked: list[str]) -> None:
    section = make_section()
    live = make_story(section, at=now)
    draft = make_story(section, at=now, live=False, headline="Draft")
    Redirect.objects.create(old_path="/old", redirect_link="/town/")
    url, home = stories.url_of(live), "http://127.0.0.1:8000"
    expected = {
        f"page:{live.pk}": Answer.FINE,
        f"page:{draft.pk}": Answer.NOT_PUBLIC,
        "page:987654": Answer.GONE,
        "page:x": Answer.MALFORMED,
        "document:987654": Answer.GONE,
        url: Answer.FINE,
        stories.url_of(draft): Answer.GONE,
        "/town/nothing/": Answer.GONE,
        "/old/": Answer.FINE,
        "/support/": Answer.FINE,
        "town": Answer.MALFORMED,
        "http://[": Answer.MALFORMED,
        "mailto:desk@post.example": Answer.FINE,
        "#s-background": Answer.FINE,
    }
    assert links.answers_for(expected) == expected
    from django.test import override_settings

    with override_settings(BROADSHEET_URL=home):
        assert links.answers_for([home + url]) == {home + url: Answer.FINE}
    assert asked == []


@pytest.mark.parametrize(
    ("code", "status", "answer"),
    [
        ("status", 404, Answer.GONE),
        ("status", 410, Answer.GONE),
        ("status", 403, Answer.FINE),
        ("status", 429, Answer.FINE),
        ("status", 503, Answer.FINE),
        ("too_large", 0, Answer.FINE),
        ("encoding", 0, Answer.FINE),
        ("resolve", 0, Answer.NO_HOST),
        ("tls", 0, Answer.INSECURE),
        ("address", 0, Answer.INTERNAL),
        ("port", 0, Answer.MALFORMED),
        ("timeout", 0, Answer.SILENT),
        ("connection", 0, Answer.SILENT),
        ("redirects", 0, Answer.SILENT),
    ],
)
def test_what_a_failure_means(
    monkeypatch: pytest.MonkeyPatch, code: str, status: int, answer: Answer
) -> None:
    def fetch(**_: Any) -> None:
        raise FetchError(code, "no", status=status)

    monkeypatch.setattr(links, "fetch", fetch)
    assert links.ask("https://a.example/") is answer


def test_nothing_of_our_own_network_is_reached() -> None:
    assert links.ask("http://127.0.0.1/") is Answer.INTERNAL
    assert links.ask("http://169.254.169.254/latest/meta-data/") is Answer.INTERNAL


def test_a_slow_site_keeps_nobody_waiting(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    never = threading.Event()

    def ask(url: str) -> Answer:
        if "slow" in url:
            never.wait(30)
        return Answer.FINE

    monkeypatch.setattr(links, "ask", ask)
    monkeypatch.setattr(links, "SECONDS", 0.2)
    try:
        assert links.answers_for(["https://slow.example", "https://a.example"]) == {
            "https://a.example": Answer.FINE
        }
    finally:
        never.set()


def test_a_gigantic_list_of_links_is_bounded(db: None, asked: list[str]) -> None:
    found = links.answers_for(f"https://a.example/{number}" for number in range(200))
    assert len(found) == len(asked) == links.MAX_LINKS
