"""Letters of the workflow: our words to Wagtail's recipients, through the outbox.

Wagtail sends them itself, inside the transaction that submits or approves: a mail server that is
slow would hold everybody's writes, and one that has no name would undo the submission.
"""

import re
from collections.abc import Iterable
from typing import Any, ClassVar, Final

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from wagtail.admin import mail
from wagtail.models import Page, TaskState

from broadsheet.kit.clock import utcnow
from broadsheet.outbox import api as outbox
from broadsheet.stories.desk import wording

KIND: Final = "workflow"


class _ByOutbox:
    letter: ClassVar[str]

    def get_context(self, instance: Any, **facts: Any) -> dict[str, Any]:
        """Say what the letters tell, from the task or the workflow that something happened to."""
        context: dict[str, Any] = super().get_context(instance, **facts)  # type: ignore[misc]  # Wagtail's
        asked = instance if isinstance(instance, TaskState) else instance.current_task_state
        return context | _facts(asked)

    def send_emails(
        self,
        template_set: dict[str, str],  # noqa: ARG002 - that of Wagtail's words
        context: dict[str, Any],
        recipients: Iterable[Any],
        **_: Any,
    ) -> bool:
        """Queue what is to be told; in the transaction of what it reports."""
        for recipient in recipients:
            outbox.queue(
                kind=KIND,
                to=recipient.email,
                subject=self._written("_subject", context),
                text=self._written("", context | {"user": recipient}),
                now=utcnow(),
            )
        return True

    def _written(self, part: str, told: dict[str, Any]) -> str:
        text = render_to_string(f"stories/desk/letters/{self.letter}{part}.txt", told)
        return re.sub(r"\n\s*\n", "\n\n", text).strip()


class _Asked(_ByOutbox, mail.GroupApprovalTaskStateSubmissionEmailNotifier):
    """To those who may approve, and to superusers who want to know."""

    letter = "asked"


class _Submitted(mail.WorkflowStateSubmissionEmailNotifier):
    """To nobody: superusers are asked already."""

    def get_recipient_users(self, *_: Any, **__: Any) -> set[Any]:
        return set()


class _Returned(_ByOutbox, mail.WorkflowStateRejectionEmailNotifier):
    """To the writer: an editor asks for changes."""

    letter = "returned"


class _Approved(_ByOutbox, mail.WorkflowStateApprovalEmailNotifier):
    """To the writer: it is through."""

    letter = "approved"


# Held here: a signal keeps only a weak reference.
ASKED: Final = _Asked()
SUBMITTED: Final = _Submitted()
RETURNED: Final = _Returned()
APPROVED: Final = _Approved()


def _facts(asked: TaskState) -> dict[str, Any]:
    """What the letters say: of the page as it stands now, and of who did what."""
    page = Page.objects.get(pk=asked.revision.object_id)
    state, scheduled = asked.workflow_state, page.scheduled_revision
    preview = reverse("wagtailadmin_pages:workflow_preview", args=(page.pk, asked.task_id))
    return {
        "title": asked.revision.as_object().get_admin_display_title(),
        "writer": str(state.requested_by or ""),
        "editor": str(asked.finished_by or ""),
        "said": asked.comment.strip(),
        "edit_url": _address(reverse("wagtailadmin_pages:edit", args=(page.pk,))),
        "preview_url": _address(preview),
        "url": page.specific.full_url,
        "when": wording.moment(scheduled.approved_go_live_at) if scheduled else "",
    }


def _address(path: str) -> str:
    return f"{settings.WAGTAILADMIN_BASE_URL}{path}"
