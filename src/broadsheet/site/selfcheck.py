"""All rooms' checks of what must always be true."""

import logging
from collections.abc import Iterator

from broadsheet.discussion import api as discussion
from broadsheet.funding import api as funding
from broadsheet.readers import api as readers
from broadsheet.site.snapshot import one_moment
from broadsheet.stories import api as stories

logger = logging.getLogger(__name__)


def run_all() -> Iterator[tuple[str, list[str]]]:
    """Run every check; yields its name and the problems it found.

    All look at the same moment: a comment that is posted meanwhile is in every count or in none.
    """
    with one_moment():
        for room in (stories, discussion, funding, readers):
            for check in room.checks():
                yield check.name, list(check.run())


def log_all() -> None:
    """Run every check; every problem is an error in the log."""
    problems = 0
    for name, found in run_all():
        for problem in found:
            problems += 1
            logger.error("selfcheck, %s: %s", name, problem)
    if not problems:
        logger.info("selfcheck: all is well")
