"""Which tests stay together when several workers run them (`pytest -n 2`)."""

import re
from typing import Final

from xdist.scheduler import LoadScopeScheduling

# What has a Chromium or a template of a newsroom's home to share. The browser's are two groups, for
# one worker would be busy with them long after the other has done everything else.
GROUPS: Final = (
    ("access", re.compile(r"^tests/browser/test_[a-d]")),
    ("browser", re.compile(r"^tests/browser/")),
    ("process", re.compile(r"^tests/(process/|site/test_server_process\.py)")),
)


class Grouped(LoadScopeScheduling):
    """Keeps each group on one worker and deals out all other tests one by one.

    xdist's own `--dist loadgroup` writes the group into a field that pytest 9.2 no longer reads.
    """

    def _split_scope(self, nodeid: str) -> str:
        return next((name for name, pattern in GROUPS if pattern.match(nodeid)), nodeid)
