"""The history of writers and threads, as it was before each decision."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q

from broadsheet.discussion.comments.markdown import links_of, words
from broadsheet.discussion.models import Comment, Judgement
from broadsheet.discussion.rules.assistant.history import Known, Tally

COLUMNS = (
    *("id", "source", "markup", "html", "author_id", "author__owner", "thread_id", "parent_id"),
    *("voice", "author__erased_at"),
)
_TOGETHER = 500
type Row = Mapping[str, Any]


@dataclass(slots=True)
class Tallies:
    """What is known of the writers and threads that were asked for. A writer is an owner."""

    writers: dict[str, Tally] = field(default_factory=dict)
    threads: dict[int, Tally] = field(default_factory=dict)
    removed: dict[int, bool] = field(default_factory=dict)

    def known(self, row: Row) -> Known:
        """Return what is known around a comment."""
        return Known(
            writer=self.writers.get(row["author__owner"], Tally()),
            thread=self.threads.get(row["thread_id"], Tally()),
            is_answer=row["parent_id"] is not None,
            answers_removed=self.removed.get(row["parent_id"] or 0, False),
        )

    def count(self, row: Row, *, before: bool | None, after: bool | None) -> None:
        """Count what became of a comment instead of what had become of it."""
        owner, thread = row["author__owner"], row["thread_id"]
        self.writers[owner] = _counted(self.writers.get(owner, Tally()), before, after)
        self.threads[thread] = _counted(self.threads.get(thread, Tally()), before, after)
        self.removed[row["id"]] = bool(after)


def _counted(tally: Tally, before: bool | None, after: bool | None) -> Tally:
    decided = tally.decided + (after is not None) - (before is not None)
    return Tally(decided, tally.removed + bool(after) - bool(before))


def rows_of(numbers: Iterable[int]) -> dict[int, Row]:
    """Return what the assistant needs of comments, by number."""
    wanted = list(numbers)
    found: dict[int, Row] = {}
    for start in range(0, len(wanted), _TOGETHER):
        rows = Comment.objects.filter(pk__in=wanted[start : start + _TOGETHER]).values(*COLUMNS)
        found |= {row["id"]: row for row in rows}
    return found


def tallies_of(rows: Collection[Row]) -> Tallies:
    """Return what was decided about the writers, threads and parents of these comments so far."""
    found = Tallies()
    removed = Count("pk", filter=Q(removed=True))
    decided = Judgement.objects.filter(removed__isnull=False).order_by()
    for owners in _groups({row["author__owner"] for row in rows}):
        counted = decided.filter(author__owner__in=owners).values_list("author__owner")
        for owner, of, gone in counted.annotate(of=Count("pk"), gone=removed):
            found.writers[owner] = Tally(of, gone)
    for threads in _groups({row["thread_id"] for row in rows}):
        by_thread = decided.filter(thread__in=threads).values_list("thread")
        for thread, of, gone in by_thread.annotate(of=Count("pk"), gone=removed):
            found.threads[thread] = Tally(of, gone)
    for parents in _groups({row["parent_id"] for row in rows} - {None}):
        gone_ones = decided.filter(comment__in=parents, removed=True)
        found.removed |= dict.fromkeys(gone_ones.values_list("comment", flat=True), True)
    return found


def _groups(values: Collection[Any]) -> Iterable[list[Any]]:
    ordered = sorted(values)
    return (ordered[at : at + _TOGETHER] for at in range(0, len(ordered), _TOGETHER))


def text_of(row: Row) -> str:
    """Return the words of a comment; of imported HTML with the addresses that it links to."""
    if row["markup"] == Comment.Markup.MARKDOWN:
        return str(row["source"])
    return " ".join((words(row["html"]), *links_of(row["html"])))
