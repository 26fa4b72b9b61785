"""All rooms' checks of what must always be true."""

from collections.abc import Iterator

from broadsheet.discussion import api as discussion
from broadsheet.funding import api as funding
from broadsheet.readers import api as readers
from broadsheet.stories import api as stories


def run_all() -> Iterator[tuple[str, list[str]]]:
    """Run every check; yields its name and the problems it found."""
    for room in (stories, discussion, funding, readers):
        for check in room.checks():
            yield check.name, list(check.run())
