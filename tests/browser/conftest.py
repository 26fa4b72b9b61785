"""One Chromium and one demonstration newsroom for all tests of this folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect, sync_playwright

from browsing import PATIENCE, Reading, reading
from homes import Home, Homes, homes_in
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
        pytest.skip(
            "there is no Chromium (install chromium-headless-shell, or set BROADSHEET_CHROMIUM)"
        )
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Homes]:
    with homes_in(tmp_path_factory.mktemp("homes")) as homes:
        yield homes


@dataclass(frozen=True, slots=True)
class Kept:
    """A newsroom that is served as long as there are tests, and can be made what it was."""

    home: Home
    server: Server
    owner: StorageState
    as_it_was: Path


@pytest.fixture(scope="package")
def kept(chromium: Browser, homes: Homes) -> Iterator[Kept]:
    home = homes.demonstration()
    with serve_demonstration(home) as server:
        owner = signed_in(chromium, server)
        yield Kept(home, server, owner, home.keep())


@pytest.fixture
def newsroom(request: pytest.FixtureRequest, homes: Homes) -> Iterator[Server]:
    """The demonstration as it was loaded: what one test writes, no other stumbles over.

    SQLite takes another content under a running server; PostgreSQL does not, so there a newsroom
    is served anew for each test.
    """
    if homes.on_postgresql:
        with serve_demonstration(homes.demonstration()) as server:
            yield server
    else:
        kept: Kept = request.getfixturevalue("kept")
        kept.home.restore(kept.as_it_was)
        kept.server.notice()
        yield kept.server


@pytest.fixture(scope="package")
def arabic(homes: Homes) -> Iterator[Server]:
    """The demonstration with an interface that runs from right to left."""
    with serve_demonstration(homes.demonstration(), BROADSHEET_LANGUAGE="ar") as server:
        yield server


@pytest.fixture
def read(chromium: Browser, newsroom: Server) -> Iterator[Reading]:
    """Opens windows on the demonstration; after the test none may have had trouble."""
    with reading(chromium, newsroom) as windows:
        yield windows


@pytest.fixture
def owner(
    request: pytest.FixtureRequest, chromium: Browser, homes: Homes, newsroom: Server
) -> StorageState:
    """What the owner's browser keeps after the printed link was followed and confirmed."""
    if homes.on_postgresql:
        return signed_in(chromium, newsroom)
    kept: Kept = request.getfixturevalue("kept")
    return kept.owner


@contextmanager
def serve_demonstration(home: Home, **environ: str) -> Iterator[Server]:
    with serve(home.path, demo=True, **home.environ, **PROXY, **HELD, **environ) as server:
        yield server


def signed_in(chromium: Browser, server: Server) -> StorageState:
    with reading(chromium, server) as windows:
        window = windows.window()
        sign_in(window.page, server)
        return window.context.storage_state()


def sign_in(page: Page, server: Server) -> None:
    page.goto(server.sign_in_url)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in as Ada Holm?")
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{server.url}/desk/")
