"""One Chromium and one demonstration newsroom for all tests of this folder."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect, sync_playwright

from browsing import PATIENCE, Reading, reading
from homes import Homes, homes_in
from machine import find_chromium
from serving import Server, serve

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Windows of the tests come from many networks, as far as the server knows.
PROXY = {"BROADSHEET_TRUSTED_PROXIES": "127.0.0.1/32"}
# As on a real site: in the demonstration itself a guest's words appear at once.
HELD = {"BROADSHEET_HOLD_FIRST_COMMENT": "true"}


# Playwright keeps an event loop running in this thread, in which neither Django nor asyncio.run()
# would work: so it lasts for this package, not for the session.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    executable = find_chromium()
    if executable is None:
        pytest.skip("there is no Chromium (install `chromium`, or set BROADSHEET_CHROMIUM)")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Homes]:
    with homes_in(tmp_path_factory.mktemp("homes")) as homes:
        yield homes


@pytest.fixture
def newsroom(homes: Homes) -> Iterator[Server]:
    """The demonstration, served anew for each test: what one writes, no other stumbles over."""
    home = homes.demonstration()
    with serve(home.path, demo=True, **home.environ, **PROXY, **HELD) as server:
        yield server


@pytest.fixture(scope="package")
def arabic(homes: Homes) -> Iterator[Server]:
    """The demonstration with an interface that runs from right to left."""
    home = homes.demonstration()
    with serve(
        home.path, demo=True, **home.environ, **PROXY, **HELD, BROADSHEET_LANGUAGE="ar"
    ) as server:
        yield server


@pytest.fixture
def read(chromium: Browser, newsroom: Server) -> Iterator[Reading]:
    """Opens windows on the demonstration; after the test none may have had trouble."""
    with reading(chromium, newsroom) as windows:
        yield windows


@pytest.fixture
def owner(chromium: Browser, newsroom: Server) -> StorageState:
    """What the owner's browser keeps after the printed link was followed and confirmed."""
    with reading(chromium, newsroom) as windows:
        window = windows.window()
        sign_in(window.page, newsroom)
        return window.context.storage_state()


def sign_in(page: Page, server: Server) -> None:
    page.goto(server.sign_in_url)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in as Ada Holm?")
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{server.url}/desk/")
