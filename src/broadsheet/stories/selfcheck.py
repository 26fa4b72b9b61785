"""What must be true across stories and what hangs on them."""

from collections.abc import Iterator

from django.conf import settings

from broadsheet.kit.selfcheck import Check
from broadsheet.stories import queries


def checks() -> tuple[Check, ...]:
    """A story's thread is readable exactly while the story is."""
    return (Check("stories.threads", _threads),)


def _threads() -> Iterator[str]:
    for pk in queries.without_thread(site=settings.SITE_SLUG):
        yield f"story {pk} is live and its thread is not open"
    for pk in queries.shown_without_story(site=settings.SITE_SLUG):
        yield f"story {pk} is not live and its thread can be read"
