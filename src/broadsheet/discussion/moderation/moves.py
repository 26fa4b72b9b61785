"""Bringing comments from state to state by a decision that can be undone. Needs the thread's lock.

`move` of comments/states.py brings one; here are many at once, and the rows that say what each was.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from typing import Final

from django.db.models import Count, F, OuterRef, Subquery

from broadsheet.discussion.comments.counters import save_counts
from broadsheet.discussion.models import Comment, Decision, Moved, Note, Thread
from broadsheet.discussion.rules.undoing import STILL
from broadsheet.discussion.threads.telling import quoting, tell

_TOGETHER: Final = 500
PUBLISHED: Final = Comment.State.PUBLISHED
# Decisions whose rule is that of what they moved.
_RULED: Final = frozenset({"remove", "remove_branch", "remove_raid", "hold"})


@dataclass(frozen=True, slots=True)
class Standing:
    """How a comment stands: published, held since then, or removed; and under which rule.

    `cited` is what its stub cites (rules.citing).
    """

    state: str
    rule: str = ""
    held_at: datetime | None = None
    cited: str = ""


def standing_of(comment: Comment) -> Standing:
    return Standing(comment.state, comment.rule, comment.held_at, comment.cited)


def standing_before(row: Moved) -> Standing:
    """Return how a comment stood before a decision moved it."""
    return Standing(row.from_state, row.from_rule, row.from_held_at, row.from_cited)


def remember(
    *,
    decision: Decision,
    before: Mapping[int, tuple[int, Standing]],
    to: Mapping[int, str],
    words: str = "",
) -> None:
    """Write down what a decision did: `before` has author and standing by comment, `to` states.

    `words` is the mark of what a comment said that can be changed until the decision is undone.
    """
    Moved.objects.bulk_create(
        (
            Moved(
                decision=decision,
                comment_id=number,
                author_id=author,
                from_state=stood.state,
                from_rule=stood.rule,
                from_cited=stood.cited,
                from_held_at=stood.held_at,
                to_state=to[number],
                words=words,
            )
            for number, (author, stood) in before.items()
        ),
        batch_size=_TOGETHER,
    )


def remember_still(*, decision: Decision, comment: Comment) -> None:
    """Write down a decision that left the comment where it was."""
    state = comment.state
    Moved.objects.create(
        decision=decision,
        comment=comment,
        author_id=comment.author_id,
        from_state=state,
        to_state=state,
    )


def in_force(decision: Decision, *, among: Collection[int] | None = None) -> list[Moved]:
    """Return what the decision did that stands: nobody moved the comment since, nor its author.

    Perhaps only of the comments `among` these.
    """
    if decision.verb in STILL:
        return []
    standing = (
        Moved.objects.filter(comment=OuterRef("comment"), undone=False)
        .exclude(decision__verb__in=["undo", *STILL])
        .order_by("-decision__sequence")
    )
    rows = Moved.objects.filter(decision=decision, undone=False)
    if among is not None:
        rows = rows.filter(comment__in=among)
    found = (
        rows.annotate(last=Subquery(standing.values("pk")[:1]))
        .select_related("comment__author")
        .defer("comment__source", "comment__html")
        .order_by("comment")
    )
    rule = decision.rule if decision.verb in _RULED else ""
    return [
        row
        for row in found
        if row.last == row.pk and (row.comment.state, row.comment.rule) == (row.to_state, rule)
    ]


def move_all(*, thread: Thread, comments: Sequence[Comment], to: Mapping[int, Standing]) -> None:
    """Bring comments of the locked thread to where `to` says, with places told and all counters.

    None of them is published that had no place before. Of `comments` state, root, parent and note
    are read.
    """
    turned = [one for one in comments if (one.state == PUBLISHED) != _is_public(to[one.pk])]
    groups: dict[Standing, list[int]] = {}
    for number, stands in to.items():
        groups.setdefault(stands, []).append(number)
    for stands, numbers in groups.items():
        for group in batched(numbers, _TOGETHER):
            Comment.objects.filter(pk__in=group).update(
                state=stands.state,
                rule=stands.rule,
                held_at=stands.held_at,
                cited=stands.cited,
            )
    _count(thread, turned, to)
    told: set[int] = set()
    for batch in batched((one.pk for one in comments), _TOGETHER):
        told |= {*batch, *quoting(sources=Comment.objects.filter(pk__in=batch))}
    tell(thread=thread, numbers=told)
    save_counts(thread)


def _is_public(stands: Standing) -> bool:
    return stands.state == PUBLISHED


def _count(thread: Thread, turned: Iterable[Comment], to: Mapping[int, Standing]) -> None:
    """Count again what is answered by those that became public, or are so no more."""
    parents: set[int] = set()
    for comment in turned:
        by = 1 if _is_public(to[comment.pk]) else -1
        thread.comment_count += by
        if comment.parent_id is not None and comment.root_id is not None:
            parents.add(comment.parent_id)
            continue
        thread.root_count += by
        if comment.note_id is not None:
            thread.inline_count += by
            Note.objects.filter(pk=comment.note_id).update(answer_count=F("answer_count") + by)
    roots = {comment.root_id for comment in turned if comment.root_id is not None}
    _set_counts(parents, "parent", "reply_count")
    _set_counts(roots, "root", "descendants")


def _set_counts(numbers: Collection[int], by: str, column: str) -> None:
    """Write how many public comments there are per `by` into a column: groups by how many."""
    for group in batched(numbers, _TOGETHER):
        public = Comment.objects.filter(**{f"{by}__in": group}, state=PUBLISHED).order_by()
        counted = dict(public.values(by).annotate(n=Count("pk")).values_list(by, "n"))
        alike: dict[int, list[int]] = {}
        for number in group:
            alike.setdefault(counted.get(number, 0), []).append(number)
        for count, those in alike.items():
            Comment.objects.filter(pk__in=those).update(**{column: count})
