"""What a reader's telephone has to fetch, and that nothing moves while it does."""

import re
from pathlib import Path
from typing import Any

import pytest

import broadsheet
from browsing import PHONE, STORY, Reading

pytestmark = pytest.mark.browser

KB = 1024
STATICS = sorted(Path(broadsheet.__file__).parent.glob("*/static"))
SHIFTS = """
() => new Promise((resolve) => {
  let sum = 0;
  new PerformanceObserver((list) => { for (const one of list.getEntries()) sum += one.value; })
    .observe({ type: 'layout-shift', buffered: true });
  document.fonts.ready.then(() => requestAnimationFrame(() => setTimeout(() => resolve(sum))));
})
"""


@pytest.mark.parametrize("path", ["/", "/town/", STORY])
def test_a_page_is_light_and_stands_still(read: Reading, path: str) -> None:
    window = read.window(width=PHONE)
    fetched: list[Any] = []

    def note(request: Any) -> None:
        fetched.append(request)

    window.page.on("requestfinished", note)
    window.page.goto(path, wait_until="networkidle")
    weights: dict[str, int] = {}
    for request in fetched:
        if "demonstration" in request.url:
            continue
        kind = request.resource_type
        kind = f"discussion's {kind}" if "/discussion" in request.url else kind
        weights[kind] = weights.get(kind, 0) + request.sizes()["responseBodySize"]
    assert weights["stylesheet"] <= 12 * KB
    assert weights["script"] <= 4 * KB
    assert weights.get("discussion's stylesheet", 0) <= 4 * KB
    assert weights.get("discussion's script", 0) <= 8 * KB
    assert weights["font"] <= 120 * KB
    rest = sum(size for kind, size in weights.items() if kind not in {"font", "image"})
    assert rest <= 120 * KB
    # Fonts alone move about 0.001; the demonstration's bar may break its line while they come.
    assert window.page.evaluate(SHIFTS) < 0.05


# What a style sheet sets and where, as a browser understands it: values may be written otherwise.
OUTLINE = """
(text) => {
  const outline = (rules) => [...rules].map((rule) => [
    rule.selectorText ?? rule.conditionText ?? rule.name ?? rule.constructor.name,
    [...rule.style ?? []],
    outline(rule.cssRules ?? []),
  ]);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  return outline(sheet.cssRules);
}
"""


def test_a_style_sheet_sets_as_it_is_sent_what_its_source_sets(read: Reading) -> None:
    """A minifier drops what it takes for wrong, and CSS is older in it than in a browser."""
    page = read.window().page
    page.goto(STORY)
    links = page.locator("link[rel=stylesheet][href^='/static/']")
    compared = []
    for address in links.evaluate_all("(links) => links.map((link) => link.href)"):
        stored = address.partition("/static/")[2]
        name = re.sub(r"\.[0-9a-f]{12}(?=\.css$)", "", stored)
        assert name != stored, "it is sent as on a real site"
        source = next(file for root in STATICS if (file := root / name).exists())
        written = page.evaluate(OUTLINE, source.read_text(encoding="utf-8"))
        assert page.evaluate(OUTLINE, page.request.get(address).text()) == written
        compared.append(source.name)
    assert set(compared) >= {"broadsheet.css", "discussion.css"}
