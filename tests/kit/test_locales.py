from pathlib import Path

import pytest

from broadsheet.kit.locales import catalogues, direction_of, is_spoken, locale_of


@pytest.mark.parametrize(
    ("code", "found"), [("pt-br", "pt_BR"), ("de-xx", "de"), ("tlh", "en"), ("", "en")]
)
def test_every_code_has_a_locale(code: str, found: str) -> None:
    assert str(locale_of(code)) == found


def test_a_language_with_a_compiled_catalogue_is_found(tmp_path: Path) -> None:
    for name in ("pt_BR", "de", "fr"):
        (tmp_path / name / "LC_MESSAGES").mkdir(parents=True)
        if name != "fr":
            (tmp_path / name / "LC_MESSAGES" / "django.mo").touch()
    assert catalogues(tmp_path) == ("de", "pt-br")
    assert catalogues(tmp_path / "nowhere") == ()


@pytest.mark.parametrize(
    ("code", "spoken"), [("de", True), ("de-at", True), ("pt-br", True), ("pt", False), ("", False)]
)
def test_a_kind_of_a_language_is_spoken_with_it(code: str, spoken: bool) -> None:
    assert is_spoken(code, languages=("en", "de", "pt-br")) is spoken


def test_a_language_has_a_direction() -> None:
    assert [direction_of(code) for code in ("ar", "fa-ir", "de", "tlh")] == [
        "rtl",
        "rtl",
        "ltr",
        "ltr",
    ]
