"""An image with a comment: added without a script and with one, read, looked at, and hidden."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, StorageState, expect

import uploads
from browsing import PHONE, STORY, Reading, overflow, violations

pytestmark = pytest.mark.browser

ALT = "The ferry at her berth"
REFUSED = "This file is SVG, which is not taken."


def attach(page: Page, content: bytes) -> None:
    # Its name lies, as names do.
    file: Any = {"name": "ferry.jpg", "mimeType": "image/jpeg", "buffer": content}
    page.get_by_label("JPEG, PNG, WebP, HEIC or GIF").set_input_files(file)


def write(page: Page, words: str, content: bytes) -> None:
    page.goto(STORY)
    page.locator("#body").click()
    page.locator("#body").fill(words)
    page.get_by_text("Add an image").click()
    attach(page, content)
    page.get_by_label("What can be seen in it").fill(ALT)


def post(page: Page) -> None:
    page.locator("#composer").get_by_role("button", name="Post comment").click()


def is_drawn(page: Page) -> None:
    """Wait until the image is there, and see that it is as large as its place was before."""
    picture = page.locator("figure.pic img").first
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    shape = "img => [img.width / img.height, img.naturalWidth / img.naturalHeight, img.height]"
    shown, true, height = picture.evaluate(shape)
    assert abs(shown - true) < 0.02
    assert height <= 320


def test_an_image_from_the_form_to_who_would_rather_not_see_it(
    read: Reading, owner: StorageState
) -> None:
    words = "So she looked on Friday."
    guest = read.window(width=PHONE, script=False, expected=("status of 422",))
    page = guest.page
    write(page, words, uploads.SVG)
    post(page)
    # The page is drawn again with all but the file, and says so.
    expect(page.locator(".refusal")).to_contain_text(REFUSED)
    expect(page.locator("#body")).to_have_value(words)
    expect(page.get_by_label("What can be seen in it")).to_have_value(ALT)
    expect(page.locator(".pic-row")).to_contain_text("choose the image again")
    attach(page, uploads.photograph((1800, 1200)))
    post(page)
    expect(page).to_have_url(re.compile(r"/c/\d+/status/$"))
    is_drawn(page)
    assert overflow(page) == 0

    moderator = read.window(storage_state=owner, script=False)
    moderator.goto("/moderation/queue/")
    item = moderator.page.locator("ol.queue > li").filter(has_text=words)
    expect(item.locator("figure.pic img")).to_have_attribute("alt", ALT)
    moderator.send(item.get_by_role("button", name="Publish", exact=True))

    reader = read.window()
    page = reader.page
    reader.goto(STORY)
    is_drawn(page)
    figure = page.locator("figure.pic")
    figure.get_by_role("link", name=ALT).click()
    whole = page.locator("dialog.view img")
    expect(whole).to_have_js_property("naturalHeight", 1600)
    page.keyboard.press("Escape")
    page.get_by_text("Reading settings of this discussion").click()
    page.get_by_label("Hide the images that readers added").check()
    expect(figure.locator("img")).to_be_hidden()
    page.reload()
    button = page.get_by_role("button", name=f"Show the image: {ALT}")
    button.scroll_into_view_if_needed()
    expect(figure.locator("img")).to_be_hidden()
    assert violations(page) == []
    button.click()
    expect(figure.get_by_role("link", name=ALT)).to_be_focused()
    is_drawn(page)


@pytest.mark.deep
def test_with_a_script_a_refused_file_stays_in_its_field(read: Reading) -> None:
    window = read.window(width=PHONE, expected=("status of 422",))
    page = window.page
    write(page, "So she looked today.", uploads.SVG)
    # The draft has all but the file.
    page.goto(STORY)
    expect(page.locator(".draft")).to_contain_text("This is your draft")
    expect(page.get_by_label("What can be seen in it")).to_be_visible()
    expect(page.locator("#alt")).to_have_value(ALT)
    attach(page, uploads.SVG)
    post(page)
    expect(page.locator("#composer .refusal")).to_contain_text(REFUSED)
    field = page.locator("#image")
    assert field.evaluate("field => field.files.length") == 1
    attach(page, uploads.photograph())
    assert violations(page) == []
    assert overflow(page) == 0
    post(page)
    expect(page.locator(".held")).to_contain_text("So she looked today.")
    assert field.evaluate("field => field.files.length") == 0
    expect(page.locator("#alt")).to_have_value("")
