"""The way of a story from its writer to its readers, as Wagtail's own workflow rows."""

from typing import Final

from django.contrib.auth.models import Group
from django.utils.translation import gettext_noop
from wagtail.models import GroupApprovalTask, Workflow, WorkflowPage, WorkflowTask

from broadsheet.kit.actor import Role
from broadsheet.stories.models import FrontPage

WORKFLOW: Final = gettext_noop("Writer to editor")
TASK: Final = gettext_noop("An editor approves")


def ensure_workflow(*, front: FrontPage) -> None:
    """Give the whole site a workflow of one step, once: an editor or the owner approves.

    Wagtail lets nobody delete or rename a task, so the task remembers that this was done; what a
    publisher made of it since (other steps, other groups, no workflow at all) is left alone.
    """
    if GroupApprovalTask.objects.filter(name=TASK).exists():
        return
    task = GroupApprovalTask.objects.create(name=TASK)
    task.groups.set(Group.objects.filter(name__in=(str(Role.OWNER), str(Role.EDITOR))))
    workflow = Workflow.objects.create(name=WORKFLOW)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.get_or_create(page_id=front.pk, defaults={"workflow": workflow})
