"""What a newsroom's own words and a reader's own settings do to the pages."""

import pytest
from playwright.sync_api import expect

from browsing import STORY, Reading, overflow, violations

pytestmark = pytest.mark.browser
NARROW, PHONE, DESKTOP = 320, 390, 1280
# The longest that German papers print, and one that no rule breaks well.
GERMAN = (
    "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz tritt außer Kraft",
    "Verkehrsinfrastrukturfinanzierungsgesellschaft kündigt Hafenschlepperführer",
    "Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenauszahlungsstelle schließt",
)
SAY_IT_IN_GERMAN = """words =>
  document.querySelectorAll("main article :is(h2, h3) a, main .lines h3 a, main a.line")
    .forEach((link, n) => {
      link.textContent = words[n % words.length];
      link.closest("article, li").lang = "de";
      link.classList.add("german");
    })"""


def test_long_german_headlines_stay_on_the_front_page(read: Reading) -> None:
    window = read.window(width=NARROW)
    page = window.page
    window.goto("/")
    page.evaluate(SAY_IT_IN_GERMAN, list(GERMAN))
    lead = page.get_by_role("link", name=GERMAN[0], exact=True).first
    expect(lead).to_be_visible()
    # Where the browser knows German it breaks words by its rules, else wherever it must.
    expect(lead).to_have_css("hyphens", "auto")
    for width in (NARROW, PHONE, DESKTOP):
        page.set_viewport_size({"width": width, "height": 844})
        assert overflow(page) == 0, width
        for link in page.locator("a.german").all():
            out = link.evaluate(
                "a => { const box = a.closest('article, li').getBoundingClientRect();"
                " return [...a.getClientRects()].some(r => r.right > box.right + 1) }"
            )
            assert not out, f"{width} px: {link.text_content()} leaves its place"


@pytest.mark.deep
def test_forced_colours_leave_everything_to_be_seen(read: Reading) -> None:
    window = read.window(forced_colors="active")
    page = window.page
    found = []
    for path in ("/", STORY, "/support/"):
        window.goto(path)
        # axe takes the colours that the style sheet names, not those that are forced.
        here = [each for each in violations(page) if not each.startswith("color-contrast")]
        found += [f"{path}: {each}" for each in here]
        assert overflow(page) == 0, path
        # What is a surface of colour elsewhere has an edge or a colour of the system here.
        gauge = page.locator(".gauge svg rect.fill").first
        if gauge.count():
            empty = page.locator(".gauge svg rect.empty").first
            fills = [each.evaluate("e => getComputedStyle(e).fill") for each in (gauge, empty)]
            assert fills[0] != fills[1], path
        button = page.locator("a.btn-money").first
        if button.count():
            expect(button).not_to_have_css("border-block-start-width", "0px")
    assert found == []
    window.goto(STORY)
    useful = page.get_by_role("button", name="Useful").first
    look = "e => getComputedStyle(e).outlineStyle"
    assert useful.evaluate(look) == "none"
    useful.click()
    expect(useful).to_have_attribute("aria-pressed", "true")
    assert useful.evaluate(look) == "solid"
    useful.click()
    expect(useful).to_have_attribute("aria-pressed", "false")
