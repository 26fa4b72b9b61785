"""Somebody reads: the front page, a story, its picture, its meter, its discussion."""

import re

import pytest
from playwright.sync_api import expect

from browsing import STORY, Reading, devices, scripts_deep, widths_deep

pytestmark = pytest.mark.browser

HEADLINE = "The last ferry is coming back. Now it has to earn its place."


@devices
def test_from_the_front_page_to_a_story(read: Reading, width: int, script: bool) -> None:
    window = read.window(width=width, script=script)
    page = window.page
    window.goto("/")
    expect(page.locator("article.card.lead")).to_have_count(1)
    # Where it stands there depends on what other tests have published since.
    page.get_by_role("link", name=HEADLINE).first.click()
    expect(page).to_have_url(re.compile(re.escape(STORY) + "$"))
    story = page.locator("article[data-story]")
    expect(story.get_by_role("heading", level=1)).to_have_text(HEADLINE)
    expect(story.locator(".by")).to_have_text("Ines Halloran")
    expect(page).to_have_title(f"{HEADLINE} | The Harbour Post")
    picture = story.locator("figure.picture img")
    expect(picture).to_have_attribute("alt", re.compile("passenger ferry"))
    assert picture.evaluate("image => image.complete && image.naturalWidth") > 0
    expect(story.locator("figure.quote blockquote").first).to_contain_text(
        "You cannot take away the bus"
    )
    here = page.locator("nav[aria-label=Sections] [aria-current=true]")
    expect(here).to_have_text("Town")


def test_the_picture_opens_in_full_as_a_jpeg(read: Reading) -> None:
    """Without script; with it the picture stands over the page, see test_controls."""
    window = read.window(script=False)
    window.goto(STORY)
    # Chromium's viewer has a script of its own too, which nothing of ours may run.
    window.expected.append(r"/media/images/.*Blocked script")
    link = window.page.locator("article[data-story] > figure.picture").get_by_role(
        "link", name="By Signe Aune, click to see the full-size image", exact=True
    )
    with window.page.expect_response(re.compile(r"/media/images/")) as answered:
        link.click()
    answer = answered.value
    assert answer.status == 200
    assert answer.header_value("content-type") == "image/jpeg"
    assert answer.header_value("x-content-type-options") == "nosniff"
    assert re.search(r"/media/images/.*\.jpg$", window.page.url)


def test_the_meter_says_what_came_in(read: Reading) -> None:
    window = read.window()
    for path, places in ((STORY, 2), ("/support/", 2), ("/", 1)):
        window.goto(path)
        meters = window.page.locator("[data-meter]")
        expect(meters).to_have_count(places)
        for meter in meters.all():
            expect(meter).to_have_attribute("data-raised", "112000")
            expect(meter).to_have_attribute("data-goal", "500000")
            expect(meter).to_have_attribute("data-currency", "USD")
    expect(window.page.locator(".mast-meter")).to_contain_text("$1,120 of $5,000")


@widths_deep
def test_a_portrait_is_small_and_undistorted(read: Reading, width: int) -> None:
    window = read.window(width=width)
    window.goto("/people/ines-halloran/")
    box = window.page.locator(".person img").bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (128, 128)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_whoever_asks_for_contrast_gets_no_grey_text(read: Reading, dark: bool) -> None:
    window = read.window(dark=dark, contrast="more")
    window.goto(STORY)
    colour = "element => getComputedStyle(element).color"
    ink = window.page.locator("body").evaluate(colour)
    for place in ("figcaption", ".dates", ".dek", ".c time"):
        assert window.page.locator(place).first.evaluate(colour) == ink, place


def test_the_first_screen_says_what_this_is_and_what_is_new(read: Reading) -> None:
    """No lead picture is so tall that its headline begins below the fold of a small laptop."""
    window = read.window()
    window.goto("/")
    expect(window.page.locator(".tagline")).to_contain_text("Broadsheet")
    expect(window.page.locator(".card.lead h2")).to_be_in_viewport(ratio=1)


@devices
def test_the_discussion_nests_replies(read: Reading, width: int, script: bool) -> None:
    window = read.window(width=width, script=script)
    window.goto(STORY)
    asked = window.comment_saying("I clean offices on the far side")
    answered = window.comment_saying("Has anyone priced it?")
    expect(answered).to_have_attribute("data-parent", str(asked.get_attribute("data-comment")))
    expect(answered).to_have_id(f"c{answered.get_attribute('data-comment')}")
    # A reply stands inside the list item of what it answers.
    item = window.page.locator("ol.thread > li").filter(has=asked)
    expect(item.locator(f"#{answered.get_attribute('id')}")).to_be_visible()
    expect(item.locator(".gone")).to_contain_text("rule 1")
    expect(window.page.locator(".txt strong").first).to_have_text("$190,000 a year")


@scripts_deep
def test_each_order_is_a_link(read: Reading, script: bool) -> None:
    window = read.window(script=script)
    page = window.page
    window.goto(STORY)
    roots = page.locator("ol.thread > li > article")

    def first() -> str:
        return str(roots.first.locator(".txt").text_content())

    orders = page.get_by_role("navigation", name="Order of the comments")
    expect(orders.locator("[aria-current]")).to_have_text("Newest")
    orders.get_by_role("link", name="Oldest").click()
    expect(orders.locator("[aria-current]")).to_have_text("Oldest")
    expect(page).to_have_url(re.compile(r"\?sort=oldest#discussion$"))
    oldest = roots.evaluate_all("all => all.map((one) => Number(one.dataset.comment))")
    assert oldest == sorted(oldest)
    assert "I clean offices" in first()
    orders.get_by_role("link", name="Most voted").click()
    expect(orders.locator("[aria-current]")).to_contain_text("Most voted")
    assert "I clean offices" in first()
    ups = roots.locator("button[value='1'] .num").all_text_contents()
    assert len(ups) == roots.locator(".txt").count() > 1
    orders.get_by_role("link", name="Newest").click()
    expect(orders.locator("[aria-current]")).to_have_text("Newest")
    newest = roots.evaluate_all("all => all.map((one) => Number(one.dataset.comment))")
    # Other tests may have written here since: one page need not hold all.
    assert newest == sorted(newest, reverse=True)
    assert newest[0] >= oldest[-1]


@scripts_deep
def test_every_comment_has_an_address(read: Reading, script: bool) -> None:
    window = read.window(script=script)
    window.goto(STORY)
    comment = window.comment_saying("It is in the story:")
    number = comment.get_attribute("data-comment")
    comment.locator("time a").click()
    expect(window.page).to_have_url(re.compile(f"/c/{number}/$"))
    expect(window.comment(str(number))).to_have_attribute("aria-current", "true")
    expect(window.page.get_by_role("link", name=HEADLINE)).to_have_attribute("href", STORY)
    window.goto(f"{STORY}#c{number}")
    expect(window.comment(str(number))).to_be_in_viewport()
    assert window.comment(str(number)).evaluate("article => article.matches(':target')")


@scripts_deep
def test_replies_fold_away(read: Reading, script: bool) -> None:
    window = read.window(script=script)
    window.goto(STORY)
    item = window.page.locator("ol.thread > li").filter(has_text="I clean offices")
    reply = item.locator("article").nth(1)
    summary = item.locator("> details > summary")
    expect(reply).to_be_visible()
    summary.click()
    expect(reply).to_be_hidden()
    summary.press("Enter")
    expect(reply).to_be_visible()


@widths_deep
def test_two_people_talking_stay_at_one_indent(read: Reading, width: int) -> None:
    window = read.window(width=width)
    window.goto(STORY)
    talks = window.page.locator("details.straight > ol > li > article")
    assert talks.count() > 0
    for article in talks.all():
        shown = article.evaluate("""article => {
          const above = article.closest("details").previousElementSibling.closest("li");
          const answered = above.querySelector("article");
          const edge = (element) => element.getBoundingClientRect().left;
          return [edge(article) - edge(answered), article.querySelector("p.to") !== null];
        }""")
        assert shown == [0, True]
