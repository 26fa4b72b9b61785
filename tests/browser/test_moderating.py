"""A moderator takes a comment away, says why, and brings it back."""

import re

import pytest
from playwright.sync_api import StorageState, expect

from browsing import STORY, Reading, compose, scripts_deep, widths_deep

pytestmark = pytest.mark.browser


@pytest.mark.deep
@scripts_deep
def test_removed_with_a_reason_it_leaves_a_stub(
    read: Reading, owner: StorageState, script: bool
) -> None:
    guest = read.window(script=script)
    staff = read.window(storage_state=owner, script=script)
    words = f"Buy your lifebelts at a discount, {'with' if script else 'without'} a script!"
    queue = staff.page.locator("ol.queue > li").filter(has_text=words)
    guest.goto(STORY)
    compose(guest, words, name="Max Offer")
    expect(guest.page.locator(".held, .notice").first).to_be_visible()
    staff.goto("/moderation/queue/")
    staff.send(queue.get_by_role("button", name="Publish"))
    expect(staff.page.locator("#told")).to_contain_text("is published")
    guest.goto(STORY)
    number = str(guest.comment_saying(words).get_attribute("data-comment"))
    count = guest.page.locator(".room .count")
    before = int(str(count.text_content()).split()[0])

    staff.goto("/moderation/queue/?show=newest")
    remove = queue.locator("summary").get_by_text("Remove", exact=True)
    remove.click()
    if not script:
        # What has to be explained is asked for again.
        staff.expected.append("status of 422")
        queue.get_by_role("button", name="Another reason").click()
        expect(staff.page.get_by_role("alert")).to_contain_text("Explain in a sentence")
    queue.get_by_label("In your words").fill("This page is not a shop.")
    staff.send(queue.get_by_role("button", name="Advertising"))
    expect(staff.page.locator("#told")).to_contain_text(
        f"Comment {number} is removed: rule 4, Advertising."
    )

    guest.goto(STORY)
    stub = guest.comment(number)
    expect(stub.locator(".gone")).to_have_text(re.compile(r"^Removed: rule 4 · log \d+$"))
    expect(guest.page.get_by_text(words)).to_have_count(0)
    expect(count).to_have_text(re.compile(f"^{before - 1} comments$"))
    guest.goto(f"/c/{number}/status/")
    notice = guest.page.locator(".notice")
    expect(notice).to_contain_text("A moderator removed it: rule 4, Advertising.")
    expect(notice.locator("q")).to_have_text("This page is not a shop.")
    expect(guest.page.locator(".c .txt")).to_have_text(words)

    # A removal can be undone.
    staff.goto("/moderation/queue/")
    lately = staff.page.locator(".lately li").filter(has_text=words).first
    staff.send(lately.get_by_role("button", name="Undo"))
    expect(staff.page.locator("#told")).to_contain_text(f"comment {number} is undone")
    guest.goto(STORY)
    expect(guest.comment_saying(words)).to_be_visible()


@widths_deep
def test_counts_on_cards_follow(read: Reading, width: int) -> None:
    window = read.window(width=width)
    window.goto(STORY)
    said = str(window.page.locator(".room .count").text_content())
    for path in ("/", "/town/"):
        window.goto(path)
        card = window.page.locator("article.card").filter(has_text="The last ferry is coming back")
        expect(card.locator(".bubble")).to_have_text(said)
