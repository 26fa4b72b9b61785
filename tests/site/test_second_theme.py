"""The theme that the tutorial makes: what it says is what stands here, and it changes the pages."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from broadsheet.stories import api as stories
from newsroom import make_section, make_story
from people import Cast
from treasury import open_campaign

ROOT = Path(__file__).resolve().parent.parent.parent
THEME = ROOT / "tests" / "themes" / "evening"
LESSON = ROOT / "docs" / "tutorial" / "second-theme.md"


@pytest.fixture
def evening(settings: Settings) -> None:
    settings.HOME = THEME
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [THEME / "templates"]}]


def files() -> list[Path]:
    return sorted(path for path in THEME.rglob("*") if path.is_file())


def test_the_lesson_ends_with_these_files() -> None:
    """Each file is one block of the lesson, or its pieces in their order."""
    lesson = LESSON.read_text(encoding="utf-8")
    for file in files():
        name = str(file.relative_to(THEME))
        assert f"`{name}`" in lesson
    pieces = "".join(
        re.findall(r"^```(?:css|html\+django)\n(.*?)^```$", lesson, re.MULTILINE | re.DOTALL)
    )
    for file in files():
        assert file.read_text(encoding="utf-8") in pieces, file.name
    assert len(pieces) == sum(len(file.read_text(encoding="utf-8")) for file in files())


def page(path: str) -> str:
    answer: Any = Client().get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_it_changes_front_section_and_story(
    evening: None, cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("broadsheet.site.context.utcnow", lambda: now)
    section = make_section("Town")
    story = make_story(section, at=now, headline="The last ferry")
    open_campaign(actor=cast.owner.actor, now=now)
    shown = [page(path) for path in ("/", stories.url_of(section), stories.url_of(story))]
    for each in shown:
        assert "The last ferry" in each
        assert 'as="font"' not in each
        (style,) = re.findall(r'href="(/theme/\w+\.css)"', each)
        assert page(style) == (THEME / "theme.css").read_text(encoding="utf-8")
    assert (
        'In June 2026 readers of The Harbour Post have given <a href="/support/">$0</a>.'
        in shown[0]
    )
    assert 'class="given"' not in shown[1] + shown[2]


def test_without_it_the_pages_are_as_before(db: None) -> None:
    make_section("Town")
    front = page("/")
    assert 'as="font"' in front
    assert 'class="given"' not in front
