"""Words are quoted: selected with a script, a whole comment without one."""

import re

import pytest
from playwright.sync_api import Locator, StorageState, expect

from browser.test_posting import known_guest
from browsing import STORY, Reading, Window, widths_deep

pytestmark = pytest.mark.browser
SAID = "You are allowed to quote all of it."
SELECT = """(element, words) => {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    const at = node.data.indexOf(words);
    if (at < 0) continue;
    element.scrollIntoView({ block: 'center' });
    getSelection().setBaseAndExtent(node, at, node, at + words.length);
    return;
  }
  throw new Error(`not there: ${words}`);
}"""


def said_by_sunniva(window: Window) -> Locator:
    """Return the comment of the demonstration whose words are quoted."""
    said = window.page.locator("article.c").filter(has=window.page.locator(".txt", has_text=SAID))
    return said.filter(has=window.page.locator("h3", has_text="Sunniva Dahl")).first


def figure(window: Window, words: str) -> Locator:
    return window.comment_saying(words).locator("figure.quote")


@widths_deep
def test_selected_words_are_quoted_in_their_sentence(
    read: Reading, owner: StorageState, width: int
) -> None:
    guest = known_guest(read, owner, script=True, name=f"Quoter {width}")
    page = guest.page
    page.set_viewport_size({"width": width, "height": 800})
    source = said_by_sunniva(guest)
    number = source.get_attribute("data-comment")
    expect(page.locator(".quote-it")).to_have_count(0)
    source.locator(".txt").evaluate(SELECT, "to quote all")
    button = page.locator(".quote-it")
    expect(button).to_be_visible()
    box = button.bounding_box()
    assert box
    assert box["height"] >= 44
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    button.click()

    card = page.locator("form.composer .quoting")
    expect(card.locator("blockquote")).to_have_text("to quote all")
    expect(page.locator("form.composer textarea")).to_be_focused()
    expect(page.locator("form.composer input[name=parent]")).to_have_value(str(number))
    # The draft keeps the quote too.
    page.reload()
    page.locator(f'a[data-reply="{number}"]').click()
    expect(card.locator("blockquote")).to_have_text("to quote all")
    # Words of the story go along with what is under way.
    words = f"Quoted, with all of it, at {width}."
    page.locator("form.composer textarea").fill(words)
    page.locator(".story .body p").first.evaluate(SELECT, "the")
    button.click()
    expect(card).to_have_count(2)
    card.last.get_by_role("checkbox").uncheck()
    page.get_by_role("button", name="Post comment").click()

    quote = figure(guest, words)
    expect(quote).to_have_count(1)
    expect(quote.locator("blockquote")).to_have_text(SAID)
    expect(quote.locator("mark")).to_have_text("to quote all")
    expect(quote.locator("figcaption a").first).to_have_text("Sunniva Dahl")
    quote.locator("figcaption a").first.click()
    expect(page).to_have_url(re.compile(rf"#c{number}$"))
    expect(page.locator("form.composer .quoting")).to_have_count(0)


def test_the_entry_at_a_comment_quotes_by_keyboard(read: Reading) -> None:
    guest = read.window()
    page = guest.page
    guest.goto(STORY)
    source = said_by_sunniva(guest)
    link = source.locator("a[data-quote]")
    expect(link).to_have_accessible_name("Quote words of Sunniva Dahl")
    link.press("Enter")
    card = page.locator("form.composer .quoting blockquote")
    expect(card).to_have_text(SAID)
    expect(page.locator("form.composer textarea")).to_be_focused()
    # Selected words are preferred, and three are enough.
    for words in ("You are", "allowed", "quote"):
        source.locator(".txt").evaluate(SELECT, words)
        link.press("Enter")
    expect(card).to_have_text([SAID, "You are", "allowed"])
    expect(page.locator("#live")).to_have_text("At most 3 quotations fit on a comment.")
    page.locator("form.composer textarea").fill("No.")
    page.locator(".story .body p").first.evaluate(SELECT, "the")
    expect(page.locator(".quote-it")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".quote-it")).to_be_hidden()


def test_without_a_script_a_whole_comment_is_quoted(read: Reading, owner: StorageState) -> None:
    guest = known_guest(read, owner, script=False, name="Whole Quoter")
    page = guest.page
    source = said_by_sunniva(guest)
    source.locator("a[data-quote]").click()
    expect(page.get_by_role("checkbox")).to_be_checked()
    words = "All of it, then."
    page.locator("#composer textarea").fill(words)
    page.locator("#composer input[name=name]").fill("Whole Quoter")
    page.get_by_role("button", name="Post comment").click()
    quote = figure(guest, words)
    expect(quote.locator("mark")).to_have_text(SAID)
    quote.locator("figcaption a").first.click()
    expect(said_by_sunniva(guest)).to_be_visible()


def test_the_demonstration_quotes_out_of_context_and_shows_the_rest(read: Reading) -> None:
    guest = read.window(script=False)
    guest.goto(STORY)
    quote = figure(guest, "So the Residents’ Association itself admits")
    expect(quote.locator("mark")).to_have_text("Hardly anyone used it by the end")
    expect(quote.locator("blockquote")).to_contain_text("because by then the bus left 48 minutes")
    expect(quote.locator("figcaption a").first).to_have_attribute("href", re.compile("#:~:text="))
