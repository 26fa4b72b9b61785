"""Every word of a public page goes through the catalogue, unless somebody wrote it.

The pages of the demonstration are drawn in an invented language: Hebrew by its code, so that it
runs from right to left and its dates are of another alphabet, with a catalogue made here that puts
each message between two marks. Latin letters outside the marks are in the database, or were
forgotten.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from html import escape, unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import reverse
from wagtail.blocks.stream_block import StreamValue
from wagtail.fields import StreamField
from wagtail.models import Page

from broadsheet.discussion.models import Comment
from broadsheet.outbox.models import Message
from broadsheet.stories import api as stories
from broadsheet.stories.models import StoryPage
from demonstrated import load_quickly
from house.tools import load_tool

pytestmark = pytest.mark.slow
TOOL: Final = load_tool("messages")
CODE: Final = "he"
BEGIN, END = "⟦", "⟧"
STORY: Final = "/town/the-last-ferry-is-coming-back/"
OURS: Final = {"Sec-Fetch-Site": "same-origin"}
# Texts that readers hear or see though they are no nodes of text.
SAID_BY: Final = {"alt", "title", "aria-label", "placeholder", "content"}
# In there are authors' words, cut where they were found or changed, or not in the database.
CUT: Final = {"snippet", "line", "changes", "typed", "beginning"}
# What joins words that are somebody's: separators, addresses, a code for signing in.
BREAKS: Final = r" \| | · |: |,|\t|\n|\S+@\S+|https?://\S+|\b[A-Z\d]{4}-[A-Z\d]{4}\b"
# What the code itself writes into the database is no excuse.
ANSWERS: Final = {"auth", "contenttypes", "outbox", "sessions"}
# No words of a language: the sign on the button of reading controls; a file's kind and size.
SIGNS: Final = {"Aa", "PDF"}


@pytest.fixture(autouse=True)
def _marked(db: None, settings: Any, tmp_path: Path) -> None:
    folder = tmp_path / CODE / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalog = TOOL.empty(CODE)
    catalog.update(TOOL.extracted())
    for message in TOOL.messages_of(catalog):
        if message.pluralizable:
            plural = message.id[1]
            message.string = (f"{BEGIN}{plural}{END}",) * catalog.num_plurals
        else:
            message.string = f"{BEGIN}{message.id}{END}"
    (folder / "django.mo").write_bytes(TOOL.as_mo(catalog))
    settings.LANGUAGE_CODE = CODE
    settings.LOCALE_PATHS = [tmp_path]


@pytest.fixture
def _demonstration(_marked: None, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    load_quickly(monkeypatch, now=now)


@pytest.mark.usefixtures("_demonstration")
def test_every_word_that_readers_get_is_translated_or_written_by_somebody() -> None:
    pages = {}
    for path, answer in answers(Client(headers=OURS)):
        assert answer.status_code in {200, 400, 403, 404, 422}, (path, answer.status_code)
        pages[path] = answer.content.decode()
        assert f'<html lang="{CODE}" dir="rtl">' in pages[path], path
    for letter in Message.objects.all():
        pages[f"letter {letter.subject}"] = f"<p>{letter.subject}<p>{escape(letter.text)}"
    assert len([name for name in pages if name.startswith("letter")]) >= 2
    written = Written()
    forgotten = {path: sorted(set(written.forgotten(page))) for path, page in pages.items()}
    assert not {path: words for path, words in forgotten.items() if words}
    for ending in ("xml", "json"):
        feed = Client().get(f"/feed.{ending}").content.decode()
        assert f"{BEGIN}The newest stories of The Harbour Post{END}" in feed


def test_what_is_forgotten_is_found() -> None:
    page = (
        f'<title>{BEGIN}Search{END} | Found</title><p title="Aha">{BEGIN}Given <b>by</b> us{END} 12'
        f"<i>{BEGIN}In {BEGIN}{END}{END}</i> Said</p><script>no()</script>"
        '<b class="line">cut</b>'
    )
    assert [text.strip(" |") for text in Texts.of(page)] == ["Found", "Aha", "12", "Said"]


def answers(client: Client) -> Iterator[tuple[str, Any]]:
    """Ask for every kind of page that readers meet; yield its name and the answer."""
    first = Comment.objects.order_by("pk").values_list("pk", flat=True)[0]
    thread = Comment.objects.get(pk=first).thread_id
    corrected = StoryPage.objects.live().exclude(corrections="[]").order_by("pk")[0]
    for path in (
        *("/", "/town/", STORY, f"{STORY}?sort=votes", f"{STORY}?reply={first}", "/archive/"),
        *("/people/piers-okonjo/", "/topics/ferry/", "/archive/2026/06/", "/archive/1999/01/"),
        *("/search/", "/search/?q=ferry", "/search/?q=zebra", "/search/?q=.", "/corrections/"),
        *("/support/", "/support/2026-05/", "/support/2026-06/", "/no/such/page/"),
        *(f"/c/{first}/", f"/c/{first}/vote/", "/account/login/", "/account/signup/"),
        *("/account/login/code/", "/account/logout/", "/account/password/reset/"),
        *(stories.url_of(page) for page in Page.objects.live().exact_type(*text_pages())),
        *versions(corrected),
        *(stories.url_of(page) for page in StoryPage.objects.live()),
    ):
        yield path, client.get(path, follow=True)
    post = reverse("discussion:post", args=[thread])
    for name, form in {
        "empty": {"body": ""},
        "long": {"body": "Again. " * 3_000},
        "email": {"body": "Yes.", "email": "nowhere", "name": "Maren"},
        "held": {"body": "Look: https://example.org/", "name": "Maren"},
        "answer": {"body": "", "parent": str(first)},
    }.items():
        yield f"post {name}", client.post(post, form, follow=True)
    yield "post from elsewhere", Client(headers={"Sec-Fetch-Site": "cross-site"}).post(post, {})
    yield "vote", client.post(f"/c/{first}/vote/", {"value": "7"}, follow=True)
    yield "code", client.post("/account/login/code/", {"email": "a@example.org"}, follow=True)
    yield "sign in", client.post("/account/login/", {"email": "nobody"}, follow=True)
    yield (
        "sign up",
        client.post("/account/signup/", {"email": "a@b.example", "name": "A"}, follow=True),
    )
    yield "wrong code", client.post("/account/confirm-email/", {"code": "nonsense"}, follow=True)


def text_pages() -> list[type[models.Model]]:
    return [apps.get_model("stories", "TextPage")]


def versions(story: StoryPage) -> list[str]:
    return [f"/s/{story.uuid}/versions/{number}" for number in ("", "1/", "2/")]


class Written:
    """What people wrote: every text of the database, whole, and in the pieces that markup makes."""

    def __init__(self) -> None:
        self.texts: set[str] = set()
        for model in apps.get_models():
            fields = [
                field.attname
                for field in model._meta.concrete_fields
                if isinstance(field, (models.CharField, models.TextField, StreamField))
            ]
            if fields and model._meta.app_label not in ANSWERS:
                for row in model._base_manager.values_list(*fields):
                    for value in row:
                        self.texts.update(pieces_of(value))
        self.whole = "\n".join(self.texts)

    def forgotten(self, page: str) -> Iterator[str]:
        for text in Texts.of(page):
            for piece in re.split(BREAKS, text):
                if re.search(r"[A-Za-z]{2}", piece) and not self.has(bare(piece)):
                    yield piece.strip()

    def has(self, piece: str) -> bool:
        return piece in SIGNS or piece in self.texts or (len(piece) > 30 and piece in self.whole)


def bare(text: str) -> str:
    """Return a text without what is not words at its ends."""
    return re.sub(r"^\W+|\W+$", "", " ".join(text.split()))


def pieces_of(value: object) -> Iterator[str]:
    if isinstance(value, (list, tuple)):
        for each in value:
            yield from pieces_of(each)
    elif isinstance(value, dict):
        yield from pieces_of(list(value.values()))
    elif isinstance(value, StreamValue):
        yield from pieces_of(list(value.raw_data))
    elif isinstance(value, str):
        for text in [value, *re.split(r"<[^>]*>", value)]:
            for part in [text, *re.split(BREAKS, text)]:
                yield bare(unescape(part))


class Texts(HTMLParser):
    """The texts of a page that are outside the marks."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.depth = 0
        self.skipped: list[str] = []

    @classmethod
    def of(cls, page: str) -> list[str]:
        parser = cls()
        parser.feed(page)
        return parser.found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if (
            self.skipped
            or tag in {"script", "style", "textarea"}
            or CUT & set(values.get("class", "").split())
        ):
            if tag not in {"br", "img", "use", "input", "meta", "link", "hr", "source"}:
                self.skipped.append(tag)
            return
        if tag == "meta" and values.get("name", "") != "description":
            return
        for name, value in values.items():
            words = tag == "div" and values.get("id") == "words"
            if name in SAID_BY or (words and name.startswith("data-")):
                self.take(value)

    def handle_endtag(self, tag: str) -> None:
        if self.skipped and tag == self.skipped[-1]:
            self.skipped.pop()

    def handle_data(self, data: str) -> None:
        if not self.skipped:
            self.take(data)

    def take(self, text: str) -> None:
        outside = ""
        for character in text:
            self.depth += (character == BEGIN) - (character == END)
            outside += character if not self.depth and character != END else ""
        if outside.strip():
            self.found.append(outside)
