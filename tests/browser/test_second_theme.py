"""The theme of the tutorial in a real browser: everybody can use it, in light and in the dark."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from browsing import STORY, WIDTHS, Reading, overflow, reading, violations
from homes import Homes
from serving import serve

pytestmark = pytest.mark.browser
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
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        for scheme in ("light", "dark"):
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
