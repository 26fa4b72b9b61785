"""The moderators' queue in a real browser: opening it, and the next item after a key.

Two newsrooms are served, one with a hundred and one with a hundred thousand comments waiting, and
opened by turns. In the large one comments are published by key, and the time is taken from the key
until the next item has the focus and is painted.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

from bench_processes import NotMeasuredError

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from homes import SETTINGS, Homes, homes_in
from machine import find_chromium
from serving import Server, clean_environment, serve

FEW, MANY, OPENED, KEYS = 100, 100_000, 15, 60
FILL = "import sys, django; django.setup(); import bench_queue as b; b.fill_up(int(sys.argv[1]))"
QUEUE = "/moderation/queue/"
WATCH = """() => {
  window.painted = [];
  const here = () => document.activeElement.closest(".case")?.dataset.comment;
  addEventListener("keydown", (event) => {
    const before = here(), { port1, port2 } = new MessageChannel();
    // What is sent in a frame arrives after that frame was painted.
    port1.onmessage = () => painted.push(performance.now() - event.timeStamp);
    const look = () => here() && here() !== before ? port2.postMessage(0) : next();
    const next = () => requestAnimationFrame(look);
    next();
  }, true);
}"""
# Not by what Playwright waits with, which the page's content policy does not let it.
WAIT = """(count) => new Promise((done) => {
  const look = () => painted.length >= count ? done() : requestAnimationFrame(look);
  look();
})"""
TOOK = "performance.getEntriesByType('navigation')[0].loadEventEnd"
BOUNDS = {
    "queue.next_ms": (100.0, "ms"),
    "queue.open_100k_over_100": (1.5, "ratio"),
}


def figures() -> dict[str, float]:
    """Measure; raises NotMeasuredError where there is no browser."""
    executable = find_chromium()
    if executable is None:
        raise NotMeasuredError("there is no Chromium")
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="broadsheet-queue-"))
        homes = stack.enter_context(homes_in(Path(folder)))
        servers = [stack.enter_context(newsroom(homes, size)) for size in (FEW, MANY)]
        browser = stack.enter_context(sync_playwright()).chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--disable-gpu"]
        )
        stack.callback(browser.close)

        def signed_in(server: Server) -> Page:
            page = browser.new_context(base_url=server.url).new_page()
            page.goto(server.sign_in_url)
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url("**/desk/")
            return page

        few, many = pages = [signed_in(server) for server in servers]
        took: dict[Page, list[float]] = {page: [] for page in pages}
        for _ in range(OPENED):
            for page, found in took.items():
                page.goto(QUEUE)
                found.append(page.evaluate(TOOK))
        print(
            f"the queue opens in {median(took[few]):.0f} ms with {FEW} waiting,"
            f" in {median(took[many]):.0f} ms with {MANY:,}",
            file=sys.stderr,
        )
        return {
            "queue.open_100k_over_100": median(took[many]) / median(took[few]),
            "queue.next_ms": median(after_keys(many)),
        }


def after_keys(page: Page) -> list[float]:
    """Publish one after the other by key; return the milliseconds until the next was painted."""
    page.get_by_role("button", name="Single keys").click()
    page.keyboard.press("j")
    page.evaluate(WATCH)
    for at in range(KEYS):
        page.keyboard.press("a")
        page.evaluate(WAIT, at + 1)
    # All of them were decided, and not only taken from the list.
    page.locator(".lately [data-mine]").nth(KEYS - 1).wait_for(state="attached")
    took: list[float] = page.evaluate("painted")
    return took


@contextmanager
def newsroom(homes: Homes, waiting: int) -> Iterator[Server]:
    """Serve a demonstration in which so many comments wait."""
    home = homes.demonstration()
    subprocess.run(
        [sys.executable, "-c", FILL, str(waiting)],
        cwd=Path(__file__).resolve().parent,
        env=clean_environment(home.path, **home.environ, **SETTINGS),
        check=True,
    )
    with serve(home.path, demo=True, **home.environ) as server:
        yield server
