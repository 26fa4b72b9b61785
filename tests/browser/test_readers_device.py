"""What a device remembers for its reader in a discussion: what was new, the order, the keys."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from browsing import PHONE, STORY, Reading, overflow, violations, widths_deep

pytestmark = pytest.mark.browser

# As if the last visit had been yesterday, and so many of the comments here had come since.
YESTERDAY = """
(missed) => {
  const seen = JSON.parse(localStorage.getItem('broadsheet:seen'));
  const events = [...document.querySelectorAll('.c[data-event]')]
    .map((each) => Number(each.dataset.event)).sort((one, other) => other - one);
  for (const one of Object.values(seen)) {
    if (missed) one.seen = events[missed];
    one.at -= 86_400_000;
  }
  localStorage.setItem('broadsheet:seen', JSON.stringify(seen));
}
"""
ONE_WINDOW_ABOVE = """
() => scrollTo(0, document.querySelector('#discussion').offsetTop - 1.6 * innerHeight)
"""
TOP = "(number) => document.getElementById(`c${number}`).getBoundingClientRect().top"


def come_near(page: Page) -> Locator:
    room = page.locator("#discussion")
    room.scroll_into_view_if_needed()
    expect(room.locator("details.settings")).to_be_visible()
    return room


@widths_deep
def test_what_is_new_since_the_last_visit_is_marked_and_found(read: Reading, width: int) -> None:
    window = read.window(width=width, dark=width == PHONE)
    page = window.page
    window.goto(STORY)
    room = come_near(page)
    # At a first visit nothing is new, for everything would be.
    expect(room.locator(".new")).to_have_count(0)
    page.evaluate(YESTERDAY, 3)
    page.reload()
    come_near(page)
    fresh = room.locator("article[data-new]")
    expect(fresh).to_have_count(3)
    expect(fresh.first.locator(".new")).to_have_text("New")
    button = room.get_by_role("button", name="Next new (3)")
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    # It is open before it is jumped to, wherever it stands.
    for summary in room.locator("ol.thread > li > details > summary").all():
        summary.click()
    button.click()
    expect(fresh.first).to_be_focused()
    fresh.first.get_by_role("button", name="Next new").click()
    expect(fresh.nth(1)).to_be_focused()
    expect(fresh.nth(1)).to_be_in_viewport()
    assert overflow(page) == 0
    assert violations(page) == []
    # Seen within one visit, marked as long as it lasts; the next begins with nothing new.
    page.reload()
    come_near(page)
    expect(fresh).to_have_count(3)
    page.evaluate(YESTERDAY, 0)
    page.reload()
    come_near(page)
    expect(fresh).to_have_count(0)


def test_single_keys_answer_when_they_were_switched_on(read: Reading) -> None:
    window = read.window()
    page = window.page
    window.goto(STORY)
    room = come_near(page)
    page.evaluate(YESTERDAY, 1)
    page.reload()
    come_near(page)
    fresh = room.locator("article[data-new]")
    page.keyboard.press("n")
    expect(page.locator("article.c:focus")).to_have_count(0)
    room.get_by_text("Reading settings of this discussion").click()
    room.get_by_label(re.compile("Single keys")).check()
    page.reload()
    come_near(page)
    page.keyboard.press("n")
    expect(fresh).to_be_focused()
    page.keyboard.press("j")
    expect(fresh).not_to_be_focused()
    page.keyboard.press("k")
    expect(fresh).to_be_focused()
    box = page.locator("#composer textarea")
    box.click()
    page.keyboard.type("jnk")
    expect(box).to_have_value("jnk")


def test_the_order_chosen_last_is_the_next_pages_order(read: Reading) -> None:
    window = read.window()
    page = window.page
    window.goto(STORY)
    room = come_near(page)
    first = room.locator("ol.thread > li > article").first
    newest = first.get_attribute("data-comment")
    room.get_by_role("link", name="Oldest").click()
    expect(page).to_have_url(re.compile("sort=oldest"))
    expect(first).not_to_have_attribute("data-comment", str(newest))
    oldest = str(first.get_attribute("data-comment"))
    # The address names none, and nobody sees the list yet.
    window.goto(STORY)
    page.evaluate(ONE_WINDOW_ABOVE)
    expect(first).to_have_attribute("data-comment", oldest)
    expect(room.locator(".sort [aria-current]").first).to_have_text("Oldest")
    # The address names one.
    window.goto(f"{STORY}?sort=newest")
    come_near(page)
    expect(first).to_have_attribute("data-comment", str(newest))
    # Somebody looks at the list already: it stays.
    window.goto(f"{STORY}#discussion")
    come_near(page)
    expect(first).to_have_attribute("data-comment", str(newest))


def test_a_long_branch_is_skipped_and_a_folded_one_says_who_answers(read: Reading) -> None:
    window = read.window(script=False)
    page = window.page
    window.goto(STORY)
    skip = page.locator("a.jump").first
    skip.focus()
    expect(skip).to_be_in_viewport()
    target = str(skip.get_attribute("href"))
    skip.press("Enter")
    expect(page).to_have_url(re.compile(f"{target}$"))
    summary = page.locator("ol.thread > li > details > summary").first
    expect(summary.locator(".by")).to_be_hidden()
    summary.click()
    expect(summary).to_contain_text(re.compile(r"\d+ repl(?:y|ies).*: \w+"))
    expect(summary.locator(".by")).to_be_visible()
    page.locator("body").press("Tab")
    links = page.locator("a.skip")
    expect(links).to_have_text(["Skip to the content", "Skip to the discussion", "Write a comment"])


def test_what_the_newsroom_wrote_is_shown_alone_and_leads_back(read: Reading) -> None:
    window = read.window(width=PHONE, script=False)
    page = window.page
    page.emulate_media(reduced_motion="no-preference")
    window.goto(STORY)
    shows = page.get_by_role("navigation", name="Show")
    shows.get_by_role("link", name="By the newsroom").click()
    expect(shows.locator("[aria-current]")).to_have_text("By the newsroom")
    articles = page.locator("ol.thread article.c")
    labelled = articles.filter(has=page.locator(".label"))
    expect(articles).to_have_count(labelled.count())
    answer = labelled.filter(has=page.locator(".to")).first
    expect(answer.locator(".to")).to_contain_text("in reply to")
    number = answer.get_attribute("data-comment")
    assert overflow(page) == 0
    page.locator(f"li:has(> #c{number})").get_by_role("link", name="View all comments").click()
    expect(page).to_have_url(re.compile(rf"\?at={number}#c{number}$"))
    # There at once: no ride past all the rest.
    page.wait_for_load_state()
    assert 0 <= page.evaluate(TOP, number) < PHONE
    expect(page.locator("article[aria-current]")).to_have_attribute("id", f"c{number}")
    expect(shows.locator("[aria-current]")).to_have_text("All comments")
    # The same way back from its own page.
    window.goto(f"/c/{number}/")
    page.get_by_role("link", name="View all comments").click()
    expect(page).to_have_url(re.compile(rf"\?at={number}#c{number}$"))


def test_people_and_words_are_muted_on_this_device_and_never_gone(read: Reading) -> None:
    window = read.window(width=PHONE)
    page = window.page
    window.goto(STORY)
    room = come_near(page)
    comment = room.locator("article.c").filter(has_text="the cat is at the fire station")
    comment.locator(".menu summary").click()
    comment.get_by_role("button", name="Mute Noor Idris").click()
    folded = comment.get_by_role("button", name="Muted: Noor Idris, show")
    expect(folded).to_be_focused()
    expect(comment.locator(".txt")).to_be_hidden()
    page.reload()
    come_near(page)
    folded.click()
    expect(comment.locator(".txt")).to_be_visible()
    room.get_by_text("Reading settings of this discussion").click()
    room.get_by_label("Fold comments with this word").fill("ferry")
    page.keyboard.press("Enter")
    by_word = room.locator("article.muted").filter(has_text="ferry")
    assert by_word.count() > 1
    assert overflow(page) == 0
    assert violations(page) == []
    room.get_by_role("button", name="Unmute ferry").click()
    expect(by_word).to_have_count(0)
    expect(room.get_by_role("button", name="Unmute Noor Idris")).to_be_focused()
    page.keyboard.press("Enter")
    expect(room.locator(".unmute")).to_have_count(0)


def test_new_comments_alone_can_be_shown(read: Reading) -> None:
    window = read.window()
    page = window.page
    window.goto(STORY)
    room = come_near(page)
    page.evaluate(YESTERDAY, 2)
    page.reload()
    come_near(page)
    only = room.get_by_role("button", name="New (2)", exact=True)
    only.click()
    expect(only).to_have_attribute("aria-pressed", "true")
    expect(room.locator("article.c .txt").filter(visible=True)).to_have_count(2)
    only.click()
    expect(room.locator("article.c .txt").filter(visible=True).nth(9)).to_be_visible()
    # From one of them to the same one among all.
    only.click()
    new = room.locator("article.c[data-new]").last
    new.get_by_role("link", name="View all comments").click()
    expect(only).to_have_attribute("aria-pressed", "false")
    expect(new).to_be_in_viewport()
    expect(page).to_have_url(re.compile(r"#c\d+$"))


def test_whoever_read_to_the_end_is_invited_until_they_close_it_for_good(read: Reading) -> None:
    window = read.window(width=PHONE)
    page = window.page
    window.goto(STORY)
    line = page.get_by_role("complementary", name="Invitation to the discussion")
    expect(line).to_be_hidden()
    before = page.evaluate("() => document.querySelector('.end').getBoundingClientRect().top")
    assert before > 2 * 844
    page.evaluate("scrollTo(0, document.querySelector('.end').offsetTop - 1.5 * innerHeight)")
    expect(line).to_be_visible()
    expect(line).not_to_be_in_viewport()
    expect(page.locator("body")).to_be_focused()
    expect(line.get_by_role("link", name=re.compile(r"\d+ comments"))).to_be_visible()
    expect(line.get_by_role("link", name="Write a comment")).to_have_attribute("href", "#composer")
    close = line.get_by_role("button", name="Close for good")
    box = close.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44
    close.focus()
    page.keyboard.press("Escape")
    expect(line).to_have_count(0)
    expect(page.locator("#discussion-title")).to_be_focused()
    page.reload()
    page.evaluate("scrollTo(0, document.querySelector('.end').offsetTop - 1.5 * innerHeight)")
    page.evaluate("scrollTo(0, document.querySelector('.end').offsetTop)")
    expect(page.locator("#invitation")).to_be_hidden()
