"""The front end keeps its promises: small, strict, licensed, and lazy."""

import gzip
import re
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

import broadsheet
from broadsheet.site.context import publication
from broadsheet.site.static import minified
from broadsheet.site.templatetags.broadsheet_page import with_publication

SOURCE = Path(broadsheet.__file__).parent
STATIC = SOURCE / "site" / "static" / "broadsheet"
STYLE = STATIC / "broadsheet.css"
FIRST = STATIC / "first.js"
SCRIPT = STATIC / "broadsheet.js"
ROOM = SOURCE / "discussion" / "static" / "broadsheet"
# On the moderators' page alone, never under a story.
QUEUE = ROOM / "discussion" / "queue.js"
MODERATING = ROOM / "discussion" / "moderating.js"
DISCUSSION = (
    ROOM / "discussion.js",
    *sorted({*(ROOM / "discussion").glob("*.js")} - {QUEUE, MODERATING}),
)
# What tells both of them what happens.
LIVE = SOURCE / "live" / "static" / "broadsheet" / "live.js"
THREAD_STYLE = ROOM / "discussion.css"
TEMPLATES = sorted(
    path for room in SOURCE.iterdir() for path in (room / "templates").rglob("*.html")
)

# An attribute of an element, not a word in running text or in a template's comment.
INLINE_STYLE = re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE)
INLINE_HANDLER = re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE)
SCRIPTS = re.compile(r"<script\b([^>]*)>", re.IGNORECASE)
# The desk's own pages are Wagtail's and stand under its policy.
DESK = SOURCE / "desk"


def name_of(template: Path) -> str:
    return str(template.relative_to(SOURCE))


def squeezed(path: Path) -> int:
    """Return the bytes that are sent of it."""
    sent = minified(path.name, path.read_text(encoding="utf-8"))
    return len(gzip.compress(sent.encode(), 9))


@pytest.mark.skipif(find_spec("minify") is None, reason="there is no minifier for this machine")
def test_style_and_script_keep_their_budgets() -> None:
    assert squeezed(STYLE) <= 12 * 1024
    # The page waits for the first of them.
    assert squeezed(FIRST) <= 512
    assert squeezed(FIRST) + squeezed(SCRIPT) <= 4 * 1024
    # A discussion has budgets of its own: all of its script, though most waits until it is wanted.
    assert squeezed(THREAD_STYLE) <= 4 * 1024
    assert sum(squeezed(file) for file in DISCUSSION) <= 12 * 1024
    assert squeezed(LIVE) <= 1024
    # All that a story and its discussion can ever load.
    assert sum(squeezed(file) for file in (FIRST, SCRIPT, LIVE, *DISCUSSION)) <= 15 * 1024
    assert squeezed(QUEUE) <= 4 * 1024
    assert squeezed(MODERATING) <= 2 * 1024


def test_fonts_keep_their_budget() -> None:
    """All that a page in a western language can ask for, italics included."""
    sizes = [path.stat().st_size for path in (STATIC / "fonts").glob("*-latin-[!e]*.woff2")]
    assert len(sizes) == 5
    assert sum(sizes) <= 120 * 1024


def test_the_discussion_is_loaded_where_a_thread_is_and_nowhere_else() -> None:
    loading = {
        template.name
        for template in TEMPLATES
        if "discussion.js" in template.read_text(encoding="utf-8")
        or "discussion/live.html" in template.read_text(encoding="utf-8")
    }
    assert loading == {"live.html", "thread.html", "comment_page.html", "refused.html"}


@pytest.mark.parametrize("template", TEMPLATES, ids=name_of)
def test_a_template_compiles(template: Path) -> None:
    get_template(template.as_posix().rpartition("/templates/")[2])


@pytest.mark.parametrize("template", TEMPLATES, ids=name_of)
def test_a_template_holds_no_inline_style_or_script(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert not INLINE_STYLE.search(text)
    assert not INLINE_HANDLER.search(text)
    if template.is_relative_to(DESK):
        return
    assert "<style" not in text
    for attributes in SCRIPTS.findall(text):
        assert "src=" in attributes or 'type="application/ld+json"' in attributes


@pytest.mark.parametrize(
    "file",
    [STYLE, THREAD_STYLE, FIRST, SCRIPT, LIVE, *DISCUSSION, QUEUE],
    ids=lambda file: file.name,
)
def test_nothing_comes_from_another_origin(file: Path) -> None:
    # A bare 'https://' is what a reader goes on typing from.
    assert not re.search(r"https?://(?!')|[\"'(]//", file.read_text(encoding="utf-8"))


def test_every_font_of_the_style_is_shipped_with_its_licence() -> None:
    fonts = re.findall(r'url\("fonts/([^"]+)"\)', STYLE.read_text(encoding="utf-8"))
    assert fonts
    for font in fonts:
        assert (STATIC / "fonts" / font).stat().st_size > 10_000
        family = font.partition("-latin")[0]
        licence = (STATIC / "fonts" / f"LICENSE-{family}.txt").read_text(encoding="utf-8")
        assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert {path.name for path in (STATIC / "fonts").glob("*.woff2")} == set(fonts)


def test_nothing_is_set_below_14_pixels_and_comments_as_large_as_the_story() -> None:
    style = STYLE.read_text(encoding="utf-8")
    screen, _, _ = style.partition("@media print")
    sizes = re.findall(r"font(?:-size)?:[^;}]*?(\d*\.?\d+)rem", screen)
    assert sizes
    assert min(float(size) for size in sizes) >= 0.875
    assert re.search(r"\.body\{font:400 var\(--read\)", style)
    assert re.search(r"\.c \.txt\{font-size:var\(--read\)", style)


def test_nothing_sticks_and_sides_are_logical() -> None:
    style = STYLE.read_text(encoding="utf-8") + THREAD_STYLE.read_text(encoding="utf-8")
    assert "sticky" not in style
    # What a publisher may choose for wide windows, in a corner beside the text.
    floating = "@media (min-width:90rem){.invite[data-bubble=floating]{position:fixed;"
    # And one button of 44 px while something new waits: in the page it would push what is read.
    arrived = ".arrived:not([hidden]){position:fixed;"
    assert "fixed" not in style.replace(floating, "").replace(arrived, "")
    assert not re.search(r"(?:margin|padding|border)-(?:left|right)", style)
    assert not re.search(r"[{;](?:left|right|text-align:(?:left|right))\s*:", style)
    assert not re.search(r"[{;](?:float|clear):(?!inline-)", style)


@pytest.mark.parametrize(
    "asset",
    [
        *("broadsheet.css", "first.js", "broadsheet.js", "favicon.svg", "live.js"),
        *("discussion.css", "discussion.js"),
        *("discussion/reading.js", "discussion/writing.js"),
    ],
)
def test_assets_are_found(asset: str) -> None:
    assert finders.find(f"broadsheet/{asset}")


@pytest.mark.django_db
def test_the_context_asks_the_database_only_for_what_is_shown() -> None:
    request = RequestFactory().get("/")
    with CaptureQueriesContext(connection) as queries:
        context = publication(request)
        assert context["publication"].name
    assert len(queries) == 0
    with CaptureQueriesContext(connection) as queries:
        assert not context["publication"].menu
        assert not context["publication"].sections
    assert len(queries) == 1
    with CaptureQueriesContext(connection) as queries:
        assert not context["meter"]
        assert not context["meter"]
    assert 0 < len(queries) <= 2


def test_the_desk_gets_no_meter() -> None:
    assert "meter" not in publication(RequestFactory().get("/desk/pages/"))


@pytest.mark.parametrize("template", ["404.html", "403_csrf.html", "broadsheet/refused.html"])
def test_a_page_for_what_went_wrong_asks_no_database(template: str) -> None:
    # Without the mark of pytest-django a query is an error.
    page = render_to_string(template, {"kept": "<b>mine</b>"}, RequestFactory().get("/"))
    assert "The Harbour Post" in page
    assert "<b>mine" not in page
    assert ("&lt;b&gt;mine&lt;/b&gt;" in page) == (template == "broadsheet/refused.html")


def test_the_last_resort_needs_no_context_at_all() -> None:
    assert "Something went wrong" in render_to_string("500.html")


def test_a_language_from_right_to_left_turns_the_page(settings: Settings) -> None:
    settings.LANGUAGE_CODE = "ar"
    page = render_to_string("404.html", {}, RequestFactory().get("/"))
    assert '<html lang="ar" dir="rtl">' in page


@pytest.mark.parametrize(
    ("title", "joined"),
    [("", "A &amp; B"), (" Ferry\n", "Ferry | A &amp; B"), ("&lt;i&gt;", "&lt;i&gt; | A &amp; B")],
)
def test_a_page_title_ends_with_the_publication(title: str, joined: str) -> None:
    assert with_publication(title, "A & B") == joined
