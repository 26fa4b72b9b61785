"""What a story page costs the telephone of a reader: in a real browser, with an empty cache.

Bytes as they are transferred, how much moves while the page arrives, and Lighthouse's mark for a
slow telephone. Lighthouse comes from npm at first use. bench.py calls each by itself.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, Final

from playwright.sync_api import sync_playwright

from bench_processes import NotMeasuredError

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from homes import homes_in
from machine import find_chromium
from serving import serve

ROOT = Path(__file__).resolve().parent.parent
LIGHTHOUSE: Final = ROOT / "var" / "bench" / "lighthouse"
# The newest that runs on Node 20.
VERSION: Final = "12.2.3"
STORY: Final = "/town/the-last-ferry-is-coming-back/"
PHONE: Final = {"width": 390, "height": 844}
KB: Final = 1024
ROUNDS: Final = 3
BOUNDS = {
    "page.kb_without_images": (120.0, "KB"),
    "page.script_kb": (15.0, "KB"),
    # Layout that moves while the page arrives; 0.001 is what cannot be seen.
    "page.cls": (0.001, "score"),
}
FLOORS = {"page.lighthouse_mobile": (95.0, "points")}
SHIFTS: Final = """
() => new Promise((resolve) => {
  let sum = 0;
  new PerformanceObserver((list) => { for (const one of list.getEntries()) sum += one.value; })
    .observe({ type: 'layout-shift', buffered: true });
  document.fonts.ready.then(() => requestAnimationFrame(() => setTimeout(() => resolve(sum), 500)));
})
"""


def weights() -> dict[str, float]:
    """Open the page with an empty cache. Raises NotMeasuredError where there is no browser."""
    browser = chromium()
    with newsroom() as url, sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=browser, args=["--no-sandbox", "--disable-gpu"]
        )
        page = opened.new_context(viewport=PHONE, device_scale_factor=2).new_page()
        fetched: list[Any] = []

        def note(request: Any) -> None:
            fetched.append(request)

        page.on("requestfinished", note)
        page.goto(url + STORY, wait_until="networkidle")
        moved: float = page.evaluate(SHIFTS)
        sizes: dict[str, int] = {}
        for request in fetched:
            # The bar over a demonstration is no part of a newsroom.
            if "demonstration" not in request.url:
                size = sum(
                    request.sizes()[part] for part in ("responseBodySize", "responseHeadersSize")
                )
                kind = request.resource_type
                sizes[kind] = sizes.get(kind, 0) + size
        opened.close()
    print({kind: f"{size / KB:.1f} KB" for kind, size in sizes.items()}, file=sys.stderr)
    rest = sum(size for kind, size in sizes.items() if kind not in {"image", "font"})
    return {
        "page.kb_without_images": rest / KB,
        "page.script_kb": sizes.get("script", 0) / KB,
        "page.cls": moved,
    }


def lighthouse() -> dict[str, float]:
    """Have Lighthouse look at it as a mid-range telephone on a slow network, as is its default."""
    program, browser = set_up_lighthouse(), chromium()
    marks = []
    with newsroom() as url:
        for _ in range(ROUNDS):
            done = subprocess.run(
                [
                    *(program, url + STORY, "--quiet", "--output=json", "--output-path=stdout"),
                    *("--only-categories=performance",),
                    "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
                ],
                env=os.environ | {"CHROME_PATH": str(browser)},
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                raise NotMeasuredError(f"Lighthouse did not run: {done.stderr[-300:]}")
            found = json.loads(done.stdout)
            marks.append(found["categories"]["performance"]["score"] * 100)
            shown = (
                *("first-contentful-paint", "largest-contentful-paint", "total-blocking-time"),
                *("cumulative-layout-shift", "speed-index"),
            )
            said = ", ".join(f"{n} {found['audits'][n]['displayValue']}" for n in shown)
            print(f"Lighthouse: {marks[-1]:.0f}; {said}", file=sys.stderr)
    return {"page.lighthouse_mobile": median(marks)}


def set_up_lighthouse() -> Path:
    """Install it into a folder of its own. Raises NotMeasuredError."""
    program = LIGHTHOUSE / "node_modules" / ".bin" / "lighthouse"
    if program.exists():
        return program
    npm = shutil.which("npm")
    if npm is None:
        raise NotMeasuredError(
            "there is no npm, which brings Lighthouse (Debian: apt-get install npm)"
        )
    LIGHTHOUSE.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [npm, "install", "--no-fund", "--no-audit", "-E", f"lighthouse@{VERSION}"],
        cwd=LIGHTHOUSE,
        env=os.environ | {"PUPPETEER_SKIP_DOWNLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode or not program.exists():
        raise NotMeasuredError(f"Lighthouse could not be installed: {done.stderr[-300:]}")
    return program


def chromium() -> Path:
    """Return a whole browser: Lighthouse wants one with windows, if they are not shown."""
    for name in ("chromium", "google-chrome-stable", "google-chrome"):
        if found := shutil.which(name):
            return Path(found)
    browser = find_chromium()
    if browser is None:
        raise NotMeasuredError("there is no Chromium")
    return browser


@contextmanager
def newsroom() -> Iterator[str]:
    """Serve the demonstration as a newsroom of its own, without the bar that says what it is."""
    with (
        tempfile.TemporaryDirectory(prefix="broadsheet-reader-") as folder,
        homes_in(Path(folder)) as homes,
    ):
        home = homes.demonstration()
        with serve(home.path, **home.environ) as server:
            yield server.url


if __name__ == "__main__":
    print(json.dumps(weights() | lighthouse(), indent=2))
