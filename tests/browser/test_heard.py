"""What somebody hears who does not see a discussion of 200 comments.

`heard.txt` has a line for each of its comments: what it is called, when it was written, what is
said of it; and for what answers it. It is what Chromium tells a screen reader, at a frozen time.
After a change that is meant, `UPDATE_HEARD=1 pytest tests/browser/test_heard.py` writes it anew.
"""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page, expect

import talking
from browser.conftest import Kept
from browsing import Reading, Window, compose, reading
from homes import Homes

pytestmark = [pytest.mark.browser, pytest.mark.deep]
HEARD: Final = Path(__file__).with_name("heard.txt")
MARKS: Final = {
    *("Newsroom", "Pinned", "Chosen by the newsroom", "Answer of the newsroom"),
    *("Answered by the newsroom", "No more replies"),
}
ANSWERING: Final = ("Reply to", "Quote words of")
CONTROLS: Final = ("Not useful", *ANSWERING, "More about the comment of")


@dataclass(frozen=True, slots=True)
class Talking:
    kept: Kept
    talk: talking.Talk


@pytest.fixture(scope="module")
def talk(request: pytest.FixtureRequest, homes: Homes) -> Talking:
    if homes.on_postgresql:
        pytest.skip("only on SQLite: what is heard hangs on no database")
    kept: Kept = request.getfixturevalue("kept")
    kept.home.restore(kept.as_it_was)
    kept.server.notice()
    held = kept.home.python(Path(talking.__file__), "")
    return Talking(kept, talking.Talk(**json.loads(held)))


@pytest.fixture
def read(chromium: Browser, talk: Talking) -> Iterator[Reading]:
    with reading(chromium, talk.kept.server) as windows:
        yield windows


@dataclass
class Heard:
    """Something that a screen reader speaks of, with what is in it."""

    role: str
    name: str
    description: str
    parts: list["Heard"] = field(default_factory=list)

    def all(self) -> Iterator["Heard"]:
        yield self
        for part in self.parts:
            yield from part.all()

    def of(self, *roles: str) -> list["Heard"]:
        return [part for part in self.all() if part.role in roles]


def listen(page: Page) -> Heard:
    """Return what Chromium tells of the page, without what it says is of no interest."""
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    known = {node["nodeId"]: node for node in nodes}

    def value(node: Any, what: str) -> str:
        return " ".join(str(node.get(what, {}).get("value", "")).split())

    def parts(node: Any) -> list[Heard]:
        found: list[Heard] = []
        for number in node.get("childIds", ()):
            if part := known.get(number):
                inside = parts(part)
                found += inside if part.get("ignored") else [made(part, inside)]
        return found

    def made(node: Any, inside: list[Heard]) -> Heard:
        words = (value(node, what) for what in ("role", "name", "description"))
        return Heard(*words, inside)

    return made(nodes[0], parts(nodes[0]))


def lines(heard: Heard, level: int = 0) -> Iterator[str]:
    """Yield a line for each comment, below what it answers; a list in a list is one level down."""
    for part in heard.parts:
        if part.role == "article":
            said = [text.name for text in part.of("StaticText") if text.name]
            told = " | ".join(_beside_the_words(part, said))
            yield f"{'  ' * level}{told}"
        elif part.role.startswith("DisclosureTriangle"):
            yield f"{'  ' * level}+ {part.name}"
        else:
            yield from lines(part, level + (part.role == "list"))


def _beside_the_words(article: Heard, said: list[str]) -> list[str]:
    told = [article.name]
    told += [link.name for link in article.of("link") if "ago" in link.name]
    told += [text for text in said if text in MARKS]
    told += ["quotes " + figure.of("link")[0].name for figure in article.of("figure")]
    return told


@pytest.fixture
def window(read: Reading, talk: Talking) -> Window:
    """A reader whose clock stands still."""
    window = read.window(storage_state=talk.kept.owner, expected=("status of 422",))
    window.page.clock.set_fixed_time(talking.NOW)
    window.goto(f"{talk.talk.url}?sort=oldest")
    window.page.locator("#discussion").scroll_into_view_if_needed()
    expect(window.page.locator(".menu").last).to_be_attached()
    return window


def test_what_is_heard_of_a_discussion(window: Window, talk: Talking) -> None:
    page = window.page
    (thread,) = [part for part in listen(page).of("list") if part.name == "Discussion"]
    found = "\n".join(lines(thread)) + "\n"
    if os.environ.get("UPDATE_HEARD"):
        HEARD.write_text(found, encoding="utf-8")
    assert found.splitlines() == HEARD.read_text(encoding="utf-8").splitlines()
    articles = thread.of("article")
    assert len(articles) == talk.talk.comments
    assert len(page.locator("article.c").all()) == talk.talk.comments


def test_every_control_says_whose_comment_it_belongs_to(window: Window) -> None:
    (thread,) = [part for part in listen(window.page).of("list") if part.name == "Discussion"]
    closed = 0
    for article in thread.of("article"):
        (name,) = [heading.name for heading in article.of("heading")] or [""]
        said = {each.name for each in article.of("button", "link", "DisclosureTriangle")}
        expected = {f"{control} {name}" for control in CONTROLS if name}
        assert expected - said <= {f"{control} {name}" for control in ANSWERING}, article.name
        closed += expected != said & expected
        mine = {each for each in said if each.startswith((*CONTROLS, "Useful"))}
        # Besides them there is the vote with its number.
        assert len(mine - expected) == bool(name), article.name
        assert all(each.endswith(f" {name}") for each in mine), article.name
    # Below what was closed nobody can answer.
    assert closed == window.page.locator(".acts:not(:has([data-reply]))").count() > 1


def test_where_the_focus_is(window: Window) -> None:
    """After a refusal in the words, which are described by it; after a post on the comment."""
    page = window.page
    box = page.locator("#composer textarea")
    compose(window, "Far too much. " * 500)
    alert = page.locator("#composer").get_by_role("alert")
    expect(alert).to_contain_text("at most 5000 are taken")
    expect(box).to_be_focused()
    expect(box).to_have_accessible_description(re.compile(re.escape(alert.inner_text())))
    compose(window, "Short enough.")
    posted = window.comment_saying("Short enough.")
    expect(posted).to_be_focused()
    expect(posted).to_have_accessible_name("Ada Holm")
    expect(page.locator("#live")).to_have_text("Your comment is published.")
    posted.locator("a[data-reply]").click()
    expect(page.get_by_role("textbox", name="Reply to Ada Holm")).to_be_focused()
    compose(window, "An answer.")
    expect(window.comment_saying("An answer.")).to_be_focused()
    number = window.comment_saying("An answer.").get_attribute("data-comment")
    answer = window.comment(str(number))
    expect(answer).to_have_accessible_name("Ada Holm in reply to Ada Holm (level 2)")
    answer.get_by_role("link", name="Withdraw Ada Holm").click()
    answer.get_by_role("button", name="Withdraw it").click()
    expect(answer).to_be_focused()
    expect(answer).to_have_accessible_name("Withdrawn by its author.")
