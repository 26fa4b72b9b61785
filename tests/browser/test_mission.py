"""One walk through all that Broadsheet promises: each label found by its name, and used."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import Locator, Page, expect

from browsing import STORY, Reading, Window

pytestmark = pytest.mark.browser

PAPER = "The Harbour Post"
HEADLINE = "The last ferry is coming back. Now it has to earn its place."
METER = "$1,120 of $5,000. Steps on the way: $2,500, $5,000."
# Somebody whose comments no other test votes on or answers.
AUTHOR = "Maren Oduya"
ASKED = "Who counts the people who swim?"
SAID = "I would rather have the boat than the argument."


def test_each_label_of_the_mission_is_found_by_its_name_and_does_what_it_says(
    read: Reading,
) -> None:
    window = read.window()
    headline_and_byline(window)
    picture(window.page)
    quote(window.page)
    bubble(window.page)
    orders(window.page)
    inline_feedback(window.page)
    vote(window.page)
    replies_fold(window.page)
    permalink(window.page)
    reply_as_a_guest(window)
    comment_as_a_named_reader(window)
    meter(window.page)
    books(window.page)


def headline_and_byline(window: Window) -> None:
    page = window.page
    window.goto("/")
    page.get_by_role("main").get_by_role("link", name=HEADLINE, exact=True).first.click()
    expect(page).to_have_url(re.compile(f"{STORY}$"))
    expect(page.get_by_role("heading", level=1, name=HEADLINE, exact=True)).to_be_visible()
    page.get_by_role("article", name=HEADLINE, exact=True).get_by_role(
        "link", name="Ines Halloran", exact=True
    ).click()
    expect(page).to_have_url(re.compile("/people/ines-halloran/$"))
    expect(page.get_by_role("heading", level=1, name="Ines Halloran")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name=HEADLINE, exact=True).first.click()
    expect(page).to_have_url(re.compile(f"{STORY}$"))


def picture(page: Page) -> None:
    whole = "By Signe Aune, click to see the full-size image"
    page.get_by_role("link", name=whole, exact=True).click()
    view = page.get_by_role("dialog", name="The picture in full")
    expect(view.get_by_role("img", name=re.compile("passenger ferry"))).to_be_visible()
    view.get_by_role("button", name="Close").click()
    expect(view).to_have_count(0)


def quote(page: Page) -> None:
    said = page.get_by_role("figure").filter(has_text="You cannot take away the bus")
    expect(said.get_by_text("Sunniva Dahl", exact=True)).to_be_visible()
    source = said.get_by_role("link", name="Council meeting, public questions", exact=True)
    # The newsroom was made for another port than it is served on; the paper is the same.
    address = re.sub(r"^https?://[^/]+", "", str(source.get_attribute("href")))
    paper = page.request.get(address)
    assert paper.status == 200
    assert paper.headers["content-type"] == "application/pdf"
    said.get_by_role("link", name="Link to this quote").click()
    expect(page).to_have_url(re.compile(r"#q-[0-9a-f]{8}$"))
    expect(said).to_be_in_viewport()


def discussion(page: Page) -> Locator:
    return page.get_by_role("region", name="Discussion", exact=True)


def bubble(page: Page) -> None:
    story = page.get_by_role("article", name=HEADLINE, exact=True)
    link = story.get_by_role("link", name=re.compile(r"^\d+ comments$")).first
    count = str(link.text_content())
    expect(discussion(page)).not_to_be_in_viewport()
    link.click()
    expect(page).to_have_url(re.compile("#discussion$"))
    expect(discussion(page)).to_be_in_viewport()
    expect(discussion(page).get_by_text(count, exact=True)).to_be_visible()


def orders(page: Page) -> None:
    nav = page.get_by_role("navigation", name="Order of the comments")
    first = discussion(page).get_by_role("article").first
    for name, order, leads in (
        ("Oldest", "oldest", "I clean offices"),
        ("Most voted (net votes: useful less not useful)", "votes", "I clean offices"),
        ("Newest", "newest", ""),
    ):
        nav.get_by_role("link", name=name, exact=True).click()
        expect(page).to_have_url(re.compile(rf"\?sort={order}#discussion$"))
        expect(nav.get_by_role("link", name=name, exact=True)).to_have_attribute(
            "aria-current", "true"
        )
        if leads:
            expect(first).to_contain_text(leads)


def inline_feedback(page: Page) -> None:
    story = page.get_by_role("article", name=HEADLINE, exact=True)
    words = story.get_by_role("link", name="the boat averages 25 passengers", exact=True)
    expect(words).to_have_accessible_description(re.compile("^Is 25 the right number"))
    words.click()
    answer = story.get_by_role("group").filter(has_text="Is 25 the right number")
    expect(answer.get_by_text("That is $91 a passenger")).to_be_visible()
    show = page.get_by_role("navigation", name="Show", exact=True)
    show.get_by_role("link", name="Inline feedback (6)", exact=True).click()
    expect(page).to_have_url(re.compile(r"\?show=inline#discussion$"))
    expect(discussion(page).get_by_role("article")).to_have_count(6)
    first = discussion(page).get_by_role("article").first
    expect(first.get_by_role("link", name="six months to show it is needed")).to_be_visible()
    back = "View all comments around the comment of Ingeborg W."
    discussion(page).get_by_role("link", name=back, exact=True).click()
    expect(page).to_have_url(re.compile(rf"{STORY}\?at=\d+(?:&sort=newest)?#c\d+$"))
    around = discussion(page).locator("article[aria-current]")
    expect(around).to_have_accessible_name("Ingeborg W.")
    expect(around).to_be_in_viewport()
    show.get_by_role("link", name="All comments", exact=True).click()
    expect(page).to_have_url(re.compile("#discussion$"))


def comment(page: Page) -> Locator:
    return by_author(discussion(page).get_by_role("article"))


def by_author(articles: Locator) -> Locator:
    # An answer is named with whom it answers.
    heading = articles.page.get_by_role("heading", name=AUTHOR, exact=True)
    return articles.filter(has=heading).first


def vote(page: Page) -> None:
    useful = comment(page).get_by_role("button", name=re.compile(r"^Useful \d+ "))
    before = int(str(useful.text_content()).split()[-1])
    for counted, pressed, said in (
        (before + 1, "true", "Vote counted."),
        (before, "false", "Vote taken back."),
    ):
        useful.click()
        expect(page.get_by_role("status").get_by_text(said, exact=True)).to_be_attached()
        expect(useful).to_have_text(f"Useful {counted}")
        expect(useful).to_have_attribute("aria-pressed", pressed)
    expect(comment(page).get_by_role("button", name="Not useful")).to_be_enabled()


def replies_fold(page: Page) -> None:
    answer = discussion(page).get_by_text("the cat is at the fire station")
    expect(answer).to_be_visible()
    fold = discussion(page).locator("summary").filter(has_text="1 reply to Jonas F.").first
    fold.click()
    expect(answer).to_be_hidden()
    fold.click()
    expect(answer).to_be_visible()


def permalink(page: Page) -> None:
    comment(page).get_by_role("link", name=re.compile(r"( ago|[ap]\.m\.)$")).click()
    expect(page).to_have_url(re.compile(r"/c/\d+/$"))
    expect(page.get_by_role("heading", level=1, name="One comment")).to_be_visible()
    expect(by_author(page.get_by_role("article"))).to_be_visible()
    page.get_by_role("main").get_by_role("link", name=HEADLINE, exact=True).click()
    expect(page).to_have_url(re.compile(f"{STORY}$"))


def reply_as_a_guest(window: Window) -> None:
    page = window.page
    comment(page).get_by_role("link", name=f"Reply to {AUTHOR}", exact=True).click()
    box = page.get_by_label(f"Reply to {AUTHOR}", exact=True)
    expect(box).to_be_focused()
    box.fill(ASKED)
    expect(page.get_by_label("Name, or empty to be a numbered guest")).to_have_value("")
    page.get_by_role("button", name="Post comment").click()
    # Nobody knows this guest yet: it stands there for them alone.
    expect(window.page.locator(".held")).to_contain_text(ASKED)
    expect(page.get_by_role("status").get_by_text("waits for a moderator")).to_be_attached()


def comment_as_a_named_reader(window: Window) -> None:
    page = window.page
    page.get_by_role("complementary", name="Demonstration").get_by_role(
        "button", name="reader", exact=True
    ).click()
    says = page.get_by_text(re.compile("^You write as .+"))
    expect(says).to_be_visible()
    name = re.sub(r"^You write as (.*?)\.?$", r"\1", str(says.text_content()))
    page.get_by_label("Join the discussion", exact=True).fill(SAID)
    page.get_by_role("button", name="Post comment").click()
    own = discussion(page).get_by_role("article", name=name, exact=True).filter(has_text=SAID)
    expect(own).to_be_visible()
    page.reload()
    expect(own).to_be_visible()


def meter(page: Page) -> None:
    given = page.get_by_role("region", name=re.compile("^Given by readers in "))
    expect(given.get_by_role("img", name=METER, exact=True)).to_be_visible()
    expect(given.get_by_role("listitem").filter(has_text="$2,500")).to_be_visible()
    given.get_by_role("link", name=f"Support {PAPER}", exact=True).click()
    expect(page).to_have_url(re.compile("/support/$"))
    expect(page.get_by_role("heading", level=1, name=f"Support {PAPER}")).to_be_visible()
    expect(page.get_by_role("region", name="How to give")).to_be_visible()
    expect(given.get_by_role("img", name=METER, exact=True)).to_be_visible()
    page.go_back()
    given.get_by_role("link", name="See every entry", exact=True).click()
    expect(page).to_have_url(re.compile("/support/#books$"))


def books(page: Page) -> None:
    entries = page.get_by_role("region", name=re.compile("^Every entry of "))
    expect(entries).to_be_in_viewport()
    amounts = entries.locator("tr[data-entry] td:last-child").all_text_contents()
    total = sum(Decimal(re.sub(r"[^\d.-]", "", amount)) for amount in amounts)
    assert total == Decimal("1120.00")
    last = entries.get_by_role("row", name=re.compile(f"^Sum of {len(amounts)} entries"))
    expect(last).to_contain_text("$1,120.00")
    closed = page.get_by_role("region", name="Closed months").get_by_role("link").first
    month = str(closed.text_content())
    closed.click()
    expect(page.get_by_role("heading", level=1, name=f"The books of {month}")).to_be_visible()
    expect(page.get_by_role("region", name=f"Every entry of {month}")).to_be_visible()
