"""One kept page: its encodings, and how often it is drawn anew."""

import gzip
from datetime import UTC, datetime, timedelta

import brotli
import pytest

from broadsheet.pagestore.api import Page, Slip, collecting, shows, true_until

NOW = datetime(2026, 6, 1, 12, 30, 15, 999, tzinfo=UTC)
HTML = ("content-type", "text/html; charset=utf-8")


def page(content: bytes = b"<p>word</p>" * 200, kind: str = HTML[1], **changes: object) -> Page:
    values = {
        "content": content,
        "headers": [("content-type", kind), ("x-content-type-options", "nosniff")],
        "keys": frozenset({"stories"}),
        "as_of": 1,
        "until": None,
        "modified": NOW,
    }
    return Page(**(values | changes))  # type: ignore[arg-type]  # by name


@pytest.mark.parametrize(
    ("encoding", "decode"), [("br", brotli.decompress), ("gzip", gzip.decompress)]
)
def test_an_encoding_holds_the_same_bytes_under_a_tag_of_its_own(
    encoding: str, decode: object
) -> None:
    one = page()
    assert one.encoded(encoding) is None
    made = one.make(encoding)
    assert one.encoded(encoding) is made is one.make(encoding)
    plain = one.variants[""]
    assert decode(made.content) == plain.content  # type: ignore[operator]  # a function
    assert made.etag != plain.etag
    assert ("content-encoding", encoding) in made.headers
    assert ("vary", "accept-encoding") in plain.headers
    assert {name for name, _ in made.short}.isdisjoint({"content-type", "content-encoding"})


@pytest.mark.parametrize(("content", "kind"), [(b"tiny", "text/html"), (b"x" * 5000, "image/webp")])
def test_what_is_tiny_or_packed_already_goes_out_as_it_is(content: bytes, kind: str) -> None:
    one = page(content, kind)
    assert one.encoded("br") is one.encoded("") is one.variants[""]


def test_the_same_bytes_have_the_same_tag_and_keep_their_date() -> None:
    first = page()
    later = page(modified=NOW + timedelta(hours=1))
    assert later.digest == first.digest
    later.follows(first)
    assert dict(later.variants[""].headers)["last-modified"] == "Mon, 01 Jun 2026 12:30:15 GMT"
    assert later.size == first.size


@pytest.mark.parametrize("seconds", [0, 0.3, -3600])
def test_other_bytes_that_no_date_tells_apart_have_none(seconds: float) -> None:
    first, other = page(), page(b"other" * 1000, modified=NOW + timedelta(seconds=seconds))
    other.follows(first)
    assert "last-modified" not in dict(other.make("gzip").headers)
    third = page(b"third" * 1000, modified=NOW)
    third.follows(other)
    assert not third.dated
    later = page(b"third" * 1000, modified=NOW + timedelta(seconds=1))
    later.follows(third)
    assert later.dated == "Mon, 01 Jun 2026 12:30:16 GMT"


def test_after_a_burst_of_drawings_each_rests() -> None:
    now, one = 100.0, None
    for _ in range(5):
        assert one is None or one.may_be_drawn(now, 5.0, wanted=False)
        following = page()
        following.drawn(now, before=one, burst=5.0, rest=0.2)
        one = following
    assert one is not None
    assert not one.may_be_drawn(now, 5.0, wanted=False)
    assert one.may_be_drawn(now + 0.21, 5.0, wanted=False)


def test_a_page_collects_what_it_shows_and_until_when() -> None:
    slip = Slip(NOW)
    shows("nobody asked")
    true_until(NOW)
    with collecting(slip):
        shows("thread:1")
        shows("thread:2", "people")
        true_until(None, NOW + timedelta(hours=2), NOW - timedelta(hours=1))
        true_until(NOW + timedelta(hours=1), NOW)
        true_until(NOW + timedelta(hours=3))
    shows("afterwards")
    assert slip.keys == {"thread:1", "thread:2", "people"}
    assert slip.until == NOW + timedelta(hours=1)
