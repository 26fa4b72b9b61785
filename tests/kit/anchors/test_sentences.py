"""Sentences of many languages, and the one that words stand in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.kit.anchors import plain, sentence_around, sentences
from broadsheet.kit.anchors.sentences import MAX_SENTENCE


@pytest.mark.parametrize(
    "expected",
    [
        ["The ferry sails.", "It is late!", "Is it?", "Yes."],
        ["Dr. Okafor met Mr. J. K. Rowe at 3.30 p.m. on the pier.", "They left."],
        ["The U.S. Senate and a delegation paid $3.5 million.", "Nobody asked."],
        ["“Will it sail?” she asked.", "“No.”", "He left."],
        ["Well... maybe not.", "Wait… what?", "“Stop…” he said."],
        ["It cost 4,000 kr. in all.", "(It did not.)", "Next."],
        ["See example.org/a.b for more.", "Version 2.0 is out."],
        ["i think so.", "They lied."],
        ["Das kostet z. B. am 3. Oktober ca. 5,5 Mio. Euro.", "Herr Dr. Weiß schweigt."],
        ["« Vraiment ? » demande M. Petit.", "Oui."],
        ["El Sr. Díaz llegó.", "¿Cuándo?", "¡Ayer!"],
        ["Это г. Москва и т.д.", "Вот."],
        ["渡船今天不开。", "为什么？", "“没有风！”", "好。"],
        ["フェリーは出ない。", "「なぜ？」と彼は聞いた。"],
        ["متى تبحر العبّارة؟", "غدًا.", "حسنًا."],
        ["کیا یہ سچ ہے؟", "ہاں۔", "ٹھیک۔"],
        ["नाव आज नहीं चलेगी।", "क्यों?", "पता नहीं॥"],
        ["Լավ։", "Այո։"],
        ["1. First the ferry.", "2. Then the rest."],
    ],
)
def test_sentences(expected: list[str]) -> None:
    text = " ".join(expected)
    assert [text[start:end] for start, end in sentences(text)] == expected


def test_chinese_needs_no_space() -> None:
    text = "渡船今天不开。为什么？没有风！好"
    assert [text[a:b] for a, b in sentences(text)] == [
        "渡船今天不开。",
        "为什么？",
        "没有风！",
        "好",
    ]


def test_a_paragraph_ends_a_sentence_whatever_stands_at_its_end() -> None:
    text = plain("A heading\n\nmore about Dr.\n\nnext").text
    assert [text[a:b] for a, b in sentences(text)] == ["A heading", "more about Dr.", "next"]


def test_words_over_two_sentences_stand_in_both() -> None:
    text = "One here. Two there. Three is last."
    start, end = sentence_around(text, text.index("here"), text.index("there"))
    assert text[start:end] == "One here. Two there."


def test_a_sentence_without_end_is_cut_at_words_around_what_is_quoted() -> None:
    text = "word " * 2_000
    start, end = sentence_around(text, 5_000, 5_004)
    assert MAX_SENTENCE - 20 < end - start <= MAX_SENTENCE
    assert (text[start - 1], text[end]) == (" ", " ")
    assert start < 5_000
    assert end > 5_004


@given(st.text() | st.text('aA .!?。\n"”'), st.data())
def test_sentences_of_any_text_are_in_order_and_leave_out_spaces_alone(
    source: str, data: st.DataObject
) -> None:
    text = plain(source).text
    place = 0
    for start, end in sentences(text):
        assert not text[place:start].strip()
        assert start < end
        place = end
    assert not text[place:].strip()
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    left, right = sentence_around(text, start, end)
    assert 0 <= left <= start <= end <= right <= len(text)
    assert right - left <= max(MAX_SENTENCE, end - start)
