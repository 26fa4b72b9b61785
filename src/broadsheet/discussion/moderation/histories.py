"""What moderators know of an author: how much of theirs is public, and what was decided lately."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection
from django.db.models import F, Window
from django.db.models.functions import RowNumber

from broadsheet.discussion.comments.rows import Row
from broadsheet.discussion.models import Moved
from broadsheet.kit.actor import Role

# Of what was decided about somebody, the newest.
LAST_DECISIONS: Final = 3
# A larger number says nothing more to whoever reads it, and would have to be counted.
MOST_COUNTED: Final = 1_000


@dataclass(frozen=True, slots=True)
class Deed:
    """A decision: `by` is the opaque id of who took it, "" for a rule of the house."""

    sequence: int
    verb: str
    rule: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class History:
    """What moderators know of an author: public comments, at most MOST_COUNTED, and decisions."""

    published: int
    decisions: tuple[Deed, ...]

    @property
    def is_more(self) -> bool:
        return self.published >= MOST_COUNTED


def deed(row: Row) -> Deed:
    by = "" if row["by_role"] == Role.SYSTEM else row["actor_id"]
    return Deed(row["sequence"], row["verb"], row["rule"], by, row["at"])


def histories(authors: Collection[int]) -> dict[int, History]:
    """Return what is known of authors. Two queries, whose cost does not grow with the queue."""
    ranked = (
        Moved.objects.filter(author__in=authors, undone=False)
        .exclude(decision__verb="undo")
        .annotate(
            sequence=F("decision__sequence"),
            verb=F("decision__verb"),
            rule=F("decision__rule"),
            actor_id=F("decision__actor_id"),
            by_role=F("decision__by_role"),
            at=F("decision__at"),
            place=Window(RowNumber(), partition_by="author", order_by=F("decision_id").desc()),
        )
        .filter(place__lte=LAST_DECISIONS)
        .order_by("author", "-decision_id")
    )
    columns = ("author", "sequence", "verb", "rule", "actor_id", "by_role", "at")
    decided: dict[int, list[Deed]] = {}
    for row in ranked.values(*columns):
        decided.setdefault(row["author"], []).append(deed(row))
    counts = _published(sorted(authors))
    return {
        author: History(counts.get(author, 0), tuple(decided.get(author, ()))) for author in authors
    }


def _published(authors: Collection[int]) -> dict[int, int]:
    """Count the public comments of authors, each up to a bound. One query, from an index alone."""
    if not authors:
        return {}
    one = f"""
        SELECT %s, (SELECT COUNT(*) FROM (
            SELECT 1 FROM discussion_comment WHERE author_id = %s AND state = 'published'
            AND published_at IS NOT NULL LIMIT {MOST_COUNTED}
        ) counted)
    """  # noqa: S608 - a number of our own
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join([one] * len(authors)),
            [author for author in authors for _ in range(2)],
        )
        return {int(author): int(count) for author, count in cursor.fetchall()}
