"""Draw the pictures and print the papers of the demonstration newsroom.

Run by hand when a scene changes: `python tools/draw_demo.py [NAME …]`; the results are committed.
The scenes stand in `demo_scenes.py`, the papers in `demo_papers.py`.
"""

import io
import sys
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Page, sync_playwright

import demo_papers
from demo_drawing import HEIGHT, WIDTH
from demo_scenes import PORTRAITS, SCENES

ROOT: Final = Path(__file__).resolve().parent.parent
DEMO: Final = ROOT / "src" / "broadsheet" / "site" / "demo"
sys.path.insert(0, str(ROOT / "tests"))
LIMIT: Final = 60_000
PORTRAIT: Final = 640


def main(names: list[str]) -> None:
    from machine import find_chromium  # noqa: PLC0415 - found through the path set above

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        for name, draw in {**SCENES, **PORTRAITS}.items():
            if names and name not in names:
                continue
            size = (PORTRAIT, PORTRAIT) if name in PORTRAITS else (WIDTH, HEIGHT)
            save(rasterise(page, draw(), size), name)
        if not names:
            demo_papers.print_all(browser.new_page(), DEMO / "documents")
        browser.close()


def rasterise(page: Page, svg: str, size: tuple[int, int]) -> Image.Image:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.set_content(f"<style>*{{margin:0}}svg{{display:block}}</style>{svg}")
    return Image.open(io.BytesIO(page.screenshot(type="png"))).convert("RGB")


def save(image: Image.Image, name: str) -> None:
    """Write a WebP as good as the limit allows."""
    for quality in range(88, 40, -4):
        data = io.BytesIO()
        image.save(data, "WEBP", quality=quality, method=6)
        if data.tell() <= LIMIT:
            break
    (DEMO / "images" / f"{name}.webp").write_bytes(data.getvalue())
    print(f"{name}: {data.tell()} bytes at quality {quality}")


if __name__ == "__main__":
    main(sys.argv[1:])
