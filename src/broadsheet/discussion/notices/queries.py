"""What became of a notice, for whoever sent it."""

from dataclasses import dataclass
from datetime import datetime

from broadsheet.discussion.models import Notice


@dataclass(frozen=True, slots=True)
class SentNotice:
    """`upheld` is None while nobody has decided; `entry` is the decision in the log."""

    number: int
    comment: int
    sent_at: datetime
    words: str
    law: str
    upheld: bool | None
    settled_at: datetime | None
    entry: int


def notice_at(*, token: str) -> SentNotice | None:
    """Return the notice of a private address, or None. One query."""
    found = Notice.objects.filter(token=token).select_related("report__decision").first()
    if found is None:
        return None
    report = found.report
    return SentNotice(
        number=found.pk,
        comment=report.comment_id,
        sent_at=found.sent_at,
        words=report.words,
        law=found.law,
        upheld=report.upheld,
        settled_at=report.settled_at,
        entry=report.decision.sequence if report.decision else 0,
    )
