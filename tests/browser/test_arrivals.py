"""Somebody reads while others write: what comes waits for them, and moves nothing.

By asking now and then, as where event streams do not get through; test_live.py has those.
"""

import re

import pytest
from playwright.sync_api import Browser, Locator, StorageState, expect

from browser.test_posting import known_guest
from browsing import DESKTOP, PHONE, STORY, Reading, Window, compose, overflow, reading, violations
from serving import Server

pytestmark = pytest.mark.browser
SINCE = re.compile(r"/t/\d+/since/\d+/$")
BUTTON = "button.arrived"


def reader(read: Reading, *, width: int = DESKTOP, dark: bool = False, at: str = STORY) -> Window:
    """Open the discussion of a story where no stream gets through, by a clock that is turned."""
    window = read.window(width=width, dark=dark)
    window.page.route("**/live/?*", lambda route: route.fulfill(status=204))
    window.page.clock.install()
    window.goto(at)
    # Asked for by keys: nothing but what happens below moves the page.
    window.page.locator("ol.thread > li").nth(1).scroll_into_view_if_needed()
    expect(window.page.locator(BUTTON)).to_have_count(1)
    return window


def ask(window: Window, *, after: int = 31) -> None:
    """Let the time pass until the page asks what is new, and wait for the answer."""
    with window.page.expect_response(SINCE) as answered:
        window.page.clock.fast_forward(after * 1000)
    assert answered.value.status in {200, 304}


def top(place: Locator) -> float:
    box = place.bounding_box()
    assert box is not None
    return box["y"]


@pytest.mark.parametrize(
    ("width", "dark"), [pytest.param(DESKTOP, False, marks=pytest.mark.deep), (PHONE, True)]
)
def test_what_comes_waits_behind_a_button(
    read: Reading, owner: StorageState, width: int, dark: bool
) -> None:
    writer = known_guest(read, owner, script=True)
    window = reader(read, width=width, dark=dark)
    page = window.page
    asked = "I clean offices on the far side"
    eyes = page.locator("ol.thread > li").nth(1)
    compose(writer, "A new voice.")
    expect(writer.comment_saying("A new voice.")).to_be_focused()
    writer.comment_saying(asked).locator("a[data-reply]").click()
    compose(writer, "An answer.")
    expect(writer.comment_saying("An answer.")).to_be_focused()
    before, nobody = top(eyes), "document.activeElement === document.body"
    assert page.evaluate(nobody)

    ask(window)
    button = page.locator(BUTTON)
    expect(button).to_have_text("Show new comments (2)")
    expect(page.locator("#live")).to_have_text("Show new comments (2)")
    assert top(eyes) == before
    assert page.evaluate(nobody)
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    # It covers what is below it: words over words could not be read.
    assert button.evaluate("it => getComputedStyle(it).backgroundColor") != "rgba(0, 0, 0, 0)"
    assert not overflow(page)
    assert not violations(page)

    button.press("Enter")
    root, answer = window.comment_saying("A new voice."), window.comment_saying("An answer.")
    expect(root).to_be_focused()
    for fresh in (root, answer):
        expect(fresh.locator(".new")).to_have_text("New")
    expect(button).to_be_hidden()
    # Each stands where the server would have drawn it.
    first = page.locator("ol.thread > li").first
    expect(first.locator("article").first).to_contain_text("A new voice.")
    answered = page.locator("li").filter(has=window.comment_saying(asked)).last
    expect(answered.locator(f"#{answer.get_attribute('id')}")).to_be_visible()
    ids = page.eval_on_selector_all("[id]", "all => all.map(({ id }) => id)")
    assert len(ids) == len(set(ids))
    assert not violations(page)
    # They were seen: at the next visit they are old.
    seen = page.evaluate("Object.values(JSON.parse(localStorage['broadsheet:seen']))[0].seen")
    assert seen >= max(int(str(c.get_attribute("data-event"))) for c in (root, answer))


def test_what_is_removed_becomes_a_stub_and_the_focus_stays(
    read: Reading, owner: StorageState
) -> None:
    writer = known_guest(read, owner, script=True)
    compose(writer, "This will be taken back.")
    mine = writer.comment_saying("This will be taken back.")
    expect(mine).to_be_focused()
    number = mine.get_attribute("data-comment")

    window = reader(read)
    comment = window.comment(str(number))
    comment.locator("a[data-reply]").focus()
    writer.goto(f"/c/{number}/withdraw/")
    writer.page.locator("form[data-own=withdraw] button").click()
    expect(writer.page.locator("form[data-own=withdraw]")).to_have_count(0)

    ask(window)
    expect(comment).to_have_text("Withdrawn by its author.")
    expect(comment).to_be_focused()
    expect(window.page.locator(BUTTON)).to_be_hidden()


def test_it_is_asked_ever_less_often_and_only_where_it_is_looked_at(read: Reading) -> None:
    window = reader(read)
    asked: list[str] = []
    window.page.on("request", lambda it: asked.append(it.url) if SINCE.search(it.url) else None)
    ask(window)
    # The next one is due after 45 seconds, and so on.
    window.page.clock.fast_forward(40_000)
    assert len(asked) == 1
    ask(window, after=10)
    assert len(asked) == 2

    window.page.evaluate("scrollTo(0, 0)")
    expect(window.page.locator("h1")).to_be_in_viewport()
    expect(window.page.locator("#discussion")).not_to_be_in_viewport()
    window.page.evaluate(
        "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )
    window.page.clock.fast_forward(600_000)
    window.page.evaluate("1")
    assert len(asked) == 2
    # Back at the discussion it is asked at once.
    with window.page.expect_response(SINCE):
        window.page.locator("ol.thread > li").nth(1).scroll_into_view_if_needed()
        window.page.clock.fast_forward(1000)


@pytest.mark.parametrize("query", ["?show=staff", "?sort=oldest"])
def test_a_part_of_the_thread_asks_nothing(read: Reading, query: str) -> None:
    window = read.window()
    window.goto(f"{STORY}{query}#discussion")
    expect(window.page.locator(".tools")).to_have_count(1)
    expect(window.page.locator(BUTTON)).to_have_count(0 if "show" in query else 1)


@pytest.mark.deep
def test_on_a_page_around_a_comment_and_when_the_discussion_is_closed(
    read: Reading, owner: StorageState
) -> None:
    writer = known_guest(read, owner, script=True)
    asked = writer.comment_saying("I clean offices on the far side").get_attribute("data-comment")
    window = reader(read, at=f"{STORY}?sort=newest&at={asked}#c{asked}")
    page, button = window.page, window.page.locator(BUTTON)
    compose(writer, "A new voice elsewhere.")
    expect(writer.comment_saying("A new voice elsewhere.")).to_be_focused()
    writer.comment(str(asked)).locator("a[data-reply]").click()
    compose(writer, "An answer here.")
    expect(writer.comment_saying("An answer here.")).to_be_focused()
    ask(window)
    expect(button).to_have_text("Show new comments (2)")
    button.press("Enter")
    # What belongs here is here, what does not is one step away.
    answered = page.locator(f"li:has(> #c{asked})")
    expect(answered.locator(window.comment_saying("An answer here."))).to_be_focused()
    expect(button).to_have_text("Show new comments (1)")

    text = page.locator("#body")
    text.fill("What I wanted to say")
    moderator = read.window(storage_state=owner).page
    thread = page.locator("#discussion").get_attribute("data-thread")
    moderator.goto(f"/moderation/queue/threads/{thread}/")
    moderator.locator("[name=reason]").fill("It is late.")
    moderator.locator("button[value=close]").click()
    expect(moderator.locator("button[value=reopen]")).to_be_visible()
    ask(window, after=400)
    notice = page.locator(".notice.closed")
    expect(notice).to_contain_text("Closed by the newsroom: It is late.")
    expect(page.locator("#live")).to_contain_text("This discussion is closed.")
    expect(text).to_be_visible()
    expect(text).to_have_value("What I wanted to say")
    for gone in (page.locator(".composer .foot"), page.locator("[data-reply]").first):
        expect(gone).to_be_hidden()
    assert not violations(page)
    moderator.locator("button[value=reopen]").click()
    expect(moderator.locator("button[value=close]")).to_be_visible()
    ask(window, after=400)
    expect(notice).to_have_count(0)
    expect(page.locator(".composer .foot")).to_be_visible()

    button.press("Enter")
    expect(page).to_have_url(re.compile(r"\?sort=newest&at=\d+#c\d+$"))
    expect(window.comment_saying("A new voice elsewhere.")).to_be_in_viewport()
    expect(text).to_have_value("What I wanted to say")


@pytest.mark.deep
def test_when_the_line_is_down_the_button_stays(read: Reading, owner: StorageState) -> None:
    writer = known_guest(read, owner, script=True)
    window = reader(read)
    compose(writer, "Too far away.")
    expect(writer.comment_saying("Too far away.")).to_be_focused()
    ask(window)
    window.expected.append("net::ERR_INTERNET_DISCONNECTED")
    window.context.set_offline(True)
    button = window.page.locator(BUTTON)
    button.click()
    expect(window.page.locator("#live")).to_contain_text("could not be fetched")
    expect(button).to_be_visible()
    window.context.set_offline(False)
    button.click()
    expect(window.comment_saying("Too far away.")).to_be_focused()


SHOWN = """button => {
  button.hidden = false;
  const { x, width } = button.getBoundingClientRect();
  return [x, width, document.documentElement.scrollWidth];
}"""


@pytest.mark.deep
def test_it_reads_from_right_to_left(chromium: Browser, arabic: Server) -> None:
    with reading(chromium, arabic) as read:
        window = read.window(width=PHONE)
        window.goto(f"{STORY}#discussion")
        button = window.page.locator(BUTTON)
        expect(button).to_have_count(1)
        # In one go: whatever is told meanwhile hides it again.
        left, width, page = button.evaluate(SHOWN)
        assert page <= PHONE
        assert 0 <= left <= left + width <= PHONE
