"""What must be true of what holds for people: it is what was decided about them."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q

from broadsheet.discussion.models import Decision, Sanction
from broadsheet.discussion.rules.sanctioning import FREE, KINDS, LIFT
from broadsheet.discussion.rules.undoing import reference


def check_sanctions() -> Iterator[str]:
    """Each decision to limit somebody has one limit; what was undone or lifted, holds no more."""
    decided = Decision.objects.filter(verb__in=KINDS)
    without = decided.exclude(Exists(Sanction.objects.filter(decision=OuterRef("pk"))))
    for sequence in without.values_list("sequence", flat=True).iterator():
        yield f"decision {sequence} limits somebody, and nothing says whom"
    undone = set(Decision.objects.filter(verb="undo").values_list("rule", flat=True))
    rows = Sanction.objects.select_related("decision", "ended_by").order_by("pk")
    for row in rows.iterator():
        if row.decision.verb != row.kind:
            yield f"limit {row.pk} is to {row.kind}, its decision says {row.decision.verb}"
        if reference(row.decision.sequence) in undone and row.ended_at is None:
            yield f"limit {row.pk} holds, and its decision was undone"
    unread = Sanction.objects.filter(Q(ended_at=None) & ~Q(ended_by=None))
    for number in unread.values_list("pk", flat=True):
        yield f"limit {number} was lifted, and holds"
    lifted = Sanction.objects.exclude(ended_by=None).exclude(ended_by__verb__in=[LIFT, FREE])
    for number in lifted.values_list("pk", flat=True):
        yield f"limit {number} was ended by a decision of another kind"
