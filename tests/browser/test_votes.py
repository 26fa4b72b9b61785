"""Somebody votes, changes their mind, and takes it back."""

import re

import pytest
from playwright.sync_api import Locator, StorageState, expect

from browsing import STORY, Reading, Window, compose

pytestmark = pytest.mark.browser
# A comment nobody votes on elsewhere, with the votes it has in the demonstration.
SAID = "It was in the budget consultation"
UP = 9


def useful(window: Window, said: str = SAID) -> Locator:
    return window.comment_saying(said).locator("button[value='1']")


def not_useful(window: Window, said: str = SAID) -> Locator:
    return window.comment_saying(said).locator("button[value='-1']")


def ups(window: Window, said: str = SAID) -> Locator:
    return useful(window, said).locator(".num")


def press(window: Window, button: Locator) -> None:
    """Press a button and wait until its vote is counted; meanwhile others are not taken."""
    button.click()
    form = window.comment_saying(SAID).locator("form")
    expect(form).not_to_have_attribute("data-busy", re.compile(""))


def test_without_a_script(read: Reading) -> None:
    window = read.window(script=False)
    page = window.page
    window.goto(f"{STORY}?sort=oldest")
    number = window.comment_saying(SAID).get_attribute("data-comment")
    expect(ups(window)).to_have_text(str(UP))
    useful(window).click()
    # Back where it was cast, at the comment.
    expect(page).to_have_url(re.compile(rf"{STORY}\?sort=oldest#c{number}$"))
    expect(ups(window)).to_have_text(str(UP + 1))
    # Again is not twice.
    useful(window).click()
    expect(page).to_have_url(re.compile(f"#c{number}$"))
    expect(ups(window)).to_have_text(str(UP + 1))
    not_useful(window).click()
    expect(ups(window)).to_have_text(str(UP))
    # The public page is everybody's; one's own vote has a page, from which it can be taken back.
    window.goto(f"/c/{number}/")
    page.get_by_role("link", name="Change or take back my vote").click()
    expect(page.locator(".lead")).to_have_text("You found this comment not useful.")
    expect(page.get_by_role("button", name="Not useful")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Take my vote back").click()
    expect(page).to_have_url(re.compile(f"#c{number}$"))
    window.goto(f"/c/{number}/vote/")
    expect(page.locator(".lead")).to_have_text("You have not voted on this comment.")
    window.goto(STORY)
    expect(ups(window)).to_have_text(str(UP))


def test_with_a_script(read: Reading) -> None:
    window = read.window()
    page = window.page
    window.goto(STORY)
    live = page.locator("#live")
    expect(useful(window)).to_have_attribute("aria-pressed", "false")
    press(window, useful(window))
    expect(ups(window)).to_have_text(str(UP + 1))
    expect(useful(window)).to_have_attribute("aria-pressed", "true")
    expect(live).to_have_text("Vote counted.")
    expect(page).to_have_url(re.compile(f"{STORY}$"))
    # The page is everybody's; what is pressed comes after it.
    page.reload()
    expect(useful(window)).to_have_attribute("aria-pressed", "true")
    expect(ups(window)).to_have_text(str(UP + 1))
    press(window, not_useful(window))
    expect(not_useful(window)).to_have_attribute("aria-pressed", "true")
    expect(useful(window)).to_have_attribute("aria-pressed", "false")
    expect(ups(window)).to_have_text(str(UP))
    press(window, not_useful(window))
    expect(not_useful(window)).to_have_attribute("aria-pressed", "false")
    expect(live).to_have_text("Vote taken back.")
    page.reload()
    expect(not_useful(window)).to_have_attribute("aria-pressed", "false")
    expect(ups(window)).to_have_text(str(UP))


def test_what_is_pressed_in_haste_is_counted_too(read: Reading) -> None:
    """A newcomer has no identity before the first answer, and is one person all the same."""
    other = "It is in the story:"
    window = read.window()
    window.goto(STORY)
    first, second = not_useful(window).element_handle(), useful(window, other).element_handle()
    last = useful(window).element_handle()
    window.page.evaluate(
        "buttons => buttons.forEach((button) => button.click())", [first, second, last]
    )
    expect(window.page.locator("form[data-busy]")).to_have_count(0)
    for _ in range(2):
        expect(useful(window)).to_have_attribute("aria-pressed", "true")
        expect(not_useful(window)).to_have_attribute("aria-pressed", "false")
        expect(ups(window)).to_have_text(str(UP + 1))
        expect(useful(window, other)).to_have_attribute("aria-pressed", "true")
        # The same from the server.
        window.page.reload()
    press(window, useful(window))
    expect(ups(window)).to_have_text(str(UP))


def test_a_vote_that_is_lost_on_the_way_is_not_shown_as_cast(read: Reading) -> None:
    window = read.window(expected=("ERR_INTERNET_DISCONNECTED",))
    window.goto(STORY)
    window.context.set_offline(True)
    useful(window).click()
    expect(window.comment_saying(SAID).locator(".trouble")).to_contain_text("connection was lost")
    expect(useful(window)).to_have_attribute("aria-pressed", "false")
    expect(ups(window)).to_have_text(str(UP))


def test_nobody_votes_on_their_own_comment(read: Reading, owner: StorageState) -> None:
    # Staff's comments wait for nobody.
    staff = read.window(storage_state=owner)
    words = "The newsroom asked for the weekly counts this morning."
    staff.goto(STORY)
    compose(staff, words)
    own = staff.comment_saying(words)
    expect(own).to_be_visible()
    expect(own.locator(".label")).to_have_text("Newsroom")
    staff.page.reload()
    expect(useful(staff, words)).to_be_disabled()
    expect(not_useful(staff, words)).to_be_disabled()

    plain = read.window(storage_state=owner, script=False, expected=("status of 403",))
    plain.goto(STORY)
    useful(plain, words).click()
    expect(plain.page.get_by_role("alert")).to_contain_text("This is your own comment")
    plain.goto(STORY)
    expect(ups(plain, words)).to_have_text("0")
