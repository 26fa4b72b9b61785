"""A typed quotation is matched with the one place it is taken from, or with none."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.kit.anchors import (
    MAX_EXACT,
    Quotable,
    QuotationIndex,
    match_typed_quotation,
    plain,
)

SAID = {
    1: "The ferry company told nobody about the new timetable. I waited for an hour in the rain.",
    2: "That is not what happened: the company had put up a notice at the pier, two weeks before.",
    3: "I do not think so. Let us see what the council says on Monday.",
    4: "I do not think so. The company never answers letters, it never has.",
    5: "渡船公司没有告诉任何人新的时刻表，我在雨中等了一个小时。",
    6: "A ferry, a ferry, my kingdom for a ferry, a ferry that sails on time every single day.",
}
CANDIDATES = [Quotable(key, plain(text), 1) for key, text in SAID.items()]
INDEX = QuotationIndex(CANDIDATES)


@pytest.mark.parametrize(
    ("typed", "key", "exact"),
    [
        (
            "The ferry company told nobody about the new timetable.",
            1,
            "The ferry company told nobody about the new timetable.",
        ),
        ("> told nobody about the\n> new timetable", 1, "told nobody about the new timetable"),
        (
            "“the COMPANY had put up a notice”",
            2,
            "the company had put up a notice",
        ),
        # A letter mistyped, a comma lost.
        (
            "a notice at the peir two weeks before",
            2,
            "a notice at the pier, two weeks before",
        ),
        ("我在雨中等了一个小时。", 5, "我在雨中等了一个小时。"),
    ],
)
def test_a_quotation_is_matched(typed: str, key: int, exact: str) -> None:
    found = INDEX.match(quotation=typed)
    assert found
    assert (found.key, found.anchor.quote.exact) == (key, exact)
    assert 0.9 < found.confidence <= 1
    assert found.is_whole
    assert match_typed_quotation(quotation=typed, candidates=CANDIDATES) == found


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "> ",
        "nobody",
        "told nobody",  # too few words
        "I do not think so",  # two people said it
        "it is a to do so we",  # short words
        "The railway company told nobody about the old timetable",  # not the words
        "The ferry company informed everybody about a new timetable",
        "the ferry company told nobody […] waited for an hour",  # two pieces
        "something else that nobody in this thread has said yet",
    ],
)
def test_what_is_not_certain_is_no_quotation(typed: str) -> None:
    assert INDEX.match(quotation=typed) is None


def test_the_same_words_twice_in_one_text_match_neither() -> None:
    twice = "We want the old timetable back. Nothing else. We want the old timetable back."
    found = match_typed_quotation(
        quotation="We want the old timetable back", candidates=[Quotable("a", plain(twice), 1)]
    )
    assert found is None


def test_a_quotation_that_is_longer_than_an_anchor_is_cut_after_a_sentence() -> None:
    body = " ".join(f"Sentence number {n} of many that were said here." for n in range(40))
    found = match_typed_quotation(quotation=body, candidates=[Quotable("a", plain(body), 1)])
    assert found
    assert not found.is_whole
    assert found.anchor.quote.exact.endswith("said here.")
    assert MAX_EXACT - 60 < len(found.anchor.quote.exact) <= MAX_EXACT


@given(st.text(), st.lists(st.text(), max_size=4))
def test_no_text_is_an_error(quotation: str, texts: list[str]) -> None:
    match_typed_quotation(
        quotation=quotation,
        candidates=[Quotable(n, plain(text), 1) for n, text in enumerate([*texts, quotation])],
    )


@pytest.mark.slow
def test_a_thread_of_thousands_is_searched_at_once() -> None:
    names = [f"word{n}" for n in range(500)]
    thread = [
        Quotable(
            number,
            plain(" ".join(names[(number * 31 + place * place * 7) % 500] for place in range(120))),
            1,
        )
        for number in range(5_000)
    ]
    index = QuotationIndex(thread)
    wanted = " ".join(thread[4_321].text.text.split()[50:62])
    began = time.process_time()
    found = index.match(quotation=wanted)
    assert time.process_time() - began < 1
    assert found is None or found.key == 4_321


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["a", "aaaa ", "the same words again "])
def test_hostile_quotations_take_no_longer(unit: str) -> None:
    big = unit * (1_000_000 // len(unit))
    index = QuotationIndex([Quotable(n, plain(big[: 10_000 * n]), 1) for n in range(1, 20)])
    began = time.process_time()
    assert index.match(quotation=big) is None
    assert time.process_time() - began < 10
