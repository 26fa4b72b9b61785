"""Letters of the workflow: Wagtail's words to Wagtail's recipients, through the outbox.

Wagtail sends them itself, inside the transaction that submits or approves: a mail server that is
slow would hold everybody's writes, and one that has no name would undo the submission.
"""

from collections.abc import Iterable
from typing import Any, Final

from django.template.loader import render_to_string
from wagtail.admin import mail

from broadsheet.kit.clock import utcnow
from broadsheet.outbox import api as outbox

KIND: Final = "workflow"


class _ByOutbox:
    def send_emails(
        self,
        template_set: dict[str, str],
        context: dict[str, Any],
        recipients: Iterable[Any],
        **_: Any,
    ) -> bool:
        """Queue what Wagtail would send; in the transaction of what it reports."""
        for recipient in recipients:
            told = context | {"user": recipient}
            outbox.queue(
                kind=KIND,
                to=recipient.email,
                subject=render_to_string(template_set["subject"], told).strip(),
                text=render_to_string(template_set["text"], told).strip(),
                now=utcnow(),
            )
        return True


class _Asked(_ByOutbox, mail.GroupApprovalTaskStateSubmissionEmailNotifier):
    """To those who may approve."""


class _Submitted(_ByOutbox, mail.WorkflowStateSubmissionEmailNotifier):
    """To superusers who want to know."""


class _Returned(_ByOutbox, mail.WorkflowStateRejectionEmailNotifier):
    """To the writer: an editor asks for changes."""


class _Approved(_ByOutbox, mail.WorkflowStateApprovalEmailNotifier):
    """To the writer: it is through."""


# Held here: a signal keeps only a weak reference.
ASKED: Final = _Asked()
SUBMITTED: Final = _Submitted()
RETURNED: Final = _Returned()
APPROVED: Final = _Approved()
