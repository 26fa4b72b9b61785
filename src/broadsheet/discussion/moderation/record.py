"""What was decided about one person, for that person: each decision, and what came of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Min, QuerySet

from broadsheet.discussion.comments.markdown import words
from broadsheet.discussion.comments.rows import Row
from broadsheet.discussion.models import Appeal, Comment, Decision, Moved
from broadsheet.discussion.rules.appealing import APPEAL
from broadsheet.discussion.rules.entries import DECISION, by_whom
from broadsheet.discussion.rules.marking import MARKS

PAGE: Final = 25
_SHOWN: Final = 160
# Marks and slow modes say nothing about a person, and the other two somebody did themselves.
_NOT_ABOUT: Final = (*MARKS, "slow", "unslow", APPEAL, "withdraw")


@dataclass(frozen=True, slots=True)
class Entry:
    """A decision about somebody, as they may read it: not by whom, only whether by a "moderator".

    `number` is that of their comment, with the beginning of its `words`; None where it was about
    no comment of theirs. `refers` is the decision that it is about, 0 for none. `asked`: they asked
    for a second look at it; `upheld` is the answer, None while there is none.
    """

    sequence: int
    verb: str
    rule: str
    by: str
    at: datetime
    reason: str
    refers: int = 0
    number: int | None = None
    words: str = ""
    asked: bool = False
    upheld: bool | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """A page of it, the newest first. `before` is where the next begins, 0 where this is last."""

    entries: tuple[Entry, ...]
    before: int


def record_of(*, owner: str, before: int = 0, limit: int = PAGE) -> Record:
    """Return what was decided about what the actor `owner` wrote, and about them. Seven queries.

    `before` is the number of a decision, 0 for the newest.
    """
    own = Comment.objects.filter(author__owner=owner).values("pk")
    about = Decision.objects.filter(comment__in=own)
    # A branch is removed by a decision about the comment at its top, whosever that is.
    moved = Decision.objects.filter(
        pk__in=Moved.objects.filter(author__owner=owner).values("decision")
    )
    numbers = {*_numbers(about, before, limit), *_numbers(moved, before, limit)}
    shown = sorted(numbers, reverse=True)[:limit]
    columns = ("pk", "sequence", "verb", "rule", "by_role", "at", "comment", "reason__text")
    rows = Decision.objects.filter(sequence__in=shown).order_by("-sequence").values(*columns)
    found = list(rows)
    comments = _comments([row["pk"] for row in found], owner)
    asked = Appeal.objects.filter(decision__in=[row["pk"] for row in found], asker=owner)
    answers = dict(asked.values_list("decision", "upheld"))
    return Record(
        entries=tuple(_entry(row, comments, answers) for row in found),
        before=shown[-1] if len(numbers) > limit else 0,
    )


def _numbers(rows: QuerySet[Decision], before: int, limit: int) -> list[int]:
    rows = rows.exclude(verb__in=_NOT_ABOUT)
    if before:
        rows = rows.filter(sequence__lt=before)
    return list(rows.order_by("-sequence").values_list("sequence", flat=True)[: limit + 1])


def _comments(decisions: Collection[int], owner: str) -> dict[int, tuple[int, str]]:
    """Return by decision the first comment of somebody that it was about, and what that says."""
    wrote = Comment.objects.filter(author__owner=owner).order_by()
    firsts: dict[int, int] = {}
    for by in ("moved__decision", "decisions"):
        # One decision may be about all that somebody ever wrote.
        about = wrote.filter(**{f"{by}__in": decisions}).values(by).annotate(first=Min("pk"))
        firsts |= dict(about.values_list(by, "first"))
    said = dict(wrote.filter(pk__in=set(firsts.values())).values_list("pk", "html"))
    return {decision: (number, said[number]) for decision, number in firsts.items()}


def _entry(
    row: Row, comments: Mapping[int, tuple[int, str]], answers: Mapping[int, bool | None]
) -> Entry:
    number, html = comments.get(row["pk"], (None, ""))
    kind, _, pointed = row["rule"].partition(":")
    text = " ".join(words(html).split())
    return Entry(
        sequence=row["sequence"],
        verb=row["verb"],
        rule="" if pointed else row["rule"],
        by=by_whom(row["by_role"]),
        at=row["at"],
        reason=row["reason__text"] or "",
        refers=int(pointed) if kind == DECISION else 0,
        number=number,
        words=text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…",
        asked=row["pk"] in answers,
        upheld=answers.get(row["pk"]),
    )
