"""Moments as a page writes them: by the clock of the publication, in its language."""

from datetime import datetime, tzinfo
from functools import lru_cache
from typing import Final

from django.utils.dateformat import format as format_date
from django.utils.formats import get_format
from django.utils.timezone import get_current_timezone
from django.utils.translation import get_language

# A thread is drawn anew with each comment that comes, and nearly all of its moments are the same.
_KEPT: Final = 4_096


def time_element(moment: datetime, *, link: str = "") -> str:
    """Return the `time` element of a moment, its words perhaps a link to a safe address."""
    machine, words = _written(moment, get_current_timezone(), get_language() or "")
    shown = f'<a href="{link}">{words}</a>' if link else words
    return f'<time datetime="{machine}">{shown}</time>'


@lru_cache(maxsize=_KEPT)
def _written(moment: datetime, zone: tzinfo, language: str) -> tuple[str, str]:
    """Return a moment for machines and for people, in the language that is in force."""
    local = moment.astimezone(zone)
    shown = format_date(local, get_format("DATETIME_FORMAT", lang=language or None))
    return local.isoformat(timespec="seconds"), shown
