"""How long people wait here, in words. Asked of the database once a minute."""

from datetime import datetime, timedelta

from django.utils.translation import gettext, ngettext

from broadsheet.discussion import queries
from broadsheet.kit.clock import utcnow

_KEPT_FOR = timedelta(minutes=1)
_MINUTE, _HOUR, _DAY = 60, 60 * 60, 24 * 60 * 60


class _Kept:
    """What was found last: (when, how long). Two threads may look at once; both find the same."""

    last: tuple[datetime, timedelta | None] | None = None


def forget() -> None:
    """Ask again at the next opportunity."""
    _Kept.last = None


def wait_words() -> str:
    """Return a sentence on how long it usually takes here, or "" where nobody can say."""
    now = utcnow()
    kept = _Kept.last
    if kept is None or abs(now - kept[0]) > _KEPT_FOR:
        kept = _Kept.last = (now, queries.usual_wait(now=now))
    if kept[1] is None:
        return ""
    usual = gettext("Usually that takes %(time)s here (median of the last 7 days).")
    return usual % {"time": _long(kept[1])}


def _long(wait: timedelta) -> str:
    """Return a length of time as people say it: minutes, hours or days, rounded up."""
    seconds = wait.total_seconds()
    if seconds <= 90 * _MINUTE:
        n = max(1, -(-int(seconds) // _MINUTE))
        return ngettext("%(n)s minute", "%(n)s minutes", n) % {"n": n}
    if seconds <= 2 * _DAY:
        n = -(-int(seconds) // _HOUR)
        return ngettext("%(n)s hour", "%(n)s hours", n) % {"n": n}
    n = -(-int(seconds) // _DAY)
    return ngettext("%(n)s day", "%(n)s days", n) % {"n": n}
