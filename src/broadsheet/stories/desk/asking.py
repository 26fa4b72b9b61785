"""The way from a story at the desk to what readers are asked about it."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from broadsheet.discussion import api as discussion
from broadsheet.readers.api import actor_for
from broadsheet.stories.models import StoryPage


def buttons(*, page: Page, user: Any, view_name: str) -> Iterator[Button]:
    """The line in the editor's menu of more, for who may ask: of a story that readers have."""
    if view_name != "edit" or not isinstance(page, StoryPage) or not page.live:
        return
    if not discussion.is_moderator(actor=actor_for(user)):
        return
    key = str(page.uuid)
    thread = discussion.thread_ids(site=settings.SITE_SLUG, keys=[key]).get(key)
    if thread is not None:
        url = reverse("discussion:notes", args=(thread,))
        yield Button(_("Ask readers"), url, icon_name="help", priority=36)
