"""What is reported, for moderators; and whether one's own report is open."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Min

from broadsheet.discussion.models import Comment, Report

# Of all that reporters wrote about the comments of one page.
MOST_WORDS = 200


@dataclass(frozen=True, slots=True)
class Reports:
    """The open reports of one comment: rules with how many named them, and what was said.

    Who reported is nobody's business, not even a moderator's.
    """

    count: int
    rules: tuple[tuple[str, int], ...]
    words: tuple[str, ...]


def reported_numbers(*, limit: int) -> list[int]:
    """Return the comments that have open reports and do not wait anyway, the first reported first.

    One query.
    """
    held = Comment.State.HELD
    open_ones = Report.objects.filter(settled_at__isnull=True).exclude(comment__state=held)
    grouped = open_ones.values("comment").annotate(first=Min("reported_at"))
    return list(grouped.order_by("first", "comment").values_list("comment", flat=True)[:limit])


def reported_count() -> int:
    """Return how many comments `reported_numbers` would name without a limit. One query."""
    held = Comment.State.HELD
    open_ones = Report.objects.filter(settled_at__isnull=True).exclude(comment__state=held)
    return int(open_ones.aggregate(n=Count("comment", distinct=True))["n"])


def reports_of(numbers: Collection[int]) -> dict[int, Reports]:
    """Return the open reports of these comments, by number. Two queries, none for no comments."""
    if not numbers:
        return {}
    rows = Report.objects.filter(comment__in=numbers, settled_at__isnull=True)
    rules: dict[int, Counter[str]] = {}
    counted = rows.values("comment", "rule").annotate(n=Count("pk")).order_by("comment", "rule")
    for row in counted:
        rules.setdefault(row["comment"], Counter())[row["rule"]] = row["n"]
    if not rules:
        return {}
    words: dict[int, list[str]] = {}
    said = rows.exclude(words="").order_by("reported_at", "pk")
    for number, text in said.values_list("comment", "words")[:MOST_WORDS]:
        words.setdefault(number, []).append(text)
    return {
        number: Reports(found.total(), tuple(found.most_common()), tuple(words.get(number, ())))
        for number, found in rules.items()
    }


def has_reported(*, owner: str, number: int) -> bool:
    """Say whether a report of this comment by the actor `owner` is open. One query."""
    rows = Report.objects.filter(comment=number, reporter=owner, settled_at__isnull=True)
    return rows.exists()
