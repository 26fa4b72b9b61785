"""The archive by month, in the publication's time zone."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any, Final

from django.db import connection
from django.utils.timezone import get_current_timezone, localtime

from broadsheet.stories import list_keys
from broadsheet.stories.listings import page_of
from broadsheet.stories.models import Listing
from broadsheet.stories.shown import Month, ShownMonth, Year

# From the newest month back: a hundred and fifty years.
MONTHS_AT_MOST: Final = 1800
FIRST_YEAR: Final = 1000
LAST_YEAR: Final = 9990
_DECEMBER: Final = 12


def years() -> tuple[Year, ...]:
    """Return the years and months that have stories, the newest first. Three queries.

    Each month is a range of the index that is counted by the database itself; which range it is
    depends on the time zone, so that no number is kept.
    """
    newest, oldest = _end("-"), _end("")
    if newest is None or oldest is None:
        return ()
    days = _months_between(_first_of(oldest), _first_of(newest))
    counted = zip(days, _counts([span(day) for day in days]), strict=True)
    months = [_month(day, stories) for day, stories in counted if stories]
    return tuple(
        Year(year, sum(month.stories for month in group), group)
        for year, group in ((y, tuple(g)) for y, g in groupby(months, key=lambda m: m.first.year))
    )


def month(*, year: int, number: int, after: str = "") -> ShownMonth | None:
    """Return a month's stories, or None before the first story and after the last one.

    Raises cursors.UnknownCursorError. Seven queries at most.
    """
    if not (1 <= number <= _DECEMBER and FIRST_YEAR <= year <= LAST_YEAR):
        return None
    first = date(year, number, 1)
    begin, end = span(first)
    listed = page_of(after=after, within=(begin, end))
    rows = Listing.objects.filter(list_key=list_keys.ALL)
    times = rows.order_by("-published_at", "-story_id").values_list("published_at", flat=True)
    earlier = times.filter(published_at__lt=begin).first()
    later = times.filter(published_at__gte=end).reverse().first()
    if not listed.cards and not (earlier and later):
        return None
    return ShownMonth(
        first=first,
        url=_url(first),
        listed=listed,
        earlier=_month(_first_of(earlier)) if earlier else None,
        later=_month(_first_of(later)) if later else None,
    )


def _end(direction: str) -> datetime | None:
    rows = Listing.objects.filter(list_key=list_keys.ALL)
    order = (f"{direction}published_at", f"{direction}story_id")
    return rows.order_by(*order).values_list("published_at", flat=True).first()


def _counts(spans: Sequence[tuple[datetime, datetime]]) -> list[int]:
    """Count the stories of each span. One query, written out: the ORM has no list of values."""
    adapt = connection.ops.adapt_datetimefield_value
    parameters: list[Any] = []
    for number, (begin, end) in enumerate(spans):
        parameters += [number, adapt(begin), adapt(end)]
    kind = "timestamptz" if connection.vendor == "postgresql" else "text"
    row = f"(%s, CAST(%s AS {kind}), CAST(%s AS {kind}))"
    sql = f"""
        WITH span(number, starts, ends) AS (VALUES {", ".join([row] * len(spans))})
        SELECT (SELECT count(*) FROM stories_listing AS listing
                WHERE listing.list_key = %s
                  AND listing.published_at >= span.starts AND listing.published_at < span.ends)
        FROM span ORDER BY span.number
    """  # noqa: S608 - built of constants
    with connection.cursor() as cursor:
        cursor.execute(sql, [*parameters, list_keys.ALL])
        return [count for (count,) in cursor.fetchall()]


def span(first: date) -> tuple[datetime, datetime]:
    zone = get_current_timezone()
    begin, end = (datetime(d.year, d.month, 1, tzinfo=zone) for d in (first, _next(first)))
    return begin, end


def _months_between(oldest: date, newest: date) -> list[date]:
    days = [newest]
    while days[-1] > oldest and len(days) < MONTHS_AT_MOST:
        last = days[-1]
        days.append(
            date(last.year, last.month - 1, 1) if last.month > 1 else date(last.year - 1, 12, 1)
        )
    return days


def _next(first: date) -> date:
    if first.month < _DECEMBER:
        return date(first.year, first.month + 1, 1)
    return date(first.year + 1, 1, 1)


def _first_of(moment: datetime) -> date:
    return localtime(moment).date().replace(day=1)


def _month(first: date, stories: int = 0) -> Month:
    return Month(first, _url(first), stories)


def _url(first: date) -> str:
    return f"/archive/{first:%Y/%m}/"
