"""What became of a notice, for whoever sent it; what moderators read of one."""

from collections.abc import Collection
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


@dataclass(frozen=True, slots=True)
class OpenNotice:
    """A notice that nobody has answered, for moderators: who sends it, and under which law.

    Its words stand among those of the other reports.
    """

    number: int
    sent_at: datetime
    law: str
    name: str
    email: str
    authority: bool
    abuse: bool


def open_notices(numbers: Collection[int]) -> dict[int, tuple[OpenNotice, ...]]:
    """Return the open notices about comments, by number. One query, none for no comments."""
    if not numbers:
        return {}
    found: dict[int, tuple[OpenNotice, ...]] = {}
    rows = Notice.objects.filter(report__comment__in=numbers, report__settled_at=None)
    for one in rows.select_related("report").order_by("pk"):
        about = one.report.comment_id
        told = OpenNotice(
            number=one.pk,
            sent_at=one.sent_at,
            law=one.law,
            name=one.name,
            email=one.email,
            authority=one.authority,
            abuse=one.abuse,
        )
        found[about] = (*found.get(about, ()), told)
    return found


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
