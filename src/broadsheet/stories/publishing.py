"""The one gate that every publication of a story passes: form, schedule, workflow, bulk, code.

Wagtail publishes through `Revision.publish`, which asks the page to publish itself; `StoryPage`
answers with the action below. Its signals come after the fact, too late to refuse.
"""

from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from wagtail.actions.publish_page_revision import (
    PublishPagePermissionError,
    PublishPageRevisionAction,
)

from broadsheet.kit.clock import utcnow
from broadsheet.kit.verdict import Refused
from broadsheet.stories import rules


class EmbargoError(PublishPagePermissionError):
    """Nothing was published: the story is under embargo. `verdict` says until when."""

    def __init__(self, verdict: Refused) -> None:
        super().__init__(f"Under embargo until {dict(verdict.facts)['until']}.")
        self.verdict = verdict


class PublishStoryAction(PublishPageRevisionAction):
    """Publish or schedule a revision of a story, unless its embargo forbids it."""

    def check(self, skip_permission_checks: bool = False) -> None:
        super().check(skip_permission_checks=skip_permission_checks)
        verdict = rules.may_publish(
            embargo_until=self._embargo(), go_live_at=self.object.go_live_at, now=utcnow()
        )
        if isinstance(verdict, Refused):
            raise EmbargoError(verdict)

    def _embargo(self) -> datetime | None:
        """The later of what this revision says and what the newest draft says."""
        ends = [self.object.embargo_until]
        latest: Any = self.object.get_latest_revision()
        if latest is not None and latest.pk != self.revision.pk:
            ends.append(parse_datetime(latest.content.get("embargo_until") or ""))
        return max((end for end in ends if end is not None), default=None)
