"""What posts become, in the words of The Harbour Post."""

from typing import Any

import pytest

from broadsheet.formats.api import (
    AttachedImages,
    Block,
    Finding,
    FindingKind,
    Heading,
    Image,
    InlineFeedback,
    ListBlock,
    Paragraph,
    Quote,
    RawHtml,
    plain_text,
    story_content,
)

BASE = "https://post.example"
PIER = "https://post.example/wp-content/uploads/pier.jpg"


def blocks(html: str) -> list[Block]:
    return list(story_content(html, base_url=BASE).blocks)


def paragraphs(html: str) -> list[str]:
    found = blocks(html)
    assert all(isinstance(block, Paragraph) for block in found)
    return [block.html for block in found if isinstance(block, Paragraph)]


def findings(html: str) -> list[tuple[FindingKind, str, int]]:
    return [(f.kind, f.detail, f.count) for f in story_content(html, base_url=BASE).findings]


def picture(**values: Any) -> Image:
    filled = {"source_url": "", "attachment_id": "", "alt": "", "caption_html": "", "credit": ""}
    return Image(**{**filled, "link": "", **values})


# -- text ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("", []),
        (" \n\n <p>&nbsp;</p>", []),
        ("The ferry is late.", ["The ferry is late."]),
        ("One.\n\nTwo.\r\n\r\nThree.", ["One.", "Two.", "Three."]),
        ("One,\ntwo.", ["One,<br>two."]),
        ("One,<br />\ntwo.", ["One,<br>two."]),
        ("One,<br><br>two.", ["One,", "two."]),
        ("One,\n \t\n\n  two.", ["One,", "two."]),
        ("<b>bold\n\nstill bold</b>", ["<b>bold</b>", "<b>still bold</b>"]),
        ("<p>One.<p>Two.", ["One.", "Two."]),
        ("<div>One.<p>Two.</p>Three.</div>", ["One.", "Two.", "Three."]),
        ("a < b &amp; c &lt;d&gt; &copy;", ["a &lt; b &amp; c &lt;d&gt; ©"]),
        ("a\x0b\x00b", ["ab"]),
        ("One.<!--more-->Two.<!--nextpage-->Three.", ["One.", "Two.", "Three."]),
        ("One.<!--more read on-->Two.", ["One.", "Two."]),
        ("the <q>end</q>", ["the “end”"]),
        ("x <img class='wp-smiley' alt='🙂' src='/s.png'> y", ["x 🙂 y"]),
        ("<pre class='wp-block-verse'>Row,\n<em>row</em></pre>", ["Row,<br><i>row</i>"]),
    ],
)
def test_classic_paragraphs(html: str, expected: list[str]) -> None:
    assert paragraphs(html) == expected


def test_newlines_mean_nothing_in_the_block_editor() -> None:
    html = "<!-- wp:paragraph -->\n<p>One,\n\ntwo.</p>\n<!-- /wp:paragraph -->\n\nLoose.\n\nText."
    assert paragraphs(html) == ["One, two.", "Loose.", "Text."]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<strong>a</strong> <em>b</em>", "<b>a</b> <i>b</i>"),
        ("<b><strong>a</strong></b><b>b</b>", "<b>ab</b>"),
        ("<i><b>a</b></i>", "<b><i>a</i></b>"),
        ("<b>a<i>b</b>c</i>", "<b>a<i>b</i></b>c"),
        ("<del>a</del><ins>b</ins><u>c</u>", "<s>a</s>bc"),
        ("H<sub>2</sub>O <kbd>x</kbd>", "H<sub>2</sub>O <code>x</code>"),
        ("<b> a </b>b<i></i>", "<b>a</b> b"),
        ('<span style="font-weight: 700">a</span>', "<b>a</b>"),
        ('<b style="font-weight:normal">a</b>', "a"),
        ('<span style="font-style: italic">a</span>', "<i>a</i>"),
        ("<font color=red>a</font><o:p>b</o:p>", "ab"),
    ],
)
def test_inline_formats(html: str, expected: str) -> None:
    assert paragraphs(html) == [expected]


@pytest.mark.parametrize(
    ("href", "kept"),
    [
        ("https://orrin.example/a?b=1&copy=2", "https://orrin.example/a?b=1&amp;copy=2"),
        ("/about/", "https://post.example/about/"),
        ("//orrin.example/x", "https://orrin.example/x"),
        ("mailto:desk@post.example", "mailto:desk@post.example"),
        ("https://orrin.example/a b", "https://orrin.example/a%20b"),
    ],
)
def test_links(href: str, kept: str) -> None:
    assert paragraphs(f'<a href="{href}" onclick="x()">ferry</a>') == [
        f'<a href="{kept}">ferry</a>'
    ]


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "JaVaScRiPt&colon;alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "ftp://x.example/",
        "http://",
        "http://[",
        "mailto:",
        "x" * 3000,
    ],
)
def test_links_that_go(href: str) -> None:
    assert paragraphs(f'<a href="{href}">ferry</a>') == ["ferry"]
    assert [kind for kind, _, _ in findings(f'<a href="{href}">x</a>')] == [
        FindingKind.LINK_REMOVED
    ]


def test_links_within_the_page_go_quietly() -> None:
    assert paragraphs('<sup><a href="#note-1">1</a></sup>') == ["<sup>1</sup>"]
    assert findings('<a href="#note-1">1</a>') == []


def test_without_a_base_relative_links_go() -> None:
    (block,) = story_content('<a href="/about/">about</a>').blocks
    assert block == Paragraph("about")


def test_an_address_on_its_own_line_becomes_a_link() -> None:
    html = "See:\nhttps://video.example/w?v=1\n\nhttps://video.example/w?v=2"
    one, two = (f"https://video.example/w?v={number}" for number in (1, 2))
    assert paragraphs(html) == [f'See:<br><a href="{one}">{one}</a>', f'<a href="{two}">{two}</a>']
    assert findings(html) == [(FindingKind.EMBED, "video.example", 2)]
    assert paragraphs("at https://video.example/ we") == ["at https://video.example/ we"]


# -- headings, lists, quotes -----------------------------------------------------------------------


def test_headings() -> None:
    html = "<h1>A</h1><h2><strong>B</strong></h2><h3>C <i>d</i></h3><h6>E</h6><h2> </h2>"
    assert blocks(html) == [
        Heading(2, "A", "A"),
        Heading(2, "B", "B"),
        Heading(3, "C <i>d</i>", "C d"),
        Heading(4, "E", "E"),
    ]
    assert blocks(f"<h2>A<img src='{PIER}'></h2>") == [
        Heading(2, "A", "A"),
        picture(source_url=PIER),
    ]


def test_lists() -> None:
    html = (
        "<ul>\n<li>One\n<ol><li>a</li><li>b</li></ol>\n</li>\n<li><p>Two</p><p>more</p></li></ul>"
    )
    assert blocks(html) == [
        ListBlock(
            ordered=False,
            html="<ul><li>One<ol><li>a</li><li>b</li></ol></li><li>Two<br>more</li></ul>",
        )
    ]
    assert blocks("<ol><li>One<li>Two</ol>") == [
        ListBlock(ordered=True, html="<ol><li>One</li><li>Two</li></ol>")
    ]
    assert blocks("<ul><li>One</li><ul><li>a</li></ul></ul>") == [
        ListBlock(ordered=False, html="<ul><li>One<ul><li>a</li></ul></li></ul>")
    ]


def test_what_a_list_cannot_hold_follows_it() -> None:
    html = f"<ul><li>One <img src='{PIER}'></li><li><img src='{PIER}'></li></ul>"
    assert blocks(html) == [
        ListBlock(ordered=False, html="<ul><li>One</li></ul>"),
        picture(source_url=PIER),
        picture(source_url=PIER),
    ]


def test_quotes() -> None:
    html = (
        '<blockquote cite="/minutes"><p>We <b>will</b></p><p>sail.</p>'
        "<cite>The <i>harbour</i> master</cite></blockquote>"
    )
    assert blocks(html) == [
        Quote(
            "<p>We <b>will</b></p><p>sail.</p>",
            "We will\n\nsail.",
            "The harbour master",
            "https://post.example/minutes",
        )
    ]
    linked = "<blockquote>Aye<footer><a href='https://o.example/'>Wren</a></footer></blockquote>"
    assert blocks(linked) == [Quote("<p>Aye</p>", "Aye", "Wren", "https://o.example/")]
    pulled = "<figure class='wp-block-pullquote'><blockquote><p>Aye</p></blockquote></figure>"
    assert blocks(pulled) == [Quote("<p>Aye</p>", "Aye", "", "", pull=True)]


def test_no_cite_is_lost() -> None:
    assert blocks("<blockquote><cite>Wren</cite></blockquote>") == [Paragraph("Wren")]
    long = "x " * 400
    assert blocks(f"<blockquote>Aye<cite>{long}</cite></blockquote>") == [
        Quote(f"<p>Aye<i>{long.strip()}</i></p>", f"Aye{long.strip()}", "", "")
    ]
    inner = "<blockquote>b<cite>B</cite></blockquote>"
    assert blocks(f"<blockquote><cite>A</cite>a{inner}</blockquote>") == [
        Quote("<p>a</p><p>b</p><p>B</p>", "a\n\nb\n\nB", "A", "")
    ]


def test_what_a_quote_cannot_hold_follows_it() -> None:
    html = f"<blockquote>Aye<ul><li>one</li></ul><img src='{PIER}'></blockquote>"
    assert blocks(html) == [
        Quote("<p>Aye</p><ul><li>one</li></ul>", "Aye\n\none", "", ""),
        picture(source_url=PIER),
    ]


# -- images ----------------------------------------------------------------------------------------


def test_an_image_splits_the_paragraph() -> None:
    image = f"<img class='x wp-image-12' src='{PIER}' alt=' The  pier '>"
    html = f"Before <a href='{PIER}'>{image}</a> after"
    assert blocks(html) == [
        Paragraph("Before"),
        picture(source_url=PIER, attachment_id="12", alt="The pier", link=PIER),
        Paragraph("after"),
    ]


def test_the_caption_shortcode() -> None:
    html = (
        f'[caption id="attachment_12" width="300"]<img src="{PIER}" alt="Pier" />'
        'The <em>pier</em> [media-credit name="Mira"][/caption]Text'
    )
    assert blocks(html) == [
        picture(
            source_url=PIER,
            attachment_id="12",
            alt="Pier",
            caption_html="The <i>pier</i>",
            credit="Mira",
        ),
        Paragraph("Text"),
    ]
    old = f'[caption id="" caption="The &quot;pier&quot;"]<img src="{PIER}">[/caption]'
    assert blocks(old) == [picture(source_url=PIER, caption_html='The "pier"')]
    assert blocks("[caption]no image[/caption]") == [Paragraph("no image")]


def test_the_image_block() -> None:
    html = (
        '<!-- wp:image {"id":12} -->\n<figure class="wp-block-image"><a href="/big"><img '
        f'src="{PIER}" class="wp-image-12"/></a><figcaption>The <strong>pier</strong>'
        '<span class="photo-credit">Mira</span></figcaption></figure>\n<!-- /wp:image -->'
    )
    assert blocks(html) == [
        picture(
            source_url=PIER,
            attachment_id="12",
            caption_html="The <b>pier</b>",
            credit="Mira",
            link="https://post.example/big",
        )
    ]


def test_galleries() -> None:
    assert blocks('[gallery columns="2" ids="3, 4"]') == [
        picture(attachment_id="3", gallery=1),
        picture(attachment_id="4", gallery=1),
    ]
    assert blocks('[gallery ids="3"]') == [picture(attachment_id="3")]
    assert blocks("[gallery]") == [AttachedImages(())]
    assert blocks('[gallery exclude="5,6"]') == [AttachedImages(("5", "6"))]
    single = f"<figure><img src='{PIER}'><figcaption>A</figcaption></figure>"
    nested = (
        f"<figure class='wp-block-gallery'>{single}{single}<figcaption>All</figcaption></figure>"
    )
    assert blocks(nested) == [
        picture(source_url=PIER, caption_html="A", gallery=1),
        picture(source_url=PIER, caption_html="A", gallery=1),
        Paragraph("All"),
    ]
    both = blocks(nested + nested)
    assert [block.gallery for block in both if isinstance(block, Image)] == [1, 1, 2, 2]
    plain = f"<figure>{single}{single}</figure>"
    assert [block.gallery for block in blocks(plain) if isinstance(block, Image)] == [0, 0]
    grid = f"<ul class='blocks-gallery-grid'><li>{single}</li></ul>"
    assert blocks(grid) == [picture(source_url=PIER, caption_html="A")]
    double = f"<ul class='wp-block-gallery'><li>{single}</li><li>{single}</li></ul>"
    assert blocks(double) == [picture(source_url=PIER, caption_html="A", gallery=1)] * 2


def test_images_that_go() -> None:
    assert blocks("<img src='data:image/png;base64,AAAA'>") == []
    assert findings("<img src='javascript:x'>") == [(FindingKind.IMAGE_REMOVED, "javascript:x", 1)]
    assert blocks(f"<img src='{PIER}' width='1' height='1'>") == []
    lazy = f"<img src='data:image/gif;base64,R0lG' data-src='{PIER}'>"
    assert blocks(lazy) == [picture(source_url=PIER)]


def test_the_old_cover_block() -> None:
    html = f"<div class='wp-block-cover' style='background-image:url({PIER})'><p>Fog</p></div>"
    assert blocks(html) == [picture(source_url=PIER), Paragraph("Fog")]


# -- what other sites show, files, and what has no block -------------------------------------------


@pytest.mark.parametrize(
    ("html", "href", "text"),
    [
        (
            "<iframe src='https://www.youtube.com/embed/abcdef12345?x=1' title='Fog'></iframe>",
            "https://www.youtube.com/watch?v=abcdef12345",
            "Fog",
        ),
        ("<iframe src='//player.vimeo.com/video/123'></iframe>", "https://vimeo.com/123", ""),
        ("<iframe src='//map.example/x'></iframe>", "https://map.example/x", ""),
        ("[embed width=3]https://v.example/1[/embed]", "https://v.example/1", ""),
        ("[audio src='/a/horn.mp3']", "https://post.example/a/horn.mp3", "horn.mp3"),
        ("[audio https://post.example/horn.mp3]", "https://post.example/horn.mp3", "horn.mp3"),
        (
            "<video controls><source src='/a/fog%20bank.mp4'></video>",
            "https://post.example/a/fog%20bank.mp4",
            "fog bank.mp4",
        ),
        (
            "<object data='https://v.example/2'><param name='movie'></object>",
            "https://v.example/2",
            "",
        ),
        (
            (
                "<div class='wp-block-file'><a href='/m.pdf'>Minutes</a>"
                "<a class='wp-block-file__button' href='/m.pdf'>Download</a></div>"
            ),
            "https://post.example/m.pdf",
            "Minutes",
        ),
        (
            (
                "<div class='wp-block-buttons'><div class='wp-block-button'>"
                "<a href='/support/'>Support us</a></div></div>"
            ),
            "https://post.example/support/",
            "Support us",
        ),
    ],
)
def test_what_becomes_a_link(html: str, href: str, text: str) -> None:
    assert paragraphs(html) == [f'<a href="{href}">{text or href}</a>']


def test_what_is_kept_as_html() -> None:
    table = (
        "<figure class='wp-block-table'><table class='x'>"
        "<tr onclick='x()'><th colspan='2'>A</th></tr><tr><td><strong>b</strong>"
        f"<script>x()</script></td><td><img src='{PIER}'></td></tr></table>"
        "<figcaption>Tides</figcaption></figure>"
    )
    assert blocks(table) == [
        RawHtml(
            '<table><tbody><tr><th colspan="2">A</th></tr><tr><td><b>b</b></td><td></td></tr>'
            "</tbody></table>",
            "table",
        ),
        picture(source_url=PIER),
        Paragraph("Tides"),
    ]
    assert blocks("<pre>a\n  <b>b</b></pre>") == [RawHtml("<pre>a\n  <b>b</b></pre>", "pre")]
    assert blocks("<details><summary>S</summary><p>x</p></details>") == [
        RawHtml("<details><summary>S</summary><p>x</p></details>", "details")
    ]
    assert findings(table) == [
        (FindingKind.REMOVED, "script", 1),
        (FindingKind.KEPT_HTML, "table", 1),
    ]


def test_what_goes_is_counted() -> None:
    html = (
        "<script>x()</script><style>p{}</style><hr><form>Name <input></form>"
        "<svg><text>x</text></svg>"
        '<!-- wp:latest-posts {"a":1} /--><!-- wp:latest-posts /-->'
    )
    assert paragraphs(html) == ["Name"]
    assert findings(html) == [
        (FindingKind.REMOVED, "script", 1),
        (FindingKind.REMOVED, "style", 1),
        (FindingKind.DIVIDER, "", 1),
        (FindingKind.REMOVED, "form", 1),
        (FindingKind.REMOVED, "input", 1),
        (FindingKind.REMOVED, "svg", 1),
        (FindingKind.DYNAMIC_BLOCK, "latest-posts", 2),
    ]


def test_findings_are_bounded() -> None:
    found = story_content("".join(f"[p{n} x=1]" for n in range(1000))).findings
    assert len(found) == 201
    assert found[-1] == Finding(FindingKind.TOO_MANY, "", 800)


# -- brackets --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "[sic]",
        "[1]",
        "[…]",
        "[Name of the harbour master]",
        "[and/or]",
        "[Editor's note: x=1]",
        "[see https://o.example/?a=b]",
        "[/quote]",
        "[unclosed",
        "[a [b] c]",
        "[ gallery ]",
    ],
)
def test_ordinary_brackets_stay(text: str) -> None:
    assert paragraphs(f"He said {text} so.") == [f"He said {text} so."]
    assert [f for f in findings(text) if f[0] is FindingKind.SHORTCODE] == []


@pytest.mark.parametrize(
    ("html", "left", "name"),
    [
        ('x [contact-form-7 id="3" title="a]b"] y', "x y", "contact-form-7"),
        ("x [ninja_form] y", "x y", "ninja_form"),
        ("x [poll id=3] y", "x y", "poll"),
        ("x [poll id=3/] y", "x y", "poll"),
        ("[b]bold[/b] y", "bold y", "b"),
        ('[vc_row][vc_column width="1/2"]text[/vc_column][/vc_row]', "text", "vc_row"),
        ("[et_pb_text]text", "text", "et_pb_text"),
        ("[poll question=“why not”] y", "y", "poll"),
    ],
)
def test_shortcodes_are_listed_and_never_printed(html: str, left: str, name: str) -> None:
    assert paragraphs(html) == [left]
    assert (FindingKind.SHORTCODE, name, 1) in findings(html)


def test_a_shortcode_that_is_meant_to_be_read() -> None:
    assert paragraphs('Write [[gallery ids="1"]].') == ['Write [gallery ids="1"].']


def test_shortcodes_in_attributes_are_not_looked_for() -> None:
    assert blocks(f"<img src='{PIER}' alt='[gallery]'>") == [
        picture(source_url=PIER, alt="[gallery]")
    ]


def test_inline_feedback() -> None:
    html = (
        'First.\n\nThe [wpdiscuz-feedback id="a1" question="Too &quot;late&quot;?" opened="1"]'
        'ferry <b>is</b> late[/wpdiscuz-feedback] and [wpdiscuz-feedback id="b2" question="Why?"'
        ' opened="0"]slow[/wpdiscuz-feedback].'
    )
    content = story_content(html)
    assert content.blocks[1] == Paragraph("The ferry <b>is</b> late and slow.")
    assert content.feedback == (
        InlineFeedback("a1", 'Too "late"?', opened=True, text="ferry is late", block=1),
        InlineFeedback("b2", "Why?", opened=False, text="slow", block=1),
    )
    assert content.findings == ()


def test_titles_and_excerpts() -> None:
    assert plain_text("Fish &amp; chips <em>again</em>\n &#8211; [sic] [gallery]") == (
        "Fish & chips again – [sic] [gallery]"
    )
