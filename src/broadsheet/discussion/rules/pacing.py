"""How fast a discussion goes: whether it takes anything now, how often, and from whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Switches:
    """What is on of a thread, or of the whole site, and until when; None is until turned off."""

    closed_at: datetime | None = None
    closed_until: datetime | None = None
    slow_seconds: int = 0
    slow_until: datetime | None = None
    raid_since: datetime | None = None
    raid_until: datetime | None = None


def is_on(*, on: bool, until: datetime | None, now: datetime) -> bool:
    """Say whether something that was turned on holds still: it ends by itself."""
    return on and (until is None or now < until)


def is_closed(switches: Iterable[Switches], *, now: datetime) -> bool:
    """Say whether a thread takes nothing now, of itself or because the whole site does not."""
    return any(
        is_on(on=one.closed_at is not None, until=one.closed_until, now=now) for one in switches
    )
