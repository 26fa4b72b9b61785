"""Of which tables public pages show what: each room's own list, put together."""

from typing import Final

from broadsheet.discussion import api as discussion
from broadsheet.funding import api as funding
from broadsheet.pagestore.api import Watch
from broadsheet.stories import api as stories

WATCHED: Final[tuple[Watch, ...]] = (
    *stories.WATCHED,
    *discussion.WATCHED,
    *funding.WATCHED,
)
