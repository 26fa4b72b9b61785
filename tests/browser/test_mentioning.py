"""Somebody names another reader in a comment, and whoever reads it gets to what that one wrote."""

import re

import pytest
from playwright.sync_api import StorageState, expect

from browsing import STORY, Reading, compose, devices, overflow, violations

pytestmark = pytest.mark.browser


@devices
def test_a_mention_leads_to_the_person(
    read: Reading, owner: StorageState, width: int, script: bool
) -> None:
    window = read.window(width=width, script=script, storage_state=owner)
    page = window.page
    window.goto(STORY)
    name = page.locator("article.c header h3 bdi").first.inner_text()
    words = f"<b>@{name}</b>, is @Nobody Else on board?"
    compose(window, words)

    posted = window.comment_saying("Nobody Else on board?")
    link = posted.locator(".txt").get_by_role("link")
    expect(link).to_have_text(f"@{name}")
    expect(posted.locator(".txt")).to_have_text(words)
    assert overflow(page) == 0
    if script:
        assert violations(page) == []
    number = re.sub(r"\D", "", str(link.get_attribute("href")))
    link.press("Enter")
    expect(page).to_have_url(re.compile(rf"(#c|/c/){number}/?$"))
    theirs = window.comment(number)
    expect(theirs).to_be_in_viewport()
    expect(theirs.locator("header h3 bdi")).to_have_text(name)
