"""What must be true of the queue: a comment waits for what it is held or reported for."""

from collections.abc import Iterator
from itertools import batched

from broadsheet.discussion import waiting
from broadsheet.discussion.models import Comment, Report, Waiting

_TOGETHER = 500


def check_queue() -> Iterator[str]:
    """Every comment that is held or reported waits, for these reasons, since then; no other."""
    held = Comment.objects.filter(held_at__isnull=False).values_list("pk", flat=True)
    reported = Report.objects.filter(settled_at=None).values_list("comment", flat=True)
    rows = Waiting.objects.values_list("comment", flat=True)
    numbers = sorted({*held.iterator(), *reported.iterator(), *rows.iterator()})
    for group in batched(numbers, _TOGETHER):
        is_there = _by_comment(Waiting.objects.filter(comment__in=group))
        ought = _by_comment(waiting.due(group))
        for number in group:
            if is_there.get(number) != ought.get(number):
                names = [
                    ", ".join(sorted(str(one[0]) for one in rows.get(number, ()))) or "nothing"
                    for rows in (is_there, ought)
                ]
                yield f"comment {number} waits for {names[0]} in the queue; it is {names[1]}"


def _by_comment(rows: object) -> dict[int, set[tuple[object, ...]]]:
    found: dict[int, set[tuple[object, ...]]] = {}
    for row in rows:  # type: ignore[attr-defined]  # rows of the table, or what they should be
        facts = (row.reason, row.since, row.leads, row.likely, row.match)
        found.setdefault(row.comment_id, set()).add(facts)
    return found
