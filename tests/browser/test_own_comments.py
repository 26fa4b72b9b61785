"""Somebody changes and takes back what they wrote, and reports what others did."""

import re

import pytest
from playwright.sync_api import StorageState, expect

from browsing import PHONE, STORY, Reading, Window, compose, overflow, violations

pytestmark = pytest.mark.browser
REFUSED = "status of 4(09|22)"
WORDS = "The pier is longer then it looks."


def vote(window: Window, number: str) -> None:
    window.goto(f"/c/{number}/")
    window.comment(number).locator("button[value='1']").click()
    expect(window.comment(number).locator("button .num")).to_have_text("1")


@pytest.mark.deep
def test_without_a_script(read: Reading, owner: StorageState) -> None:
    author = read.window(width=PHONE, script=False, storage_state=owner, expected=(REFUSED,))
    guest = read.window(script=False)
    page = author.page
    author.goto(STORY)
    compose(author, WORDS)
    number = str(author.comment_saying(WORDS).get_attribute("data-comment"))
    vote(guest, number)

    # From the comment's own page, which is the same for everybody.
    author.goto(f"/c/{number}/")
    page.get_by_role("link", name="Edit or withdraw it, if it is yours").click()
    box = page.get_by_label("Your comment", exact=True)
    expect(box).to_have_value(WORDS)
    other = read.window(script=False, storage_state=owner)
    other.goto(f"/c/{number}/edit/")
    other.page.get_by_label("Your comment", exact=True).fill("The pier is long.")
    other.page.get_by_role("button", name="Save").click()
    expect(other.page).to_have_url(re.compile(rf"/c/{number}/#c{number}$"))

    box.fill("The pier is longer than it looks.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("changed elsewhere meanwhile")
    expect(page.locator(".c .txt")).to_have_text("The pier is long.")
    expect(box).to_have_value("The pier is longer than it looks.")
    page.get_by_role("button", name="Save").click()
    expect(author.comment(number).locator(".txt")).to_have_text("The pier is longer than it looks.")
    author.comment(number).get_by_role("link", name="edited").click()
    expect(page.locator("[data-version='3'] ins")).to_contain_text("longer than it looks.")
    expect(page.locator("[data-version='1']")).to_contain_text(WORDS)

    # Somebody else meets a reason, and may report it.
    guest.expected.append("status of 403")
    guest.goto(f"/c/{number}/")
    guest.page.get_by_role("link", name="Edit or withdraw").click()
    expect(guest.page.get_by_role("alert")).to_contain_text("somebody else’s")
    guest.goto(f"/c/{number}/")
    guest.page.get_by_role("link", name="Report").click()
    guest.page.get_by_label("What is wrong with it").select_option(label="4. Advertising")
    guest.page.get_by_label("In your words").fill("A travel agent wrote that.")
    guest.page.get_by_role("button", name="Send the report").click()
    expect(guest.page.locator(".notice")).to_contain_text("Thank you.")
    author.goto("/moderation/queue/")
    item = page.locator("ol.queue > li").filter(has=page.locator(".reports"))
    expect(item.locator(".reports")).to_contain_text("A travel agent wrote that.")
    expect(item.locator(".concern")).to_contain_text("You wrote this.")
    expect(item.get_by_role("button", name="Let it stand")).to_have_count(0)

    author.goto(f"/c/{number}/withdraw/")
    page.get_by_role("button", name="Withdraw it").click()
    expect(author.comment(number).locator(".gone")).to_have_text("Withdrawn by its author.")
    expect(page.get_by_text("The pier is")).to_have_count(0)


def test_with_a_script_in_place(read: Reading, owner: StorageState) -> None:
    author = read.window(width=PHONE, storage_state=owner, expected=(REFUSED,))
    guest = read.window()
    page = author.page
    live = page.locator("#live")
    author.goto(STORY)
    compose(author, WORDS)
    mine = author.comment_saying(WORDS)
    number = str(mine.get_attribute("data-comment"))
    mine = author.comment(number)
    expect(mine.get_by_role("link", name="Withdraw")).to_be_visible()
    assert overflow(page) == 0
    vote(guest, number)

    mine.get_by_role("link", name="Edit").click()
    box = mine.get_by_label("Your comment", exact=True)
    expect(box).to_be_focused()
    box.fill("The pier is longer than it looks.")
    # What is typed stays on the device, through a reload.
    page.reload()
    mine.get_by_role("link", name="Edit").click()
    expect(box).to_have_value("The pier is longer than it looks.")
    assert violations(page) == []
    other = read.window(script=False, storage_state=owner)
    other.goto(f"/c/{number}/edit/")
    other.page.get_by_label("Your comment", exact=True).fill("The pier is long.")
    other.page.get_by_role("button", name="Save").click()
    expect(other.page).to_have_url(re.compile(rf"/c/{number}/#c{number}$"))
    mine.get_by_role("button", name="Save").click()
    alert = mine.get_by_role("alert")
    expect(alert).to_contain_text("changed elsewhere meanwhile")
    expect(alert).to_contain_text("The pier is long.")
    expect(box).to_have_value("The pier is longer than it looks.")
    mine.get_by_role("button", name="Save").click()
    expect(mine.locator(".txt")).to_have_text("The pier is longer than it looks.")
    expect(live).to_have_text("Your comment is changed.")
    expect(mine).to_be_focused()
    expect(mine.locator("a.edition")).to_contain_text("edited")
    expect(mine.locator("button[value='1']")).to_be_disabled()

    # Focus goes back to where it was when the form is put away.
    mine.get_by_role("link", name="Withdraw").click()
    expect(mine.get_by_role("button", name="Withdraw it")).to_be_focused()
    mine.get_by_role("button", name="Cancel").click()
    expect(mine.get_by_role("link", name="Withdraw")).to_be_focused()

    mine.get_by_role("link", name="Withdraw").click()
    mine.get_by_role("button", name="Withdraw it").click()
    expect(mine.locator(".gone")).to_have_text("Withdrawn by its author.")
    expect(mine).to_be_focused()
    expect(mine.locator("a")).to_have_count(0)


def test_a_guest_reports_in_place(read: Reading) -> None:
    guest = read.window(width=PHONE, expected=(REFUSED,))
    guest.goto(STORY)
    theirs = guest.page.locator("article.c").first
    # What one may do with a comment is offered when the discussion comes near.
    theirs.scroll_into_view_if_needed()
    theirs.locator(".menu > summary").click()
    theirs.get_by_role("link", name="Report").click()
    field = theirs.get_by_label("What is wrong with it")
    expect(field).to_be_focused()
    field.select_option(label="9. Another reason")
    theirs.get_by_role("button", name="Send the report").click()
    expect(theirs.get_by_role("alert")).to_contain_text("Say in a sentence")
    theirs.get_by_label("In your words").fill("It goes on and on.")
    assert overflow(guest.page) == 0
    theirs.get_by_role("button", name="Send the report").click()
    expect(theirs.locator(".notice")).to_contain_text("Thank you.")
    expect(theirs.locator(".notice")).to_be_focused()
