"""What the staff read of the assistant. No arithmetic is loaded here."""

from dataclasses import dataclass
from datetime import datetime

from broadsheet.discussion.assistant.records import Kept, read_record
from broadsheet.discussion.models import Assistant


@dataclass(frozen=True, slots=True)
class Shown:
    """The assistant as its page shows it; `proven`: there is a limit below which it approves."""

    record: Kept
    speaks: bool
    percent: float | None
    proven: bool
    asks: bool
    set_by: str
    set_at: datetime | None


def assistant() -> Shown:
    """Return the assistant's record and what it may do. One query."""
    state = Assistant.objects.filter(pk=1).first() or Assistant()
    return Shown(
        record=read_record(state.record),
        speaks=state.speaks,
        percent=state.approves_percent,
        proven=state.limit is not None,
        asks=state.asks,
        set_by=state.set_by,
        set_at=state.set_at,
    )
