"""What the reader makes of the fields, on exports written for it."""

from datetime import UTC, datetime

import pytest

from broadsheet.formats.api import (
    Author,
    Comment,
    CommentKind,
    CommentState,
    Finished,
    Item,
    ItemRest,
    Label,
    Meta,
    Site,
    Term,
)
from formats.wxr_text import comment, events, export, fields, item, meta, only


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
def test_every_version_and_both_spellings_of_the_namespace(version: str, scheme: str) -> None:
    text = export(item(comment()), version=version, scheme=scheme)
    assert [type(event) for event in events(text)] == [Site, Item, Comment, Finished]


def test_site() -> None:
    (site,) = only(Site, export())
    assert (site.title, site.language, site.version) == ("The Harbour Post", "en-GB", "1.2")
    assert site.base_url == "https://post.example"
    assert site.site_url == "https://network.example"


def test_a_site_without_posts_is_empty_and_no_error() -> None:
    assert [type(event) for event in events("<rss><channel/></rss>")] == [Site, Finished]
    assert only(Finished, export()) == [Finished(0, 0, 10, 0)]


def test_author() -> None:
    named = fields(
        author_login="mira", author_email="mira@post.example", author_display_name="Mira"
    )
    (author,) = only(Author, export(f"<wp:author>{named}</wp:author>"))
    assert (author.login, author.id, author.display_name) == ("mira", "", "Mira")
    assert author.line == 9


def test_terms_in_their_three_spellings() -> None:
    category = fields(
        term_id="3", category_nicename="port", category_parent="town", cat_name="Port"
    )
    tag = fields(tag_slug="ferry", tag_name="Ferry", tag_description="Boats")
    other = fields(term_taxonomy="series", term_slug="long-read", term_name="Long read")
    found = only(
        Term,
        export(
            f"<wp:category>{category}</wp:category>",
            f"<wp:tag>{tag}</wp:tag>",
            f"<wp:term>{other}</wp:term>",
        ),
    )
    assert [(term.taxonomy, term.slug, term.name) for term in found] == [
        ("category", "port", "Port"),
        ("post_tag", "ferry", "Ferry"),
        ("series", "long-read", "Long read"),
    ]
    assert (found[0].id, found[0].parent, found[1].description) == ("3", "town", "Boats")


def test_item() -> None:
    text = export(
        item(
            "<link>https://post.example/late/</link><guid>https://post.example/?p=7</guid>",
            "<dc:creator>mira</dc:creator><content:encoded><![CDATA[<p>Late.</p>]]></content:encoded>",
            "<excerpt:encoded>Late</excerpt:encoded>",
            '<category domain="category" nicename="port">Port</category>',
            '<category domain="tag" nicename="ferry">Ferry</category>',
            "<category>Port</category>",
            meta("postmeta", [("_thumbnail_id", "12")]),
            post_name="late",
            post_date="2025-03-01 10:00:00",
            post_date_gmt="2025-03-01 09:00:00",
            post_modified_gmt="2025-03-02 09:00:00",
            post_parent="0",
            menu_order="4",
            comment_status="open",
            is_sticky="1",
        )
    )
    (found,) = only(Item, text)
    assert (found.number, found.post_id, found.type, found.status) == (1, "7", "post", "publish")
    assert (found.title, found.slug, found.creator) == ("Ferry late again", "late", "mira")
    assert (found.link, found.guid) == ("https://post.example/late/", "https://post.example/?p=7")
    assert (found.content, found.excerpt) == ("<p>Late.</p>", "Late")
    assert found.published_local == datetime(2025, 3, 1, 10)  # noqa: DTZ001 - local on purpose
    assert found.published_utc == datetime(2025, 3, 1, 9, tzinfo=UTC)
    assert found.modified_utc == datetime(2025, 3, 2, 9, tzinfo=UTC)
    assert (found.parent, found.menu_order, found.is_sticky) == ("", 4, True)
    assert found.labels == (Label("category", "port", "Port"), Label("post_tag", "ferry", "Ferry"))
    assert found.meta == (Meta("_thumbnail_id", "12"),)
    assert found.first_meta("_thumbnail_id") == "12"
    assert found.first_meta("nothing") == ""
    assert found.line == 9


def test_a_password_is_known_of_but_not_kept() -> None:
    (closed,) = only(Item, export(item(post_password="ahoy")))
    assert closed.has_password
    assert "ahoy" not in repr(events(export(item(post_password="ahoy"))))
    assert not only(Item, export(item(post_password="")))[0].has_password


def test_zero_and_broken_dates_are_no_dates() -> None:
    (draft,) = only(
        Item, export(item(post_date="2025-03-01 10:00:00", post_date_gmt="0000-00-00 00:00:00"))
    )
    assert draft.published_utc is None
    assert draft.published_local is not None
    (said,) = only(
        Comment,
        export(item(comment(comment_date="2025-02-30 10:00:00", comment_date_gmt="yesterday"))),
    )
    assert (said.date_local, said.date_utc) == (None, None)


def test_the_feed_date_stands_in_only_where_there_is_no_other() -> None:
    feed = "<pubDate>Sat, 01 Mar 2025 10:00:00 +0100</pubDate>"
    (found,) = only(Item, export(item(feed)))
    assert found.published_utc == datetime(2025, 3, 1, 9, tzinfo=UTC)
    (other,) = only(Item, export(item(feed, post_date="2024-03-01 10:00:00")))
    assert other.published_utc is None
    (broken,) = only(Item, export(item("<pubDate>soon</pubDate>")))
    assert broken.published_utc is None


def test_the_first_value_of_a_field_counts() -> None:
    twice = item("<wp:post_id>99</wp:post_id>")
    assert only(Item, export(twice))[0].post_id == "7"


def test_comments_follow_their_item_and_are_numbered() -> None:
    text = export(
        item(comment(comment_id="5"), comment(comment_id="5", comment_parent="5")),
        item(comment(comment_id="5"), post_id="8"),
    )
    kinds = [type(event) for event in events(text)]
    assert kinds == [Site, Item, Comment, Comment, Item, Comment, Finished]
    found = only(Comment, text)
    assert [(c.number, c.item, c.id, c.parent) for c in found] == [
        (1, 1, "5", ""),
        (2, 1, "5", "5"),
        (3, 2, "5", ""),
    ]


@pytest.mark.parametrize(
    ("approved", "state"),
    [
        ("1", CommentState.APPROVED),
        ("0", CommentState.PENDING),
        ("hold", CommentState.PENDING),
        ("trash", CommentState.TRASH),
        ("post-trashed", CommentState.TRASH),
        ("spam", CommentState.SPAM),
        ("", CommentState.UNKNOWN),
        ("yes please", CommentState.UNKNOWN),
    ],
)
def test_states(approved: str, state: CommentState) -> None:
    (found,) = only(Comment, export(item(comment(comment_approved=approved))))
    assert found.state is state


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("", CommentKind.COMMENT),
        ("comment", CommentKind.COMMENT),
        ("wpdiscuz_sticky", CommentKind.COMMENT),
        ("pingback", CommentKind.PINGBACK),
        ("trackback", CommentKind.TRACKBACK),
        ("review", CommentKind.OTHER),
        ("order_note", CommentKind.OTHER),
        ("private", CommentKind.OTHER),
        ("note", CommentKind.OTHER),
    ],
)
def test_kinds(written: str, kind: CommentKind) -> None:
    (found,) = only(Comment, export(item(comment(comment_type=written))))
    assert found.kind is kind


def test_a_comment_may_lack_nearly_everything() -> None:
    bare = "<item><title>x</title><wp:comment><wp:comment_id>1</wp:comment_id></wp:comment></item>"
    (found,) = only(Comment, export(bare))
    assert (found.id, found.author, found.parent, found.type) == ("1", "", "", "")
    assert (found.kind, found.state) == (CommentKind.COMMENT, CommentState.UNKNOWN)


def test_a_comment_points_to_its_author_and_to_a_parent_that_is_not_there() -> None:
    (found,) = only(Comment, export(item(comment(comment_user_id="3", comment_parent="404"))))
    assert (found.user_id, found.parent) == ("3", "404")


def test_type_and_status_behind_the_comments_still_reach_the_item() -> None:
    late = fields(post_type="page", status="draft")
    text = export(f"<item><title>x</title>{comment()}{comment(comment_id='2')}{late}</item>")
    assert [type(event) for event in events(text)] == [Site, Item, Comment, Comment, Finished]
    (found,) = only(Item, text)
    assert (found.type, found.status) == ("page", "draft")


def test_what_comes_behind_the_comments_is_delivered_apart() -> None:
    late = meta("postmeta", [("k", "v")]) + fields(post_name="x")
    late += '<category domain="category" nicename="port">Port</category>'
    text = export(item(comment(), late))
    assert [type(event) for event in events(text)] == [Site, Item, Comment, ItemRest, Finished]
    (rest,) = only(ItemRest, text)
    assert (rest.item, rest.meta, rest.fields) == (1, (Meta("k", "v"),), ("wp:post_name",))
    assert rest.labels == (Label("category", "port", "Port"),)


def test_a_prefix_bound_to_another_vocabulary_is_not_read() -> None:
    foreign = (
        '<wp:comment xmlns:wp="http://wordpress.org/export/1.2/fake/">'
        + fields(comment_id="666")
        + "</wp:comment>"
    )
    deeper = f"<x xmlns='u:v'>{fields(meta_key='no')}</x>"
    inside = f"<wp:postmeta>{fields(meta_key='real')}{deeper}</wp:postmeta>"
    text = export(item(foreign, inside))
    assert only(Comment, text) == []
    assert only(Item, text)[0].meta == (Meta("real", ""),)


def test_another_prefix_for_the_same_vocabulary_is_read() -> None:
    other = '<e:post_name xmlns:e="https://wordpress.org/export/1.1/">late</e:post_name>'
    assert only(Item, export(item(other)))[0].slug == "late"


@pytest.mark.parametrize(
    "encoded",
    [
        b"\xef\xbb\xbf" + export(item()).encode(),
        b"\n \n" + export(item()).encode(),
        b"\xef\xbb\xbf\r\n" + export(item()).encode(),
        export(item()).replace("UTF-8", "UTF-16").encode("utf-16"),
        export(item()).replace("UTF-8", "windows-1252").encode("windows-1252"),
    ],
)
def test_marks_white_space_and_encodings(encoded: bytes) -> None:
    assert only(Item, encoded)[0].title == "Ferry late again"


def test_lines_count_from_the_top_of_the_file() -> None:
    assert only(Item, "\n\n" + export(item()))[0].line == 11


def test_control_characters_are_left_out_and_counted() -> None:
    text = export(item(title="Ferry\x0b late\x00 again"))
    assert only(Item, text)[0].title == "Ferry late again"
    assert only(Finished, text)[0].control_characters == 2
