"""What must be true of stubs: each cites the entry of the log by which it is one, and its rule."""

from collections.abc import Iterator
from itertools import batched
from typing import Final

from django.db.models import Q

from broadsheet.discussion.house.queries import rules_of_versions
from broadsheet.discussion.models import Appeal, Comment, Decision, Moved
from broadsheet.discussion.rules.appealing import UPHOLD
from broadsheet.discussion.rules.citing import cited
from broadsheet.discussion.rules.house import Rulebook

_TOGETHER: Final = 500
# What takes a comment from the thread.
HIDES: Final = ("hold", "remove", "withdraw", "remove_branch", "remove_raid")

type _Row = tuple[int, str, str, str]


def check_stubs() -> Iterator[str]:
    """Every comment that was removed from the thread cites a decision that hid it."""
    hidden = ~Q(state=Comment.State.PUBLISHED) & Q(published_at__isnull=False)
    rows = Comment.objects.filter(hidden | ~Q(cited="")).order_by("pk")
    found = rows.values_list("pk", "state", "rule", "cited").iterator(chunk_size=_TOGETHER)
    for group in batched(found, _TOGETHER):
        yield from _check(group)


def _check(group: tuple[_Row, ...]) -> Iterator[str]:
    numbers = [number for number, *_ in group]
    about = Decision.objects.filter(comment__in=numbers, verb__in=HIDES)
    moved = Moved.objects.filter(comment__in=numbers, decision__verb__in=HIDES)
    hid = set(about.values_list("comment", "sequence"))
    hid |= set(moved.values_list("comment", "decision__sequence"))
    entries = {entry for _, entry in hid}
    under = dict(Decision.objects.filter(sequence__in=entries).values_list("sequence", "rules"))
    books = rules_of_versions(versions={version for version in under.values() if version})
    answers = _answers(numbers)
    for number, state, rule, written in group:
        says = cited(written)
        if state == Comment.State.PUBLISHED:
            yield f"comment {number} is public, and cites entry {written} of the log"
        elif says is None:
            # What waits since it was posted cites nothing, also where an answer gave it a place.
            if state == Comment.State.HELD:
                continue
            yield f"comment {number} is {state}, and cites no entry of the log"
        elif (number, says.entry) not in hid:
            yield f"comment {number} is {state}, and entry {says.entry} of the log did not hide it"
        elif (says.version, says.number) != _rule(rule, books.get(under[says.entry] or 0)):
            yield f"comment {number} cites another rule than entry {says.entry} of the log"
        elif says.upheld != answers.get((number, says.entry), 0):
            yield f"comment {number} cites another answer to entry {says.entry} than was given"


def _answers(numbers: list[int]) -> dict[tuple[int, int], int]:
    """Return by comment and entry the entry of the second look that let it stand."""
    upheld = Appeal.objects.filter(comment__in=numbers, outcome__verb=UPHOLD)
    rows = upheld.values_list("comment", "decision__sequence", "outcome__sequence")
    return {(comment, about): by or 0 for comment, about, by in rows}


def _rule(rule: str, book: Rulebook | None) -> tuple[int, int]:
    number = book.number(rule) if book else 0
    return (book.version, number) if book and number else (0, 0)
