"""Which tests stay together when several workers run them (`pytest -n 2`), and which come first."""

import os
import re
from typing import Any, Final

import pytest
from xdist.scheduler import LoadScopeScheduling

# What has a Chromium or a template of a newsroom's home to share. The browser's are two groups, for
# one worker would be busy with them long after the other has done everything else.
GROUPS: Final = (
    ("access", re.compile(r"^tests/browser/test_[a-d]")),
    ("browser", re.compile(r"^tests/browser/")),
    ("process", re.compile(r"^tests/(process/|site/test_server_process\.py)")),
)
# On PostgreSQL there are few of the browser's, and a home is not kept for the next run.
IN_ONE: Final = {"access": "browser"}
# The longest begin; the other half waits until the first has prepared the newsroom they share.
ORDER: Final = ("access", "early", "browser", "process", "late")
EARLY: Final = re.compile(r"^tests/(desk|discussion|formats|funding|house)/")


def group_of(nodeid: str) -> str | None:
    """Return the group that a test belongs to, or None if it may run on any worker."""
    found = next((name for name, pattern in GROUPS if pattern.match(nodeid)), None)
    if found and os.environ.get("DATABASE_URL"):
        return IN_ONE.get(found, found)
    return found


def rank(nodeid: str) -> int:
    """Return when a test comes, the first first."""
    group = group_of(nodeid)
    return ORDER.index(group or ("early" if EARLY.match(nodeid) else "late"))


class Grouped(LoadScopeScheduling):
    """Keeps each group on one worker and deals out all other tests one by one.

    xdist's own `--dist loadgroup` writes the group into a field that pytest 9.2 no longer reads.
    """

    def __init__(self, config: pytest.Config, log: Any = None) -> None:
        # The order is `rank`'s.
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid) or nodeid
