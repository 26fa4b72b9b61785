"""What a post becomes: its place, people and text; and what happens when it is imported again."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from broadsheet.importing.api import Report, old_address
from formats.wxr_text import fields, item, meta
from importing.conftest import Importer
from importing.reading import get, html, model, page, row_counts, story

type Bring = Callable[..., Report]

DATED = {"post_date_gmt": "2025-03-01 10:00:00"}


def content(text: str) -> str:
    return f"<content:encoded><![CDATA[{text}]]></content:encoded>"


def excerpt(text: str) -> str:
    return f"<excerpt:encoded><![CDATA[{text}]]></excerpt:encoded>"


def label(domain: str, slug: str, name: str) -> str:
    return f'<category domain="{domain}" nicename="{slug}"><![CDATA[{name}]]></category>'


def by(login: str) -> str:
    return f"<dc:creator><![CDATA[{login}]]></dc:creator>"


def author(login: str, name: str, number: str = "3") -> str:
    return (
        "<wp:author>"
        + fields(author_login=login, author_id=number, author_display_name=name)
        + "</wp:author>"
    )


def category(slug: str, name: str, **more: str) -> str:
    return (
        "<wp:category>"
        + fields(category_nicename=slug, cat_name=name, category_parent="", **more)
        + "</wp:category>"
    )


def url(found: Any) -> str:
    return "/" + str(found.url_path.split("/", 2)[2])


def test_a_story_comes_in_whole(bring: Bring) -> None:
    bring(
        author("wren", "Wren Aldous"),
        category("harbour", "Harbour"),
        item(
            "<link>https://post.example/2025/03/01/ferry/</link>",
            by("wren"),
            excerpt("It was <em>late</em> again."),
            content(
                "First.\n\n<h2>Then</h2>\n<blockquote>Never!<cite>The captain</cite></blockquote>"
                "<ul><li>one</li></ul><table><tr><td>x</td></tr></table>[box]kept[/box]"
                "<script>alert(1)</script>"
            ),
            label("category", "harbour", "Harbour"),
            label("category", "town", "Town"),
            label("post_tag", "ferry", "Ferry"),
            post_name="ferry",
            **DATED,
        ),
    )
    found = story("ferry")
    assert url(found) == "/harbour/ferry/"
    assert found.title == "Ferry late again"
    assert found.standfirst == "It was late again."
    assert found.first_published_at == datetime(2025, 3, 1, 10, tzinfo=UTC)
    assert [byline.person.name for byline in found.bylines.all()] == ["Wren Aldous"]
    assert {tag.name for tag in found.tags.all()} == {"Ferry", "Town"}
    assert found.language == "en-GB"
    kinds = [block.block_type for block in found.body]
    assert kinds == ["paragraph", "heading", "quote", "list", "html", "paragraph"]
    seen = html("/harbour/ferry/")
    assert "[box]" not in seen
    assert "alert(1)" not in seen
    assert "The captain" in seen
    assert "Wren Aldous" in seen
    assert 'lang="en-GB"' in seen
    assert "Ferry late again" in html("/harbour/")


@pytest.mark.parametrize(
    ("values", "live", "note"),
    [
        ({"status": "publish"}, True, ""),
        ({"status": "publish", "post_password": "x"}, False, "password"),
        ({"status": "private"}, False, "private"),
        ({"status": "draft"}, False, "draft"),
        ({"status": "pending"}, False, "pending"),
        ({"status": ""}, False, "status"),
        ({"status": "archived"}, False, "status"),
        ({"status": "future", "post_date_gmt": "2026-01-01 00:00:00"}, False, "overdue"),
        ({"status": "future", "post_date_gmt": "2027-01-01 00:00:00"}, False, "scheduled"),
    ],
)
def test_what_was_not_public_stays_so(
    bring: Bring, values: dict[str, str], *, live: bool, note: str
) -> None:
    report = bring(
        item("<link>https://post.example/old/</link>", post_name="ferry", **(DATED | values))
    )
    found = story("ferry")
    assert found.live is live
    assert get("/news/ferry/").status_code == (200 if live else 404)
    assert get(f"/s/{found.uuid}/").status_code == (301 if live else 404)
    assert (old_address("/old/", "") is not None) is live
    assert (old_address("/", "p=7") is not None) is live
    assert "Ferry late again" not in html("/news/") or live
    assert "Ferry late again" not in html("/") or live
    assert not note or report.count(note) == 1
    assert (found.go_live_at is not None) is (note == "scheduled")


def test_what_is_left_out_is_counted(bring: Bring) -> None:
    report = bring(
        item(status="trash"),
        item(status="auto-draft", post_id="8"),
        item(post_type="wp_navigation", post_id="9"),
        item(post_type="attachment", post_id="10", attachment_url="https://post.example/a.exe"),
    )
    assert model("StoryPage").objects.count() == model("NewsImage").objects.count() == 0
    assert [report.count(code) for code in ("trash", "auto_draft", "type", "file")] == [1] * 4
    assert "wp_navigation" in report.markdown()


def test_sections(bring: Bring) -> None:
    bring(
        category("desk", "Desk", term_id="5"),
        category("sea", "Sea &amp; Shore", term_id="6"),
        item(label("category", "uncategorized", "Uncategorized"), post_name="a", **DATED),
        item(label("category", "desk", "Desk"), post_name="b", post_id="8", title="B", **DATED),
        item(
            label("category", "desk", "Desk"),
            label("category", "sea", "Sea"),
            meta("postmeta", [("_yoast_wpseo_primary_category", "6")]),
            post_name="c",
            post_id="9",
            title="C",
            **DATED,
        ),
    )
    assert url(story("a")) == "/news/a/"
    # /desk/ is the newsroom's own.
    assert url(story("b")) == "/desk-2/b/"
    assert url(story("c")) == "/sea/c/"
    assert {tag.name for tag in story("c").tags.all()} == {"Desk"}
    assert model("SectionPage").objects.get(slug="sea").title == "Sea & Shore"
    assert old_address("/category/sea/", "") == "/sea/"
    assert old_address("/", "cat=6") == "/sea/"
    assert old_address("/category/sea/feed/", "") == "/feed.xml"


def test_a_section_of_the_same_name_is_taken_over(bring: Bring, newsroom: Any) -> None:
    section = newsroom.add_child(instance=model("SectionPage")(title="Nouvelles", slug="news"))
    report = bring(item(post_name="a", **DATED))
    assert story("a").get_parent().pk == section.pk
    assert model("SectionPage").objects.get().title == "Nouvelles"
    assert report.outcome("section", "adopted") == 1


def test_pages_are_nested_whatever_their_order(bring: Bring) -> None:
    report = bring(
        item(post_type="page", post_id="3", post_parent="2", post_name="c", title="C"),
        item(post_type="page", post_id="2", post_parent="1", post_name="b", title="B"),
        item(content("Top."), post_type="page", post_id="1", post_name="a", title="A"),
        item(post_type="page", post_id="4", post_parent="99", post_name="d", title="D"),
        item(post_type="page", post_id="5", post_parent="6", post_name="e", title="E"),
        item(post_type="page", post_id="6", post_parent="5", post_name="f", title="F"),
    )
    assert url(page("c")) == "/a/b/c/"
    assert page("a").live
    assert "Top." in html("/a/")
    assert url(page("d")) == "/d/"
    assert {url(page("e")), url(page("f"))} in ({"/f/e/", "/f/"}, {"/e/", "/e/f/"})
    assert report.outcome("page", "new") == 6
    assert old_address("/", "page_id=3") == "/a/b/c/"


def test_addresses_that_are_taken_get_another(bring: Bring) -> None:
    report = bring(
        item(post_name="same", title="One", **DATED),
        item(post_name="same", title="Two", post_id="8", **DATED),
        item(post_name="%e4%bd%a0%e5%a5%bd", title="Three", post_id="9", **DATED),
        item(post_name="", title="Über uns!", post_id="10", **DATED),
        item(post_type="page", post_name="support", title="Help", post_id="11", **DATED),
    )
    assert {found.slug for found in model("StoryPage").objects.all()} == {
        "same",
        "same-2",
        "你好",
        "über-uns",
    }
    assert page("support-2").title == "Help"
    assert report.count("slug_changed") == 2
    assert get("/news/你好/").status_code == 200


def test_titles_are_text_and_never_missing(bring: Bring) -> None:
    report = bring(
        item(title="A &lt;em&gt;late&lt;/em&gt; ferry &amp;amp; more", post_name="a", **DATED),
        item(content("The ferry is late."), title="", post_name="b", post_id="8", **DATED),
        item(excerpt("word " * 300), title="x " * 200, post_name="c", post_id="9", **DATED),
    )
    assert story("a").title == "A late ferry & more"
    assert story("b").title == "The ferry is late."
    assert len(story("c").title) <= 255
    assert len(story("c").standfirst) <= 600
    assert story("c").standfirst.endswith("word…")
    codes = ("title_made", "title_cut", "standfirst_cut")
    assert [report.count(code) for code in codes] == [1, 1, 1]


def test_the_same_entry_twice_in_a_file_comes_in_once(bring: Bring) -> None:
    report = bring(item(post_name="a", **DATED), item(post_name="a", **DATED))
    assert model("StoryPage").objects.count() == 1
    assert report.count("twice") == 1


def test_local_dates_are_those_of_the_publishers_zone(bring: Bring, settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    bring(item(post_name="a", post_date="2025-07-01 12:00:00"))
    assert story("a").first_published_at == datetime(2025, 7, 1, 10, tzinfo=UTC)


# -- again -----------------------------------------------------------------------------------------


def test_a_changed_export_brings_an_untouched_story_up_to_date(bring: Bring) -> None:
    def post(text: str, *labels: str, **values: str) -> str:
        return item(content(text), *labels, post_name="a", **(DATED | values))

    bring(author("wren", "Wren"), item(content("One."), by("wren"), post_name="a", **DATED))
    before = story("a")
    report = bring(
        author("mo", "Mo"),
        item(
            content("Two."),
            by("mo"),
            label("category", "sea", "Sea"),
            label("post_tag", "tide", "Tide"),
            post_name="a",
            title="Better",
            **DATED,
        ),
    )
    after = story("a")
    assert report.outcome("story", "updated") == 1
    assert (after.pk, after.uuid, after.title) == (before.pk, before.uuid, "Better")
    assert [byline.person.name for byline in after.bylines.all()] == ["Mo"]
    assert [tag.name for tag in after.tags.all()] == ["Tide"]
    assert "Two." in html("/sea/a/")
    assert after.live_revision_id == after.latest_revision_id
    assert not after.has_unpublished_changes
    # Taken back in WordPress: taken back here.
    bring(post("Two.", status="private"))
    assert get("/sea/a/").status_code == get("/news/a/").status_code == 404


def test_a_story_that_was_edited_here_is_left_alone(bring: Bring) -> None:
    bring(item(content("One."), post_name="a", **DATED))
    page = story("a")
    page.title = "Edited here"
    page.save_revision().publish()
    report = bring(item(content("Two."), post_name="a", **DATED))
    assert report.outcome("story", "edited") == report.count("edited") == 1
    seen = html("/news/a/")
    assert "Edited here" in seen
    assert "One." in seen
    # Not even a draft of an editor's is overwritten.
    assert story("a").latest_revision_id == page.latest_revision_id


def test_a_story_taken_back_here_is_not_published_again(bring: Bring) -> None:
    bring(item(content("One."), post_name="a", **DATED))
    story("a").unpublish()
    report = bring(item(content("Two."), post_name="a", **DATED))
    assert report.outcome("story", "edited") == 1
    assert not story("a").live


def test_a_story_deleted_here_does_not_come_back(bring: Bring) -> None:
    bring(item(post_name="a", **DATED))
    story("a").delete()
    report = bring(item(content("Two."), post_name="a", **DATED))
    assert report.outcome("story", "deleted") == 1
    assert model("StoryPage").objects.count() == 0


def test_a_draft_of_wordpress_that_was_published_there_is_published_here(bring: Bring) -> None:
    bring(item(content("One."), post_name="a", status="draft"))
    bring(item("<link>https://post.example/a/</link>", content("One."), post_name="a", **DATED))
    assert "One." in html("/news/a/")
    assert old_address("/a/", "") == "/news/a/"


def test_a_scheduled_story_is_published_by_the_scheduler(bring: Bring) -> None:
    from django.core.management import call_command

    bring(item(post_name="a", status="future", post_date_gmt="2026-06-13 10:00:00"))
    found = story("a")
    found.latest_revision.approved_go_live_at = datetime(2025, 1, 1, tzinfo=UTC)
    found.latest_revision.save()
    call_command("publish_scheduled_pages", verbosity=0)
    assert story("a").live


def test_two_sites_do_not_meet(importer: Importer) -> None:
    from formats.wxr_text import comment, export

    one = export(item(comment(comment_id="1"), post_name="a", title="One", **DATED))
    importer.bring(one)
    report = importer.bring(one.replace("post.example", "other.example").replace("One", "Two"))
    assert report.outcome("story", "new") == report.outcome("comment", "new") == 1
    assert {found.title for found in model("StoryPage").objects.all()} == {"One", "Two"}
    before = row_counts()
    importer.bring(one)
    assert row_counts() == before


def test_the_scheme_of_the_site_does_not_matter(importer: Importer) -> None:
    from formats.wxr_text import export

    text = export(item(post_name="a", **DATED))
    importer.bring(text)
    report = importer.bring(text.replace("https://post.example", "http://www.post.example/"))
    assert report.outcome("story", "same") == 1
