"""The reference of themes and the code say the same: blocks, values, tokens."""

import re
from dataclasses import fields
from datetime import datetime
from functools import cache
from inspect import getmembers
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from broadsheet.funding.queries import Meter
from broadsheet.site.context import Publication
from broadsheet.stories import api as stories
from broadsheet.stories.front import Front
from broadsheet.stories.shown import Card, CardPage, Picture, Story
from newsroom import make_section, make_story

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "docs" / "reference" / "theme.md"
SOURCE = ROOT / "src" / "broadsheet"
TEMPLATES = {
    "broadsheet/base.html": SOURCE / "site",
    "stories/front.html": SOURCE / "stories",
    "stories/section.html": SOURCE / "stories",
    "stories/story.html": SOURCE / "stories",
}
VALUES: dict[str, type] = {
    "publication": Publication,
    "front": Front,
    "listed": CardPage,
    "card": Card,
    "story": Story,
    "picture": Picture,
    "meter": Meter,
}
# Django's own, those of libraries, and what the templates of the discussion use between themselves.
NOT_OURS = {
    *("True", "False", "None", "csrf_token", "request", "user", "perms", "block"),
    *("messages", "DEFAULT_MESSAGE_LEVELS"),
    *("thread_page", "reply_to", "composer", "sorts", "policy", "sign_in_url", "talked_about"),
    *("beside", "invitation", "bubble"),
}


@cache
def part(heading: str) -> str:
    """Return what stands under a heading of the reference, up to the next of its level."""
    text = PAGE.read_text(encoding="utf-8")
    level = heading.partition(" ")[0]
    assert f"\n{heading}\n" in text, f"theme.md has no {heading!r}"
    after = text.partition(f"\n{heading}\n")[2]
    return re.split(rf"^#{{1,{len(level)}}} ", after, maxsplit=1, flags=re.MULTILINE)[0]


def rows(heading: str) -> set[str]:
    return set(re.findall(r"^\| `([^`]+)` \|", part(heading), re.MULTILINE))


def blocks(template: str) -> set[str]:
    text = (TEMPLATES[template] / "templates" / template).read_text(encoding="utf-8")
    return set(re.findall(r"{% block (\w+) %}", text))


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_block_is_in_the_reference(template: str) -> None:
    inherited = set() if template == "broadsheet/base.html" else blocks("broadsheet/base.html")
    assert rows(f"### `{template}`") == blocks(template) - inherited


@pytest.mark.parametrize("name", VALUES)
def test_every_value_is_in_the_reference(name: str) -> None:
    kind = VALUES[name]
    public = {each for each, _ in getmembers(kind) if not each.startswith("_")}
    public |= {field.name for field in fields(kind)}
    # How the publication is made of its parts is not its pages' business.
    public -= {"face"} if name == "publication" else set()
    assert rows(f"### `{name}`") == {f"{name}.{each}" for each in public}


def test_every_token_is_in_the_reference() -> None:
    style = (SOURCE / "site/static/broadsheet/broadsheet.css").read_text(encoding="utf-8")
    declared = re.search(r"^:root\{(.*?)^\}", style, re.MULTILINE | re.DOTALL)
    assert declared
    assert rows("## Tokens") == set(re.findall(r"(--[\w-]+):", declared[1]))


def test_what_pages_are_given_is_in_the_reference(db: None, now: datetime) -> None:
    section = make_section("Town")
    story = make_story(section, at=now)
    documented = rows("### On every page") | rows("### On some pages")
    given: set[str] = set()
    for path in ("/", stories.url_of(section), stories.url_of(story)):
        response: Any = Client().get(path)
        assert response.status_code == 200
        given |= {str(key) for key in response.context[0].flatten()}
    assert given - NOT_OURS == documented
