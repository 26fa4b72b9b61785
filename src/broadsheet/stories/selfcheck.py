"""What must be true across stories and what hangs on them."""

from collections.abc import Iterator

from django.conf import settings

from broadsheet.kit.selfcheck import Check
from broadsheet.stories import filing, kept, queries
from broadsheet.stories.addresses import url_of
from broadsheet.stories.records.operations import unrecorded


def checks() -> tuple[Check, ...]:
    """What hangs on a story follows it: its thread, its lists, its records."""
    return (
        Check("stories.threads", _threads),
        Check("stories.lists", _lists),
        Check("stories.records", _records),
        Check("stories.addresses", _addresses),
        Check("stories.embargo", _embargo),
    )


def _threads() -> Iterator[str]:
    for pk in queries.without_thread(site=settings.SITE_SLUG):
        yield f"story {pk} is public and its thread is not open at its address"
    for pk in queries.shown_without_story(site=settings.SITE_SLUG):
        yield f"story {pk} is not public and its thread can be read"
    for path in kept.astray():
        yield f"the thread of the plain page at {path} of the tree is not where the page is"


def _lists() -> Iterator[str]:
    for pk in filing.misfiled():
        yield f"story {pk} stands on other lists than it should"


def _embargo() -> Iterator[str]:
    for pk in queries.public_under_embargo():
        yield f"story {pk} was published before its embargo ended"


def _records() -> Iterator[str]:
    for pk in unrecorded():
        yield f"story {pk} is live and no version of it is recorded"


def _addresses() -> Iterator[str]:
    for page in queries.unreachable():
        yield f"page {page.pk} lies at {url_of(page)}, which is an address of the house"
