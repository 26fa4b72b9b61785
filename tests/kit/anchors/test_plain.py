"""What is seen is what counts, and every place in it leads back to the source."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.kit.anchors import plain

anything = st.text(st.characters(exclude_categories=())) | st.text(
    "e\u0301\u0316a \n\r\u00ad\u2066b"
)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("one  two\tthree", "one two three"),
        ("  outer  ", "outer"),
        ("a line\r\nthat goes on", "a line that goes on"),
        ("one\n\ntwo\r\n \r\nthree\u2029four", "one\n\ntwo\n\nthree\n\nfour"),
        ("10\u00a0000\u202f€", "10 000 €"),
        ("para\u00adgraph", "paragraph"),
        ("\u2068Nora\u2069 wrote", "Nora wrote"),
        ("cafe\u0301", "café"),
        ("\u1112\u1161\u11ab", "한"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("half \ud83d", "half \ufffd"),
        ("nul\x00l\ufeff", "null"),
        ("", ""),
        (" \u00ad ", ""),
    ],
)
def test_what_is_not_seen_makes_no_difference(source: str, text: str) -> None:
    assert plain(source).text == text


def test_a_place_leads_back_to_what_it_was() -> None:
    source = "A  cafe\u0301 on the\r\n\r\nsquare\u00adside."
    text = plain(source)
    for words, were in [
        ("café", "cafe\u0301"),
        ("squareside", "square\u00adside"),
        ("A c", "A  c"),
    ]:
        start = text.text.index(words)
        first, last = text.to_source(start=start, end=start + len(words))
        assert source[first:last] == were
        assert text.from_source(start=first, end=last) == (start, start + len(words))


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (2, 1), (0, 99)])
def test_a_span_outside_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="no span"):
        plain("short").to_source(start=start, end=end)


@given(anything, st.data())
def test_any_unicode_is_normalised_and_every_span_leads_back(
    source: str, data: st.DataObject
) -> None:
    text = plain(source)
    assert text.text == text.text.strip()
    assert "  " not in text.text
    assert plain(text.text).text == text.text
    start = data.draw(st.integers(0, len(text.text)))
    end = data.draw(st.integers(start, len(text.text)))
    first, last = text.to_source(start=start, end=end)
    assert 0 <= first <= last <= len(source)
    if start == end:
        return  # inside a paragraph's break there is no place of the source
    low, high = text.from_source(start=first, end=last)
    assert low <= start
    assert high >= end
    assert text.to_source(start=low, end=high) == (first, last)


@pytest.mark.slow
@pytest.mark.parametrize("letters", ["\u0316\u0301", "e\u0301", "\u00ad", "\n", "a "])
def test_hostile_text_of_a_megabyte_takes_no_longer_than_its_length(letters: str) -> None:
    began = time.process_time()
    plain(letters * (1_000_000 // len(letters)))
    assert time.process_time() - began < 10
