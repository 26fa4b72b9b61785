"""The evening a thread explodes, by everybody who is in it: from the report to the second look."""

import pytest
from playwright.sync_api import Locator, expect

from browsing import (
    DESKTOP,
    PHONE,
    STORY,
    Reading,
    Window,
    compose,
    overflow,
    scripts_deep,
    violations,
)

pytestmark = pytest.mark.browser
QUEUE = "/moderation/queue/"
INSULT, CHEER = "Whoever sits on that council was bought.", "Bought and paid for, all of them."
# Pages answer a form without a script by another page.
LEADS_ON = ("status of 4",)
ROOMY = 100


def staff(read: Reading, who: str, *, width: int, script: bool) -> Window:
    """Somebody who works here, by the bar of the demonstration."""
    window = read.window(width=width, script=script, expected=LEADS_ON)
    window.goto(f"{STORY}?sort=oldest")
    bar = window.page.get_by_role("complementary", name="Demonstration")
    with window.page.expect_navigation():
        bar.get_by_role("button", name=who).click()
    return window


def in_queue(window: Window, words: str, show: str = "") -> Locator:
    window.goto(f"{QUEUE}?show={show}" if show else QUEUE)
    assert overflow(window.page) == 0
    return window.page.locator("ol.queue > li").filter(has_text=words).first


def is_clean(window: Window, script: bool) -> bool:
    """Let axe look, which is a script itself."""
    return not script or violations(window.page) == []


def is_roomy(box: Locator) -> bool:
    """A box for several lines looks like one."""
    size = box.bounding_box()
    return size is not None and size["height"] >= ROOMY


def says(window: Window, words: str, *, to: str = "", name: str) -> None:
    """Write a comment, which waits."""
    window.goto(f"{STORY}?reply={to}#composer" if to else STORY)
    compose(window, words, name=name)
    waits = window.page.locator(".held, .notice").filter(has_text="waits for a moderator").first
    expect(waits).to_be_visible()


def number_of(window: Window, words: str) -> str:
    window.goto(f"{STORY}?sort=newest")
    return str(window.comment_saying(words).first.get_attribute("data-comment"))


@scripts_deep
def test_reported_removed_asked_about_and_restored(read: Reading, script: bool) -> None:
    anna, petra = (read.window(width=PHONE, script=script, expected=LEADS_ON) for _ in range(2))
    mona = staff(read, "moderator", width=PHONE, script=script)
    edda = staff(read, "editor", width=DESKTOP, script=script)

    says(anna, INSULT, name="Anna Brook")
    mona.send(in_queue(mona, INSULT).get_by_role("button", name="Publish"))
    expect(mona.page.locator("#told")).to_contain_text("is published")
    insult = number_of(anna, INSULT)
    says(petra, CHEER, to=insult, name="Petra Lund")
    mona.send(in_queue(mona, CHEER).get_by_role("button", name="Publish"))
    expect(mona.page.locator("#told")).to_contain_text("is published")

    reader = read.window(script=script)
    reader.goto(f"/c/{insult}/report/")
    reader.page.get_by_label("What is wrong with it").select_option(index=1)
    reader.page.locator("form:has(select) button.btn").first.click()
    expect(reader.page.get_by_text("Thank you")).to_be_visible()

    # One tap and one reason, on a phone: the branch is gone by one decision.
    item = in_queue(mona, INSULT, "reported")
    item.locator("summary").get_by_text("Remove the branch").click()
    assert is_clean(mona, script)
    mona.send(item.locator('button[value="remove_branch personal_attack"]'))
    expect(mona.page.locator("#told")).to_contain_text("2 comments")
    for window in (anna, petra):
        window.goto(STORY)
        expect(window.page.get_by_text(INSULT)).to_have_count(0)
        expect(window.page.get_by_text(CHEER)).to_have_count(0)

    # Her words are still there for her to copy, with the rule; and she can ask.
    anna.goto(f"/c/{insult}/status/")
    expect(anna.page.locator(".c .txt")).to_have_text(INSULT)
    assert is_clean(anna, script)
    assert is_roomy(anna.page.get_by_label("Why it should be looked at again"))
    anna.page.get_by_label("Why it should be looked at again").fill("Nobody is named.")
    anna.page.get_by_role("button", name="Ask for a second look").click()
    expect(anna.page.get_by_text("You asked for it")).to_be_visible()

    # Who decided leaves it to a colleague, who brings it back.
    own = in_queue(mona, INSULT, "appeal")
    expect(own.get_by_text("You took this decision")).to_be_visible()
    expect(own.locator("summary").get_by_text("The decision stands")).to_have_count(0)
    item = in_queue(edda, INSULT, "appeal")
    expect(item.locator(".appeal")).to_contain_text("Nobody is named.")
    assert is_clean(edda, script)
    edda.send(item.get_by_role("button", name="Restore"))
    expect(edda.page.locator("#told")).to_contain_text("is restored")
    anna.goto(f"/c/{insult}/status/")
    expect(anna.page.get_by_text("the decision was taken back")).to_be_visible()
    anna.goto("/me/record/")
    expect(anna.page.get_by_text("the decision was taken back").first).to_be_visible()
    assert is_clean(anna, script)
    anna.goto(STORY)
    expect(anna.comment(insult).locator(".txt").first).to_have_text(INSULT)
    # What stood below it is a matter of its own.
    expect(anna.page.get_by_text(CHEER)).to_have_count(0)
    if script:
        at_the_comment(edda, insult)


def at_the_comment(edda: Window, number: str) -> None:
    """The same tools over the story itself, and back to where one was."""
    page = edda.page
    edda.goto(f"{STORY}?sort=newest")
    way = edda.comment(number).get_by_role("link", name="Moderate")
    way.click()
    window = page.get_by_role("dialog")
    expect(window.locator(".case")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(window).to_be_hidden()
    expect(way).to_be_focused()
    page.keyboard.press("Enter")
    window.locator("summary").get_by_text("Remove", exact=True).click()
    window.locator('button[value="remove personal_attack"]').click()
    expect(window.get_by_role("status")).to_contain_text(f"Comment {number} is removed")
    expect(edda.comment(number).locator(".gone")).to_have_count(1)
    window.get_by_role("button", name="Undo").click()
    expect(edda.comment(number).locator(".txt")).to_have_text(INSULT)
    window.get_by_role("button", name="Close").click()
    expect(window).to_be_hidden()
    # What has a page of its own leads there.
    way.click()
    window.locator("summary").get_by_text("Stop this person").click()
    window.get_by_label("What is to hold").select_option("warn")
    window.locator('button[value="limit personal_attack"]').click()
    expect(page.locator("#told")).to_contain_text("is warned")
