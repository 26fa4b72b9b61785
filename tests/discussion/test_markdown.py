"""What a comment's Markdown becomes, and that nothing hostile gets through it."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from time import process_time

import pytest

from broadsheet.discussion.comments.markdown import (
    INPUT_LIMIT,
    OUTPUT_LIMIT,
    PLAIN_LIMIT,
    TextTooLongError,
    has_link,
    links_of,
    render,
    render_foreign,
    words,
)
from broadsheet.kit.html import COMMENT_TAGS, STORY_TAGS, comment_html, story_html

LINK = '<a href="{0}" rel="ugc nofollow noopener">{1}</a>'


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("**bold** and *italic*", "<p><strong>bold</strong> and <em>italic</em></p>"),
        ("one\ntwo\n\nthree", "<p>one<br>\ntwo</p>\n<p>three</p>"),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("`code` <b>x</b>", "<p><code>code</code> &lt;b&gt;x&lt;/b&gt;</p>"),
        ("```\na <b>\n```", "<pre><code>a &lt;b&gt;\n</code></pre>"),
        ("# No heading", "<p># No heading</p>"),
        ("No heading\n===", "<p>No heading<br>\n===</p>"),
        ("    no code", "<p>no code</p>"),
        ("a | b\n--|--\n1 | 2", "<p>a | b<br>\n--|--<br>\n1 | 2</p>"),
        (
            "[here](https://a.example/x)",
            "<p>" + LINK.format("https://a.example/x", "here") + "</p>",
        ),
        ("[a](javascript:alert(1))", "<p>[a](javascript:alert(1))</p>"),
        ("[a](/admin/)", "<p>[a](/admin/)</p>"),
        ("[a](//evil.example/)", "<p>[a](//evil.example/)</p>"),
        ("[a]: https://hidden.example", None),
        (
            "![a map](https://a.example/m.png)",
            "<p>" + LINK.format("https://a.example/m.png", "a map") + "</p>",
        ),
        (
            "See https://a.example/x_y_z, or (http://b.example/q_(r)).",
            "<p>See "
            + LINK.format("https://a.example/x_y_z", "https://a.example/x_y_z")
            + ", or ("
            + LINK.format("http://b.example/q_(r)", "http://b.example/q_(r)")
            + ").</p>",
        ),
        ("www.a.example.", "<p>" + LINK.format("https://www.a.example", "www.a.example") + ".</p>"),
        ("`https://a.example`", "<p><code>https://a.example</code></p>"),
    ],
)
def test_small_markdown(source: str, html: str | None) -> None:
    rendered = render(source).strip()
    if html is None:
        assert "hidden.example" in words(rendered), "a definition must not hide an address"
    else:
        assert rendered == html


def test_links_are_seen_and_listed() -> None:
    assert has_link(render("see https://a.example/?b=1&c=2"))
    assert links_of(render("see https://a.example/?b=1&c=2")) == ("https://a.example/?b=1&c=2",)
    assert not has_link(render("see `https://a.example` and <a href=x>"))


@pytest.mark.parametrize("source", ["", "   \n", "&#8203;", "\u200b\u2060", "> ", "- "])
def test_nothing_to_read(source: str) -> None:
    assert words(render(source)) == ""


def test_foreign_html_keeps_its_paragraphs_and_loses_the_rest() -> None:
    html = render_foreign(
        "First <b>bold</b>\nline<script>alert(1)</script>\n\n"
        '<a href="https://a.example" onclick="x">a</a>'
        "\n\n<blockquote>said</blockquote><pre>one\n\ntwo</pre>"
    )
    assert html == (
        "<p>First <strong>bold</strong><br>line</p><p>"
        + LINK.format("https://a.example", "a")
        + "</p><blockquote><p>said</p></blockquote><pre>one\n\ntwo</pre>"
    )


def test_long_texts_keep_their_words_and_lose_their_markup() -> None:
    text = "*word*\n\n" * (INPUT_LIMIT // 8 + 1)
    assert render(text).startswith("<p>*word*</p><p>*word*</p>")
    with pytest.raises(TextTooLongError):
        render("a" * (PLAIN_LIMIT + 1))


def test_story_html_is_wider_and_still_ours() -> None:
    html = story_html(
        '<h2 id="x" style="color:red">Head</h2>'
        '<table><tr><td colspan="2" onclick="x">1</td></tr></table>'
        '<img src="/media/a.png" alt="A"><img src="https://track.example/a.gif">'
        '<iframe src="/x">y</iframe>'
        '<a href="/own/">own</a><a href="//evil.example">no</a><a href="#note">note</a>'
    )
    assert html == (
        '<h2>Head</h2><table><tbody><tr><td colspan="2">1</td></tr></tbody></table>'
        '<img src="/media/a.png" alt="A">'
        '<a href="/own/" rel="noopener">own</a><a rel="noopener">no</a>'
        '<a href="#note" rel="noopener">note</a>'
    )


class _Reader(HTMLParser):
    """Collects what a browser would be told: tags, and addresses of links."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.add((tag, name))
            if name in {"href", "src"}:
                self.addresses.append(value or "")


def contract(html: str, *, tags: frozenset[str] = COMMENT_TAGS) -> list[str]:
    """Return what in `html` breaks the promise of a cleaner."""
    reader = _Reader()
    reader.feed(html)
    broken = [f"tag {tag}" for tag in reader.tags - tags]
    if tags == COMMENT_TAGS:
        allowed = {("a", "href"), ("a", "rel")}
        broken += [f"attribute {where}" for where in reader.attributes - allowed]
    for address in reader.addresses:
        bare = re.sub(r"[\x00-\x20]", "", address).lower()
        own = tags == STORY_TAGS and re.match(r"(/(?![/\\])|#|$)", bare)
        if not own and not re.match(r"(https?|mailto):", bare):
            broken.append(f"address {address!r}")
    return broken


def payloads(folder: Path) -> Iterator[str]:
    security = folder / "security"
    lines = security / "xss" / "payloadbox-xss-payload-list.txt"
    yield from lines.read_text(errors="replace").splitlines()
    yield from json.loads((security / "naughty" / "blns.json").read_text())
    for pair in json.loads((security / "xss" / "dompurify-expect.json").read_text()):
        if isinstance(pair.get("payload"), str):
            yield pair["payload"]
    for item in json.loads((security / "xss" / "h5sc-items.json").read_text()):
        yield item if isinstance(item, str) else json.dumps(item)
    yield from (security / "xss" / "h5sc-vectors.txt").read_text(errors="replace").splitlines()
    yield (security / "xss" / "html5lib-sanitizer" / "tests1.dat").read_text(errors="replace")
    for file in sorted((security / "xss" / "bleach").iterdir()):
        yield file.read_text(errors="replace")


def check(payload: str) -> None:
    for made in (render(payload[:INPUT_LIMIT]), render_foreign(payload[:PLAIN_LIMIT])):
        assert contract(made) == [], payload
        assert comment_html(made) == made, payload
    made = story_html(payload)
    assert contract(made, tags=STORY_TAGS) == [], payload
    assert story_html(made) == made, payload


def test_a_sample_of_hostile_payloads_is_harmless(test_data: Path) -> None:
    for payload in list(payloads(test_data))[::25]:
        check(payload)


@pytest.mark.deep
def test_every_hostile_payload_is_harmless(test_data: Path) -> None:
    number = 0
    for number, payload in enumerate(payloads(test_data), start=1):  # noqa: B007 - counted
        check(payload)
    assert number > 7_000


def hostile_markdown(folder: Path) -> list[Path]:
    return sorted((folder / "security" / "generated").glob("md_*.md"))


def test_hostile_markdown_is_bounded_in_time_and_size(test_data: Path) -> None:
    files = hostile_markdown(test_data)
    assert len(files) >= 17
    for file in files:
        source = file.read_text()
        started = process_time()
        html = render(source[:INPUT_LIMIT])
        assert process_time() - started < 2, file.name
        assert len(html) <= OUTPUT_LIMIT, file.name
        assert contract(html) == [], file.name
        assert comment_html(html) == html, file.name


@pytest.mark.deep
def test_hostile_markdown_of_every_length_is_bounded(test_data: Path) -> None:
    for file in hostile_markdown(test_data):
        source = file.read_text()
        for length in (100, 1_000, 3_000, 9_999, INPUT_LIMIT, 50_000, PLAIN_LIMIT):
            started = process_time()
            html = render(source[:length])
            assert process_time() - started < 2, (file.name, length)
            assert len(html) <= max(OUTPUT_LIMIT, 8 * length), (file.name, length)
            assert contract(html) == [], (file.name, length)
