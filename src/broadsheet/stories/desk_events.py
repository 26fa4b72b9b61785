"""The one module that listens to Wagtail: editors, bulk actions and its scheduler save through it.

Each handler calls idempotent operations. Some of these signals come outside any transaction of
ours; what a crash leaves between is found and repaired by `selfcheck` and the scheduler.

Where Wagtail sends no signal of its own, for a restriction and for what stories are filed under,
the handler listens to the model's, by its sender.
"""

from typing import Any

from django.conf import settings
from django.db.models.signals import post_delete, post_save
from wagtail.models import Page, PageViewRestriction, TaskState, WorkflowState
from wagtail.signals import (
    init_new_page,
    page_published,
    page_slug_changed,
    page_unpublished,
    post_page_move,
    task_submitted,
    workflow_approved,
    workflow_rejected,
    workflow_submitted,
)

from broadsheet.kit.clock import utcnow
from broadsheet.stories import filing, kept, list_keys, operations, queries, renditions
from broadsheet.stories.addresses import url_of
from broadsheet.stories.desk import letters
from broadsheet.stories.models import NewsImage, SectionPage, Series, StoryPage, TextPage, Topic
from broadsheet.stories.publication.operations import links_follow


def listen() -> None:
    """Connect the handlers, once."""
    page_published.connect(on_published, dispatch_uid="stories.published")
    page_unpublished.connect(on_unpublished, dispatch_uid="stories.unpublished")
    page_slug_changed.connect(on_address_changed, dispatch_uid="stories.slug")
    post_page_move.connect(on_address_changed, dispatch_uid="stories.moved")
    for signal in (post_save, post_delete):
        signal.connect(
            on_restriction, sender=PageViewRestriction, dispatch_uid="stories.restricted"
        )
    post_delete.connect(on_topic_gone, sender=Topic, dispatch_uid="stories.topic_gone")
    post_delete.connect(on_series_gone, sender=Series, dispatch_uid="stories.series_gone")
    init_new_page.connect(on_begun, dispatch_uid="stories.begun")
    _listen_in_wagtails_place()
    page_slug_changed.connect(on_renamed, dispatch_uid="publication.slug")
    post_page_move.connect(on_moved, dispatch_uid="publication.moved")
    # Wagtail has no signal of its own for a picture.
    post_save.connect(on_picture_saved, sender=NewsImage, dispatch_uid="stories.picture")


def _listen_in_wagtails_place() -> None:
    """Put our letters under the names of Wagtail's: it connects none where one is found."""
    for signal, notifier, sender, name in (
        (task_submitted, letters.ASKED, TaskState, "group_approval_task_submitted"),
        (workflow_submitted, letters.SUBMITTED, WorkflowState, "workflow_state_submitted"),
        (workflow_rejected, letters.RETURNED, WorkflowState, "workflow_state_rejected"),
        (workflow_approved, letters.APPROVED, WorkflowState, "workflow_state_approved"),
    ):
        uid = f"{name}_email_notification"
        signal.disconnect(sender=sender, dispatch_uid=uid)
        signal.connect(notifier, sender=sender, dispatch_uid=uid)


def on_published(instance: Any, **_: Any) -> None:
    """A story went live: what hangs on it stands before its first reader comes."""
    if isinstance(instance, StoryPage):
        _bring_up_to_date(instance)
        # Wagtail may be inside a transaction, and a picture takes seconds of a processor: the files
        # are made after it, elsewhere. The page shows those that the upload has brought already.
        renditions.ring()
    elif isinstance(instance, SectionPage):
        operations.show_versions(section=instance, site=settings.SITE_SLUG)
    elif isinstance(instance, TextPage):
        kept.discussion_follows(path=instance.path, now=utcnow())


def on_unpublished(instance: Any, **_: Any) -> None:
    """A story is taken back, or deleted: nobody reads its thread by any other address."""
    if isinstance(instance, StoryPage):
        filing.unfile_story(story_id=instance.pk)
        operations.hide_discussion(story=instance, site=settings.SITE_SLUG, now=utcnow())
    elif isinstance(instance, TextPage):
        kept.hide_discussion(page=instance, now=utcnow())


def on_begun(page: Any, **_: Any) -> None:
    """Somebody has opened the form of a new story: their own byline is in it already."""
    if isinstance(page, StoryPage):
        operations.preset_byline(story=page)


def on_address_changed(instance: Any, **_: Any) -> None:
    """A story, or the section above it, has another address: threads and lists follow."""
    # Wagtail sends a moved page without its type.
    page = instance.specific
    if isinstance(page, StoryPage):
        if page.live:
            _bring_up_to_date(StoryPage.objects.get(pk=page.pk))
    elif isinstance(page, SectionPage):
        filing.file_below(path=page.path)
        operations.threads_follow(section=page, site=settings.SITE_SLUG, now=utcnow())
    elif isinstance(page, TextPage):
        kept.discussion_follows(path=page.path, now=utcnow())


def on_restriction(instance: PageViewRestriction, **_: Any) -> None:
    """A program restricted who may read a page, or lifted that: what hangs on it follows."""
    # It goes with its page, too; then there is nothing left to file.
    page = Page.objects.filter(pk=instance.page_id).first()
    if page is not None:
        filing.file_below(path=page.path)
        for story in StoryPage.objects.live().filter(path__startswith=page.path).order_by("pk"):
            _show_or_hide_discussion(story)
        kept.discussion_follows(path=page.path, now=utcnow())


def on_topic_gone(instance: Topic, **_: Any) -> None:
    filing.drop_list(list_key=list_keys.of_topic(pk=instance.pk))


def on_series_gone(instance: Series, **_: Any) -> None:
    filing.drop_list(list_key=list_keys.of_series(pk=instance.pk))


def on_renamed(instance: Any, instance_before: Any, **_: Any) -> None:
    """A page in the menu has another address: the menu follows."""
    links_follow(old=url_of(instance_before), new=url_of(instance))


def on_moved(url_path_before: str, url_path_after: str, **_: Any) -> None:
    """The same, for a page that was put elsewhere."""
    old, new = (f"/{path.split('/', 2)[2]}" for path in (url_path_before, url_path_after))
    links_follow(old=old, new=new)


def on_picture_saved(instance: NewsImage, *, created: bool, **_: Any) -> None:
    """A picture is new, or is looked at elsewhere: its files follow."""
    if not created:
        # Wagtail saves in a transaction: here it is written down, the files are made after it.
        renditions.note_change(image=instance)
    renditions.ring()


def _bring_up_to_date(story: StoryPage) -> None:
    filing.file_story(story_id=story.pk)
    _show_or_hide_discussion(story)


def _show_or_hide_discussion(story: StoryPage) -> None:
    """Let readers have all that hangs on a public story, and hide the thread of any other."""
    public = queries.is_public(story_id=story.pk)
    change = operations.bring_up_to_date if public else operations.hide_discussion
    change(story=story, site=settings.SITE_SLUG, now=utcnow())
