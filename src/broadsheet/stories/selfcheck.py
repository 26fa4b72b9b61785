"""What must be true across stories and what hangs on them."""

from collections.abc import Iterator

from django.conf import settings

from broadsheet.kit.selfcheck import Check
from broadsheet.stories import filing, queries


def checks() -> tuple[Check, ...]:
    """Thread and story are readable together; lists hold what is public; embargoes were kept."""
    return (
        Check("stories.threads", _threads),
        Check("stories.lists", _lists),
        Check("stories.embargo", _embargo),
    )


def _threads() -> Iterator[str]:
    for pk in queries.without_thread(site=settings.SITE_SLUG):
        yield f"story {pk} is public and its thread is not open"
    for pk in queries.shown_without_story(site=settings.SITE_SLUG):
        yield f"story {pk} is not public and its thread can be read"


def _lists() -> Iterator[str]:
    for pk in filing.misfiled():
        yield f"story {pk} stands on other lists than it should"


def _embargo() -> Iterator[str]:
    for pk in queries.public_under_embargo():
        yield f"story {pk} was published before its embargo ended"
