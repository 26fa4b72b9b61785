"""Questions at words of a story: read, answered and asked, with a script and without one."""

import re

import pytest
from playwright.sync_api import Browser, FloatRect, Locator, Page, StorageState, expect

from browser.test_posting import known_guest
from browser.test_quoting import SELECT
from browsing import (
    DESKTOP,
    PHONE,
    STORY,
    Reading,
    Window,
    devices,
    overflow,
    reading,
    scripts_deep,
    violations,
    widths_deep,
)
from serving import Server

pytestmark = pytest.mark.browser
WORDS = "learned of the levy from the agenda"
QUESTION = "Whom would you have asked before such a levy"


def panel(page: Page, question: str) -> Locator:
    return page.locator("details.asked").filter(has_text=question)


def box(place: Locator) -> FloatRect:
    found = place.bounding_box()
    assert found
    return found


def apart(one: FloatRect, other: FloatRect) -> bool:
    return (
        one["x"] + one["width"] <= other["x"]
        or other["x"] + other["width"] <= one["x"]
        or one["y"] + one["height"] <= other["y"]
        or other["y"] + other["height"] <= one["y"]
    )


@devices
def test_marked_words_lead_to_the_question_and_its_answers(
    read: Reading, width: int, script: bool
) -> None:
    window = read.window(script=script)
    page = window.page
    page.set_viewport_size({"width": width, "height": 800})
    window.goto(STORY)
    asked = panel(page, QUESTION)
    answer = asked.get_by_text("point deserves more room")
    expect(answer).to_be_hidden()
    story = page.locator(".story")
    story.get_by_role("link", name=WORDS, exact=True).click()
    expect(answer).to_be_visible()
    expect(answer).to_be_in_viewport()
    expect(panel(page, "What would have to be true")).to_have_attribute("open", "")
    asked.get_by_role("link", name=re.compile("^View all comments around")).click()
    expect(page).to_have_url(re.compile(r"\?at=\d+#c\d+$"))
    page.locator("article[aria-current] .on-words a").click()
    expect(page).to_have_url(re.compile("#note-2$"))
    expect(answer).to_be_in_viewport()


def test_on_a_wide_page_it_stands_beside_the_words_and_over_nothing(read: Reading) -> None:
    window = read.window(script=False)
    page = window.page
    page.set_viewport_size({"width": DESKTOP, "height": 800})
    window.goto(STORY)
    for question in (QUESTION, "Is 25 the right number"):
        panel(page, question).locator("summary").first.click()
    expect(page.locator("details.asked[open]")).to_have_count(3)
    panels = [box(one) for one in page.locator(".beside").all()]
    text = box(page.locator(".story .body > p").first)
    assert all(one["x"] >= text["x"] + text["width"] for one in panels)
    words = box(page.locator("#noted-1"))
    assert abs(panels[0]["y"] - words["y"]) < 160
    rest = page.locator(".story .after, .story .meta, .story .end, .room").all()
    others = [box(one) for one in rest if one.is_visible()]
    for at, one in enumerate(panels):
        assert all(apart(one, other) for other in [*panels[at + 1 :], *others])
    assert overflow(page) == 0


def test_on_a_phone_it_is_folded_under_its_paragraph(read: Reading) -> None:
    window = read.window(script=False)
    page = window.page
    page.set_viewport_size({"width": PHONE, "height": 800})
    window.goto(STORY)
    words = page.locator("#noted-3")
    paragraph = page.locator(".story .body > p").filter(has=words)
    asked = box(panel(page, "Is 25 the right number"))
    above = box(paragraph)
    assert 0 <= asked["y"] - (above["y"] + above["height"]) < 60
    assert asked["x"] >= 0
    assert asked["x"] + asked["width"] <= PHONE


@scripts_deep
def test_an_answer_is_written_beside_the_words(
    read: Reading, owner: StorageState, script: bool
) -> None:
    name = f"Answerer {script}"
    guest = known_guest(read, owner, script=script, name=name)
    page = guest.page
    guest.goto(STORY)
    asked = panel(page, QUESTION)
    asked.locator("summary").first.click()
    asked.get_by_role("link", name="Answer", exact=True).click()
    expect(page).to_have_url(re.compile(r"\?note=2#composer$"))
    page.get_by_label("Your answer").fill(f"I did, twice. {script}")
    page.locator("#composer input[name=name]").fill(name)
    page.get_by_role("button", name="Post comment").click()
    said = guest.comment_saying(f"I did, twice. {script}")
    expect(said.locator(".on-words q")).to_have_text(WORDS)
    guest.goto(STORY)
    expect(page.get_by_role("link", name="Inline feedback (7)")).to_be_visible()
    expect(page.locator("#noted-2")).to_have_attribute("data-n", "2")


@scripts_deep
def test_the_composer_answers_it_too_and_only_once(
    read: Reading, owner: StorageState, script: bool
) -> None:
    name = f"Composer {script}"
    guest = known_guest(read, owner, script=script, name=name)
    page = guest.page
    guest.goto(f"{STORY}?note=3#composer")
    expect(page.locator("form.composer .left blockquote")).to_have_text(
        "the boat averages 25 passengers"
    )
    for words in (f"No, count the crew. {script}", f"And on the story. {script}"):
        page.locator("form.composer textarea").fill(words)
        page.locator("form.composer input[name=name]").fill(name)
        page.get_by_role("button", name="Post comment").click()
        expect(guest.comment_saying(words)).to_have_count(1)
        if not script:
            guest.goto(STORY)
    expect(page.locator(".c .on-words").filter(has_text="25 passengers")).to_have_count(3)
    expect(guest.comment_saying(f"And on the story. {script}").locator(".on-words")).to_have_count(
        0
    )


def thread_of(window: Window) -> str:
    """Return the number of the story's discussion, as its page has it."""
    window.goto(STORY)
    return str(window.page.locator("#discussion").get_attribute("data-thread"))


def ask_from_the_page(window: Window) -> None:
    page = window.page
    words = page.locator(".story .body p").filter(has_text="minibus to the bridge")
    words.evaluate(SELECT, "two miles short of the Eastside")
    link = page.get_by_role("link", name="Ask about this")
    expect(link).to_be_visible()
    assert box(link)["height"] >= 44
    link.click()


def ask_by_the_form(window: Window) -> None:
    window.goto(f"/moderation/queue/threads/{thread_of(window)}/notes/")
    window.page.get_by_role("link", name="Ask about words of this story").click()
    window.page.get_by_label("The words, copied").fill("two miles short of the Eastside")


@scripts_deep
def test_the_newsroom_asks_closes_and_takes_away(
    read: Reading, owner: StorageState, script: bool
) -> None:
    window = read.window(script=script, storage_state=owner)
    page = window.page
    page.set_viewport_size({"width": DESKTOP, "height": 800})
    notes = f"/moderation/queue/threads/{thread_of(window)}/notes/"
    (ask_from_the_page if script else ask_by_the_form)(window)
    phrase = page.get_by_label("The words, copied")
    expect(phrase).to_have_value("two miles short of the Eastside")
    page.get_by_label("Your question to readers").fill("Who lives on those two miles?")
    page.get_by_role("button", name="Ask readers").click()
    expect(page).to_have_url(re.compile(r"#note-\d+$"))
    expect(page.get_by_role("link", name="two miles short of the Eastside")).to_be_visible()
    asked = panel(page, "Who lives on those two miles?")
    expect(asked).to_be_in_viewport()

    window.goto(notes)
    note = page.locator("article[data-note]").filter(has_text="Who lives on those two miles?")
    note.get_by_label(re.compile("^Why")).fill("We have been there.")
    note.get_by_role("button", name="Take no more answers").click()
    expect(note.get_by_role("button", name="Take answers again")).to_be_visible()
    window.goto(STORY)
    asked.locator("summary").first.click()
    expect(asked.locator(".closed")).to_contain_text("We have been there.")
    expect(asked.get_by_role("link", name="Answer", exact=True)).to_have_count(0)
    window.goto(notes)
    note.get_by_role("button", name="Take it away").click()
    expect(note.get_by_role("button", name="Bring it back")).to_be_visible()
    window.goto(STORY)
    expect(asked).to_have_count(0)


def test_what_is_asked_beside_the_story_is_not_in_a_quotation(
    read: Reading, owner: StorageState
) -> None:
    guest = known_guest(read, owner, script=True, name="Over the edge")
    page = guest.page
    guest.goto(STORY)
    page.evaluate(
        """() => {
          const [one, two] = document.querySelectorAll('.story .body > p');
          const start = one.lastChild;
          getSelection().setBaseAndExtent(start, 0, two.firstChild, 11);
        }"""
    )
    page.locator(".quote-it").click()
    quoted = page.locator("form.composer .quoting blockquote")
    expect(quoted).to_contain_text("Councillors")
    expect(quoted).not_to_contain_text("newsroom asks")
    page.locator("form.composer textarea").fill("Over the edge of a paragraph.")
    page.get_by_role("button", name="Post comment").click()
    expect(guest.comment_saying("Over the edge of").locator("figure.quote")).to_have_count(1)


@pytest.mark.deep
@widths_deep
def test_axe_finds_nothing_where_words_are_asked_about(
    read: Reading, owner: StorageState, width: int
) -> None:
    window = read.window(storage_state=owner)
    page = window.page
    page.set_viewport_size({"width": width, "height": 800})
    found = []
    thread = thread_of(window)
    for path in (
        f"{STORY}?show=inline&note=1",
        f"{STORY}?note=2#composer",
        f"/moderation/queue/threads/{thread}/notes/",
        f"/t/{thread}/notes/new/",
    ):
        window.goto(path)
        page.evaluate(
            "for (const one of document.querySelectorAll('.asked, .asked details')) one.open = true"
        )
        found += [f"{path}: {each}" for each in violations(page)]
        assert overflow(page) == 0, path
    assert found == []


@pytest.mark.deep
def test_from_right_to_left_it_stands_on_the_other_side(chromium: Browser, arabic: Server) -> None:
    with reading(chromium, arabic) as windows:
        window = windows.window()
        page = window.page
        page.set_viewport_size({"width": DESKTOP, "height": 800})
        window.goto(STORY)
        text = box(page.locator(".story .body > p").first)
        beside = [box(one) for one in page.locator(".beside").all()]
        assert len(beside) == 3
        on_the_left = [one["x"] + one["width"] <= text["x"] for one in beside]
        on_the_right = [one["x"] >= text["x"] + text["width"] for one in beside]
        assert all(on_the_left) or all(on_the_right)
        assert overflow(page) == 0
        page.set_viewport_size({"width": PHONE, "height": 800})
        assert overflow(page) == 0
        assert violations(page) == []
