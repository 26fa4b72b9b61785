"""Guests write: with a script and without, held and published, refused and cut off."""

import re

import pytest
from playwright.sync_api import Locator, Route, StorageState, expect

from browsing import (
    DESKTOP,
    PHONE,
    STORY,
    Reading,
    Window,
    another_network,
    compose,
    scripts_deep,
)

pytestmark = pytest.mark.browser
WAITS = "the first comment under a name is read by a moderator before it appears"


def waiting(window: Window) -> Locator:
    """Return what tells that a comment waits: in place, or on the page a form leads to."""
    return window.page.locator(".held, .notice").filter(has_text=WAITS)


def moderate(owner: Window, words: str, press: str) -> None:
    """Find a comment in the queue by its words and press one of its buttons."""
    owner.goto("/moderation/queue/")
    item = owner.page.locator("ol.queue > li").filter(has_text=words)
    owner.send(item.get_by_role("button", name=press, exact=True))
    expect(owner.page.locator(".notice[role=status]")).to_contain_text(re.compile(r"Comment \d+"))


def known_guest(read: Reading, owner: StorageState, *, script: bool, name: str = "") -> Window:
    """Open a window whose guest has one comment published, so that the next does not wait."""
    guest = read.window(script=script)
    guest.goto(STORY)
    words = f"A first word from {name or 'nobody'}, {another_network()}."
    compose(guest, words, name=name)
    expect(waiting(guest)).to_be_visible()
    moderate(read.window(storage_state=owner), words, "Publish")
    guest.goto(STORY)
    return guest


@pytest.mark.parametrize("width", [PHONE, pytest.param(DESKTOP, marks=pytest.mark.deep)])
def test_without_a_script_a_guest_is_read_first_and_then_at_once(
    read: Reading, owner: StorageState, width: int
) -> None:
    guest = read.window(width=width, script=False)
    page = guest.page
    words = f"The bus used to wait for the boat, at {width} too."
    guest.goto(STORY)
    before = page.locator("article[data-comment]").count()
    compose(guest, words)
    # 303 to a page that only this device sees.
    expect(page).to_have_url(re.compile(r"/c/\d+/status/$"))
    status = page.url
    expect(page.locator(".notice")).to_contain_text(f"It waits for a moderator: {WAITS}.")
    expect(page.locator(".c .txt")).to_have_text(words)
    stranger = read.window(script=False, expected=("status of 404",))
    assert stranger.goto(status).status == 404
    stranger.goto(STORY)
    expect(stranger.comment_saying(words)).to_have_count(0)
    expect(stranger.page.locator("article[data-comment]")).to_have_count(before)

    moderate(read.window(storage_state=owner, script=False), words, "Publish")
    page.reload()
    expect(page.locator(".notice")).to_contain_text("It is published.")
    page.get_by_role("link", name="See it in its place").click()
    first = guest.comment_saying(words)
    expect(first).to_be_visible()
    label = first.locator("h3").text_content()
    assert re.fullmatch(r"Guest \d+", str(label))
    stranger.goto(STORY)
    expect(stranger.comment_saying(words)).to_be_visible()

    guest.goto(STORY)
    compose(guest, f"And it left with it, at {width}.")
    expect(page).to_have_url(re.compile(f"{STORY}#c\\d+$"))
    second = guest.comment_saying(f"And it left with it, at {width}.")
    expect(second).to_be_in_viewport()
    # The same nameless guest has the same number.
    expect(second.locator("h3")).to_have_text(str(label))


@pytest.mark.both
def test_with_a_script_all_of_it_happens_in_place(read: Reading, owner: StorageState) -> None:
    guest = read.window()
    page = guest.page
    words = "Could somebody count the lamps on the quay as well?"
    guest.goto(STORY)
    compose(guest, words, name="Ilse Varga")
    held = page.locator(".held")
    expect(held).to_contain_text(words)
    expect(held).to_contain_text(WAITS)
    expect(held).to_be_focused()
    expect(page.locator("#live")).to_contain_text("waits for a moderator")
    expect(page).to_have_url(re.compile(f"{STORY}$"))
    expect(page.locator("#composer textarea")).to_have_value("")
    # It is still there, for this guest alone, when the page comes anew.
    page.reload()
    expect(held).to_contain_text(words)
    moderate(read.window(storage_state=owner), words, "Publish")
    page.reload()
    expect(guest.comment_saying(words).locator("h3")).to_have_text("Ilse Varga")
    expect(held).to_have_count(0)

    expect(page.locator("#composer input[name=name]")).to_have_value("Ilse Varga")
    compose(guest, "I would do the east side.")
    second = guest.comment_saying("I would do the east side.")
    expect(second).to_be_visible()
    expect(second).to_be_focused()
    expect(page.locator("#live")).to_have_text("Your comment is published.")
    expect(page.locator("ol.thread > li").first.locator("article").first).to_contain_text(
        "I would do the east side."
    )
    # Once, on the server too.
    page.reload()
    expect(second).to_have_count(1)


def test_a_draft_outlives_a_reload_and_can_be_discarded(read: Reading) -> None:
    window = read.window()
    page = window.page
    box = page.locator("#composer textarea")
    window.goto(STORY)
    box.fill("Half a thought about the")
    page.reload()
    expect(box).to_have_value("Half a thought about the")
    expect(page.locator(".draft")).to_contain_text("This is your draft")
    page.get_by_role("button", name="Discard it").click()
    expect(box).to_have_value("")
    page.reload()
    expect(box).to_have_value("")


@scripts_deep
def test_what_is_too_long_is_refused_and_kept(read: Reading, script: bool) -> None:
    window = read.window(script=script, expected=("status of 422",))
    words = "Far too much. " * 500
    window.goto(STORY)
    compose(window, words, name="Piers Long")
    box = window.page.locator("#composer textarea")
    expect(window.page.get_by_role("alert")).to_contain_text("at most 5000 are taken")
    expect(box).to_have_value(words)
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(window.page.locator("#composer input[name=name]")).to_have_value("Piers Long")
    # Shortened, it is taken.
    compose(window, f"Less is enough, {'with' if script else 'without'} a script.")
    expect(waiting(window)).to_be_visible()


@scripts_deep
def test_the_trap_keeps_the_words_too(read: Reading, script: bool) -> None:
    window = read.window(script=script, expected=("status of 422",))
    window.goto(STORY)
    # What fills in every field is a program; or an overzealous browser.
    trap = window.page.locator("#composer input[name=website]")
    trap.evaluate("field => { field.value = 'https://pills.example' }")
    compose(window, "I am a person all the same.")
    expect(window.page.get_by_role("alert")).to_contain_text("send your comment once more")
    expect(window.page.locator("#composer textarea")).to_have_value("I am a person all the same.")
    # As it was told: the field is empty again.
    window.page.locator("#composer button.btn-reader").click()
    expect(waiting(window)).to_be_visible()


def test_nothing_is_lost_while_a_comment_is_under_way(read: Reading) -> None:
    window = read.window()
    page = window.page
    box, heading = page.locator("#composer textarea"), page.locator("#composer label.h")
    under_way: list[Route] = []
    window.goto(STORY)
    reply = page.locator("a[data-reply]").first
    reply.click()
    box.fill("Half of an answer")
    page.get_by_role("button", name="Cancel").click()
    page.route("**/comments/", lambda route: under_way.append(route))  # noqa: PLW0108 - Playwright marks it
    compose(window, "The pilot takes his time.")
    expect(page.locator("#composer")).to_have_attribute("aria-busy", "true")
    # What is typed meanwhile would be neither sent nor kept.
    expect(box).not_to_be_editable()
    reply.click()
    expect(heading).to_have_text("Join the discussion")
    expect(box).to_have_value("The pilot takes his time.")
    under_way[0].continue_()
    expect(page.locator(".held")).to_contain_text("The pilot takes his time.")
    expect(box).to_be_editable()
    expect(box).to_have_value("")
    page.reload()
    expect(box).to_have_value("")
    # The draft of another place is still there.
    reply.click()
    expect(box).to_have_value("Half of an answer")


def test_the_words_are_kept_when_the_line_is_down(read: Reading) -> None:
    window = read.window(expected=("ERR_INTERNET_DISCONNECTED",))
    window.goto(STORY)
    window.context.set_offline(True)
    words = "Written in the tunnel under the hill."
    compose(window, words)
    expect(window.page.get_by_role("alert")).to_contain_text("The connection was lost")
    expect(window.page.locator("#composer textarea")).to_have_value(words)
    window.context.set_offline(False)
    window.page.locator("#composer button.btn-reader").click()
    expect(window.page.locator(".held")).to_contain_text(words)
    window.page.reload()
    expect(window.page.locator(".held").filter(has_text=words)).to_have_count(1)


def test_a_refusal_without_a_script_can_be_sent_again(read: Reading) -> None:
    """The limit per device: five at once, and the sixth keeps its words."""
    window = read.window(script=False, expected=("status of 429",))
    for number in range(5):
        window.goto(STORY)
        compose(window, f"One of many, number {number}.")
        expect(window.page).to_have_url(re.compile("/status/$"))
    window.goto(STORY)
    compose(window, "One too many.")
    expect(window.page.get_by_role("alert")).to_contain_text(re.compile(r"Wait \d+ seconds"))
    expect(window.page.locator("#composer textarea")).to_have_value("One too many.")


@scripts_deep
def test_a_reply_without_leaving_the_thread(
    read: Reading, owner: StorageState, script: bool
) -> None:
    guest = known_guest(read, owner, script=script, name="Una Roe")
    page = guest.page
    target = guest.comment_saying("It is in the story:")
    number = str(target.get_attribute("data-comment"))
    link = page.locator(f"a[data-reply='{number}']")
    expect(link).to_contain_text("Yusuf Karaca")
    link.click()
    box = page.locator("#composer textarea")
    expect(page.locator("#composer label.h")).to_have_text("Reply to Yusuf Karaca")
    words = f"Two miles is a long way at night, {'with' if script else 'without'} a script."
    if script:
        expect(box).to_be_focused()
        expect(page).to_have_url(re.compile(f"{STORY}$"))
        assert target.evaluate("article => article.nextElementSibling.id") == "composer"
    else:
        expect(page).to_have_url(re.compile(f"{STORY}\\?reply={number}#composer$"))
    # A script remembers the name; without one it is typed again: another name, another person.
    compose(guest, words, name="" if script else "Una Roe")
    reply = guest.comment_saying(words)
    expect(reply).to_be_visible()
    expect(reply).to_have_attribute("data-parent", number)
    if script:
        expect(page).to_have_url(re.compile(f"{STORY}$"))
        # The form went home, and asks for a comment on the story again.
        expect(page.locator("#composer label.h")).to_have_text("Join the discussion")
    else:
        expect(page).to_have_url(re.compile(r"/c/\d+/#c\d+$"))
    guest.goto(STORY)
    expect(guest.comment_saying(words)).to_have_attribute("data-parent", number)


def test_cancelling_a_reply_puts_everything_back(read: Reading) -> None:
    window = read.window()
    page = window.page
    window.goto(STORY)
    link = page.locator("a[data-reply]").nth(1)
    link.click()
    page.locator("#composer textarea").fill("Never mind")
    page.get_by_role("button", name="Cancel").click()
    expect(link).to_be_focused()
    expect(page.locator("#composer textarea")).to_have_value("")
    assert page.locator("#composer").evaluate("form => form.parentElement.className") == "room-main"
    # What was begun is offered again where it was begun.
    link.click()
    expect(page.locator("#composer textarea")).to_have_value("Never mind")


@scripts_deep
def test_an_open_composer_does_not_run_away_from_a_click(read: Reading, script: bool) -> None:
    """It closes when it is left empty, but not between a press and the click it belongs to."""
    window = read.window(script=script)
    page = window.page
    window.goto(STORY)
    name = page.locator("#composer input[name=name]")
    expect(name).to_be_hidden()
    page.locator("#composer textarea").click()
    expect(name).to_be_visible()
    page.locator("a[data-reply]").first.click()
    expect(page.locator("#composer label.h")).to_contain_text("Reply to")
    window.goto(STORY)
    page.locator("#composer textarea").click()
    expect(name).to_be_visible()
    page.locator("#composer textarea").blur()
    expect(name).to_be_hidden()
