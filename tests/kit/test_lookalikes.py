"""Names that look alike, and names that do not."""

import pytest

from broadsheet.kit.lookalikes import looks_like_one_of

STAFF = ["Anna Iversen", "Odile Brandt", "Юрий Котов", "ليلى حداد", "Søren Müller", "0. Keel"]
LIKE_STAFF = {
    "the same": "Anna Iversen",
    "capitals": "ANNA iversen",
    "spaces": "  Anna   Ivers en ",
    "no-break space": "Anna\u00a0Iversen",
    "zero-width": "An\u200bna Iver\u2060sen",
    "joiner": "Anna Iver\u200dsen",
    "variation selector": "Anna\ufe0f Iversen",
    "right-to-left mark": "\u202eAnna Iversen",
    "fullwidth": "Ａｎｎａ Ｉｖｅｒｓｅｎ",
    "mathematical": "𝐀𝐧𝐧𝐚 𝐈𝐯𝐞𝐫𝐬𝐞𝐧",
    "circled": "Ⓐⓝⓝⓐ Iversen",
    "Greek Alpha": "Αnna Iversen",
    "Cyrillic": "Аnnа Ivеrsеn",
    "l for I": "Anna lversen",
    "1 for I": "Anna 1versen",
    "accent": "Ánna Iversen",
    "piled": "A\u0300\u0301\u0302nna Iversen",
    "punctuation": "Anna_Iversen.",
    "a tick": "Anna Iversen ✓",
    "an emoji": "Anna Iversen 🗞️",
    "zero": "0dile Brandt",
    "Latin for Cyrillic": "Юpий Koтoв",
    "tashkil": "لَيْلَى حَدَّاد",
    "without accents": "Soren Muller",
    "O for zero": "O. Keel",
}
UNLIKE_STAFF = [
    "",
    "Anna",
    "Anna I.",
    "Iversen Anna",
    "Ann Iversen",
    "Odette Brandt",
    "🗞️",
    "ليلى",
    "Юрий",
]


@pytest.mark.parametrize("name", LIKE_STAFF.values(), ids=LIKE_STAFF)
def test_what_looks_like_a_name_of_staff(name: str) -> None:
    assert looks_like_one_of(name, STAFF)


@pytest.mark.parametrize("name", UNLIKE_STAFF)
def test_what_does_not(name: str) -> None:
    assert not looks_like_one_of(name, STAFF)
    assert not looks_like_one_of(name, [])


def test_vowel_signs_tell_names_apart() -> None:
    for one, other in (("राम", "रमा"), ("มานี", "มานะ"), ("कवि", "कवी")):
        assert looks_like_one_of(one, [one])
        assert not looks_like_one_of(one, [other])
