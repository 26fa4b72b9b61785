"""Words by their looks: evasions are found, other words are not, and nothing makes it slow."""

import json
import os
import random
import re
import unicodedata
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.kit.folding import LONGEST, MOST_READ, forms, normal, readable, words_of


def seen(text: str, word: str) -> bool:
    """Say whether a text has a word in one of its forms."""
    return any(not forms(one).isdisjoint(forms(word)) for one in words_of(readable(text)))


@pytest.mark.parametrize(
    "text",
    [
        "idiot", "IDIOT", "Idiot!", "(idiot)", "idiooooot", "iiidiooot", "i.d.i.o.t", "i d i o t",
        "i-d-i-o-t", "іdіоt", "ιdιοt", "ｉｄｉｏｔ", "ⓘⓓⓘⓞⓣ", "𝐢𝐝𝐢𝐨𝐭", "id\u200biot", "i\u00addiot",
        "i̶d̶i̶o̶t̶", "i̷̖̜d̴͎i̵͙o̸t", "1d1ot", "id!ot", "idi0t", "\u202eidiot\u202c", "so idiot.",
        "i d i o t 🙂", "i🙂d🙂i🙂o🙂t", "i 🙂 d 🙂 i 🙂 o 🙂 t", "شكرا i.d.i.o.t",
        "you are a i.d.i.o.t", "I know a i d i o t", "what i d i o t I know",
    ],
)  # fmt: skip
def test_evasions_are_found(text: str) -> None:
    assert seen(text, "idiot")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("class", "ass"), ("Scunthorpe", "cunt"), ("idiotic", "idiot"), ("as", "ass"),
        ("schwül", "schwul"), ("schwu\u0308l", "schwul"), ("i did", "idid"), ("id iot", "idiot"),
        ("pass it", "ass"), ("शिव", "शव"), ("", "idiot"), ("I am", "lam"),
        ("a क b ख c", "abc"), ("क ख ग", "कखग"), ("मै तु वो", "मतव"), ("b ế n", "bn"),
    ],
)  # fmt: skip
def test_other_words_are_not(text: str, word: str) -> None:
    assert not seen(text, word)


def test_words_of_all_scripts_are_whole() -> None:
    assert words_of(readable("हिन्दी भाषा, مُحَمَّد; Straße")) == ["हिन्दी", "भाषा", "محمد", "Straße"]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60))
def test_the_normal_form_is_one(text: str) -> None:
    once = normal(text)
    assert normal(once) == once
    assert unicodedata.normalize("NFC", once) == once


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80))
def test_a_form_is_a_form_of_itself_and_none_grows(text: str) -> None:
    for word in words_of(readable(text)):
        for form in forms(word):
            # One sign stands for eighteen at most, and each of these looks like three.
            assert len(form) <= LONGEST * 54
    for word in text.split():
        if word.isalpha() and word.isascii() and not re.search(r"(.)\1\1", word.casefold()):
            assert normal(word) in forms(word)


@settings(max_examples=60, deadline=None)
@given(
    st.text("abdegknoprtu", min_size=4, max_size=10).filter(
        lambda word: not re.search(r"(.)\1", word)
    ),
    st.randoms(use_true_random=False),
)
def test_what_is_disguised_is_found(word: str, chance: random.Random) -> None:
    disguises = (
        str.upper,
        lambda w: "".join(c * chance.randint(3, 6) for c in w),
        "\u200b".join,
        " ".join,
        lambda w: "".join(chr(ord(c) - 0x61 + 0x1D41A) for c in w),
        lambda w: "".join(c + "\u0336" for c in w),
        lambda w: w.translate(str.maketrans("aeop", "аеор")),
    )
    assert seen(f"So {chance.choice(disguises)(word)}, they say", word)


def hostile() -> list[str]:
    made = [
        "a" * 10_000, "a." * 5_000, "i " * 5_000, "\u0336" * 10_000, "a@" * 5_000, "ﷺ" * 10_000,
        "@$!|" * 2_500, "\u202e" * 10_000, "ǅ" * 10_000, "क्" * 5_000, "a\u0301" * 5_000,
        "_" * 9_999, "i " * 5_000 + "🙂", "i🙂" * 5_000, " 🙂" * 5_000, "क i " * 2_500,
    ]  # fmt: skip
    if folder := os.environ.get("BROADSHEET_TEST_DATA"):
        found = Path(folder) / "security" / "naughty"
        for path in sorted(found.glob("*.json")):
            made += [one for one in json.loads(path.read_text()) if isinstance(one, str)]
    return made


def test_nothing_makes_it_slow() -> None:
    readable("ä"), forms("ä")  # what is made once
    for text in hostile():
        began = process_time()
        found = [forms(word) for word in words_of(readable(text))]
        assert process_time() - began < 0.5, text[:40]
        assert len(found) <= MOST_READ
