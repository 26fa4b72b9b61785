"""What is on of a thread and of the whole site, from the rows that were read together."""

from datetime import datetime

from broadsheet.discussion.models import SiteState, Thread
from broadsheet.discussion.rules.pacing import Switches, is_closed, raid_since


def switches_of(thread: Thread) -> tuple[Switches, Switches]:
    """Return what is on of a thread and, of the site, what was read with it."""
    return _switches(thread), _switches(thread.house or SiteState())


def with_house(thread: Thread, house: SiteState) -> Thread:
    """Keep the state of the site with a thread that it was read with."""
    thread.house = house
    return thread


def is_shut(thread: Thread, *, now: datetime) -> bool:
    """Say whether a thread takes nothing now: closed by itself or with the site, or hidden."""
    return thread.hidden_at is not None or is_closed(switches_of(thread), now=now)


def raid_of(thread: Thread, *, now: datetime) -> datetime | None:
    """Return since when there is a raid on a thread or on the site; None in peace."""
    return raid_since(switches_of(thread), now=now)


def _switches(row: Thread | SiteState) -> Switches:
    return Switches(
        closed_at=row.closed_at,
        closed_until=row.closed_until,
        slow_seconds=row.slow_seconds,
        slow_until=row.slow_until,
        raid_since=row.raid_since,
        raid_until=row.raid_until,
    )
