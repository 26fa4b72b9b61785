"""Help with writing: marks, a preview, the length, what is pasted; without script a preview too."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from browsing import PHONE, STORY, Reading, overflow, violations

pytestmark = pytest.mark.browser

# As a word processor puts it on the clipboard, with what somebody hostile would add.
FORMATTED = """<style>p{color:red}</style><p style="color:red">Hi <b>bold</b> and
<a href="https://x.example/a_(b)">a link</a>, <a href="javascript:alert(1)">no link</a>
<img src="/no" onerror="alert(1)"></p><ul><li>one</li><li><i>two</i></li></ul>
<blockquote><p>said</p><p>more</p></blockquote><script>alert(1)</script>"""
PASTE = """
(text, html) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData('text/html', html);
  clipboardData.setData('text/plain', 'plain');
  const all = { clipboardData, bubbles: true, cancelable: true };
  text.dispatchEvent(new ClipboardEvent('paste', all));
}
"""


def opened(page: Page) -> Locator:
    box = page.locator("#composer textarea")
    box.click()
    expect(page.locator(".tools button").first).to_have_attribute("tabindex", "0")
    return box


def test_marks_by_key_and_button(read: Reading) -> None:
    window = read.window(width=PHONE)
    page = window.page
    window.goto(STORY)
    box = opened(page)
    box.fill("a word here")
    box.evaluate("box => box.setSelectionRange(2, 6)")
    page.keyboard.press("Control+b")
    expect(box).to_have_value("a **word** here")
    page.keyboard.press("Control+b")
    expect(box).to_have_value("a word here")
    page.keyboard.press("Control+Shift+Period")
    expect(box).to_have_value("> a word here")
    page.keyboard.press("Control+z")
    expect(box).to_have_value("a word here")
    # One stop of the Tab key; the arrows go on within.
    page.keyboard.press("Tab")
    bold = page.get_by_role("button", name="Bold")
    expect(bold).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Italic")).to_be_focused()
    page.keyboard.press("End")
    expect(page.get_by_role("button", name="List")).to_be_focused()
    page.keyboard.press("Enter")
    expect(box).to_have_value("- a word here")
    expect(box).to_be_focused()
    assert overflow(page) == 0
    assert violations(page) == []


def test_formatted_text_is_pasted_as_markdown_and_shown_before_it_is_posted(read: Reading) -> None:
    window = read.window()
    page = window.page
    window.goto(STORY)
    box = opened(page)
    box.evaluate(PASTE, FORMATTED)
    expect(box).to_have_value(
        "Hi **bold** and [a link](https://x.example/a_%28b%29), no link\n\n- one\n- *two*\n\n"
        "> said\n>\n> more"
    )
    page.get_by_role("button", name="Preview").click()
    preview = page.get_by_role("region", name="Preview")
    expect(preview.locator("strong")).to_have_text("bold")
    expect(preview.locator("li")).to_have_text(["one", "two"])
    expect(preview.locator("blockquote p")).to_have_text(["said", "more"])
    expect(page).to_have_url(re.compile(f"{STORY}$"))
    box.press("End")
    page.keyboard.type("x")
    expect(preview).to_have_count(0)
    left = page.locator("#composer .left.num")
    expect(left).to_be_hidden()
    box.fill("x" * 4990)
    expect(left).to_have_text("Characters left: 10")
    box.fill("x" * 5001)
    expect(left).to_have_text("Characters too many: 1")


def test_without_script_the_preview_is_a_page_that_keeps_all_words(read: Reading) -> None:
    window = read.window(script=False, width=PHONE)
    page = window.page
    window.goto(STORY)
    box = page.locator("#composer textarea")
    box.click()
    box.fill("Some **bold** words.")
    page.locator("#composer input[name=name]").fill("Ilse")
    page.get_by_role("button", name="Preview").click()
    expect(page).to_have_title(re.compile("Preview of your comment"))
    expect(page.locator(".preview strong")).to_have_text("bold")
    expect(box).to_have_value("Some **bold** words.")
    expect(page.locator("#composer input[name=name]")).to_have_value("Ilse")
    page.get_by_role("button", name="Post comment").click()
    expect(page.locator(".notice")).to_contain_text("It waits for a moderator")
