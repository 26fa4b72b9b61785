"""Readers with an account, and staff, sign in; there are no passwords."""

import re

import pytest
from playwright.sync_api import StorageState, expect

from browsing import STORY, Reading, Window, compose, scripts_deep

pytestmark = pytest.mark.browser


def code_for(read: Reading, email: str) -> str:
    """Read the newest code for somebody from the demonstration's mailbox."""
    # The mailbox answers only this machine, so no proxy may have a say.
    mailbox = read.window(network=None, script=False)
    mailbox.goto("/mailbox/")
    letter = mailbox.page.locator("ol.letters > li").filter(has_text=email).first
    found = re.search(r"\b[A-Z0-9]{3,4}-?[A-Z0-9]{3,4}\b", letter.locator("pre").inner_text())
    assert found, letter.inner_text()
    return found[0]


def name_known(window: Window) -> str:
    """Return whom the server takes this window for, by what it tells the page's script."""
    window.goto(STORY)
    thread = window.page.locator("#discussion").get_attribute("data-thread")
    return str(window.context.request.get(f"/me/thread/{thread}/").json()["name"])


@scripts_deep
def test_a_reader_opens_an_account_writes_and_leaves(
    read: Reading, owner: StorageState, script: bool
) -> None:
    window = read.window(script=script)
    page = window.page
    name, email = f"Rhea Sands {script}", f"rhea.{script}@harbour.example".lower()
    window.goto(STORY)
    page.locator("#composer textarea").click()
    page.locator("#composer").get_by_role("link", name="Sign in").click()
    page.get_by_role("main").get_by_role("link", name="Open an account").click()
    page.get_by_label("Name shown").fill(name)
    page.get_by_label(re.compile("E-?mail")).fill(email)
    page.get_by_role("button", name="Open an account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirm your e-mail")
    page.get_by_label("Code").fill(code_for(read, email))
    page.get_by_role("button", name="Go on").click()
    # Back to the story that was being read.
    expect(page).to_have_url(re.compile(f"{STORY}$"))

    words = f"I read the levy papers, all of them: {script}."
    if script:
        expect(page.locator("#composer")).to_contain_text(f"You write as {name}.")
    compose(window, words)
    expect(
        page.locator(".held, .notice").filter(has_text="the first comment under a name")
    ).to_be_visible()
    staff = read.window(storage_state=owner)
    staff.goto("/moderation/queue/")
    item = staff.page.locator("ol.queue > li").filter(has_text=words)
    expect(item.locator("h3")).to_have_text(name)
    staff.send(item.get_by_role("button", name="Publish"))
    expect(staff.page.locator("#told")).to_contain_text("is published")
    window.goto(STORY)
    expect(window.comment_saying(words).locator("h3")).to_have_text(name)

    window.goto("/account/logout/")
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/$"))
    assert name_known(window) == ""

    # And in again, by a code.
    window.goto("/account/login/")
    page.get_by_label(re.compile("E-?mail")).fill(email)
    page.get_by_role("button", name="Send me a code").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Enter the code")
    page.get_by_label("Code").fill(code_for(read, email))
    page.get_by_role("button", name="Go on").click()
    expect(page).to_have_url(re.compile("/$"))
    assert name_known(window) == name


def test_a_staff_link_works_once(read: Reading, owner: StorageState) -> None:
    window = read.window(expected=("status of 410",))
    answer = window.goto(read.server.sign_in_url)
    assert answer.status == 410
    expect(window.page.get_by_role("heading", level=1)).to_have_text("This sign-in link is used up")


def test_the_mailbox_is_for_this_machine_alone(read: Reading) -> None:
    assert read.window(expected=("status of 404",)).goto("/mailbox/").status == 404
    assert read.window(network=None).goto("/mailbox/").status == 200


def test_only_moderators_moderate(read: Reading) -> None:
    window = read.window()
    window.goto("/moderation/queue/")
    expect(window.page).to_have_url(re.compile(r"/account/login/\?next=/moderation/queue/"))
