"""The one place that reads the wall clock; everything below takes `now` as an argument."""

from datetime import UTC, datetime


def utcnow() -> datetime:
    """Return the present instant, aware, in UTC."""
    return datetime.now(UTC)
