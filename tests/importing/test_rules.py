"""What becomes of what: the decisions alone, without a database."""

from datetime import UTC, datetime

import pytest

from broadsheet.importing.report import PLACES_KEPT, Place, Report
from broadsheet.importing.rules import cut, is_document, is_picture
from broadsheet.importing.wording import KINDS, NOTES, OUTCOMES


@pytest.mark.parametrize(
    ("text", "length", "expected"),
    [
        ("short", 10, "short"),
        ("exactly ten", 11, "exactly ten"),
        ("one two three", 9, "one two…"),
        ("one two three", 8, "one two…"),
        ("one, two", 5, "one…"),
        ("unbreakable", 6, "unbre…"),
    ],
)
def test_text_is_cut_politely(text: str, length: int, expected: str) -> None:
    assert cut(text, length) == expected
    assert len(cut(text, length)) <= length


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://post.example/a.JPG", True),
        ("https://post.example/a.jpg?w=100", True),
        ("https://post.example/a.pdf", False),
        ("https://post.example/", False),
        ("http://[bad", False),
        ("", False),
    ],
)
def test_pictures_are_told_by_their_ending(url: str, *, expected: bool) -> None:
    assert is_picture(url) is expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://post.example/a.PDF?x=1#page=2", True),
        ("https://post.example/a.pdf.exe", False),
        ("https://post.example/a.html", False),
        ("https://post.example/pdf", False),
        ("http://[bad", False),
    ],
)
def test_documents_are_told_by_their_ending(url: str, *, expected: bool) -> None:
    assert is_document(url) is expected


def test_a_report_stays_small_and_can_be_printed() -> None:
    report = Report(title="The \x1b[31mPost</title>", file="export.xml")
    for line in range(1, 5000):
        report.note("shortcode", Place(line, f"Story {line}"), detail=f"code{line}")
        report.note("trash", Place(line, f"Story {line}"))
    assert report.count("trash") == 4999
    assert report.count("shortcode") == 4999
    assert len(report.noticed) <= 402
    assert max(len(found.places) for found in report.noticed.values()) == PLACES_KEPT
    text = report.markdown()
    assert "\x1b" not in text
    assert "<" not in text
    assert "4999 × a story or page in the trash: line 1 (Story 1), line 2 (Story 2)" in text


def test_an_empty_report_says_so() -> None:
    assert "Nothing: the file holds no stories" in Report(file="x.xml").markdown()


def test_every_word_is_used() -> None:
    assert all(sentence for _, sentence in NOTES.values())
    assert len(set(KINDS.values())) == len(KINDS)
    assert OUTCOMES["new"]


def test_every_finding_of_the_formats_has_its_words() -> None:
    from broadsheet.formats.api import FindingKind

    assert {str(kind) for kind in FindingKind} <= set(NOTES)


def test_a_moment_in_gmt_goes_before_the_local_one() -> None:
    from zoneinfo import ZoneInfo

    from broadsheet.importing.rules import moment

    utc = datetime(2025, 7, 1, 8, tzinfo=UTC)
    local = datetime(2025, 7, 1, 12)  # noqa: DTZ001 - a local time, as files have them
    berlin = ZoneInfo("Europe/Berlin")
    assert moment(utc, local, zone=berlin) == utc
    assert moment(None, local, zone=berlin) == datetime(2025, 7, 1, 10, tzinfo=UTC)
    assert moment(None, None, zone=berlin) is None
