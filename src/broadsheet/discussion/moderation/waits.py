"""How long people usually wait here until somebody has read what is held."""

from datetime import datetime, timedelta
from statistics import median
from typing import Final

from broadsheet.discussion.models import Comment, Moved

_DAYS: Final = 7
# The newest of them: what it costs does not grow with how much is held.
_MOST: Final = 500
# Of fewer, a middle says nothing.
_LEAST: Final = 5


def usual_wait(*, now: datetime) -> timedelta | None:
    """Return the median of how long comments waited that were decided about in the last 7 days.

    Of at most 500, the newest; None where fewer than five were. One query.
    """
    # From the end of an index of those that waited, however much was decided in these days.
    read = Moved.objects.filter(from_held_at__isnull=False).order_by("-decision")
    rows = read.values_list("decision__at", "from_held_at", "to_state")[:_MOST]
    lately = now - timedelta(days=_DAYS)
    waits = [
        (at - since).total_seconds()
        for at, since, state in rows
        if since is not None and at >= lately and state != Comment.State.HELD
    ]
    return timedelta(seconds=median(waits)) if len(waits) >= _LEAST else None
