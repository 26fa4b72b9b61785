"""Staff at the desk: a gift moves the meter, a story that is written is read."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import Page, StorageState, expect

from browsing import STORY, WIDTHS, Reading, Window, overflow, scripts_deep, violations

pytestmark = pytest.mark.browser
BEGAN = 112000
# Wagtail's own pages say things in the console that are not ours to answer for.
WAGTAIL = (
    r"on \S+/desk/.*(deprecated|Autofocus|preload)",
    # A form that is sent just when it saves itself: the slower of the two is told so.
    r"on \S+/desk/pages/add/\S+: .*status of 400",
)


def raised(window: Window) -> set[int]:
    """Return what all the meters of the public pages say."""
    found = set()
    for path in (STORY, "/support/", "/"):
        window.goto(path)
        for meter in window.page.locator("[data-meter]").all():
            found.add(int(str(meter.get_attribute("data-raised"))))
    return found


def sum_of_the_books(window: Window) -> int:
    """Add up every public entry of the month, page by page, in minor units."""
    total = Decimal(0)
    window.goto("/support/")
    while True:
        for text in window.page.locator("tr[data-entry] td:last-child").all_text_contents():
            total += Decimal(re.sub(r"[^\d.−-]", "", text).replace("−", "-"))
        earlier = window.page.get_by_role("link", name="Earlier entries")
        if not earlier.count():
            return int(total * 100)
        earlier.click()
        window.page.wait_for_url(re.compile(r"after="))


@pytest.mark.both_in_depth
@scripts_deep
def test_a_gift_moves_the_meter_and_a_refund_takes_it_back(
    read: Reading, owner: StorageState, script: bool
) -> None:
    reader = read.window(script=script)
    staff = read.window(storage_state=owner, script=script, expected=WAGTAIL)
    page = staff.page
    assert raised(reader) == {BEGAN}
    staff.goto("/desk/gifts/")
    page.get_by_role("link", name="Enter a gift").click()
    page.get_by_label("Amount").fill("40.50")
    page.get_by_label("Cash").check()
    page.get_by_label("Note").fill("From the choir")
    page.get_by_role("button", name="Book the gift").click()
    expect(page.locator("li.success")).to_contain_text("$1,160.50 of $5,000")
    expect(page.locator("tr[data-gift]").first).to_contain_text("From the choir")
    assert raised(reader) == {BEGAN + 4050}
    assert sum_of_the_books(reader) == BEGAN + 4050
    reader.goto("/support/")
    # The public books show a date and an amount; the note is the newsroom's.
    expect(reader.page.locator("body")).not_to_contain_text("choir")

    staff.goto("/desk/gifts/")
    page.locator("tr[data-gift]").first.get_by_role("link", name="Refund or correct").click()
    page.get_by_label("Money was sent back").check()
    page.get_by_label("Amount").fill("15.50")
    page.get_by_label("Reason").fill("Sent too much")
    page.get_by_role("button", name="Book it").click()
    expect(page.locator("li.success")).to_contain_text("$1,145.00 of $5,000")
    assert raised(reader) == {BEGAN + 2500}

    page.locator("tr[data-gift]").first.get_by_role("link", name="Refund or correct").click()
    page.get_by_label("Money was sent back").check()
    expect(page.get_by_label("Amount")).to_have_value("25")
    page.get_by_label("Reason").fill("And the rest")
    page.get_by_role("button", name="Book it").click()
    expect(page.locator("li.success")).to_contain_text("$1,120.00 of $5,000")
    assert raised(reader) == {BEGAN}
    assert sum_of_the_books(reader) == BEGAN


def test_what_is_wrong_with_a_gift_is_said_and_the_rest_kept(
    read: Reading, owner: StorageState
) -> None:
    staff = read.window(storage_state=owner, expected=(*WAGTAIL, "status of 422"))
    page = staff.page
    staff.goto("/desk/gifts/enter/")
    page.get_by_label("Amount").fill("forty")
    page.get_by_label("Bank transfer").check()
    page.get_by_label("Note").fill("In an envelope")
    page.get_by_role("button", name="Book the gift").click()
    expect(page.get_by_text("Enter an amount in USD")).to_be_visible()
    expect(page.get_by_label("Note")).to_have_value("In an envelope")


def add_text(page: Page, words: str) -> None:
    """Add a paragraph to the story's body and write into its editor."""
    body = page.locator("[data-contentpath=body]")
    body.get_by_role("button", name="Insert a block").last.click()
    page.get_by_role("option", name="Text", exact=True).click()
    editor = page.get_by_role("region", name="Text").get_by_role("textbox")
    editor.click()
    editor.press_sequentially(words)
    # The editor writes into the form a moment after it was typed in.
    expect(page.locator("input[name=body-0-value]")).to_have_value(re.compile(re.escape(words)))


@pytest.mark.both_in_depth
@pytest.mark.parametrize("width", WIDTHS[1:])
def test_a_story_is_written_published_and_read(
    read: Reading, owner: StorageState, width: int
) -> None:
    staff = read.window(width=width, storage_state=owner, expected=WAGTAIL)
    page = staff.page
    staff.goto("/desk/pages/")
    for parent in ("The Harbour Post", "Town"):
        page.get_by_role("link", name=f"Explore child pages of '{parent}'").click()
    page.get_by_role("heading", name="Exploring: Town").wait_for()
    page.get_by_role("link", name="Add child page").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("New: Story")
    page.locator("#id_title").press_sequentially("The lighthouse gets its keeper back")
    add_text(page, "She moves in on Monday, with two cats.")
    page.get_by_role("button", name="Publish now").click()
    # What an editor would ask stands before it; it is nobody's duty to mend it.
    expect(page.locator("[data-finding=standfirst_missing]")).to_be_visible()
    expect(page.get_by_role("link", name="Go back and mend")).to_be_visible()
    page.get_by_role("button", name="Publish anyway").click()
    expect(page.get_by_text("is published")).to_be_visible()

    reader = read.window(width=width)
    reader.goto("/")
    lead = reader.page.locator("article.card.lead")
    lead.get_by_role("link", name="The lighthouse gets its keeper back").click()
    expect(reader.page).to_have_url(re.compile("/town/the-lighthouse-gets-its-keeper-back/$"))
    expect(reader.page.locator(".body")).to_contain_text("with two cats.")
    # Its discussion is open, and nobody has said anything yet.
    expect(reader.page.locator("p.empty")).to_have_text("Nobody has commented yet.")
    expect(reader.page.locator("#composer textarea")).to_be_visible()


@pytest.mark.deep
def test_axe_finds_nothing_on_what_the_desk_says_of_a_story(
    read: Reading, owner: StorageState
) -> None:
    staff = read.window(storage_state=owner, expected=WAGTAIL)
    page = staff.page
    staff.goto("/desk/")
    page.get_by_role("heading", name="My stories").wait_for()
    page.get_by_role("link", name="Write a story in Town").wait_for()
    staff.goto("/desk/pages/")
    for parent in ("The Harbour Post", "Town"):
        page.get_by_role("link", name=f"Explore child pages of '{parent}'").click()
    page.get_by_role("heading", name="Exploring: Town").wait_for()
    edit = page.locator("tbody a[href$='/edit/']").first.get_attribute("href")
    number = re.search(r"/pages/(\d+)/", str(edit))
    assert number
    paths = ("/desk/", *(f"/desk/stories/{number[1]}/{end}/" for end in ("check", "previews")))
    assert looked_at(staff, paths) == []


def looked_at(staff: Window, paths: tuple[str, ...]) -> list[str]:
    """Return what axe finds on pages of the desk, on a phone and a desk, in light and in the dark.

    The menu beside them is Wagtail's.
    """
    page, found = staff.page, []
    for path in paths:
        assert staff.goto(path).status == 200
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 844})
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                found += [f"{path}, {width} px, {scheme}: {each}" for each in violations(page)]
            if over := overflow(page):
                found.append(f"{path} is {over} px wider than a window of {width} px")
    return found


@pytest.mark.deep
def test_axe_finds_nothing_on_the_desk_s_pages_of_money_people_and_site(
    read: Reading, owner: StorageState
) -> None:
    staff = read.window(storage_state=owner, expected=WAGTAIL)
    paths = [f"/desk/gifts/{end}" for end in ("", "enter/", "plan/", "how-to-give/", "fee/")]
    paths += ["/desk/gifts/campaign/", "/desk/readers/", "/desk/site/"]
    paths += ["/desk/staff/", "/desk/staff/new/"]
    staff.goto("/desk/gifts/")
    refund = staff.page.get_by_role("link", name="Refund or correct").first
    paths.append(str(refund.get_attribute("href")))
    assert looked_at(staff, tuple(paths)) == []


@pytest.mark.deep
def test_a_draft_is_shown_to_somebody_outside_and_taken_back(
    read: Reading, owner: StorageState
) -> None:
    staff = read.window(storage_state=owner, expected=WAGTAIL)
    page = staff.page
    staff.goto("/desk/pages/")
    for parent in ("The Harbour Post", "Town"):
        page.get_by_role("link", name=f"Explore child pages of '{parent}'").click()
    page.get_by_role("heading", name="Exploring: Town").wait_for()
    edit = str(page.locator("tbody a[href$='/edit/']").first.get_attribute("href"))
    staff.goto(edit.replace("/pages/", "/stories/").replace("/edit/", "/previews/"))
    page.get_by_label("1 day").check()
    page.get_by_role("button", name="Make a link").click()
    url = page.get_by_label("Valid until").input_value()
    path = url[url.index("/preview/") :]
    guest = read.window(expected=("status of 410",))
    guest.goto(path)
    expect(guest.page.locator("[data-draft]")).to_contain_text("Draft, not published.")
    expect(guest.page.locator("#discussion")).to_have_count(0)
    assert violations(guest.page) == []
    page.get_by_role("button", name="End all of them now").click()
    expect(page.locator("[data-previews]")).to_have_count(0)
    guest.goto(path)
    expect(guest.page.get_by_role("heading", level=1)).to_have_text("This preview has ended")
