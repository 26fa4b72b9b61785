"""What every page's script adds: text size and colours, and a picture over the page."""

import pytest
from playwright.sync_api import expect

from browsing import PHONE, STORY, Reading, overflow, violations, widths_deep

pytestmark = pytest.mark.browser

GALLERY = "/harbour/nine-metres-over-the-breakwater/"
TEXT_SIZE = "parseFloat(getComputedStyle(document.querySelector('.body p')).fontSize)"
GROUND = "getComputedStyle(document.body).backgroundColor"


@widths_deep
def test_text_size_and_colours_are_kept_on_the_device(read: Reading, width: int) -> None:
    window = read.window(width=width)
    page = window.page
    window.goto(STORY)
    before = page.evaluate(TEXT_SIZE)
    opener = page.locator("#aa summary")
    box = opener.bounding_box()
    assert box
    assert min(box["width"], box["height"]) >= 44
    opener.focus()
    page.keyboard.press("Enter")
    sizes = page.get_by_role("group", name="Text size").get_by_role("radio")
    expect(sizes).to_have_count(4)
    for label in page.locator("#aa label").all():
        place = label.bounding_box()
        assert place
        assert place["height"] >= 44
    assert violations(page) == []
    page.get_by_role("radio", name="Largest").check()
    page.get_by_role("radio", name="Dark").check()
    assert page.evaluate(TEXT_SIZE) >= before * 1.4
    assert violations(page) == []
    assert overflow(page) == 0
    page.keyboard.press("Escape")
    expect(page.locator("#aa form")).to_be_hidden()
    expect(opener).to_be_focused()
    # Another page of the same device has it from its first paint on.
    page.add_init_script(
        "new MutationObserver((_, watch) => { if (!document.body) return; watch.disconnect();"
        " window.first = document.documentElement.dataset.theme; })"
        ".observe(document, { childList: true, subtree: true })"
    )
    window.goto("/")
    assert page.evaluate("window.first") == "dark"
    assert page.evaluate(GROUND) == "rgb(18, 21, 24)"
    assert overflow(page) == 0
    opener.click()
    expect(page.get_by_role("radio", name="Largest")).to_be_checked()
    page.get_by_role("radio", name="As my device").check()
    assert page.evaluate(GROUND) == "rgb(255, 255, 255)"
    page.locator("main").click(position={"x": 2, "y": 400})
    expect(page.locator("#aa form")).to_be_hidden()


def test_without_script_no_control_is_drawn_that_does_nothing(read: Reading) -> None:
    window = read.window(script=False)
    window.goto("/")
    expect(window.page.locator("#aa")).to_be_hidden()


def test_a_picture_stands_over_the_page(read: Reading) -> None:
    window = read.window(width=PHONE)
    page = window.page
    window.goto(STORY)
    figure = page.locator("article[data-story] > figure.picture")
    link = figure.locator("a.full").first
    link.focus()
    page.keyboard.press("Enter")
    view = page.get_by_role("dialog", name="The picture in full")
    expect(view.locator("img")).to_have_attribute(
        "alt", str(figure.locator("img").get_attribute("alt"))
    )
    expect(view).to_contain_text("Greta Marie")
    assert violations(page) == []
    assert overflow(page) == 0
    page.keyboard.press("Escape")
    expect(view).to_have_count(0)
    expect(link).to_be_focused()
    link.click()
    page.get_by_role("button", name="Close").click()
    expect(link).to_be_focused()


def test_arrows_walk_a_gallery(read: Reading) -> None:
    window = read.window()
    page = window.page
    window.goto(GALLERY)
    pictures = page.locator(".gallery figure")
    last = pictures.count() - 1
    pictures.first.locator("img").click()
    view = page.get_by_role("dialog", name="The picture in full")

    def shown() -> str:
        return str(view.locator("img").get_attribute("alt"))

    alts = [str(image.get_attribute("alt")) for image in pictures.locator("img").all()]
    assert shown() == alts[0]
    page.keyboard.press("ArrowRight")
    assert shown() == alts[1]
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert shown() == alts[last]
    view.get_by_role("button", name="Next picture").click()
    assert shown() == alts[0]
    expect(view.get_by_role("status")).to_have_text(f"1 / {last + 1}")
    page.keyboard.press("Escape")
    expect(pictures.first.locator("a.full")).to_be_focused()


def test_a_player_is_asked_for_before_it_is_loaded(read: Reading) -> None:
    """The block drawn as its template draws it, on a page of ours, with the script of ours."""
    window = read.window(expected=(r"asked https://www\.youtube-nocookie\.com",))
    page = window.page
    frame = "https://www.youtube-nocookie.com/embed/abcdefghijk"
    block = (
        f'<div class="embed" data-frame="{frame}" data-title="The last sailing" data-width="560"'
        ' data-height="315" data-load="Load “The last sailing” from YouTube"'
        ' data-note="YouTube then learns that you are reading this.">'
        '<p><a href="https://www.youtube.com/watch?v=abcdefghijk">At YouTube</a></p></div>'
    )
    asked: list[str] = []
    page.route(frame, lambda route: (asked.append(frame), route.fulfill(body="A film"))[1])
    page.route(
        f"**{STORY}",
        lambda route: route.fulfill(
            response=(answer := route.fetch()),
            body=answer.text().replace('<div class="end">', f'{block}<div class="end">'),
        ),
    )
    window.goto(STORY)
    button = page.get_by_role("button", name="Load “The last sailing” from YouTube")
    expect(page.locator(".embed")).to_contain_text("YouTube then learns that you are reading this.")
    assert not asked
    button.click()
    player = page.locator("iframe[title='The last sailing']")
    expect(player).to_be_focused()
    assert asked
    box = player.bounding_box()
    assert box
    assert box["width"] / box["height"] == pytest.approx(560 / 315, rel=0.02)
