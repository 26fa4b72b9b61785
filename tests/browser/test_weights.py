"""What a reader's telephone has to fetch, and that nothing moves while it does."""

from typing import Any

import pytest

from browsing import PHONE, STORY, Reading

pytestmark = pytest.mark.browser

KB = 1024
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
