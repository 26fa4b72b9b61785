"""An anchor is made of what was selected, is told as plain values, and is read strictly."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from broadsheet.kit.anchors import (
    MAX_CONTEXT,
    MAX_EXACT,
    Anchor,
    AnchorError,
    Position,
    anchor_from_selection,
    make_anchor,
    plain,
)

STORY = plain(
    "The ferry will not sail before noon. Nora Okafor said on Monday that “nobody on the island "
    "was told”. The council met twice.\n\n"
    "Residents were told by letter. Nobody was told by telephone, and nobody was told why."
)


def anchor_of(words: str) -> Anchor:
    start = STORY.text.index(words)
    return make_anchor(text=STORY, start=start, end=start + len(words), revision=7)


def test_an_anchor_holds_the_words_their_neighbourhood_and_their_sentence() -> None:
    anchor = anchor_of("“nobody on the island was told”")
    assert anchor.quote.exact == "“nobody on the island was told”"
    assert anchor.quote.prefix.endswith("Okafor said on Monday that ")
    assert anchor.quote.suffix.startswith(". The council met twice.\n\nResidents")
    assert max(len(anchor.quote.prefix), len(anchor.quote.suffix)) <= MAX_CONTEXT
    sentence = anchor.sentence
    assert sentence.text.startswith("Nora Okafor said")
    assert sentence.text.endswith("was told”.")
    assert sentence.text[sentence.start :].startswith(anchor.quote.exact)
    assert STORY.text[anchor.position.start : anchor.position.end] == anchor.quote.exact


def test_spaces_at_the_ends_are_left_out_and_a_letter_is_taken_whole() -> None:
    text = plain("one नमस्ते two")
    anchor = make_anchor(text=text, start=3, end=6, revision="r1")
    assert anchor.quote.exact == "नम"
    assert make_anchor(text=text, start=7, end=8, revision="r1").quote.exact == "स्ते"[:2]


@pytest.mark.parametrize(
    ("start", "end", "field"),
    [(-1, 3, "start"), (9999, 10_000, "start"), (3, 3, "end"), (0, 9999, "end"), (3, 4, "exact")],
)
def test_what_is_no_span_of_words_is_refused(start: int, end: int, field: str) -> None:
    with pytest.raises(AnchorError) as refused:
        make_anchor(text=STORY, start=start, end=end, revision=1)
    assert refused.value.field == field


def test_a_quotation_has_a_bound() -> None:
    text = plain("word " * 400)
    with pytest.raises(AnchorError, match="exact: is longer than 600"):
        make_anchor(text=text, start=0, end=MAX_EXACT + 5, revision=1)


@pytest.mark.parametrize(
    ("exact", "prefix", "suffix", "found"),
    [
        ("nobody on the island was told", "", "", "nobody on the island was told"),
        ("  nobody on\n\tthe island ", "", "", "nobody on the island"),
        ("nobody on the is\u00adland", "", "", "nobody on the island"),
        ("\u2068Nora\u2069\u00a0Okafor", "", "", "Nora Okafor"),
        # A browser puts its own line ends between blocks.
        ("met twice.\n\n\nResidents", "", "", "met twice.\n\nResidents"),
        ("met twice.\nResidents", "", "", "met twice.\n\nResidents"),
        ("told", "by telephone, and nobody was ", " why.", "told"),
    ],
)
def test_a_selection_is_found_as_a_browser_says_it(
    exact: str, prefix: str, suffix: str, found: str
) -> None:
    anchor = anchor_from_selection(
        text=STORY, exact=exact, prefix=prefix, suffix=suffix, revision=1
    )
    assert anchor.quote.exact == found


def test_decomposed_letters_are_the_same_words() -> None:
    text = plain("He ordered a café au lait.")
    anchor = anchor_from_selection(text=text, exact="cafe\u0301 au", revision=1)
    assert anchor.quote.exact == "café au"


def test_of_equal_places_the_hint_decides_and_without_it_nothing_does() -> None:
    second = STORY.text.rindex("nobody was told")
    anchor = anchor_from_selection(text=STORY, exact="was told", hint_start=second + 2, revision=1)
    assert anchor.position.start == second + len("nobody ")
    with pytest.raises(AnchorError, match="more than once") as refused:
        anchor_from_selection(text=STORY, exact="was told", revision=1)
    assert refused.value.field == "exact"


@pytest.mark.parametrize("exact", ["", " \u00ad", "never said", "x" * 5_000])
def test_a_selection_that_is_not_there_is_refused(exact: str) -> None:
    with pytest.raises(AnchorError) as refused:
        anchor_from_selection(text=STORY, exact=exact, revision=1)
    assert refused.value.field == "exact"


BROKEN: list[tuple[str, Callable[[dict[str, Any]], object]]] = [
    ("anchor.revision", lambda v: v.pop("revision")),
    ("anchor.note", lambda v: v.update(note=1)),
    ("selector", lambda v: v["selector"].pop()),
    ("selector", lambda v: v.update(selector="TextQuoteSelector")),
    ("selector.0", lambda v: v["selector"].__setitem__(0, None)),
    ("selector.0.type", lambda v: v["selector"][0].update(type="XPathSelector")),
    ("selector.1.end", lambda v: v["selector"][1].pop("end")),
    ("exact", lambda v: v["selector"][0].update(exact=" ")),
    ("exact", lambda v: v["selector"][0].update(exact=None)),
    ("exact", lambda v: v["selector"][0].update(exact="x" * (MAX_EXACT + 1))),
    ("prefix", lambda v: v["selector"][0].update(prefix="x" * (MAX_CONTEXT + 1))),
    ("suffix", lambda v: v["selector"][0].update(suffix="\ud800")),
    ("start", lambda v: v["selector"][1].update(start=-1)),
    ("start", lambda v: v["selector"][1].update(start=True)),
    ("end", lambda v: v["selector"][1].update(end=2**40)),
    ("end", lambda v: v["selector"][1].update(end=1_000)),
    ("revision", lambda v: v.update(revision=None)),
    ("revision", lambda v: v.update(revision=True)),
    ("revision", lambda v: v.update(revision="r" * 65)),
    ("sentence", lambda v: v.update(sentence="text")),
    ("sentence.text", lambda v: v["sentence"].update(text=1)),
    ("sentence.start", lambda v: v["sentence"].update(start=1)),
]


@pytest.mark.parametrize(("field", "break_it"), BROKEN)
def test_bad_values_are_refused_by_name(
    field: str, break_it: Callable[[dict[str, Any]], object]
) -> None:
    values = anchor_of("not sail before noon").to_dict()
    break_it(values)
    with pytest.raises(AnchorError) as refused:
        Anchor.from_dict(values)
    assert refused.value.field == field
    assert str(refused.value).startswith(field)


@pytest.mark.parametrize("values", [None, [], "anchor", 3, {}, {1: 2}])
def test_what_is_no_anchor_at_all_is_refused(values: object) -> None:
    with pytest.raises(AnchorError):
        Anchor.from_dict(values)


def test_parts_that_disagree_make_no_anchor() -> None:
    anchor = anchor_of("before noon")
    with pytest.raises(AnchorError, match="end:"):
        Anchor(anchor.quote, Position(3, 5), anchor.revision, anchor.sentence)


@given(st.text(min_size=1), st.data())
def test_any_words_of_any_text_make_an_anchor_that_is_read_back(
    source: str, data: st.DataObject
) -> None:
    text = plain(source)
    assume(text.text)
    start = data.draw(st.integers(0, len(text.text) - 1))
    end = data.draw(st.integers(start + 1, len(text.text)))
    assume(text.text[start:end].strip())
    anchor = make_anchor(text=text, start=start, end=end, revision=data.draw(st.integers(0, 99)))
    assert Anchor.from_dict(json.loads(json.dumps(anchor.to_dict()))) == anchor
    place = anchor.position
    assert text.text[place.start : place.end] == anchor.quote.exact
    again = anchor_from_selection(
        text=text,
        exact=anchor.quote.exact,
        prefix=text.text[: place.start],
        suffix=text.text[place.end :],
        hint_start=place.start,
        revision=anchor.revision,
    )
    assert again.quote.exact.split() == anchor.quote.exact.split()
