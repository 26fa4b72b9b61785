"""Moments follow the publication's clock and language, though what was written is kept."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone, translation

from broadsheet.discussion.http.moments import time_element

MOMENT = datetime(2026, 6, 12, 21, 30, tzinfo=UTC)


def written(language: str, zone: str) -> str:
    with translation.override(language), timezone.override(ZoneInfo(zone)):
        return time_element(MOMENT)


def test_a_moment_is_written_by_clock_and_language() -> None:
    english = written("en", "UTC")
    assert english == '<time datetime="2026-06-12T21:30:00+00:00">June 12, 2026, 9:30 p.m.</time>'
    german = written("de", "Europe/Berlin")
    assert german == '<time datetime="2026-06-12T23:30:00+02:00">12. Juni 2026 23:30</time>'
    assert written("en", "UTC") == english
    assert "2026-06-13T06:30:00+09:00" in written("en", "Asia/Tokyo")


def test_a_moment_may_be_a_link() -> None:
    with translation.override("en"), timezone.override(ZoneInfo("UTC")):
        assert '"><a href="/c/7/">June 12' in time_element(MOMENT, link="/c/7/")
