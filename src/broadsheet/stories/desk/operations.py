"""The verbs of the desk: submit, approve, publish, and what is due. Pages and phone use the same.

Who may do it is Wagtail's answer, because the publisher gives those rights on its pages. No picture
is encoded here: that would hold up the only writer there is.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from wagtail.models import Page, Revision

from broadsheet.kit.actor import Actor, Role
from broadsheet.kit.verdict import RefusalError, Refused, require
from broadsheet.readers.api import require_account
from broadsheet.stories import rules
from broadsheet.stories.models import StoryPage
from broadsheet.stories.publishing import EmbargoError

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Published:
    """What became of a publication: out now, or, with `at`, on that time."""

    at: datetime | None = None


def submit_story(*, actor: Actor, story: StoryPage, now: datetime) -> None:  # noqa: ARG001 - every verb takes the time
    """Hand the latest draft to the editors, or hand it in again. Raises RefusalError."""
    user = require_account(actor)
    rights = story.permissions_for_user(user)
    if not rights.can_edit():
        raise RefusalError(Refused("not_yours"))
    if story.workflow_in_progress:
        raise RefusalError(Refused("waits_already"))
    workflow = story.get_workflow()
    if workflow is None or not rights.can_submit_for_moderation():
        raise RefusalError(Refused("nobody_to_submit_to"))
    with transaction.atomic():
        state = story.current_workflow_state
        if state and state.status == state.STATUS_NEEDS_CHANGES:
            state.resume(user)
        else:
            workflow.start(story, user)


def publish_story(*, actor: Actor, story: StoryPage, now: datetime) -> Published:
    """Publish the latest draft, or schedule it where a time is set. Raises RefusalError."""
    user = _user_or_none(actor)
    if user is not None and not story.permissions_for_user(user).can_publish():
        raise RefusalError(Refused("may_not_publish"))
    revision, draft = _latest(story, user)
    _require_no_embargo(draft, now)
    revision.publish(user=user, skip_permission_checks=True)
    return _outcome(draft, now)


def approve_story(
    *, actor: Actor, story: StoryPage, now: datetime, comment: str = ""
) -> Published | None:
    """Approve what was submitted; the last approval publishes. None: others have to approve too.

    Raises RefusalError.
    """
    user = require_account(actor)
    task, task_state = story.current_workflow_task, story.current_workflow_task_state
    if task is None or not may_approve(story=story, user=user):
        raise RefusalError(Refused("nothing_to_approve"))
    state = story.current_workflow_state
    last = state.is_at_final_task
    _, draft = _latest(story, user)
    if last:
        _require_no_embargo(draft, now)
    task.on_action(task_state, user, "approve", **({"comment": comment} if comment else {}))
    return _outcome(draft, now) if last else None


def may_approve(*, story: StoryPage, user: Any) -> bool:
    """Say whether the story waits for this person's approval."""
    task = story.current_workflow_task
    if task is None:
        return False
    return any(name == "approve" for name, *_ in task.get_actions(story, user))


def publish_due(*, now: datetime) -> int:
    """Publish and take back what was scheduled for a time until `now`; returns how much.

    One that fails keeps no other waiting: it is logged, and tried again the next time.
    """
    done = 0
    expired = Page.objects.filter(live=True, expire_at__lte=now).order_by("expire_at", "pk")
    for page in list(expired):
        done += _tried(_unpublish, page)
    due = Revision.objects.filter(approved_go_live_at__lte=now)
    for revision in list(due.order_by("approved_go_live_at", "pk")):
        done += _tried(_publish_scheduled, revision)
    return done


def _unpublish(page: Page) -> None:
    page.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")


def _publish_scheduled(revision: Revision) -> None:
    try:
        revision.publish(log_action="wagtail.publish.scheduled")
    except EmbargoError:
        # A newer draft has an embargo. The desk's first page shows it as not scheduled.
        Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=None)
        raise


def _tried(step: Any, thing: Page | Revision) -> int:
    try:
        step(thing)
    except Exception:
        logger.exception("Not done on time: %s %s", thing._meta.model_name, thing.pk)  # noqa: SLF001 - Django's public name
        return 0
    return 1


def _latest(story: StoryPage, user: Any) -> tuple[Revision, StoryPage]:
    revision = story.get_latest_revision() or story.save_revision(user=user)
    return revision, revision.as_object()


def _require_no_embargo(draft: StoryPage, now: datetime) -> None:
    require(
        rules.may_publish(embargo_until=draft.embargo_until, go_live_at=draft.go_live_at, now=now)
    )


def _outcome(draft: StoryPage, now: datetime) -> Published:
    later = draft.go_live_at and draft.go_live_at > now
    return Published(draft.go_live_at if later else None)


def _user_or_none(actor: Actor) -> Any:
    """The system publishes as nobody; anybody else as their account."""
    return None if actor.has(Role.SYSTEM) else require_account(actor)
