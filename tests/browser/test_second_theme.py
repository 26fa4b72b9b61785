"""The theme of the tutorial and the desk's page Site in a real browser.

Both change the whole newsroom, so they have one of their own.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from browsing import FIRST_LOOKS, STORY, WIDTHS, Reading, overflow, reading, violations
from homes import Homes
from serving import serve

pytestmark = [pytest.mark.browser, pytest.mark.deep]
THEME = Path(__file__).resolve().parent.parent / "themes" / "evening"
PROXY = {"BROADSHEET_TRUSTED_PROXIES": "127.0.0.1/32"}


@pytest.fixture(scope="module")
def evening(chromium: Browser, homes: Homes) -> Iterator[Reading]:
    home = homes.demonstration()
    shutil.copytree(THEME, home.path, dirs_exist_ok=True)
    with (
        serve(home.path, demo=True, **home.environ, **PROXY) as server,
        reading(chromium, server) as windows,
    ):
        yield windows


@pytest.mark.parametrize("path", ["/", "/town/", STORY, "/privacy/"])
def test_axe_finds_nothing_and_nothing_runs_out(evening: Reading, path: str) -> None:
    window = evening.window()
    window.goto(path)
    page = window.page
    expect(page.locator('link[href^="/theme/"]')).to_have_count(1)
    found = []
    for width, scheme in FIRST_LOOKS:
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme)
        found += [f"{path}, {width} px, {scheme}: {each}" for each in violations(page)]
        assert overflow(page) == 0, width
    assert found == []


def test_it_is_another_look(evening: Reading) -> None:
    window = evening.window()
    window.goto("/")
    page = window.page
    ground = "getComputedStyle(document.body).backgroundColor"
    page.emulate_media(color_scheme="light")
    assert page.evaluate(ground) == "rgb(255, 253, 248)"
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(ground) == "rgb(23, 19, 16)"
    expect(page.locator(".given")).to_contain_text("have given $1,120")
    family = "getComputedStyle(document.querySelector('.card h2')).fontFamily"
    assert page.evaluate(family).startswith('"Iowan Old Style"')
    expect(page.locator("link[as=font]")).to_have_count(0)


def test_an_owner_changes_the_face_from_the_desk(evening: Reading) -> None:
    window = evening.window(expected=("422",))
    page = window.page
    page.goto(evening.server.sign_in_url)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{evening.server.url}/desk/")
    page.get_by_role("link", name="Site", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Site")
    page.get_by_label("Tagline").fill("News from Orrin")
    page.get_by_role("button", name="Choose an image").click()
    page.locator(".modal-content [data-chooser-modal-choice]").first.click()
    expect(page.locator(".modal-content")).to_have_count(0)
    page.locator("#id_menu-0-section").select_option(index=1)
    page.locator("#id_menu-1-label").fill("Podcast")
    page.locator("#id_menu-1-url").fill("javascript:alert(1)")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#id_menu-1-url")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Tagline")).to_have_value("News from Orrin")
    assert violations(page) == []
    page.locator("#id_menu-1-url").fill("https://pod.example/")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".messages")).to_contain_text("The site is changed")
    # Without the message, which Wagtail fades in.
    page.reload()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        assert violations(page) == []
        assert overflow(page) == 0

    reader = evening.window().page
    reader.goto(f"{evening.server.url}/")
    expect(reader.locator(".tagline")).to_have_text("News from Orrin")
    expect(reader.get_by_role("link", name="The Harbour Post", exact=True)).to_be_visible()
    expect(reader.locator(".name img")).to_have_js_property("complete", value=True)
    expect(reader.locator(".mast nav a")).to_have_count(2)
    assert violations(reader) == []
