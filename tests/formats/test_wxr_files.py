"""Real and hostile files: counted, or refused with their reason."""

from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import pytest

from broadsheet.formats.api import (
    Comment,
    CommentKind,
    CommentState,
    Event,
    Item,
    WxrError,
    guest_email,
    php_loads,
    read_wxr,
    uploads_path,
)


def read(test_data: Path, name: str) -> list[Event]:
    return list(read_wxr(test_data / name))


def comments(found: Iterable[Event]) -> list[Comment]:
    return [event for event in found if isinstance(event, Comment)]


def items(found: Iterable[Event]) -> list[Item]:
    return [event for event in found if isinstance(event, Item)]


def levels(found: list[Comment]) -> int:
    """How deep the deepest chain is, the root counted as one."""
    parents = {(c.item, c.id): (c.item, c.parent) for c in found}

    def depth(key: tuple[int, str]) -> int:
        count = 0
        while key in parents:
            count, key = count + 1, parents[key]
        return count

    return max((depth(key) for key in parents), default=0)


@pytest.mark.parametrize(
    ("name", "item_count", "comment_count"),
    [
        ("wptt-themeunittestdata.wordpress.xml", 180, 32),
        ("wptt-theme-preview.xml", 7, 2),
        ("wptt-64-block-test-data.xml", 72, 2),
        ("wpimporter-a11y-unit-test-data.xml", 154, 29),
        ("wpimporter-test-serialized-comment-meta.xml", 1, 1),
        ("isso-tests-wordpress-1.0.xml", 3, 8),
        ("wpimporter-valid-wxr-1.0.xml", 6, 1),
        ("wpimporter-valid-wxr-1.1.xml", 2, 1),
        ("wpimporter-small-export.xml", 11, 1),
        ("wpimporter-missing-version-tag.xml", 0, 0),
        ("wpimporter-namespace-edge-cases.xml", 6, 0),
        ("wpimporter-wxr-utf-8-challenges.xml", 1, 0),
        ("comentario-wordpress-ok-single.xml", 1, 1),
        ("comentario-wordpress-ok-long.xml", 1, 1),
        ("comentario-wordpress-ok-empty.xml", 0, 0),
    ],
)
def test_counts(test_data: Path, name: str, item_count: int, comment_count: int) -> None:
    found = read(test_data, f"wxr/{name}")
    assert (len(items(found)), len(comments(found))) == (item_count, comment_count)


@pytest.mark.parametrize(
    ("name", "code", "line"),
    [
        ("wxr/wpimporter-crazy-cdata.xml", "nested_cdata", 18),
        ("wxr/wpimporter-malformed.xml", "mismatched_tag", 90),
        ("wxr/comentario-wordpress-bad-format.xml", "mismatched_tag", 1),
        ("security/generated/wxr_billion_laughs.xml", "doctype", 1),
        ("security/generated/wxr_quadratic_blowup.xml", "doctype", 1),
        ("security/generated/wxr_external_entity.xml", "doctype", 1),
        ("security/generated/wxr_external_dtd.xml", "doctype", 1),
        ("security/generated/wxr_deep_elements.xml", "not_wxr", 1),
        ("security/generated/wxr_truncated.xml", "incomplete", 1),
    ],
)
def test_refusals(test_data: Path, name: str, code: str, line: int) -> None:
    with pytest.raises(WxrError) as caught:
        read(test_data, name)
    assert (caught.value.code, caught.value.line) == (code, line)


def test_every_file_is_read_or_refused(test_data: Path) -> None:
    hostile = (test_data / "security/generated").glob("wxr_*.xml")
    for path in [*(test_data / "wxr").glob("*.xml"), *hostile]:
        with suppress(WxrError):
            assert list(read_wxr(path))


def test_the_theme_unit_test(test_data: Path) -> None:
    found = read(test_data, "wxr/wptt-themeunittestdata.wordpress.xml")
    said = comments(found)
    kinds = Counter(comment.kind for comment in said)
    assert sum(1 for comment in said if comment.parent) == 10
    assert levels(said) == 10
    assert sum(comment.state is CommentState.PENDING for comment in said) == 3
    assert (kinds[CommentKind.TRACKBACK], kinds[CommentKind.PINGBACK]) == (2, 2)
    assert sum(not guest_email(comment.email) for comment in said) == 4
    with_comments = {comment.item for comment in said}
    assert len(with_comments) == 6
    talked = [item for item in items(found) if item.number in with_comments]
    assert any(item.has_password for item in talked)
    assert any(item.type == "page" for item in talked)
    assert sum(item.is_sticky for item in items(found)) == 1


def test_the_accessibility_test(test_data: Path) -> None:
    said = comments(read(test_data, "wxr/wpimporter-a11y-unit-test-data.xml"))
    assert sum(1 for comment in said if comment.parent) == 9
    assert levels(said) == 10
    assert sum(comment.kind is CommentKind.PINGBACK for comment in said) == 4
    (bare,) = [comment for comment in said if comment.id == "167"]
    assert (bare.date_local, bare.approved, bare.email, bare.parent) == (None, "", "", "")
    assert bare.state is CommentState.UNKNOWN


def test_type_and_status_written_last(test_data: Path) -> None:
    found = items(read(test_data, "wxr/wptt-theme-preview.xml"))
    assert all(item.type and item.status for item in found)


def test_issos_file(test_data: Path) -> None:
    said = comments(read(test_data, "wxr/isso-tests-wordpress-1.0.xml"))
    assert sum(1 for comment in said if comment.parent) == 3
    assert levels(said) == 3
    assert [comment.item for comment in said if comment.id == "11"] == [1, 2]
    assert all("\n" not in comment.email for comment in said)
    assert all(comment.content == comment.content.strip() for comment in said)


def test_serialised_meta_counts_bytes(test_data: Path) -> None:
    found = read(test_data, "wxr/wpimporter-test-serialized-comment-meta.xml")
    (comment,) = comments(found)
    value = comment.first_meta("string")
    assert php_loads(comment.first_meta("array")) == {"key": value}
    assert items(found)[0].published_utc is None


def test_namespaces_that_are_played_with(test_data: Path) -> None:
    text = repr(read(test_data, "wxr/wpimporter-namespace-edge-cases.xml"))
    for forged in ("fake_ns_user", "malicious", "hijacked_data", "custom_user", "999"):
        assert forged not in text
    for real in ("real_user", "version_conflict", "normal_value", "old-version", "new-version"):
        assert real in text


def test_long_chains_and_cycles_are_read_as_they_are(test_data: Path) -> None:
    assert len(comments(read(test_data, "security/generated/wxr_chain_depth_5000.xml"))) == 5000
    cycle = comments(read(test_data, "security/generated/wxr_parent_cycle.xml"))
    assert [(c.id, c.parent) for c in cycle][:2] == [("1", "2"), ("2", "1")]


def test_an_attachment_leads_nowhere(test_data: Path) -> None:
    found = items(read(test_data, "security/generated/wxr_attachment_traversal.xml"))
    assert uploads_path(found[0].attachment_url) is None
