from datetime import datetime

from broadsheet.outbox.letters import Letter
from broadsheet.outbox.models import Message
from broadsheet.outbox.operations import letter_of


def latest(*, limit: int) -> tuple[Letter, ...]:
    """Return the newest messages, sent or not; for the demonstration's mailbox."""
    rows = Message.objects.order_by("-created_at", "-id")[:limit]
    return tuple(letter_of(row) for row in rows)


def waiting_since() -> datetime | None:
    """Return when the oldest message that is still waiting was written."""
    rows = Message.objects.filter(sent_at__isnull=True, failed_at__isnull=True)
    return rows.order_by("created_at", "id").values_list("created_at", flat=True).first()
