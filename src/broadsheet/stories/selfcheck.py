"""What must be true across stories and what hangs on them."""

from collections.abc import Iterator

from django.conf import settings

from broadsheet.kit.selfcheck import Check
from broadsheet.stories import filing, queries


def checks() -> tuple[Check, ...]:
    """A story's thread is readable exactly while the story is; lists hold what is public."""
    return (Check("stories.threads", _threads), Check("stories.lists", _lists))


def _threads() -> Iterator[str]:
    for pk in queries.without_thread(site=settings.SITE_SLUG):
        yield f"story {pk} is public and its thread is not open"
    for pk in queries.shown_without_story(site=settings.SITE_SLUG):
        yield f"story {pk} is not public and its thread can be read"


def _lists() -> Iterator[str]:
    for pk in filing.misfiled():
        yield f"story {pk} stands on other lists than it should"
