"""The rows from which the queue is read, brought up to date. Needs the lock of the thread."""

from collections.abc import Collection, Iterable
from datetime import datetime
from itertools import batched

from django.db.models import Min, OuterRef, Subquery

from broadsheet.discussion.filters.matches import matches_of
from broadsheet.discussion.models import Appeal, Assessment, Comment, Report, Waiting
from broadsheet.discussion.rules.sieving import Match
from broadsheet.discussion.rules.spotting import OF_FILTERS, key_of
from broadsheet.discussion.rules.waiting import UNSCORED, leading, likely_of, reasons_of
from broadsheet.discussion.statements import insert

_TOGETHER = 500


def enter(comment: Comment, *, found: Match | None = None) -> None:
    """Put a new comment that is held into the queue; nobody can have reported it. One query.

    `found` is what a filter found in it.
    """
    stopped = found if comment.rule in OF_FILTERS else None
    for row in _rows(comment.pk, comment.held_at, comment.rule, {}, None, match=stopped):
        insert(row)


def refresh(numbers: Iterable[int]) -> None:
    """See that these comments wait for what they should, and for nothing else. Four queries."""
    for group in batched(numbers, _TOGETHER):
        rows = due(group)
        Waiting.objects.filter(comment__in=group).delete()
        Waiting.objects.bulk_create(rows)


def unscore(number: int) -> None:
    """Forget the score of a comment whose words are others now. Two queries."""
    Assessment.objects.filter(comment=number).delete()
    Waiting.objects.filter(comment=number).update(likely=UNSCORED)


def due(numbers: Collection[int]) -> list[Waiting]:
    """Return the rows that there should be of these comments.

    Two queries, one more where a filter may have found something.
    """
    reports: dict[int, dict[str, datetime]] = {}
    opened = Report.objects.filter(comment__in=numbers, settled_at=None)
    for row in opened.values("comment", "rule").annotate(first=Min("reported_at")).order_by():
        reports.setdefault(row["comment"], {})[row["rule"]] = row["first"]
    asked = Appeal.objects.filter(comment=OuterRef("pk"), settled_at=None).order_by("asked_at")
    facts = list(
        Comment.objects.filter(pk__in=numbers).values_list(
            "pk", "held_at", "rule", "assessment__score", Subquery(asked.values("asked_at")[:1])
        )
    )
    stopped = {one[0]: one[2] for one in facts if one[1] is not None and one[2] in OF_FILTERS}
    matches = matches_of(stopped) if stopped else {}
    return [
        row
        for number, held_at, rule, score, asked_at in facts
        for row in _rows(
            number,
            held_at,
            rule,
            reports.get(number, {}),
            score,
            asked_at,
            match=matches.get(number),
        )
    ]


def _rows(
    number: int,
    held_at: datetime | None,
    rule: str,
    reports: dict[str, datetime],
    score: float | None,
    appealed_at: datetime | None = None,
    *,
    match: Match | None = None,
) -> list[Waiting]:
    reasons = reasons_of(held_at=held_at, rule=rule, reports=reports, appealed_at=appealed_at)
    return [
        Waiting(
            comment_id=number,
            reason=reason,
            since=since,
            leads=reason == leading(reasons),
            likely=likely_of(score),
            match=key_of(match) if match and reason == leading(reasons) else None,
        )
        for reason, since in reasons.items()
    ]
