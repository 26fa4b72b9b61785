"""What must be true across stories and what hangs on them."""

from collections.abc import Iterator

from django.conf import settings

from broadsheet.discussion import api as discussion
from broadsheet.kit.selfcheck import Check
from broadsheet.stories.models import StoryPage


def checks() -> tuple[Check, ...]:
    """Every live story has its thread."""
    return (Check("stories.threads", _threads),)


def _threads() -> Iterator[str]:
    keys = {str(uuid): pk for uuid, pk in StoryPage.objects.live().values_list("uuid", "pk")}
    known = discussion.known_keys(site=settings.SITE_SLUG, keys=list(keys))
    for key in sorted(keys.keys() - known):
        yield f"story {keys[key]} is live and has no thread"
