"""When a message is tried again, and when it is given up."""

from datetime import timedelta
from typing import Final

# A mail server that restarts, one that greylists, one that is down for a weekend.
PAUSES: Final = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=24),
)
# How long one attempt may take; after it, the attempt is taken to have died with its process.
ATTEMPT: Final = timedelta(minutes=5)
# Messages hold addresses and sign-in codes; a month is enough to answer "did it go out?".
KEPT: Final = timedelta(days=30)


def pause_after(attempts: int) -> timedelta | None:
    """Return how long to wait after the given number of failed attempts; None is "give up"."""
    return PAUSES[attempts - 1] if 1 <= attempts <= len(PAUSES) else None
