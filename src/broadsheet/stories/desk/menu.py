"""The buttons under the editor: the first one says what will happen, and when."""

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest
from django.utils.translation import gettext as _
from wagtail.admin.action_menu import (
    ActionMenuItem,
    PageLockedMenuItem,
    PublishMenuItem,
    SubmitForModerationMenuItem,
    WorkflowMenuItem,
)

from broadsheet.kit.clock import utcnow
from broadsheet.stories.desk import wording
from broadsheet.stories.desk.situation import situation_below, situation_of
from broadsheet.stories.rules import Next, Step, next_step

_PUBLISH: Final = {
    Step.PUBLISH,
    Step.PUBLISH_AT,
    Step.PUBLISH_CHANGES,
    Step.PUBLISH_CHANGES_AT,
    Step.HOLD,
}
_APPROVE: Final = {Step.APPROVE, Step.APPROVE_AT, Step.PASS_ON}
_SUBMIT: Final = {Step.SUBMIT, Step.RESUBMIT}

type Context = Mapping[str, Any]


class NextStepItem(ActionMenuItem):
    """The main button. `name` is what Wagtail's editor does when it is pressed."""

    template_name = "stories/desk/next_step.html"
    icon_name = "upload"

    def __init__(self, step: Next, name: str, *, approves: bool = False) -> None:
        super().__init__(order=0)
        self.name = name
        self.label = wording.label(step)
        self.approves = approves

    def get_context_data(self, parent_context: Context) -> dict[str, Any]:
        return {**super().get_context_data(parent_context), "approves": self.approves}


class SubmitItem(ActionMenuItem):
    """For who may publish, and wants another pair of eyes first."""

    name = "action-submit"
    icon_name = "resubmit"

    def __init__(self) -> None:
        super().__init__(order=60)
        self.label = wording.label(Next(Step.SUBMIT))


class WaitingItem(PageLockedMenuItem):
    """A page that is scheduled: nothing is to be done, and that is said."""

    template_name = "stories/desk/waiting.html"

    def get_context_data(self, parent_context: Context) -> dict[str, Any]:
        context = dict(super().get_context_data(parent_context))
        scheduled = parent_context["page"].scheduled_revision
        if scheduled is not None:
            when = wording.moment(scheduled.approved_go_live_at)
            context["label"] = _("Goes out at %(when)s") % {"when": when}
        return context


def arrange(menu_items: list[ActionMenuItem], request: HttpRequest, context: Context) -> None:
    """Put the next step first and take away what it stands for. A hook of Wagtail's."""
    if context["view"] == "revisions_revert":
        return
    if any(isinstance(item, PageLockedMenuItem) for item in menu_items):
        rest = [item for item in menu_items if not isinstance(item, PageLockedMenuItem)]
        # What still can be done (cancel, unpublish) is behind it.
        menu_items[:] = [WaitingItem(), *rest]
        return
    step = _next_step(request, context)
    main = main_item(step)
    if main is not None:
        others = [item for item in menu_items if not _is_replaced(item, main)]
        menu_items[:] = [main, *(_renamed(item) for item in others)]


def main_item(step: Next) -> NextStepItem | None:
    """Return the main button for a step; None where saving the draft is all that can be done."""
    if step.step in _APPROVE:
        return NextStepItem(step, "approve", approves=True)
    if step.step in _PUBLISH:
        return NextStepItem(step, "action-publish")
    if step.step in _SUBMIT:
        return NextStepItem(step, "action-submit")
    return None


def _next_step(request: HttpRequest, context: Context) -> Next:
    user: Any = request.user
    page = context.get("page")
    if page is not None:
        situation = situation_of(page=page, user=user)
    else:
        situation = situation_below(parent=context["parent_page"], user=user)
    return next_step(situation=situation, now=utcnow())


def _is_replaced(item: ActionMenuItem, main: NextStepItem) -> bool:
    """Publishing is the main button's, or not this person's to do past an approval."""
    if isinstance(item, PublishMenuItem):
        return True
    if isinstance(item, SubmitForModerationMenuItem):
        return main.name == "action-submit"
    if isinstance(item, WorkflowMenuItem):
        return main.approves and item.name == "approve" and not item.launch_modal
    return False


def _renamed(item: ActionMenuItem) -> ActionMenuItem:
    if isinstance(item, SubmitForModerationMenuItem):
        return SubmitItem()
    if isinstance(item, WorkflowMenuItem) and item.name == "approve":
        item.label = _("Approve with a comment")
    return item
