"""Where a page stands with the person who has it open: rows and rights into a rule's value."""

from typing import Any

from wagtail.models import Page

from broadsheet.stories.desk.operations import may_approve
from broadsheet.stories.rules import Situation


def situation_of(*, page: Page, user: Any) -> Situation:
    """Read the situation of a draft; `page` may be unsaved changes of a form."""
    rights = page.permissions_for_user(user)
    state = page.current_workflow_state
    approves = may_approve(story=page, user=user)
    return Situation(
        may_publish=rights.can_publish(),
        may_approve=approves,
        may_submit=rights.can_submit_for_moderation(),
        last_task=not approves or state.is_at_final_task,
        returned=bool(state and state.status == state.STATUS_NEEDS_CHANGES),
        live=page.live,
        go_live_at=page.go_live_at,
        embargo_until=getattr(page, "embargo_until", None),
    )


def situation_below(*, parent: Page, user: Any) -> Situation:
    """Read the situation of a page that is about to be written below `parent`."""
    return Situation(
        may_publish=parent.permissions_for_user(user).can_publish_subpage(),
        may_submit=parent.has_workflow,
    )
