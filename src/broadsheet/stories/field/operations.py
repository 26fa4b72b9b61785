"""Filing a story: what a reporter's form says becomes the newest draft, in one transaction."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.base import File
from django.db import transaction
from wagtail.log_actions import log

from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import RefusalError, Refused
from broadsheet.readers import api as readers
from broadsheet.stories.field import text
from broadsheet.stories.models import NewsImage, SectionPage, StoryPage
from broadsheet.stories.operations import preset_byline


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


@transaction.atomic
def start_story(
    *,
    actor: Actor,
    section: SectionPage,
    filed: Filed,
    key: UUID,
    now: datetime,
) -> StoryPage:
    """Write a new draft below a section, with its writer's byline. Raises RefusalError.

    `key` is the form's own, and becomes the story's identity: the same form sent again, because
    its answer was lost on the way, goes on with the story that it began.
    """
    user = _account(actor)
    if not section.permissions_for_user(user).can_add_subpage():
        raise RefusalError(Refused("not_yours"))
    begun = StoryPage.objects.filter(uuid=key).first()
    if begun is not None:
        return revise_story(actor=actor, story=begun, filed=filed, seen=None, now=now)
    story = StoryPage(live=False, owner=user, uuid=key)
    _fill(story, filed, user)
    preset_byline(story=story)
    section.add_child(instance=story)
    log(instance=story, action="wagtail.create", user=user, content_changed=True)
    story.save_revision(user=user, clean=False)
    return story


@transaction.atomic
def revise_story(
    *,
    actor: Actor,
    story: StoryPage,
    filed: Filed,
    seen: int | None,
    now: datetime,  # noqa: ARG001 - as above
) -> StoryPage:
    """Write what was filed as the newest draft of a story that is not public yet.

    `seen` is the draft that the form was filled from; when another was saved since, nothing is
    written (`changed_meanwhile`), unless it is None. Raises RefusalError.
    """
    user = _account(actor)
    story = StoryPage.objects.select_for_update(of=("self",)).get(pk=story.pk)
    lock = story.get_lock()
    if not story.permissions_for_user(user).can_edit() or (lock and lock.for_user(user)):
        raise RefusalError(Refused("not_yours"))
    if story.live:
        raise RefusalError(Refused("public_already"))
    if seen is not None and story.latest_revision_id not in (None, seen):
        raise RefusalError(Refused("changed_meanwhile"))
    draft: StoryPage = story.get_latest_revision_as_object()
    _fill(draft, filed, user)
    draft.save_revision(user=user, log_action=True)
    return draft


def _fill(story: StoryPage, filed: Filed, user: Any) -> None:
    story.title = filed.headline
    story.standfirst = filed.standfirst
    before = list(story.body.raw_data) if story.body else []
    story.body = json.dumps(text.read(filed.text, before=before))
    if filed.photo is not None:
        story.lead_image = NewsImage.objects.create(
            title=filed.headline[:255] or filed.photo.name,
            file=filed.photo,
            description=filed.alt[:255],
            credit=filed.credit,
            uploaded_by_user=user,
        )
    story.lead_alt, story.lead_credit = filed.alt, filed.credit
    story.lead_caption = text.caption_html(filed.caption)


def _account(actor: Actor) -> Any:
    user = None
    if actor.id.startswith("account:") and not actor.is_banned:
        user = readers.user_by_uuid(uuid=UUID(actor.id.removeprefix("account:")))
    if user is None:
        raise RefusalError(Refused("no_account"))
    return user
