"""Stretches of a thread's orders, as its indexes hold them: where a page begins and ends."""

from collections.abc import Mapping
from typing import Any, Final

from django.db.models import Q

from broadsheet.discussion.comments import cursors

ROOTS_PER_PAGE: Final = 20
ORDER: Final = {
    "newest": ("-created_at", "-id"),
    "oldest": ("created_at", "id"),
    "votes": ("-score", "-created_at", "-id"),
}


def beyond(cursor: cursors.RootCursor, *, newest: bool) -> Q:
    """What comes after the cursor by time; the plain bound lets the index begin there."""
    at, number = cursor.created_at, cursor.number
    if newest:
        return Q(created_at__lte=at) & (Q(created_at__lt=at) | Q(id__lt=number))
    return Q(created_at__gte=at) & (Q(created_at__gt=at) | Q(id__gt=number))


def cursor_of(row: Mapping[str, Any], sort: str) -> str:
    """Return the cursor of the page that begins after a row."""
    last = cursors.RootCursor(row["created_at"], row["id"], row["up"] - row["down"])
    return cursors.write_root(last, sort=sort)
