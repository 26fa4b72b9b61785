"""What the filing pages show: the drafts of one person, and a draft as its form has it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Q

from broadsheet.stories.field import text
from broadsheet.stories.models import StoryPage
from broadsheet.stories.pictures import picture, renditions_of
from broadsheet.stories.shown import Picture

LENGTH: Final = 30


@dataclass(frozen=True, slots=True)
class Draft:
    """A story that is not public, in a list.

    `state` is `draft`, `waits` or `returned`; `note` is what the editor wrote who returned it.
    """

    pk: int
    headline: str
    section: str
    edited_at: datetime
    state: str
    note: str


@dataclass(frozen=True, slots=True)
class Filled:
    """A draft as the form shows it. `text` is None where only the full editor can show it.

    `state` and `note` are as in `Draft`.
    """

    pk: int
    revision: int
    section: str
    headline: str
    standfirst: str
    text: str | None
    photo: Picture | None
    has_photo: bool
    alt: str
    credit: str
    caption: str
    saved_at: datetime
    state: str
    note: str


def drafts_of(user: Any) -> list[Draft]:
    """Return what this person has begun or changed last and is not public, the newest first."""
    rows = (
        StoryPage.objects.filter(live=False)
        .filter(Q(owner=user) | Q(latest_revision__user=user))
        .select_related("latest_revision")
        .order_by("-latest_revision_created_at", "-pk")
        .defer("body", "corrections")[:LENGTH]
    )
    return [
        Draft(
            pk=row.pk,
            headline=row.draft_title or row.title,
            section=row.get_parent().title,
            edited_at=row.latest_revision_created_at or row.latest_revision.created_at,
            **_standing(row),
        )
        for row in rows
        if row.latest_revision_id
    ]


def filled(story: StoryPage) -> Filled:
    """Return the newest draft of a story as its form shows it."""
    draft: StoryPage = story.get_latest_revision_as_object()
    caption = text.caption_text(draft.lead_caption)
    words = text.write(list(draft.body.raw_data))
    renditions = renditions_of({draft.lead_image_id} if draft.lead_image_id else set())
    return Filled(
        pk=story.pk,
        revision=story.latest_revision_id or 0,
        section=story.get_parent().title,
        headline=draft.title,
        standfirst=draft.standfirst,
        text=None if caption is None else words,
        photo=picture(renditions.get(draft.lead_image_id or 0), card=True),
        has_photo=bool(draft.lead_image_id),
        alt=draft.lead_alt,
        credit=draft.lead_credit,
        caption=caption or "",
        saved_at=story.latest_revision_created_at or story.latest_revision.created_at,
        **_standing(story),
    )


def is_locked_for(*, story: StoryPage, user: Any) -> bool:
    """Say whether this person can not change the story now, though it may be theirs."""
    lock = story.get_lock()
    return bool(lock and lock.for_user(user))


def _standing(story: StoryPage) -> dict[str, str]:
    state = story.current_workflow_state
    if state is None:
        return {"state": "draft", "note": ""}
    if state.status != state.STATUS_NEEDS_CHANGES:
        return {"state": "waits", "note": ""}
    task = state.current_task_state
    return {"state": "returned", "note": task.comment if task else ""}
