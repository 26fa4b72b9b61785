"""Names that look like those of staff, and marks piled on letters."""

import unicodedata
from dataclasses import replace
from typing import Any

import pytest

from broadsheet.discussion.comments.markdown import render
from broadsheet.discussion.models import Comment, Participant
from broadsheet.discussion.rules.piles import MOST, without_piles
from broadsheet.kit.verdict import RefusalError
from broadsheet.readers.api import staff_names
from broadsheet.readers.forms import NameForm
from discussion.making import Room, guest, reader, row
from discussion.test_http import as_, html, send
from people import Cast, Person

STAFF = ["Anna Iversen", "Odile Brandt"]
SPELT = {
    "Vietnamese": "Nguyễn Thị Ngọc Ánh viết: đường phố ướt",
    "niqqud": "בְּרֵאשִׁית בָּרָא אֱלֹהִים",
    "with accents": "בְּרֵאשִׁ֖ית בָּרָ֣א אֱלֹהִ֑ים שָּֽׁ֑",
    "tashkil": "بِسْمِ اللَّهِ الرَّحْمٰنِ",
    "Devanagari": "हिन्दी में क्ष्म्य, र्‍क और श्रीमान्",
    "Thai": "ที่นี่ น้ำ เก้าอี้ ผู้ใหญ่",
    "Tibetan": "བསྒྲུབས ཧཱུྃ་ ཨོཾ་མ་ཎི་པདྨེ་ཧཱུྃ",
    "emoji": "👩🏽‍🚀 🏴󠁧󠁢󠁳󠁣󠁴󠁿 1️⃣ ❤️‍🔥",
    "Burmese": "မြန်မာ ကျွန်ုပ်တို့",
}
ZALGO = "he" + "\u0336\u0300\u0301\u0302\u0489\u030a" * 20 + "llo"


@pytest.fixture(autouse=True)
def _people(settings: Any) -> None:
    settings.BROADSHEET_ACTOR = "discussion.test_http.actor_of"
    settings.CONFIG = replace(
        settings.CONFIG, values=settings.CONFIG.values | {"hold_first_comment": False}
    )


def test_no_guest_is_called_like_staff(room: Room) -> None:
    with pytest.raises(RefusalError, match="name_of_staff"):
        room.post("Believe me.", name="Αnna Iversen", staff_names=STAFF)
    assert not Comment.objects.exists()
    room.post("Me too.", name="Anna", staff_names=STAFF)
    room.post("It is me.", by=reader("Anna Iversen"), staff_names=STAFF)
    assert list(Participant.objects.order_by("pk").values_list("name", flat=True)) == [
        "Anna",
        "Anna Iversen",
    ]


@pytest.mark.parametrize("script", [False, True])
def test_the_answer_keeps_what_was_typed(room: Room, cast: Cast[Person], script: bool) -> None:
    assert cast.owner.actor.name in staff_names()
    assert cast.reader.actor.name not in staff_names()
    path = f"/t/{room.id}/comments/"
    typed = {"body": "Believe me, I work here.", "name": "Οdile Вrandt"}
    answer = send(as_(guest()), path, script=script, **typed)
    assert answer.status_code == 422
    assert "looks like that of somebody who works here" in html(answer)
    if not script:
        assert all(words in html(answer) for words in typed.values())
    assert send(as_(guest()), path, **(typed | {"name": "Odile B."})).status_code == 303


@pytest.mark.django_db
def test_no_reader_signs_up_under_a_name_like_staff(cast: Cast[Person]) -> None:
    assert not NameForm({"name": f" {cast.owner.actor.name.upper()}"}).is_valid()
    assert NameForm({"name": "Odile Brand"}).is_valid()


@pytest.mark.parametrize("text", SPELT.values(), ids=SPELT)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_what_languages_spell_is_shown_whole(text: str, form: str) -> None:
    spelt = unicodedata.normalize(form, text)  # type: ignore[arg-type]  # one of the four
    assert without_piles(spelt) == spelt
    assert spelt in render(spelt)


def test_piles_are_tamed_where_they_are_shown_and_kept_as_they_came(room: Room) -> None:
    number = room.post(f"{ZALGO} **{ZALGO}** {ZALGO[:10]}*{ZALGO[2:10]}*", name=ZALGO[:40]).number
    comment = row(number)
    assert ZALGO in comment.source
    assert comment.author.name == unicodedata.normalize("NFC", ZALGO[:40])
    (shown,) = room.page().comments
    for text in (shown.html, shown.author.name if shown.author else ""):
        assert text
        longest = run = 0
        for char in text.replace("<em>", ""):
            run = run + 1 if unicodedata.category(char) in {"Mn", "Me"} else 0
            longest = max(longest, run)
        assert longest == MOST
    brought = row(
        room.bring("7", body=f"<p>{ZALGO}e&#768;&#768;&#768;&#768;&#768;&#768;</p>").number
    )
    assert "\u0300" * 5 not in brought.html
    assert without_piles("x" + "\u0e47" * 30) == "x" + "\u0e47" * MOST
    assert without_piles("\u0301" * 9) == "\u0301" * MOST
    assert without_piles("a\u0301\u200b" * 1 + "\u0301\u200b" * 9).count("\u0301") == MOST
