"""Whatever comes in: it ends, quickly, nothing raises, and what comes out is safe."""

import re
from collections.abc import Iterator
from pathlib import Path
from time import process_time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from broadsheet.formats.api import (
    Block,
    Image,
    ListBlock,
    Quote,
    RawHtml,
    comment_text,
    plain_text,
    story_content,
)
from broadsheet.formats.wordpress_html import safe

BASE = "https://post.example/"
TAG = re.compile(r"<(/?)([a-z0-9]+)((?: [a-z]+=\"[^\"<>]*\")*)>")
ATTRIBUTE = re.compile(r" ([a-z]+)=\"([^\"]*)\"")


def html_of(block: Block) -> tuple[str, frozenset[str]]:
    match block:
        case Image(caption_html=html):
            return html, safe.INLINE
        case Quote(html=html):
            return html, safe.QUOTES
        case ListBlock(html=html):
            return html, safe.LISTS
        case RawHtml(html=html):
            return html, safe.KEPT
        case _:
            return getattr(block, "html", ""), safe.INLINE


def check(block: Block) -> None:
    html, tags = html_of(block)
    assert safe.clean(html, tags=tags) == html
    # A second opinion, which knows nothing of the sanitiser: only these tags, and none half left.
    for _, name, attributes in TAG.findall(html):
        assert name in tags
        for attribute, value in ATTRIBUTE.findall(attributes):
            assert attribute in ("href", "colspan", "rowspan", "scope")
            assert attribute != "href" or value.startswith(("http://", "https://", "mailto:"))
    assert "<" not in TAG.sub("", html)
    if isinstance(block, Image):
        assert block.source_url == "" or block.source_url.startswith(("http://", "https://"))
        assert block.link == "" or block.link.startswith(("http://", "https://", "mailto:"))


def check_all(html: str) -> None:
    for block in story_content(html, base_url=BASE).blocks:
        check(block)
    comment_text(html, base_url=BASE)


TAGS = [
    *("p", "div", "b", "em", "a href='https://o.example/'", "a href='javascript:x'", "ul", "li"),
    *("ol", "blockquote", "cite", "figure", "figcaption", "img src='/a.jpg'", "table", "tr", "td"),
    *("pre", "h2", "details", "summary", "dl", "dt", "br", "svg", "script", "style", "iframe"),
    *(
        "textarea",
        "select",
        "option",
        "form",
        "q",
        "span style='font-weight:bold'",
        "math",
        "title",
    ),
    *("div class='wp-block-file'", "noscript", "template", "caption", "tbody"),
]
PIECES = st.one_of(
    st.sampled_from([f"<{tag}>" for tag in TAGS]),
    st.sampled_from([f"</{tag.split()[0]}>" for tag in TAGS]),
    st.sampled_from(
        [
            *("[caption]", "[/caption]", "[gallery ids=1]", "[x]", "[/x]", "[[x]]", "[embed]"),
            *("[/embed]", '[wpdiscuz-feedback id="a"]', "[/wpdiscuz-feedback]", "<!--", "-->"),
            *("<!-- wp:html -->", "<!--more-->", "\n\n", "\n", "&lt;", "&#60;", "<", ">", '"', "'"),
            *("=", "https://o.example/\n", "<![CDATA[", "]]>", "<?php", "<!DOCTYPE html>"),
        ]
    ),
    st.text(max_size=6),
)
SOUP = st.lists(PIECES, max_size=25).map("".join)


@given(SOUP)
@example("<pre>\n\n[x]")
def test_any_soup_of_tags_comes_out_safe(html: str) -> None:
    check_all(html)


@given(st.text())
def test_any_text_comes_out_safe(text: str) -> None:
    check_all(text)
    check_all("\ud800" + text)


KEEPING = [
    "p",
    "div",
    "b",
    "em",
    "ul",
    "li",
    "ol",
    "blockquote",
    "figure",
    "h2",
    "cite",
    "td",
    "span",
    "pre",
]
KEPT_PIECES = st.one_of(
    st.sampled_from([f"<{tag}>" for tag in KEEPING] + [f"</{tag}>" for tag in KEEPING]),
    st.sampled_from(
        ["\n\n", " ", "<br>", "[x]", "[/x]", "<img src=/a.jpg>", "<table>", "</table>"]
    ),
)


@given(st.lists(KEPT_PIECES, max_size=30))
def test_no_word_is_lost(pieces: list[str]) -> None:
    words = [f"w{number}w" for number in range(len(pieces))]
    html = "".join(piece + word for piece, word in zip(pieces, words, strict=True))
    blocks = story_content(html, base_url=BASE).blocks
    out = " ".join(html_of(block)[0] + " " + getattr(block, "cite_text", "") for block in blocks)
    assert [word for word in words if word not in plain_text(out)] == []
    assert [word for word in words if word not in comment_text(html)] == []


HOSTILE = {
    "less than": "<",
    "open tag": "<a ",
    "open attribute": '<a x="',
    "both quotes": "<a x='\"",
    "open remark": "<!-- x",
    "bracket": "[",
    "open shortcode": '[a b="',
    "shortcodes": "[x]",
    "closers": "[/caption]",
    "captions": "[caption]",
    "bold": "<b>",
    "boxes": "<div>",
    "figures": "<figure><img src=/a>",
    "lists": "<ul><li>",
    "quotes": "<blockquote>",
    "cites": "<blockquote><cite>",
    "tables": "<table><tr><td>",
    "details": "<details><summary>",
    "short quotes": "<q>",
    "paragraphs": "<p>x",
    "breaks": "<br> <b> </b>",
    "newlines": "\n ",
    "spaces": " ",
    "ampersands": "&",
    "digits": "&#9999",
    "scripts": "<script>",
    "textareas": "<textarea>",
    "stray ends": "</b></p>",
    "overlaps": "<b>x<i>y</b>z</i>",
    "classes": "<img class='wp-image- wp-image-' src=/a>",
    "styles": "<span style='font-weight:  '>",
    "addresses": "http://x",
    "stars": "*_",
    "ticks": "`",
    "rules": "- ",
    "equals": "= ",
    "feedback": "[wpdiscuz-feedback id=a]x[/wpdiscuz-feedback] y ",
    "many formats": "<b a=1><i><font color=red>x<p>",
    "embeds": "[embed]",
}


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_input_ends_soon(piece: str) -> None:
    """Four times the input may take about four times as long, not sixteen.

    The best of three: a processor that is shared is now and then three times as slow.
    """

    def seconds(size: int) -> float:
        html = piece * (size // len(piece))
        begin = process_time()
        check_all(html)
        return process_time() - begin

    assert any(seconds(40_000) < max(10 * seconds(10_000), 0.8) for _ in range(3))


@pytest.mark.parametrize("words", [("font", 2000, "p"), ("b", 2000, "p")])
def test_formats_do_not_multiply(words: tuple[str, int, str]) -> None:
    """A browser would open every unclosed tag again in every paragraph."""
    inline, count, block = words
    html = "".join(f"<{inline} a={n}>" for n in range(count)) + f"<{block}>x" * count
    content = story_content(html)
    assert sum(len(html_of(found)[0]) for found in content.blocks) < 20 * count


def payloads(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.stat().st_size < 2_000_000:
            yield path.read_text(encoding="utf-8", errors="replace")


@pytest.mark.parametrize("folder", ["xss", "patt", "naughty", "unicode"])
def test_collected_attacks(test_data: Path, folder: str) -> None:
    found = list(payloads(test_data / "security" / folder))
    assert found
    for text in found:
        check_all(text)
        for line in text.splitlines()[:3000]:
            check_all(line)
