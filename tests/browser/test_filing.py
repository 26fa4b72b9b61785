"""A reporter files a story from a telephone on a slow line, and loses no word on the way."""

import os
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, StorageState, expect

from browsing import PHONE, Reading, Window, overflow, scripts_deep, violations

pytestmark = pytest.mark.browser
# Wagtail's own pages say things in the console that are not ours to answer for.
WAGTAIL = (r"on \S+/desk/.*(deprecated|Autofocus|preload)",)
HEADLINE = "The slipway opens a week early"
PASTED = (
    "The slipway at the foot of Tar Lane opened on Tuesday.\n\nNobody had told the sailing school."
)
QUOTE = (
    "\n\n> We had the boats on the wrong side.\n— Lotte Sand, harbour biologist\n"
    "Source: In conversation https://post.example/"
)
# Regular 3G, as Chromium's own tools have it: bytes a second, and the way there and back.
SLOW = {"offline": False, "latency": 300, "downloadThroughput": 90_000, "uploadThroughput": 45_000}


def photograph(file: Path, *, size: tuple[int, int]) -> Path:
    """Take a photograph with a telephone that was held upright: the file says to turn it."""
    exif = Image.Exif()
    exif[0x0112] = 6
    noise = Image.frombytes("L", (size[0] // 4, size[1] // 4), os.urandom(size[0] * size[1] // 16))
    noise.resize(size).convert("RGB").save(file, "JPEG", quality=92, exif=exif)
    return file


def on_a_slow_line(window: Window) -> None:
    session = window.context.new_cdp_session(window.page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW)


def begin(window: Window) -> Page:
    window.goto("/desk/file/")
    page = window.page
    page.get_by_role("link", name="Write a story").click()
    page.get_by_label("Section", exact=True).select_option(index=1)
    page.get_by_label("Headline").fill(HEADLINE)
    return page


def paste(page: Page, text: str) -> None:
    """Put text into the story as a paste does, at the cursor."""
    page.get_by_label("Story", exact=True).click()
    page.keyboard.insert_text(text)


@pytest.mark.deep
@scripts_deep
def test_a_story_is_filed_on_a_slow_line(
    read: Reading, owner: StorageState, tmp_path: Path, script: bool
) -> None:
    photo = photograph(tmp_path / "IMG_0042.jpg", size=(800, 600))
    window = read.window(width=PHONE, script=script, storage_state=owner)
    on_a_slow_line(window)
    page = begin(window)
    page.get_by_label("Standfirst").fill("The harbour office moved the date and told the swans.")
    paste(page, PASTED + QUOTE)
    page.get_by_label("Photo").set_input_files(photo)
    page.get_by_label("What is to be seen").fill("A slipway with two dinghies")
    page.get_by_label("Who took it").fill("Ines Halloran")
    page.get_by_role("button", name="Preview").click()
    # As readers would see it: headline, paragraphs, the quote with its speaker and source.
    expect(page.get_by_role("heading", level=1)).to_have_text(HEADLINE)
    body = page.locator(".body")
    expect(body).to_contain_text("Nobody had told the sailing school.")
    expect(body.locator("blockquote")).to_contain_text("We had the boats on the wrong side.")
    expect(body.locator("figcaption").filter(has_text="Lotte Sand")).to_be_visible()
    page.get_by_role("link", name="Back to writing").click()
    expect(page.get_by_label("Story", exact=True)).to_have_value(re.compile("> We had the boats"))
    expect(page.get_by_label("What is to be seen")).to_have_value("A slipway with two dinghies")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".notice[role=status]")).to_contain_text("Saved.")
    assert overflow(page) <= 0


@pytest.mark.deep
def test_the_photo_that_arrives_is_upright_and_small(
    read: Reading, owner: StorageState, tmp_path: Path
) -> None:
    photo = photograph(tmp_path / "IMG_0043.jpg", size=(4000, 3000))
    window = read.window(width=PHONE, storage_state=owner)
    page = begin(window)
    sent: list[int] = []
    page.on("request", lambda asked: sent.append(len(asked.post_data_buffer or b"")))
    paste(page, PASTED)
    page.get_by_label("Photo").set_input_files(photo)
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".notice[role=status]")).to_contain_text("Saved.")
    assert max(sent) < photo.stat().st_size / 2
    # Wagtail keeps what arrived; its own page of images says how large that is.
    window.goto("/desk/images/")
    page.get_by_role("link", name=re.compile(HEADLINE)).first.click()
    expect(page.get_by_text("1800x2400", exact=True)).to_be_visible()


def test_a_dead_line_loses_nothing(read: Reading, owner: StorageState) -> None:
    window = read.window(width=PHONE, storage_state=owner, expected=("Failed to load",))
    page = begin(window)
    paste(page, PASTED)

    def dead(route: Route) -> None:
        route.abort("internetdisconnected") if route.request.method == "POST" else route.continue_()

    page.route("**/desk/file/**", dead)
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".filing-status")).to_contain_text("No connection.")
    expect(page.get_by_label("Story", exact=True)).to_have_value(PASTED)
    # The telephone ran out of power: what was typed is on the device, and offered.
    page.reload()
    expect(page.get_by_label("Story", exact=True)).to_have_value("")
    page.get_by_role("button", name="Use it").click()
    expect(page.get_by_label("Headline")).to_have_value(HEADLINE)
    expect(page.get_by_label("Story", exact=True)).to_have_value(PASTED)
    page.unroute("**/desk/file/**")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".notice[role=status]")).to_contain_text("Saved.")
    page.goto("/desk/file/new/")
    expect(page.get_by_role("button", name="Use it")).to_have_count(0)


@scripts_deep
def test_a_session_that_ended_loses_nothing(
    read: Reading, owner: StorageState, script: bool
) -> None:
    window = read.window(
        width=PHONE, script=script, storage_state=owner, expected=("status of 401",)
    )
    page = begin(window)
    paste(page, PASTED)
    kept = window.context.cookies()
    window.context.clear_cookies()
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    expect(page.get_by_role("link", name="Sign in on another page")).to_be_visible()
    expect(page.get_by_label("Headline")).to_have_value(HEADLINE)
    expect(page.get_by_label("Story", exact=True)).to_have_value(PASTED)
    # Signed in again on another page: the same button takes it.
    window.context.add_cookies(kept)
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".notice[role=status]")).to_contain_text("Saved.")


def test_what_a_form_shows_is_accessible(read: Reading, owner: StorageState) -> None:
    window = read.window(width=PHONE, storage_state=owner)
    page = begin(window)
    paste(page, PASTED + QUOTE)
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".notice[role=status]")).to_contain_text("Saved.")
    draft = re.sub(r"\?.*$", "", page.url)
    for path in ("/desk/file/", "/desk/file/new/", draft, f"{draft}preview/", f"{draft}send/"):
        window.goto(path)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert violations(page) == [], f"{path}, {scheme}"
        assert overflow(page) <= 0


def test_a_reporter_files_a_story_with_a_photo_and_hands_it_on(
    read: Reading, tmp_path: Path
) -> None:
    window = read.window(width=PHONE, expected=WAGTAIL)
    page = window.page
    window.goto("/")
    bar = page.get_by_role("complementary", name="Demonstration")
    bar.get_by_role("button", name="reporter").click()
    expect(bar.get_by_role("button", pressed=True)).to_have_text("reporter")
    begin(window)
    filed = "The tide table is wrong by an hour"
    page.get_by_label("Headline").fill(filed)
    page.get_by_label("Standfirst").fill("The printer took last year's. Nobody has drowned.")
    paste(page, PASTED)
    photo = photograph(tmp_path / "IMG_0044.jpg", size=(1600, 1200))
    page.get_by_label("Photo").set_input_files(photo)
    page.get_by_label("What is to be seen").fill("A tide table on a wall")
    page.get_by_label("Who took it").fill("Ines Halloran")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(filed)
    taken = page.get_by_role("main").get_by_role("img", name="A tide table on a wall")
    expect(taken).to_be_visible()
    assert taken.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    page.get_by_role("link", name="Back to writing").click()
    page.get_by_role("button", name="Submit to an editor").click()
    # Nothing was left to mend: it goes on at once, and the page says where it is.
    expect(page.get_by_role("status").get_by_text("Done: it is on its way.")).to_be_visible()
    mine = page.get_by_role("listitem").filter(has_text=filed).first
    expect(mine).to_contain_text("It is with an editor.")
    bar.get_by_role("button", name="editor").click()
    expect(bar.get_by_role("button", pressed=True)).to_have_text("editor")
    window.goto("/desk/")
    expect(page.get_by_role("main").get_by_role("link", name=filed).first).to_be_visible()
