"""A moderator at the queue: with a thumb, and with single keys."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, StorageState, expect

import queueing
from browsing import DESKTOP, PHONE, Reading, Window, overflow, violations

if TYPE_CHECKING:
    from browser.conftest import Kept

pytestmark = pytest.mark.browser

SHORT, LONG = 10, 200


@pytest.fixture
def waiting(request: pytest.FixtureRequest, newsroom: object) -> list[int]:
    """Comments that wait, the oldest of all."""
    kept: Kept = request.getfixturevalue("kept")
    given = json.dumps(request.param)
    numbers: list[int] = json.loads(kept.home.python(Path(queueing.__file__), given))
    return numbers


def focused(page: Page) -> int:
    found = page.evaluate("document.activeElement.closest('.case')?.dataset.comment ?? 0")
    return int(found)


def decided(request: pytest.FixtureRequest) -> list[tuple[int, str]]:
    """Return what a person decided in the newsroom, in order."""
    kept: Kept = request.getfixturevalue("kept")
    rows = kept.home.rows(
        "SELECT comment_id, verb FROM discussion_decision WHERE by_role = 'owner' ORDER BY sequence"
    )
    return [(number, verb) for number, verb in rows]


def remove_by_thumb(phone: Window, number: int) -> None:
    phone.goto("/moderation/queue/?show=first")
    item = phone.page.locator(f"#c{number}")
    item.locator("summary").get_by_text("Remove", exact=True).click()
    assert violations(phone.page) == []
    assert overflow(phone.page) == 0
    for button in item.locator(".panel:visible button, .verbs > button, .verbs summary.btn").all():
        box = button.bounding_box()
        assert box is None or box["height"] >= 44
    item.get_by_role("button", name="Advertising").click()
    expect(item).to_have_count(0)
    told = phone.page.locator("#told")
    expect(told).to_contain_text(f"Comment {number} is removed")
    expect(told.get_by_role("button", name="Undo")).to_be_visible()


def warn_by_key(window: Window, number: int) -> None:
    """Stop somebody by a key and the number of the rule; and see what holds for them."""
    page = window.page
    page.locator(f"#c{number}").focus()
    page.keyboard.press("s")
    # It is said before the server has answered; what is opened next asks the server.
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.keyboard.press("1")
    told = page.locator("#told")
    expect(told).to_contain_text(f"The author of comment {number} is warned")
    page.locator(f"#c{number} a[href*='/moderation/people/']").click()
    expect(page.locator("li[data-holds]")).to_contain_text("Warned")
    assert violations(page) == []
    window.goto("/moderation/filters/")
    assert violations(page, colours=False) == []


@pytest.mark.parametrize("waiting", [SHORT], indirect=True)
def test_by_key_and_by_thumb(
    read: Reading, owner: StorageState, waiting: list[int], request: pytest.FixtureRequest
) -> None:
    before = len(decided(request))
    window = read.window(storage_state=owner, expected=("status of 422", "status of 409"))
    page, press = window.page, window.page.keyboard.press
    window.goto("/moderation/queue/?show=first")
    items = page.locator("#items > li")
    count = items.count()
    first, second, third, fourth, *rest = waiting

    # Off until somebody switches them on, and remembered then.
    press("j")
    press("a")
    expect(items).to_have_count(count)
    page.get_by_role("button", name="Single keys").click()
    page.reload()
    expect(page.locator(f"#c{first}")).to_be_focused()
    assert violations(page) == []
    press("j")
    press("k")
    press("a")
    # It is gone, and the next one there, before anything is answered.
    assert (items.count(), focused(page)) == (count - 1, second)
    press("r")
    press("4")
    assert (items.count(), focused(page)) == (count - 2, third)
    told = page.locator("#told")
    expect(told).to_contain_text(f"Comment {second} is removed: rule 4, Advertising.")
    press("u")
    expect(told).to_contain_text(f"comment {second} is undone")
    expect(page.locator(f"#c{second}")).to_be_focused()
    press("r")
    assert violations(page) == []
    # What has to be explained comes back, with what to do.
    press("9")
    expect(page.locator(f"#c{second} .refused")).to_contain_text("Explain in a sentence")
    press("?")
    expect(page.locator("#keys")).to_be_visible()
    press("?")

    # Somebody else was faster: the second sees what the first did.
    remove_by_thumb(read.window(width=PHONE, storage_state=owner), fourth)
    page.locator(f"#c{fourth}").focus()
    press("a")
    there = page.locator(f"#c{fourth}")
    expect(there.locator(".refused")).to_contain_text("Somebody decided about this comment")
    expect(there.locator(".last")).to_contain_text("Ada Holm removed it (rule 4, Advertising)")
    expect(there.get_by_role("button", name="Publish")).to_be_hidden()

    page.locator(f"#c{third}").focus()
    press("a")
    expect(told).to_contain_text(f"Comment {third} is published.")

    warn_by_key(window, rest[0])
    verbs = decided(request)[before:]
    assert verbs == [
        (first, "publish"),
        (second, "remove"),
        (second, "undo"),
        (fourth, "remove"),
        (third, "publish"),
        (rest[0], "warn"),
    ]


@pytest.mark.deep
@pytest.mark.parametrize("waiting", [LONG], indirect=True)
def test_two_hundred_by_key(
    read: Reading, owner: StorageState, waiting: list[int], request: pytest.FixtureRequest
) -> None:
    """None is missed and none decided twice, however fast the keys come."""
    before = len(decided(request))
    window = read.window(width=DESKTOP, storage_state=owner)
    page, press = window.page, window.page.keyboard.press
    window.goto("/moderation/queue/")
    page.get_by_role("button", name="Single keys").click()
    press("j")
    seen = []
    for at in range(LONG):
        expect(page.locator("#items .case:is(:focus, :focus-within)")).to_have_count(1)
        seen.append(focused(page))
        if at % 3:
            press("a")
        else:
            press("r")
            press("1")
    mine = page.locator(".lately [data-mine]")
    expect(mine.nth(LONG - 1)).to_be_attached()
    assert seen == waiting
    verbs = [(number, "publish" if at % 3 else "remove") for at, number in enumerate(waiting)]
    assert decided(request)[before:] == verbs
