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
    read = Moved.objects.filter(
        from_state=Comment.State.HELD,
        from_held_at__isnull=False,
        decision__at__gte=now - timedelta(days=_DAYS),
    )
    rows = read.exclude(to_state=Comment.State.HELD).order_by("-decision")
    waits = [
        (at - since).total_seconds()
        for at, since in rows.values_list("decision__at", "from_held_at")[:_MOST]
        if since is not None
    ]
    return timedelta(seconds=median(waits)) if len(waits) >= _LEAST else None
