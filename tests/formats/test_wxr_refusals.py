"""What is not read, and what the publisher is told."""

from io import BytesIO
from pathlib import Path

import pytest

from broadsheet.formats.api import Finished, WxrError, read_wxr, read_wxr_stream
from broadsheet.formats.wxr import reader
from formats.wxr_text import comment, events, export, item, only

ENTITY = '<!DOCTYPE rss [<!ENTITY a "b">]>'


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("", "empty", 0),
        ("  \n ", "empty", 0),
        ("PK\x03\x04", "not_xml", 0),
        ('{"version": 1}', "not_xml", 0),
        ("-- MySQL dump", "not_xml", 0),
        ("hello", "not_well_formed", 1),
        ("<feed/>", "not_wxr", 1),
        ("<html><body/></html>", "not_wxr", 1),
        ("<!DOCTYPE html><html/>", "not_wxr", 1),
        ("<rss><channel><item><title>x</title></item></channel></rss>", "not_wxr", 1),
        (f"<?xml version='1.0'?>\n{ENTITY}<rss/>", "doctype", 2),
        ('<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd"><rss/>', "doctype", 1),
        (export("<item>\n</itme>"), "mismatched_tag", 10),
        (export(item())[:-20], "incomplete", 9),
        (export(item("<![CDATA[")), "incomplete", 10),
        (export("\n", item("<![CDATA[a <![CDATA[ b ]]> c ]]>")), "nested_cdata", 11),
        (export("&nbsp;"), "undefined_entity", 9),
        (export("<q:x/>"), "unbound_prefix", 9),
        (export() + "<rss/>", "not_well_formed", 10),
        ('<?xml version="1.0" encoding="klingon"?><rss/>', "encoding", 1),
        ('<?xml version="1.0" encoding="shift_jis"?><rss/>', "encoding", 1),
        (export("<a>" * 40 + "</a>" * 40), "too_deep", 9),
    ],
)
def test_refused_with_line_and_reason(text: str, code: str, line: int) -> None:
    with pytest.raises(WxrError) as caught:
        events(text)
    refusal = caught.value
    assert (refusal.code, refusal.line) == (code, line)
    assert refusal.reason.endswith(".")
    assert refusal.reason in str(refusal)
    assert str(refusal).startswith(f"line {line}, column" if line else refusal.reason)


def test_a_compressed_file() -> None:
    with pytest.raises(WxrError, match="Unpack"):
        events(b"\x1f\x8b\x08\x00")


def test_bytes_that_do_not_fit_the_encoding() -> None:
    with pytest.raises(WxrError, match="line 9") as caught:
        events(export(item(title="caf\xe9")).encode("latin-1"))
    assert caught.value.code == "not_well_formed"


@pytest.mark.parametrize("size", [1, 7, 64])
def test_a_refusal_names_the_same_place_however_the_bytes_arrive(
    size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "CHUNK", size)
    with pytest.raises(WxrError) as caught:
        events(export(item("<![CDATA[a <![CDATA[ b ]]> c ]]>")))
    assert (caught.value.code, caught.value.line) == ("nested_cdata", 9)


def test_a_value_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_VALUE", 1000)
    assert events(export(item(title="x" * 1000)))
    with pytest.raises(WxrError, match="longer than 1000"):
        events(export(item(title="x" * 1001)))


def test_an_item_has_a_bound_but_not_its_comments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_RECORD", 10_000)
    many = "".join(comment(("k", "v"), comment_id=str(n)) for n in range(50))
    assert only(Finished, export(item(many)))[0].comments == 50
    metas = "<wp:postmeta><wp:meta_key>k</wp:meta_key></wp:postmeta>" * 50
    with pytest.raises(WxrError, match="single item"):
        events(export(item(metas)))


def test_a_tag_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_TOKEN", 1000)
    with pytest.raises(WxrError, match="absurdly long"):
        events(export(f"<!--{'x' * 200_000}-->"))


def test_comments_wait_for_the_type_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_HELD", 1000)
    many = "".join(comment(comment_id=str(n)) for n in range(20))
    found = events(export(f"<item><title>x</title>{many}<wp:status>draft</wp:status></item>"))
    names = [type(event).__name__ for event in found]
    assert names == ["Site", "Item", *["Comment"] * 20, "ItemRest", "Finished"]


def test_from_a_path_with_progress(tmp_path: Path) -> None:
    path = tmp_path / "export.xml"
    path.write_text(export(item()), encoding="utf-8")
    seen: list[int] = []
    assert list(read_wxr(path, progress=seen.append)) == events(export(item()))
    assert seen == [path.stat().st_size]


def test_a_missing_file_is_the_callers_to_explain(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        list(read_wxr(tmp_path / "none.xml"))


def test_nothing_is_read_ahead() -> None:
    """A refusal at the end comes after the events before it."""
    stream = BytesIO((export(item() * 2000) + "<oops").encode())
    found = read_wxr_stream(stream)
    assert type(next(found)).__name__ == "Site"
    with pytest.raises(WxrError):
        list(found)
