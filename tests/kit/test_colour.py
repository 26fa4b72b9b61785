"""Contrast as WCAG 2.2 reckons it, and a publisher's colour that everybody can read."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.kit.colour import (
    AA_TEXT,
    DARK_GROUNDS,
    LIGHT_GROUNDS,
    ColourError,
    accent,
    contrast,
    luminance,
    parse_colour,
)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        # WCAG's own ends of the scale, and the grey that is taught as the lightest on white.
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#767676", "#ffffff", 4.54),
        ("#777777", "#ffffff", 4.48),
        ("#ff0000", "#ffffff", 4.0),
    ],
)
def test_contrast(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)
    assert contrast(other, one) == contrast(one, other)


@pytest.mark.parametrize(
    ("typed", "colour"), [("#A00", "#aa0000"), ("b5179e", "#b5179e"), (" #B5179E ", "#b5179e")]
)
def test_a_colour_as_it_is_typed(typed: str, colour: str) -> None:
    assert parse_colour(typed) == colour


@pytest.mark.parametrize("typed", ["", "red", "#12", "#12345", "#1234567", "#ggg", "#١٢٣"])
def test_what_is_no_colour(typed: str) -> None:
    with pytest.raises(ColourError):
        parse_colour(typed)


def test_a_readable_colour_stays_as_it_is() -> None:
    assert accent("#a3241b").light == "#a3241b"
    assert not accent("#a3241b").was_adjusted


def test_a_pale_colour_is_darkened_on_light_paper_alone() -> None:
    yellow = accent("#ffd60a")
    assert yellow.was_adjusted
    assert yellow.dark == "#ffd60a"
    assert luminance(yellow.light) < luminance(yellow.chosen)


@given(st.integers(0, 0xFFFFFF))
def test_every_colour_is_made_readable(number: int) -> None:
    found = accent(f"#{number:06x}")
    assert all(contrast(found.light, ground) >= AA_TEXT for ground in LIGHT_GROUNDS)
    assert all(contrast(found.dark, ground) >= AA_TEXT for ground in DARK_GROUNDS)


def test_the_grounds_are_those_of_the_style_sheet(checkout: Path) -> None:
    style = checkout / "src/broadsheet/site/static/broadsheet/broadsheet.css"
    text = style.read_text(encoding="utf-8")
    papers = [parse_colour(found) for found in re.findall(r"--paper:(#\w+)", text)]
    rooms = [parse_colour(found) for found in re.findall(r"--room:(#\w+)", text)]
    assert (papers[0], rooms[0]) == LIGHT_GROUNDS
    assert (papers[1], rooms[1]) == DARK_GROUNDS
