"""A publisher brings a WordPress site into a newsroom that is being served, and reads it there."""

import re
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from browsing import Reading, compose, reading, violations
from formats.wxr_text import comment, export, item
from homes import Homes
from serving import Server, serve

pytestmark = [pytest.mark.browser, pytest.mark.deep]

CLASSIC = (
    "<content:encoded><![CDATA[The mill has stood since 1811.\n\n<strong>It turns again</strong> "
    'from Monday.\n\n<img class="alignnone" src="https://post.example/wp-content/uploads/2024/03/'
    'mill.jpg" alt="The mill from the quay" />\n\n<script>alert(1)</script>\n\n[sail_list id="4"]'
    "]]></content:encoded>"
)
BLOCKS = (
    "<content:encoded><![CDATA[<!-- wp:heading --><h2>What it grinds</h2><!-- /wp:heading -->"
    "<!-- wp:paragraph --><p>Barley, mostly.</p><!-- /wp:paragraph -->"
    "<!-- wp:quote --><blockquote><p>It was never for sale.</p><cite>Wren Ashby</cite></blockquote>"
    "<!-- /wp:quote -->]]></content:encoded>"
)
WATER = '<category domain="category" nicename="water"><![CDATA[On the water]]></category>'
TALK = "".join(
    (
        comment(comment_id="501", comment_author="Wren", comment_content="At last."),
        comment(
            comment_id="502",
            comment_parent="501",
            comment_author="Odd Fell",
            comment_content="Who pays for the sails?",
            comment_date_gmt="2025-03-01 10:00:00",
        ),
        comment(
            comment_id="503",
            comment_parent="502",
            comment_author="Wren",
            comment_content="The guild does.",
            comment_date_gmt="2025-03-01 11:00:00",
        ),
        comment(comment_id="504", comment_content="Waits to be read.", comment_approved="0"),
        comment(comment_id="505", comment_content="Thrown away.", comment_approved="trash"),
        comment(
            comment_id="506",
            comment_author="Lise Moor",
            comment_content="Bring the children.",
            comment_date_gmt="2025-03-02 09:00:00",
        ),
    )
)
OLD_SITE = export(
    "<wp:author><wp:author_id>3</wp:author_id><wp:author_login>ines</wp:author_login>"
    "<wp:author_email>ines@post.example</wp:author_email>"
    "<wp:author_display_name>Ines Halloran</wp:author_display_name></wp:author>",
    item(
        "<link>https://post.example/2024/03/the-old-mill/</link><dc:creator>ines</dc:creator>",
        WATER,
        CLASSIC,
        TALK,
        title="The old mill turns again",
        post_id="101",
        post_name="the-old-mill",
        post_date="2024-03-04 08:00:00",
        post_date_gmt="2024-03-04 07:00:00",
        comment_status="open",
    ),
    item(
        "<link>https://post.example/2024/03/what-it-grinds/</link><dc:creator>ines</dc:creator>",
        WATER,
        BLOCKS,
        title="What the mill grinds",
        post_id="102",
        post_name="what-it-grinds",
        post_date="2024-03-05 08:00:00",
        post_date_gmt="2024-03-05 07:00:00",
        comment_status="closed",
    ),
    item(
        "<link>https://post.example/about/</link>",
        "<content:encoded><![CDATA[Four people and a kettle.]]></content:encoded>",
        title="About us",
        post_id="103",
        post_name="about",
        post_type="page",
        post_date_gmt="2024-03-05 07:00:00",
    ),
    item(
        "<link>https://post.example/?attachment_id=104</link>",
        title="mill",
        post_id="104",
        post_type="attachment",
        status="inherit",
        post_parent="101",
        attachment_url="https://post.example/wp-content/uploads/2024/03/mill.jpg",
    ),
)


@pytest.fixture(scope="module")
def brought(homes: Homes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str]]:
    """A newsroom that was being served while an export came in, and what the command said."""
    folder = tmp_path_factory.mktemp("export")
    file, uploads = folder / "harbour.xml", folder / "uploads"
    file.write_text(OLD_SITE, encoding="utf-8")
    (uploads / "2024" / "03").mkdir(parents=True)
    Image.new("RGB", (1600, 900), "teal").save(uploads / "2024" / "03" / "mill.jpg")
    home = homes.empty()
    with serve(home.path, **home.environ, BROADSHEET_TRUSTED_PROXIES="127.0.0.1/32") as server:
        done = home.run("import", "wordpress", str(file), "--media", str(uploads))
        assert done.returncode == 0, done.stderr
        again = home.run("import", "wordpress", str(file), "--media", str(uploads))
        assert again.returncode == 0, again.stderr
        yield server, done.stdout


@pytest.fixture
def site(chromium: Browser, brought: tuple[Server, str]) -> Iterator[Reading]:
    with reading(chromium, brought[0]) as windows:
        yield windows


def test_what_could_not_be_carried_is_reported(brought: tuple[Server, str]) -> None:
    assert "sail_list" in brought[1]


def test_the_stories_stand_in_their_section(site: Reading) -> None:
    window = site.window()
    window.goto("/")
    expect(window.page.locator("article.card")).to_have_count(2)
    window.page.get_by_role("navigation", name="Sections").get_by_role(
        "link", name="On the water"
    ).click()
    expect(window.page.get_by_role("heading", level=1)).to_have_text("On the water")
    window.page.get_by_role("link", name="What the mill grinds").click()
    expect(window.page.locator(".body h2")).to_have_text("What it grinds")
    expect(window.page.locator("figure.quote")).to_contain_text("It was never for sale.")
    expect(window.page.locator("figure.quote")).to_contain_text("Wren Ashby")
    window.goto("/about/")
    expect(window.page.locator(".body")).to_contain_text("Four people and a kettle.")


def test_a_story_has_its_picture_its_byline_and_no_script(site: Reading) -> None:
    window = site.window()
    window.goto("/2024/03/the-old-mill/")
    # The old address led to the new one.
    expect(window.page).to_have_url(
        re.compile(r"/on-the-water/the-old-mill/$|/water/the-old-mill/$")
    )
    expect(window.page.locator("h1")).to_have_text("The old mill turns again")
    expect(window.page.locator("article[data-story] p.by")).to_have_text("Ines Halloran")
    expect(window.page.locator(".body strong, .body b")).to_have_text("It turns again")
    picture = window.page.locator("article.story img")
    expect(picture).to_have_attribute("alt", "The mill from the quay")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", value=True)
    assert picture.evaluate("image => image.naturalWidth") > 0
    assert "uploads" not in str(picture.get_attribute("src"))
    page = window.page.content()
    assert "alert(1)" not in page
    assert "sail_list" not in page


def test_the_discussion_came_along_and_goes_on(site: Reading) -> None:
    window = site.window()
    window.goto("/?p=101")
    page = window.page
    expect(page.locator("article[data-comment]")).to_have_count(4)
    first = window.comment_saying("At last.")
    second = window.comment_saying("Who pays for the sails?")
    third = window.comment_saying("The guild does.")
    for above, below in ((first, second), (second, third)):
        expect(below).to_have_attribute("data-parent", str(above.get_attribute("data-comment")))
    expect(third.locator("time").first).to_have_attribute("datetime", re.compile("^2025-03-01T11"))
    for hidden in ("Waits to be read.", "Thrown away."):
        expect(page.get_by_text(hidden)).to_have_count(0)
    # An old link to a comment, as it may stand on another site.
    window = site.window()
    page, third = window.page, window.comment_saying("The guild does.")
    window.goto("/2024/03/the-old-mill/#comment-503")
    expect(third).to_be_in_viewport()
    # And where the page does not show it: its anchor leads to where it stands.
    window.goto(f"/c/{third.get_attribute('data-comment')}/#comment-506")
    expect(window.comment_saying("Bring the children.")).to_be_in_viewport()
    expect(page).to_have_url(re.compile(r"/c/\d+/#c\d+$"))
    window.goto("/2024/03/the-old-mill/#comment-503")
    compose(window, "I remember when it stopped.")
    expect(page.locator(".held")).to_contain_text("I remember when it stopped.")


def test_an_imported_story_is_fit_for_everybody(site: Reading) -> None:
    window = site.window()
    for path in ("/?p=101", "/?p=102", "/about/"):
        window.goto(path)
        assert violations(window.page) == []
