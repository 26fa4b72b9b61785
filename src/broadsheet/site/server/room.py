"""How many connections may be open at once: pages and streams never take each other's room."""

import resource
from typing import Final

from broadsheet.site.config import Config

# For pages. Every open connection counts, idle ones too: enough that they cannot keep readers out.
# Streams come on top, and are counted where they begin (live.Places).
CONNECTIONS: Final = 4096
# Of the files that may be open, a connection is one; pages open others, and the database.
_FILES_OF_PAGES: Final = 4 * CONNECTIONS


def streams_at_most(config: Config) -> int:
    """Return how many streams are taken on: what the settings say, if the system lets us."""
    wanted = int(config["live_streams"])
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard == resource.RLIM_INFINITY:
        return wanted
    # Where there is little, half of it is for pages.
    return max(0, min(wanted, hard - min(_FILES_OF_PAGES, hard // 2)))


def raise_open_files(config: Config) -> None:
    """Allow as many connections as the system lets us have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES_OF_PAGES + int(config["live_streams"])
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
