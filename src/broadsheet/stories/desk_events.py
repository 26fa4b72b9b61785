"""The one module that listens to Wagtail: editors, bulk actions and its scheduler save through it.

Each handler calls one idempotent operation. Some of these signals come outside any transaction of
ours; what a crash leaves between is found and repaired by `selfcheck` and the scheduler.
"""

from typing import Any

from django.conf import settings
from wagtail.signals import (
    page_published,
    page_slug_changed,
    page_unpublished,
    post_page_move,
)

from broadsheet.kit.clock import utcnow
from broadsheet.stories import operations
from broadsheet.stories.models import SectionPage, StoryPage


def listen() -> None:
    """Connect the handlers, once."""
    page_published.connect(on_published, dispatch_uid="stories.published")
    page_unpublished.connect(on_unpublished, dispatch_uid="stories.unpublished")
    page_slug_changed.connect(on_address_changed, dispatch_uid="stories.slug")
    post_page_move.connect(on_address_changed, dispatch_uid="stories.moved")


def on_published(instance: Any, **_: Any) -> None:
    """A story went live: its thread is open before its first reader comes."""
    if isinstance(instance, StoryPage):
        _bring_up_to_date(instance)
        operations.make_renditions(image_ids=operations.pictures_of(instance))


def on_unpublished(instance: Any, **_: Any) -> None:
    """A story is taken back, or deleted: nobody reads its thread by any other address."""
    if isinstance(instance, StoryPage):
        operations.hide_discussion(story=instance, site=settings.SITE_SLUG, now=utcnow())


def on_address_changed(instance: Any, **_: Any) -> None:
    """A story, or the section above it, has another address: the threads follow."""
    if isinstance(instance, StoryPage):
        _bring_up_to_date(StoryPage.objects.get(pk=instance.pk))
    elif isinstance(instance, SectionPage):
        section = SectionPage.objects.get(pk=instance.pk)
        for story in StoryPage.objects.live().child_of(section).iterator():
            _bring_up_to_date(story)


def _bring_up_to_date(story: StoryPage) -> None:
    operations.open_discussion(
        story=story,
        site=settings.SITE_SLUG,
        now=utcnow(),
    )
