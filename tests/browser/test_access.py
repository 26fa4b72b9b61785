"""Everybody can use it: axe finds nothing, nothing runs out of the window, keys suffice."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Browser, Page, StorageState, expect

from browsing import (
    DESKTOP,
    FIRST_LOOKS,
    OTHER_LOOKS,
    PHONE,
    STORY,
    Look,
    Reading,
    Window,
    compose,
    overflow,
    reading,
    violations,
)
from serving import Server

pytestmark = pytest.mark.browser
HEIGHT = 844


def look_at(page: Page, what: str, looks: tuple[Look, ...] = FIRST_LOOKS) -> list[str]:
    """Return what axe finds on a page in these windows and colours, and what runs out of them."""
    found = []
    for width, scheme in looks:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        page.emulate_media(color_scheme=scheme)
        found += [f"{what}, {width} px, {scheme}: {each}" for each in violations(page)]
        if over := overflow(page):
            found.append(f"{what} is {over} px wider than a window of {width} px")
    page.emulate_media(color_scheme="light")
    return found


def test_axe_would_find_something(read: Reading) -> None:
    window = read.window()
    window.goto("/account/login/")
    window.page.evaluate("document.documentElement.lang = ''")
    window.page.evaluate("document.querySelector('main h1').style.color = '#eee'")
    found = " ".join(violations(window.page))
    window.expected.append("CSP: style-src")
    assert "html-has-lang:" in found
    assert "color-contrast:" in found


LISTS = (
    "/corrections/",
    "/archive/",
    "/search/?q=ferry",
    "/people/signe-aune/",
    "/topics/room-levy/",
    "/series/night-shift/",
)
GALLERY = "/harbour/nine-metres-over-the-breakwater/"
CORRECTED = "/town/nobody-rang-the-hotels/"
PUBLIC = (
    *LISTS,
    GALLERY,
    CORRECTED,
    "/search/?q=nowhere+to+be+found",
    "/masthead/",
    "/",
    "/town/",
    STORY,
    f"{STORY}?sort=votes",
    f"{STORY}?reply=1#composer",
    "/town/three-bids-for-the-old-rope-works/",
    "/c/1/",
    "/c/5/",
    "/c/1/vote/",
    "/support/",
    "/account/login/",
    "/account/signup/",
    "/account/login/code/",
)


# One of each kind; `make test-deep` looks at all.
FIRST = ("/", "/town/", STORY, "/c/5/", "/support/")
# In the rarer widths and on pages of a kind that others show too: `make test-deep`.
deep = pytest.mark.deep
# Where a walk leads is looked at on a phone, in light; in a wide window, in the dark: there too.
a_look = pytest.mark.parametrize(
    "looks",
    [
        pytest.param(FIRST_LOOKS[:1], id="phone"),
        pytest.param(FIRST_LOOKS[1:], id="desktop-dark", marks=deep),
    ],
)


@pytest.mark.parametrize(
    "path",
    [pytest.param(path, marks=[] if path in FIRST else pytest.mark.deep) for path in PUBLIC],
)
def test_a_page_as_it_comes(read: Reading, path: str) -> None:
    window = read.window()
    answer = window.goto(path)
    assert answer.status == 200
    assert look_at(window.page, path) == []


@pytest.mark.deep
@pytest.mark.parametrize("path", PUBLIC)
def test_a_page_in_its_other_looks(read: Reading, path: str) -> None:
    window = read.window()
    window.goto(path)
    assert look_at(window.page, path, OTHER_LOOKS) == []


@deep
def test_what_leads_on_from_a_list_or_a_story(read: Reading) -> None:
    window = read.window()
    for page, link in (("/archive/", ".months a"), (CORRECTED, "a[href$='/versions/']")):
        window.goto(page)
        window.goto(str(window.page.locator(link).first.get_attribute("href")))
        assert look_at(window.page, window.page.url) == []
    window.page.locator(".versions a").first.click()
    expect(window.page.locator("ins").first).to_be_visible()
    assert look_at(window.page, window.page.url) == []


@deep
def test_a_month_of_the_books(read: Reading) -> None:
    window = read.window()
    window.goto("/support/")
    month = window.page.locator("main [data-meter]").first.get_attribute("data-meter")
    answer = window.goto(f"/support/{month}/")
    assert answer.status == 200
    assert look_at(window.page, "a month") == []


@pytest.mark.parametrize(
    ("path", "status"),
    [("/no/such/page/", 404), pytest.param("/account/staff/nonsense/", 410, marks=deep)],
)
def test_pages_that_say_no(read: Reading, path: str, status: int) -> None:
    window = read.window(expected=(f"status of {status}",))
    assert window.goto(path).status == status
    assert look_at(window.page, path) == []


@pytest.mark.parametrize("path", ["/moderation/queue/", pytest.param("/desk/", marks=deep)])
def test_pages_that_are_for_staff(read: Reading, path: str) -> None:
    window = read.window(expected=("status of 403",))
    form, ours = {"persona": "reader", "next": "/"}, {"Origin": read.server.url}
    window.page.request.post(f"{read.server.url}/demonstration/as/", form=form, headers=ours)
    assert window.goto(path).status == 403
    assert look_at(window.page, path) == []


@deep
def test_another_address(read: Reading) -> None:
    """What a name shows that somebody else points at this server."""
    # To the browser that name is another site's.
    window = read.window(expected=("status of 421", r"asked http://post\.localhost:"))
    elsewhere = read.server.url.replace("127.0.0.1", "post.localhost")
    answer = window.page.goto(f"{elsewhere}/support/")
    assert answer is not None
    assert answer.status == 421
    assert look_at(window.page, "another address") == []


def test_a_page_that_broke(read: Reading) -> None:
    """No address leads to it: the page as it is sent, at an address that is answered by us."""
    html = render_to_string("500.html")
    window = read.window(expected=("status of 500",))
    window.page.route(
        "**/broken/",
        lambda route: route.fulfill(status=500, body=html, content_type="text/html"),
    )
    window.goto("/broken/")
    assert look_at(window.page, "broken") == []


def test_a_form_from_elsewhere(read: Reading) -> None:
    """The page that refuses a form which no page of ours sent, with the words in it."""
    window = read.window(expected=("status of 403",), script=True)
    window.goto(STORY)
    action = window.page.locator("#composer").get_attribute("action")
    foreign = f'<form method="post" action="{read.server.url}{action}"><input name="body" value="'
    foreign += 'Not from here"><button>Send</button></form>'
    # Another site's page, as far as the browser is concerned: its origin is opaque.
    window.page.goto(f"data:text/html,{foreign}")
    window.page.get_by_role("button", name="Send").click()
    expect(window.page.get_by_role("heading", level=1)).to_have_text("This form was not taken")
    expect(window.page.locator("#kept")).to_have_value("Not from here")
    assert look_at(window.page, "refused") == []


@pytest.mark.deep
def test_the_composer_in_all_its_states(read: Reading) -> None:
    window = read.window(expected=("status of 422",))
    window.goto(STORY)
    window.page.locator("#composer textarea").click()
    assert look_at(window.page, "an open composer") == []
    window.page.locator("a[data-reply]").first.click()
    assert look_at(window.page, "a reply") == []
    window.page.get_by_role("button", name="Cancel").click()
    compose(window, "x" * 5001)
    expect(window.page.get_by_role("alert")).to_be_visible()
    assert look_at(window.page, "a refused comment") == []
    compose(window, "Something to wait for.", name="Wanda Axe")
    expect(window.page.locator(".held")).to_be_visible()
    assert look_at(window.page, "a held comment") == []
    window.page.locator("button[value='1']").first.click()
    expect(window.page.locator("#live")).to_have_text("Vote counted.")
    assert look_at(window.page, "a cast vote") == []


@a_look
def test_the_pages_that_forms_lead_to(read: Reading, looks: tuple[Look, ...]) -> None:
    window = read.window(script=True, expected=("status of 422",))
    # Without our script, but with axe's: the form is sent as the browser would send it.
    window.page.route(
        "**/discussion.*.js", lambda route: route.fulfill(content_type="text/javascript", body="")
    )
    window.goto(STORY)
    compose(window, "y" * 5001)
    expect(window.page.get_by_role("heading", level=1)).to_have_text("Not posted yet")
    assert look_at(window.page, "a refused comment's page", looks) == []
    compose(window, "Shorter.")
    expect(window.page.get_by_role("heading", level=1)).to_have_text("Your comment")
    assert look_at(window.page, "a status page", looks) == []


@a_look
def test_the_pages_of_signing_in(read: Reading, looks: tuple[Look, ...]) -> None:
    window = read.window()
    page = window.page
    window.goto("/account/signup/")
    page.get_by_label(re.compile("E-?mail")).fill(f"axe-{looks[0][1]}@harbour.example")
    page.get_by_label("Name shown").fill("Axel")
    page.get_by_role("button", name="Open an account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirm your e-mail")
    assert look_at(page, "a code for a new account", looks) == []
    page.get_by_label("Code").fill("NOT-IT")
    page.get_by_role("button", name="Go on").click()
    expect(page.locator(".errorlist")).to_be_visible()
    assert look_at(page, "a wrong code", looks) == []
    mailbox = read.window(network=None)
    mailbox.goto("/mailbox/")
    assert look_at(mailbox.page, "the mailbox", looks) == []


@a_look
def test_the_pages_of_moderation(
    read: Reading, owner: StorageState, looks: tuple[Look, ...]
) -> None:
    guest = read.window()
    guest.goto(STORY)
    compose(guest, "A word with a link: https://harbour.example/levy", name="Lina Kaye")
    expect(guest.page.locator(".held")).to_be_visible()
    staff = read.window(storage_state=owner, expected=("status of 422",))
    staff.goto("/moderation/queue/")
    item = staff.page.locator("ol.queue > li").filter(has_text="A word with a link")
    assert look_at(staff.page, "moderation", looks) == []
    item.locator("summary").get_by_text("Remove", exact=True).click()
    assert look_at(staff.page, "a removal", looks) == []
    item.get_by_role("button", name="Advertising").click()
    expect(staff.page.locator("#told")).to_contain_text("is removed")
    assert look_at(staff.page, "a decision", looks) == []
    staff.goto("/account/logout/")
    expect(staff.page.get_by_role("heading", level=1)).to_have_text("Sign out?")
    assert look_at(staff.page, "signing out", looks) == []


def test_a_link_to_sign_in(chromium: Browser, arabic: Server) -> None:
    """On the newsroom whose link nobody has used."""
    with reading(chromium, arabic) as windows:
        window = windows.window()
        assert window.goto(arabic.sign_in_url).status == 200
        expect(window.page.locator("main form")).to_be_visible()
        assert look_at(window.page, "a sign-in link") == []


# --- The keyboard --------------------------------------------------------------------------------


def tab_to(page: Page, selector: str, *, at_most: int = 60) -> None:
    """Press Tab until the focus is on something; it must always be somewhere one can see."""
    for _ in range(at_most):
        page.keyboard.press("Tab")
        here = page.evaluate(
            "selector => { const e = document.activeElement, box = e.getBoundingClientRect();"
            " return [e.matches(selector), box.width > 1 && box.height > 1, e.outerHTML] }",
            selector,
        )
        assert here[1], f"the focus is on something out of sight: {here[2][:200]}"
        if here[0]:
            return
    raise AssertionError(f"{at_most} times Tab did not reach {selector}")


def test_a_comment_by_the_keyboard_alone(read: Reading) -> None:
    window = read.window()
    page = window.page
    window.goto(STORY)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    tab_to(page, "#composer textarea")
    page.keyboard.type("Typed, sent and read without a mouse.")
    page.keyboard.press("Control+Enter")
    held = page.locator(".held")
    expect(held).to_contain_text("Typed, sent and read without a mouse.")
    expect(held).to_be_focused()
    tab_to(page, "button[value='1']")
    page.keyboard.press("Space")
    expect(page.locator("#live")).to_have_text("Vote counted.")
    tab_to(page, "a[data-reply]")
    page.keyboard.press("Enter")
    expect(page.locator("#composer textarea")).to_be_focused()
    tab_to(page, "#composer .cancel")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.matches('a[data-reply]')")


# --- Room ----------------------------------------------------------------------------------------

NARROW = 320  # a window of 1280 px at 400 %
PAGES = ("/", "/town/", STORY, "/c/1/", "/support/", "/account/login/")
ALL_PAGES = (*PAGES, *LISTS, GALLERY, CORRECTED)


@pytest.mark.parametrize(
    "width", [NARROW, pytest.param(PHONE, marks=deep), pytest.param(DESKTOP, marks=deep)]
)
def test_nothing_runs_out_of_the_window(read: Reading, width: int) -> None:
    window = read.window(width=width)
    for path in ALL_PAGES:
        window.goto(path)
        assert overflow(window.page) == 0, path


@pytest.mark.parametrize("width", [PHONE, pytest.param(DESKTOP, marks=deep)])
def test_text_at_twice_its_size_still_fits(read: Reading, width: int) -> None:
    window = read.window(width=width)
    for path in ALL_PAGES:
        window.goto(path)
        window.page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert overflow(window.page) == 0, path
        assert cut_off(window.page) == [], path


def cut_off(page: Page) -> list[str]:
    """Return what is wider or higher than the box that hides the rest of it."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('body *')].filter((e) => {
          const style = getComputedStyle(e);
          const meant = '.vh, .demo-say, .trap, svg, [hidden], details:not([open]) > :not(summary)';
          if (e.closest(meant)) return;
          return style.overflowX === 'hidden' && e.scrollWidth > e.clientWidth + 1;
        }).map((e) => e.outerHTML.slice(0, 120))"""
    )
    return found


@dataclass(frozen=True, slots=True)
class Frame:
    """Where an element stands, in pixels of the window."""

    left: float
    right: float


def frame(window: Window, selector: str) -> Frame:
    box = window.page.locator(selector).first.bounding_box()
    assert box, selector
    return Frame(box["x"], box["x"] + box["width"])


@pytest.fixture
def read_arabic(chromium: Browser, arabic: Server) -> Iterator[Reading]:
    with reading(chromium, arabic) as windows:
        yield windows


@pytest.mark.parametrize(
    "width", [pytest.param(NARROW, marks=deep), PHONE, pytest.param(DESKTOP, marks=deep)]
)
def test_from_right_to_left(read_arabic: Reading, width: int) -> None:
    window = read_arabic.window(width=width)
    for path in ALL_PAGES:
        window.goto(path)
        expect(window.page.locator("html")).to_have_attribute("dir", "rtl")
        assert overflow(window.page) == 0, path
        if width != NARROW and path in PAGES:
            # Which way one reads changes no colour.
            assert violations(window.page, colours=width == DESKTOP) == [], path
    window.goto(STORY)
    # The paper's name stands at the right, a reply is indented from the right.
    assert frame(window, ".mast .name").left > width / 2 or width < DESKTOP
    root, reply = frame(window, "ol.thread > li > article"), frame(window, "ol ol article")
    assert reply.right < root.right
    assert abs(reply.left - root.left) < 2


# --- Paper ---------------------------------------------------------------------------------------


def test_what_is_printed_is_what_is_read(read: Reading) -> None:
    window = read.window()
    window.goto(STORY)
    page = window.page
    item = page.locator("ol.thread > li").filter(has_text="I clean offices")
    item.locator("> details > summary").click()
    page.emulate_media(media="print")
    for gone in ("#composer", ".acts", ".sort", ".mast nav", ".mast .btn", ".skip", "footer.foot"):
        for each in page.locator(gone).all():
            expect(each).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".body")).to_be_visible()
    # Replies that were folded away are printed all the same.
    expect(window.comment_saying("Has anyone priced it?")).to_be_visible()
