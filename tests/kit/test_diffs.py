"""What changed between two texts: true for any two of them, and at a bounded cost."""

import time

from hypothesis import given
from hypothesis import strategies as st

from broadsheet.kit.diffs import Paragraph, compare, words_changed

WORDS = st.lists(st.sampled_from(["a", "b", "c", "the", "ferry", "sails"]), max_size=12)
TEXTS = st.lists(WORDS.map(" ".join).filter(bool), max_size=6)


def side(paragraphs: tuple[Paragraph, ...], without: str) -> list[str]:
    texts = ["".join(r.text for r in p.runs if r.kind != without) for p in paragraphs]
    return [" ".join(text.split()) for text in texts if text.strip()]


@given(before=TEXTS, after=TEXTS)
def test_both_texts_can_be_read_from_it(before: list[str], after: list[str]) -> None:
    found = compare(before=before, after=after)
    assert side(found, "ins") == before
    assert side(found, "del") == after


@given(text=TEXTS)
def test_nothing_changed_between_a_text_and_itself(text: list[str]) -> None:
    found = compare(before=text, after=text)
    assert all(paragraph.is_same for paragraph in found)
    assert words_changed(found) == (0, 0)


def test_a_changed_word_is_told_alone() -> None:
    (paragraph,) = compare(
        before=["The council voted 8 to 3 on Monday."],
        after=["The council voted 7 to 4 on Monday."],
    )
    assert [(run.kind, run.text.strip()) for run in paragraph.runs] == [
        ("same", "The council voted"),
        ("del", "8 to 3"),
        ("ins", "7 to 4"),
        ("same", "on Monday."),
    ]


def test_a_new_and_a_rewritten_paragraph_are_told_apart() -> None:
    before = ["One stays as it is.", "The ferry sails at ten from the quay.", "Gone by now."]
    after = [
        "One stays as it is.",
        "Something else came in.",
        "The ferry sails at noon from the quay.",
    ]
    kinds = [[run.kind for run in p.runs] for p in compare(before=before, after=after)]
    assert kinds == [["same"], ["ins"], ["same", "del", "ins", "same"], ["del"]]


def test_long_and_unlike_texts_are_compared_in_bounded_time() -> None:
    before = [" ".join(f"w{n * m % 977}" for n in range(400)) for m in range(1, 120)]
    after = [" ".join(f"w{n * m % 983}" for n in range(400)) for m in range(2, 130)]
    same = ["a " * 20_000, "b " * 20_000]
    began = time.process_time()
    for old, new in ((before, after), (same, same[::-1]), (["a b " * 9000], ["b c " * 9000])):
        found = compare(before=old, after=new)
        assert side(found, "ins") == [" ".join(text.split()) for text in old]
    assert time.process_time() - began < 3
