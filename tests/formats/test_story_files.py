"""The posts of the real files, all of them."""

from collections import Counter
from pathlib import Path

from broadsheet.formats.api import (
    Comment,
    FindingKind,
    Item,
    RawHtml,
    comment_text,
    plain_text,
    read_wxr,
    story_content,
)
from formats.test_html_safety import check, html_of

FILES = (
    "wptt-themeunittestdata.wordpress.xml",
    "wptt-64-block-test-data.xml",
    "wpimporter-a11y-unit-test-data.xml",
    "wpimporter-valid-wxr-1.0.xml",
)
SHORTCODES = ("[caption", "[/caption", "[gallery", "[embed", "[audio", "[video", "[playlist")


def items(test_data: Path) -> list[Item]:
    events = (event for name in FILES for event in read_wxr(test_data / "wxr" / name))
    kinds = ("post", "page")
    return [event for event in events if isinstance(event, Item) and event.type in kinds]


def test_every_post_becomes_safe_blocks_and_no_shortcode_is_printed(test_data: Path) -> None:
    for item in items(test_data):
        content = story_content(item.content, base_url="https://post.example")
        for block in content.blocks:
            check(block)
            if not isinstance(block, RawHtml):
                assert not any(code in html_of(block)[0] for code in SHORTCODES)
        assert content.blocks or not plain_text(item.content) or content.findings, item.title


def test_what_the_theme_test_holds(test_data: Path) -> None:
    kinds: Counter[str] = Counter()
    findings: Counter[FindingKind] = Counter()
    for item in items(test_data):
        content = story_content(item.content)
        kinds.update(type(block).__name__ for block in content.blocks)
        findings.update({f.kind: f.count for f in content.findings})
    assert set(kinds) == {
        *("Paragraph", "Heading", "Image", "AttachedImages", "ListBlock", "Quote", "RawHtml")
    }
    assert {FindingKind.KEPT_HTML, FindingKind.DYNAMIC_BLOCK, FindingKind.EMBED} <= set(findings)


def test_every_comment_becomes_text(test_data: Path) -> None:
    for path in (test_data / "wxr").glob("*.xml"):
        if "malformed" in path.name or "crazy" in path.name or "bad-format" in path.name:
            continue
        for event in read_wxr(path):
            if isinstance(event, Comment):
                assert bool(comment_text(event.content)) == bool(plain_text(event.content))
