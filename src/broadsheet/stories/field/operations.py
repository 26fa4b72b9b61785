"""Filing a story: what a reporter's form says becomes the newest draft, in one transaction."""

import json
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count
from typing import Any
from uuid import UUID

from django.core.files.base import File
from django.db import transaction
from django.utils.text import slugify
from wagtail.log_actions import log
from wagtail.models import Page
from wagtail.utils.file import hash_filelike

from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import RefusalError, Refused
from broadsheet.readers.api import require_account
from broadsheet.stories.field import text
from broadsheet.stories.field.queries import is_locked_for
from broadsheet.stories.models import NewsImage, SectionPage, StoryPage
from broadsheet.stories.operations import preset_byline
from broadsheet.stories.renditions import make_first_renditions


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """What was filed. `photo` is a file that has been looked at; None keeps the one there is."""

    headline: str
    standfirst: str
    text: str
    photo: File[Any] | None = None
    alt: str = ""
    credit: str = ""
    caption: str = ""


def start_story(
    *, actor: Actor, section: SectionPage, filed: Filed, key: UUID, now: datetime
) -> StoryPage:
    """Write a new draft below a section, with its writer's byline. Raises RefusalError.

    `key` is the form's own, and becomes the story's identity: the same form sent again, because
    its answer was lost on the way, goes on with the story that it began.
    """
    user = require_account(actor)
    if not section.permissions_for_user(user).can_add_subpage():
        raise RefusalError(Refused("not_yours"))
    begun = StoryPage.objects.filter(uuid=key).first()
    if begun is not None:
        return revise_story(actor=actor, story=begun, filed=filed, seen=None, now=now)
    with transaction.atomic():
        story = StoryPage(live=False, owner=user, uuid=key)
        _fill(story, filed, user)
        story.slug = _free_slug(story, section)
        preset_byline(story=story)
        section.add_child(instance=story)
        log(instance=story, action="wagtail.create", user=user, content_changed=True)
        story.save_revision(user=user, clean=False)
    _develop(story, filed)
    return story


def revise_story(
    *,
    actor: Actor,
    story: StoryPage,
    filed: Filed,
    seen: int | None,
    now: datetime,  # noqa: ARG001 - every verb takes the time
) -> StoryPage:
    """Write what was filed as the newest draft of a story that is not public yet.

    `seen` is the draft that the form was filled from; when another was saved since, nothing is
    written (`changed_meanwhile`), unless it is None. Raises RefusalError.
    """
    user = require_account(actor)
    with transaction.atomic():
        draft = _revised(story.pk, filed, user, seen)
    _develop(draft, filed)
    return draft


def _revised(pk: int, filed: Filed, user: Any, seen: int | None) -> StoryPage:
    story = StoryPage.objects.select_for_update(of=("self",)).get(pk=pk)
    if not story.permissions_for_user(user).can_edit():
        raise RefusalError(Refused("not_yours"))
    if is_locked_for(story=story, user=user):
        raise RefusalError(Refused("waits_already" if story.workflow_in_progress else "locked"))
    if story.live:
        raise RefusalError(Refused("public_already"))
    if seen is not None and story.latest_revision_id not in (None, seen):
        raise RefusalError(Refused("changed_meanwhile"))
    draft: StoryPage = story.get_latest_revision_as_object()
    _fill(draft, filed, user)
    if not story.first_published_at:
        # Nobody was given its address yet: it follows the headline, as at the desk.
        draft.slug = _free_slug(draft, story.get_parent())
    draft.save_revision(user=user, log_action=True)
    return draft


def _fill(story: StoryPage, filed: Filed, user: Any) -> None:
    story.title = filed.headline
    story.standfirst = filed.standfirst
    before = list(story.body.raw_data) if story.body else []
    story.body = json.dumps(text.read(filed.text, before=before))
    if filed.photo is not None and not _is_there(filed.photo, story.lead_image):
        story.lead_image = NewsImage.objects.create(
            title=filed.headline[:255] or filed.photo.name,
            file=filed.photo,
            description=filed.alt[:255],
            credit=filed.credit,
            uploaded_by_user=user,
        )
    story.lead_alt, story.lead_credit = filed.alt, filed.credit
    story.lead_caption = text.caption_html(filed.caption)


def _is_there(photo: File[Any], image: NewsImage | None) -> bool:
    """Say whether a photo is the one the story has: a form may be sent twice."""
    photo.seek(0)
    known = hash_filelike(photo)
    photo.seek(0)
    return image is not None and image.get_file_hash() == known


def _develop(story: StoryPage, filed: Filed) -> None:
    """Make what a preview shows of a new photo; after the transaction, for it takes a second."""
    if filed.photo is not None and story.lead_image_id:
        make_first_renditions(image_ids={story.lead_image_id})


def _free_slug(story: StoryPage, parent: Page) -> str:
    """Return an address made of the headline that no other page of the section has."""
    base = slugify(story.title, allow_unicode=True)[:200] or f"story-{str(story.uuid)[:8]}"
    siblings = Page.objects.child_of(parent).exclude(pk=story.pk).filter(slug__startswith=base)
    taken = set(siblings.values_list("slug", flat=True))
    names = chain([base], (f"{base}-{number}" for number in count(2)))
    return next(name for name in names if name not in taken)
