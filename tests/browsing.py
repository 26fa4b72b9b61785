"""A reader's browser: windows that notice whatever a page should not have done."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    Response,
)

from serving import Server

PHONE: Final = 390
DESKTOP: Final = 1280
WIDTHS: Final = (PHONE, DESKTOP)
# What a width decides, and hardly anything else does.
widths_deep = pytest.mark.parametrize(
    "width", [PHONE, pytest.param(DESKTOP, marks=pytest.mark.deep)]
)
type Look = tuple[int, Literal["light", "dark"]]
# Each width and each colour once; `make test-deep` looks at the public pages in the other two.
FIRST_LOOKS: Final[tuple[Look, ...]] = ((PHONE, "light"), (DESKTOP, "dark"))
OTHER_LOOKS: Final[tuple[Look, ...]] = ((PHONE, "dark"), (DESKTOP, "light"))
# For walks that are the same with a script and without; the other half `make test-deep` walks.
scripts_deep = pytest.mark.parametrize(
    "script",
    [pytest.param(True, id="script"), pytest.param(False, id="no-script", marks=pytest.mark.deep)],
)
# Who reads: first those who differ in everything; `make test-deep` sees all four.
devices = pytest.mark.parametrize(
    ("width", "script"),
    [
        pytest.param(DESKTOP, True, id="desktop-script"),
        pytest.param(PHONE, False, id="phone-no-script"),
        pytest.param(DESKTOP, False, id="desktop-no-script", marks=pytest.mark.deep),
        pytest.param(PHONE, True, id="phone-script", marks=pytest.mark.deep),
    ],
)
STORY: Final = "/town/the-last-ferry-is-coming-back/"
# Long, because a busy machine is no defect; a test waits for what it needs and not for this.
PATIENCE: Final = 30_000
# The first request of a page is its document; a violation that happens before is caught too.
_REPORT_VIOLATIONS: Final = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));
"""
_FIND_VIOLATIONS: Final = """
async (colours) => (await axe.run(document, {
  resultTypes: ["violations"], rules: { "color-contrast": { enabled: colours } },
})).violations.flatMap((rule) =>
  rule.nodes.map((node) => `${rule.id}: ${node.target}: ${node.failureSummary.split("\\n")[1]}`))
"""
_networks = count(1)


@dataclass
class Window:
    """A page of a browser of its own, with all that went wrong in it.

    `expected` are patterns of what the test provokes: a refusal's status in the console, say.
    """

    page: Page
    context: BrowserContext
    server: Server
    expected: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def goto(self, path: str) -> Response:
        """Open a page as it is now: what others changed meanwhile is a moment late at most."""
        answer = self.page.goto(path)
        while answer is not None and "stale" in answer.headers.get("cache-status", ""):
            answer = self.page.reload()
        assert answer is not None
        return answer

    def send(self, button: Locator) -> None:
        """Press a button that sends a form, and wait until the server has answered."""
        with self.page.expect_response(lambda answer: answer.request.method == "POST"):
            button.click()

    def comment(self, number: int | str) -> Locator:
        return self.page.locator(f"article[data-comment='{number}']")

    def comment_saying(self, words: str) -> Locator:
        """Return the comment with these words, without its replies."""
        return self.page.locator("article[data-comment]").filter(has_text=words)

    def see(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.troubles.append(f"console, on {self.page.url}: {message.text}")

    def ask(self, request: Request) -> None:
        if not request.url.startswith((f"{self.server.url}/", "data:", "blob:", "about:")):
            self.troubles.append(f"{self.page.url} asked {request.url}")

    def unexpected(self) -> list[str]:
        return [t for t in self.troubles if not any(re.search(p, t) for p in self.expected)]


@dataclass(slots=True)
class Reading:
    """Opens windows on one served newsroom, and in the end says what went wrong in them."""

    browser: Browser
    server: Server
    windows: list[Window] = field(default_factory=list)

    def window(
        self,
        *,
        width: int = DESKTOP,
        script: bool = True,
        dark: bool = False,
        expected: tuple[str, ...] = (),
        network: str | None = "",
        **options: Any,
    ) -> Window:
        """Open a browser nobody has used before. `network` None: no proxy told where it is."""
        headers = {} if network is None else {"X-Forwarded-For": network or another_network()}
        context = self.browser.new_context(
            base_url=self.server.url,
            viewport={"width": width, "height": 844 if width < DESKTOP else 800},
            java_script_enabled=script,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            extra_http_headers=headers,
            **options,
        )
        context.set_default_timeout(PATIENCE)
        if script:
            context.add_init_script(_REPORT_VIOLATIONS)
        window = Window(context.new_page(), context, self.server, list(expected))
        window.page.on("console", window.see)
        window.page.on("pageerror", lambda error: window.troubles.append(f"script: {error}"))
        context.on("request", window.ask)
        self.windows.append(window)
        return window

    def close(self) -> list[str]:
        for window in self.windows:
            window.context.close()
        return [trouble for window in self.windows for trouble in window.unexpected()]


@contextmanager
def reading(browser: Browser, server: Server) -> Iterator[Reading]:
    read = Reading(browser, server)
    try:
        yield read
    except BaseException:
        read.close()
        raise
    if troubles := read.close():
        raise AssertionError("\n".join(["in the browser:", *troubles]))


def another_network() -> str:
    """Return an address from a network that has done nothing yet, for limits are per network."""
    number = next(_networks)
    return f"10.{number >> 8}.{number & 255}.7"


def compose(
    window: Window, text: str, *, name: str = "", how: Literal["click", "keys"] = "click"
) -> None:
    """Write into the composer and send it; what comes of it is for the caller to wait for."""
    box = window.page.locator("#composer textarea[name=body]")
    box.click()
    box.fill(text)
    if name:
        window.page.locator("#composer input[name=name]").fill(name)
    if how == "keys":
        box.press("Control+Enter")
    else:
        window.page.locator("#composer button.btn-reader").click()


def violations(page: Page, *, colours: bool = True) -> list[str]:
    """Return what axe finds on the page as it stands, one line per rule and element.

    To look at colours takes three quarters of the time; not where they were looked at before.
    """
    if not page.evaluate("'axe' in window"):
        # By the debugger's way into the page, to which its content policy does not apply.
        page.evaluate(Axe().axe_script)
    found: list[str] = page.evaluate(_FIND_VIOLATIONS, colours)
    return found


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than its window."""
    wide: int = page.evaluate(
        "() => document.scrollingElement.scrollWidth - document.documentElement.clientWidth"
    )
    return wide
