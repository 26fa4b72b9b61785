"""The bar of the demonstration: one click, another person, the same page."""

import re

import pytest
from playwright.sync_api import expect

from browsing import PHONE, STORY, Reading, compose, devices, overflow, violations

pytestmark = pytest.mark.browser


@devices
def test_one_click_and_one_is_somebody_else(read: Reading, width: int, script: bool) -> None:
    window = read.window(width=width, script=script)
    page = window.page
    window.goto(f"{STORY}?sort=oldest")
    bar = page.get_by_role("complementary", name="Demonstration")
    bar.get_by_role("button", name="moderator").click()
    expect(page).to_have_url(re.compile(rf"{STORY}\?sort=oldest$"))
    if script:
        expect(bar.get_by_role("button", pressed=True)).to_have_text("moderator")
    window.goto("/moderation/queue/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    # A private page says it itself.
    expect(bar.get_by_role("button", pressed=True)).to_have_text("moderator")
    bar.get_by_role("button", name="guest").click()
    expect(page).to_have_url(re.compile(r":\d+/$"))
    if script:
        expect(bar.get_by_role("button", pressed=True)).to_have_text("guest")
        assert violations(page) == []
    assert overflow(page) == 0
    # One slim line, in which a thumb finds everything.
    for each in bar.locator("button, a").all():
        each.scroll_into_view_if_needed()
        expect(each).to_be_in_viewport(ratio=0.99)
        box = each.bounding_box()
        assert box
        assert width > PHONE or min(box["width"], box["height"]) >= 44
    assert overflow(page) == 0
    assert bar.evaluate("bar => bar.getBoundingClientRect().height") < 45


def test_an_editor_writes_for_the_newsroom_and_finds_the_desk(read: Reading) -> None:
    window = read.window(expected=(r"on \S+/desk/.*(deprecated|Autofocus|preload)",))
    page = window.page
    window.goto(STORY)
    bar = page.get_by_role("complementary", name="Demonstration")
    # Not as owner: that would use up the link printed for them, which other tests follow.
    bar.get_by_role("button", name="editor").click()
    expect(bar.get_by_role("button", pressed=True)).to_have_text("editor")
    compose(window, "A word from the editor, to try the bar.")
    own = window.comment_saying("A word from the editor")
    expect(own.locator("h3")).to_have_text("Henning Roe")
    expect(own.locator(".label")).to_have_text("Newsroom")
    bar.get_by_role("link", name="Desk").click()
    expect(page).to_have_url(re.compile(r"/desk/$"))
    bar.get_by_role("button", name="reporter").click()
    expect(page).to_have_url(re.compile(r"/desk/$"))
    expect(bar.get_by_role("button", pressed=True)).to_have_text("reporter")
