"""The database stops while somebody writes: they are told so, and not a word is lost."""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from browsing import DESKTOP, PHONE, Reading, Window, compose, overflow, reading, violations
from conftest import on_postgresql
from house.layers import ROOT
from process.test_database_away import one_story
from reading import BACK, within
from serving import IN_CROWDS, Server, get, serve

pytestmark = [
    *(pytest.mark.browser, pytest.mark.both, pytest.mark.deep),
    pytest.mark.skipif(not on_postgresql(), reason="only on PostgreSQL"),
]
# What a browser says by itself of such an answer.
REFUSED = "status of 503"
KEPT = "Nothing can be written at the moment. What you wrote is kept on this device"
BUSY = re.compile("The server is busy just now|Nothing can be written at the moment")
DRAFTS = "() => Object.keys(localStorage).filter((name) => name.includes('draft:'))"


@dataclass(frozen=True, slots=True)
class Newsroom:
    """A served story whose database can be stopped."""

    database: Any
    server: Server
    story: str

    def stops(self) -> None:
        self.database.stop()
        within(BACK, lambda: get(f"{self.server.url}/readyz")[0] == 503)

    def is_back(self) -> None:
        self.database.start()
        within(BACK, lambda: get(f"{self.server.url}/readyz")[0] == 200)


@pytest.fixture(scope="module")
def stopping(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    sys.path.insert(0, str(ROOT / "tools"))
    from postgres import cluster

    with cluster() as database:
        home = one_story(tmp_path_factory.mktemp("home"), database.url)
        with serve(home.path, **home.environ, **IN_CROWDS) as server:
            _, front = get(f"{server.url}/")
            story = next(p for p in front.split('"') if p.startswith("/") and "ferry" in p)
            yield Newsroom(database, server, story)


@pytest.fixture
def readers(stopping: Newsroom, chromium: Browser) -> Iterator[Reading]:
    with reading(chromium, stopping.server) as windows:
        yield windows


def reader(readers: Reading, story: str, *, script: bool = True) -> Window:
    window = readers.window(script=script, expected=(REFUSED,))
    window.goto(story)
    return window


def composer(window: Window) -> Locator:
    return window.page.locator("form.composer")


def typed(window: Window) -> Locator:
    return composer(window).locator("textarea[name=body]")


def looks_well(page: Page, place: Locator) -> None:
    """See a place of the page on a phone and on a desk, in light and in dark."""
    for width in (PHONE, DESKTOP):
        page.set_viewport_size({"width": width, "height": 844})
        for colours in ("light", "dark"):
            page.emulate_media(color_scheme=colours)  # type: ignore[arg-type]  # one of its words
            place.scroll_into_view_if_needed()
            assert overflow(page) == 0, (width, colours)
            assert violations(page) == [], (width, colours)


def was_refused(window: Window) -> None:
    """See what the composer says, and that it can be used again."""
    alert = composer(window).locator(".refusal[role=alert]")
    expect(alert).to_contain_text(KEPT)
    expect(typed(window)).to_be_focused()
    expect(typed(window)).to_be_editable()
    button = composer(window).locator("button.btn-reader")
    expect(button).not_to_have_attribute("aria-disabled", "true")


def stands_once(window: Window, story: str, words: str) -> None:
    window.goto(story)
    expect(window.comment_saying(words)).to_have_count(1)


def test_a_comment_is_kept_until_it_can_be_written(stopping: Newsroom, readers: Reading) -> None:
    words = "Nobody rang us about the ferry.\n\nNot once."
    window = reader(readers, stopping.story)
    stopping.stops()
    compose(window, words, name="Jo")
    was_refused(window)
    expect(typed(window)).to_have_value(words)
    looks_well(window.page, composer(window))
    composer(window).locator("button.btn-reader").click()
    was_refused(window)

    answer = window.page.reload()
    assert answer is not None
    assert answer.ok
    expect(typed(window)).to_have_value(words)
    expect(composer(window)).to_contain_text("This is your draft, kept on this device.")
    window.page.close()
    window.page = window.context.new_page()
    window.page.on("console", window.see)
    window.page.goto(stopping.story)
    expect(typed(window)).to_have_value(words)

    stopping.is_back()
    composer(window).locator("button.btn-reader").click()
    expect(window.comment_saying("Nobody rang us")).to_be_focused()
    assert window.page.evaluate(DRAFTS) == []
    stands_once(window, stopping.story, "Nobody rang us")
    expect(typed(window)).to_have_value("")


def test_without_a_script_the_answer_holds_the_form(stopping: Newsroom, readers: Reading) -> None:
    words = "The <b>last</b> one left at nine."
    window = reader(readers, stopping.story, script=False)
    page = window.page
    stopping.stops()
    compose(window, words, name="Jo")
    for _ in range(2):
        expect(page.get_by_role("heading", level=1)).to_have_text(
            "Nothing can be written at the moment"
        )
        expect(page.get_by_label("What you wrote")).to_have_value(words)
        page.get_by_role("button", name="Send again").click()
    expect(page.get_by_label("What you wrote")).to_have_value(words)
    page.get_by_label("What you wrote").fill(f"{words} Or so.")

    stopping.is_back()
    page.get_by_role("button", name="Send again").click()
    expect(page).to_have_url(re.compile(r"#c\d+$"))
    stands_once(window, stopping.story, f"{words} Or so.")


def test_votes_reports_and_quotes_wait_as_well(stopping: Newsroom, readers: Reading) -> None:
    author = reader(readers, stopping.story)
    compose(author, "It was full, all winter.", name="Ana")
    expect(author.comment_saying("It was full")).to_be_focused()
    window = reader(readers, stopping.story)
    page, comment = window.page, window.comment_saying("It was full")
    comment.scroll_into_view_if_needed()
    report = comment.locator("a[data-own=report]")
    if not report.is_visible():
        comment.locator(".menu > summary").click()
    report.click()
    form = comment.locator("form[data-own=report]")
    form.get_by_label("What is wrong with it").select_option(index=1)
    form.get_by_label("In your words").fill("He was not there.")
    comment.locator("a[data-quote]").click()
    expect(composer(window).locator(".quoting")).to_contain_text("It was full, all winter.")
    typed(window).fill("Half full, I would say.")
    plain = reader(readers, stopping.story, script=False)

    stopping.stops()
    plain.comment_saying("It was full").locator("button[value='1']").click()
    again = plain.page.get_by_role("button", name="Send again")
    expect(again).to_be_visible()
    useful = comment.locator("button[value='1']")
    useful.click()
    trouble = comment.locator(".trouble")
    expect(trouble).to_have_text(
        "Nothing can be written at the moment. Please try again in a minute."
    )
    expect(page.locator("#live")).to_have_text(str(trouble.text_content()))
    expect(useful).to_have_attribute("aria-pressed", "false")
    expect(useful.locator(".num")).to_have_text("0")
    form.get_by_role("button", name="Send the report").click()
    expect(form.get_by_role("alert")).to_have_text(BUSY)
    expect(form.get_by_label("In your words")).to_have_value("He was not there.")
    composer(window).locator("button.btn-reader").click()
    was_refused(window)
    looks_well(page, comment)

    # The words of the answer wait at the comment that is answered, also after a reload.
    page.reload()
    comment.locator("a[data-reply]").click()
    expect(typed(window)).to_have_value("Half full, I would say.")
    expect(composer(window).locator(".quoting")).to_contain_text("It was full, all winter.")

    stopping.is_back()
    again.click()
    expect(plain.page).to_have_url(re.compile(r"#c\d+$"))
    stands_once(plain, stopping.story, "It was full")
    counted = plain.comment_saying("It was full").locator("button[value='1'] .num")
    expect(counted).to_have_text("1")
    composer(window).locator("button.btn-reader").click()
    expect(window.comment_saying("Half full").last).to_be_focused()
    useful.first.click()
    expect(page.locator("#live")).to_have_text("Vote counted.")
    stands_once(author, stopping.story, "Half full")
    expect(author.page.locator("figure mark")).to_have_text("It was full, all winter.")
