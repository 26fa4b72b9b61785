"""What there is to learn: decisions of people in their order, and imported comments."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Max, Q, QuerySet

from broadsheet.discussion.comments.imports import IMPORTED_REMOVED
from broadsheet.discussion.models import Comment, CommentAlias, Decision, Moved
from broadsheet.discussion.rules.assistant.outcomes import VERBS, Outcome, outcome_of
from broadsheet.discussion.rules.undoing import reference
from broadsheet.kit.actor import Role

# Learned together, and written down at once.
BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Event:
    """A comment, and what became of it."""

    comment: int
    outcome: Outcome


def decided_after(sequence: int) -> tuple[list[Event], int]:
    """Return what people decided after a number of the chain, and up to which that is."""
    rows = list(
        Decision.objects.filter(sequence__gt=sequence)
        .order_by("sequence")
        .values("pk", "sequence", "verb", "rule", "comment", "by_role")[:BATCH]
    )
    if not rows:
        return [], sequence
    taken = [
        row
        for row in rows
        if row["comment"] and row["verb"] in VERBS and row["by_role"] not in {"", Role.SYSTEM}
    ]
    undoings = [row for row in taken if row["verb"] == "undo"]
    undone = _undone([row["rule"] for row in undoings])
    states = _states([row["pk"] for row in undoings])
    events = []
    for row in taken:
        outcome = outcome_of(
            verb=row["verb"],
            undone=undone.get(row["rule"], ""),
            state=states.get((row["pk"], row["comment"]), ""),
        )
        if outcome is not None:
            events.append(Event(row["comment"], outcome))
    return events, rows[-1]["sequence"]


def _undone(rules: Iterable[str]) -> dict[str, str]:
    """Return the verb of each decision that was undone, by what the undoing's rule says of it."""
    numbers = [
        int(rule.rpartition(":")[2]) for rule in rules if rule.rpartition(":")[2].isdecimal()
    ]
    if not numbers:
        return {}
    rows = Decision.objects.filter(sequence__in=numbers).values_list("sequence", "verb")
    return {reference(sequence): verb for sequence, verb in rows}


def _states(undoings: list[int]) -> dict[tuple[int, int], str]:
    if not undoings:
        return {}
    rows = Moved.objects.filter(decision__in=undoings)
    return {
        (decision, comment): state
        for decision, comment, state in rows.values_list("decision", "comment", "to_state")
    }


def newest_alias() -> int:
    """Return the number of the newest imported comment's name; 0 without imports."""
    return CommentAlias.objects.aggregate(newest=Max("pk"))["newest"] or 0


def imported_between(after: int, newest: int) -> list[Event]:
    """Return what an import brought and another system decided, in the order of its time.

    Only what is not learned yet; at most BATCH.
    """
    rows = _imported(after, newest).order_by("created_at", "pk").values_list("pk", "state")[:BATCH]
    removed = Comment.State.REMOVED
    return [
        Event(number, Outcome.REMOVED if state == removed else Outcome.KEPT)
        for number, state in rows
    ]


def _imported(after: int, newest: int) -> QuerySet[Comment]:
    """What was neither published nor removed over there, people here decide about.

    Of people who were erased nothing is learned: it would come again and again.
    """
    published = Q(state=Comment.State.PUBLISHED, rule="")
    removed = Q(state=Comment.State.REMOVED, rule=IMPORTED_REMOVED)
    named = CommentAlias.objects.filter(pk__gt=after, pk__lte=newest).values("comment")
    return Comment.objects.filter(
        published | removed,
        pk__in=named,
        judgement__isnull=True,
        voice="",
        author__erased_at__isnull=True,
    )
