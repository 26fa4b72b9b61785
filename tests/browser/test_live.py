"""Somebody reads while others write: an open page is told at once, while it is looked at."""

import re
import time

import pytest
from playwright.sync_api import Page, StorageState, expect

from browser.test_desk import WAGTAIL
from browser.test_posting import known_guest
from browsing import STORY, Reading, Window, compose, violations

pytestmark = pytest.mark.browser
BUTTON = "button.arrived"
LIVE = re.compile(r"/live/\?")
# What is to happen after half a minute does not: asking now and then, instead of listening.
NEVER_LATE = """
const wait = setTimeout;
window.setTimeout = (call, after, ...rest) => after < 20_000 ? wait(call, after, ...rest) : 0;
"""
OFFLINE = "net::ERR_INTERNET_DISCONNECTED"


def listener(read: Reading, *, expected: tuple[str, ...] = ()) -> Window:
    """Open the discussion of a story, and wait until the page listens."""
    window = read.window(expected=expected)
    with window.page.expect_response(LIVE) as answered:
        window.goto(STORY)
    assert answered.value.headers["content-type"] == "text/event-stream"
    window.page.locator("ol.thread > li").nth(1).scroll_into_view_if_needed()
    expect(window.page.locator(BUTTON)).to_have_count(1)
    return window


def look_away(page: Page, *, hidden: bool) -> None:
    """Have the page think that another tab is in front of it, or no longer."""
    page.evaluate(
        """(hidden) => {
          Object.defineProperty(document, 'hidden', { configurable: true, value: hidden });
          document.dispatchEvent(new Event('visibilitychange'));
        }""",
        hidden,
    )


def write(writer: Window, words: str) -> str:
    compose(writer, words)
    mine = writer.comment_saying(words)
    expect(mine).to_be_focused()
    return str(mine.get_attribute("data-comment"))


def test_one_posts_and_the_other_sees_it(read: Reading, owner: StorageState) -> None:
    writer = known_guest(read, owner, script=True)
    window = listener(read)
    page = window.page
    counted = page.locator(".room-head .count")
    before = int(str(counted.text_content()).split()[0])
    number = write(writer, "A new voice.")
    began = time.monotonic()
    button = page.locator(BUTTON)
    expect(button).to_have_text("Show new comments (1)")
    # It is told within a second; the browsers of a busy machine take theirs, too.
    assert time.monotonic() - began < 3
    expect(button).to_be_visible()
    for place in (".room-head .count", ".meta .bubble"):
        expect(page.locator(place)).to_have_text(f"{before + 1} comments")
    expect(page.locator("#live")).to_have_text("Show new comments (1)")

    button.click()
    comment = window.comment(number)
    expect(comment).to_be_focused()
    expect(comment).to_have_class(re.compile(r"\btold\b"))
    # A vote of somebody else moves where it stands.
    useful = comment.locator("[data-vote] .num").first
    expect(useful).to_have_text("0")
    voter = read.window()
    voter.goto(f"/c/{number}/")
    voter.page.locator(f"#c{number} [data-vote] button").first.click()
    expect(useful).to_have_text("1")
    # What is taken back becomes a stub where it stands.
    writer.goto(f"/c/{number}/withdraw/")
    writer.page.locator("form[data-own=withdraw] button").click()
    expect(comment).to_have_text("Withdrawn by its author.")
    expect(counted).to_have_text(f"{before} comments")
    assert not violations(page, colours=False)

    # Of what waits for a moderator nobody hears, whatever else they hear.
    stranger = read.window()
    stranger.goto(STORY)
    compose(stranger, "Nobody has read this yet.")
    expect(stranger.page.locator(".held")).to_be_visible()
    writer.goto(STORY)
    write(writer, "A second voice.")
    expect(button).to_have_text("Show new comments (1)")


@pytest.mark.deep
def test_another_tab_a_pause_and_no_line(read: Reading, owner: StorageState) -> None:
    writer = known_guest(read, owner, script=True)
    window = listener(read, expected=(OFFLINE,))
    page, button = window.page, window.page.locator(BUTTON)

    # A page that nobody looks at holds no stream, and is told what it missed when it is seen again.
    with page.expect_event("requestfailed", lambda it: LIVE.search(it.url) is not None):
        look_away(page, hidden=True)
    write(writer, "In another tab.")
    expect(button).to_be_hidden()
    with page.expect_request(LIVE) as again:
        look_away(page, hidden=False)
    assert "since=" in again.value.url
    expect(button).to_have_text("Show new comments (1)")

    pause = page.locator("[name=paused]")
    page.locator(".settings > summary").click()
    pause.check()
    write(writer, "In the pause.")
    write(writer, "Still in the pause.")
    expect(button).to_have_text("Show new comments (1)")
    pause.uncheck()
    expect(button).to_have_text("Show new comments (3)")

    # What is open stays open in this browser when it is set offline; what begins then fails.
    look_away(page, hidden=True)
    window.context.set_offline(True)
    write(writer, "While there is no line.")
    with page.expect_event("requestfailed", lambda it: LIVE.search(it.url) is not None):
        look_away(page, hidden=False)
    expect(button).to_have_text("Show new comments (3)")
    window.context.set_offline(False)
    expect(button).to_have_text("Show new comments (4)")
    button.scroll_into_view_if_needed()
    button.click()
    expect(window.comment_saying("In the pause.").first).to_be_visible()


@pytest.mark.deep
def test_the_meter_moves_for_everybody(read: Reading, owner: StorageState) -> None:
    window = listener(read)
    page = window.page
    masthead, meter = page.locator(".mast-meter"), page.locator("section.meter")
    # The front page has it in its masthead alone; and here is one to whom no stream gets through.
    front, asking = read.window(), read.window(expected=("status of 503",))
    asking.page.route(LIVE, lambda route: route.fulfill(status=503))
    asking.page.clock.install()
    # And one whose stream ends and comes back by itself, always in time to miss what was told.
    ending = read.window()
    ends = {"content_type": "text/event-stream", "body": "retry: 100\n\n"}
    ending.page.route(LIVE, lambda route: route.fulfill(**ends))
    ending.page.add_init_script(NEVER_LATE)
    for each in (front, asking, ending):
        with each.page.expect_response(LIVE):
            each.goto("/")
    before = int(str(meter.get_attribute("data-raised")))
    bar = meter.locator("rect.fill").element_handle()
    staff = read.window(storage_state=owner, expected=WAGTAIL)
    staff.goto("/desk/gifts/enter/")
    staff.page.get_by_label("Amount").fill("25")
    staff.page.get_by_label("Cash").check()
    staff.page.get_by_role("button", name="Book the gift").click()
    expect(staff.page.locator("tr[data-gift]").first).to_be_visible()
    for place in (meter, masthead, *(of.page.locator(".mast-meter") for of in (front, ending))):
        expect(place).to_have_attribute("data-raised", str(before + 2500))
    asking.page.clock.run_for("00:31")
    expect(asking.page.locator(".mast-meter")).to_have_attribute("data-raised", str(before + 2500))
    # The same bar is longer: it was not put in the place of another.
    assert bar is not None
    assert page.evaluate("bar => bar.isConnected", bar)
    assert not violations(page, colours=False)


@pytest.mark.deep
def test_a_story_that_is_changed_says_so(read: Reading) -> None:
    """As its discussion is told it: by the number of its edition."""
    window = listener(read)
    page = window.page
    page.evaluate("document.querySelector('.room').dataset.edition = '0'")
    look_away(page, hidden=True)
    look_away(page, hidden=False)
    again = page.get_by_role("button", name="This story has been changed. Read it again")
    expect(again).to_be_visible()
    with page.expect_navigation():
        again.click()
