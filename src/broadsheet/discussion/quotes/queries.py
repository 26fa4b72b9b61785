"""Reading quotes: of all comments of a page at once."""

from collections.abc import Collection, Mapping
from typing import Any

from broadsheet.discussion.models import Comment, Quote
from broadsheet.discussion.quotes.shown import ShownQuote, Standing
from broadsheet.discussion.rules.piles import without_piles

_COLUMNS = (
    "id",
    "comment_id",
    "source_id",
    "revision",
    "exact",
    "sentence",
    "sentence_start",
    "origin",
    "blanked_at",
    "source__state",
    "source__revision",
    "source__created_at",
    "source__guest_number",
    "source__author__name",
    "comment__thread__edition",
)

type Row = Mapping[str, Any]


def quotes_of(numbers: Collection[int]) -> dict[int, tuple[ShownQuote, ...]]:
    """Return the quotes that these comments carry, by comment, in their order. One query."""
    found: dict[int, tuple[ShownQuote, ...]] = {}
    rows = Quote.objects.filter(comment__in=numbers, undone_at=None)
    for row in rows.order_by("comment", "place").values(*_COLUMNS):
        quote = _shown(row)
        found[quote.comment] = (*found.get(quote.comment, ()), quote)
    return found


def quote_of(*, comment: int, number: int) -> ShownQuote | None:
    """Return one quote of a comment, or None. One query."""
    rows = Quote.objects.filter(pk=number, comment=comment, undone_at=None)
    row = rows.values(*_COLUMNS).first()
    return _shown(row) if row else None


def _shown(row: Row) -> ShownQuote:
    standing = _standing(row)
    readable = standing in {"stands", "edited"}
    sentence, start = row["sentence"], row["sentence_start"]
    end = start + len(row["exact"])
    return ShownQuote(
        id=row["id"],
        comment=row["comment_id"],
        source=row["source_id"],
        name=without_piles(row["source__author__name"] or "") if readable else "",
        guest=row["source__guest_number"] if readable else None,
        said_at=row["source__created_at"],
        standing=standing,
        before=sentence[:start] if readable else "",
        exact=row["exact"] if readable else "",
        after=sentence[end:] if readable else "",
        revision=row["revision"],
        matched=row["origin"] == Quote.Origin.MATCHING,
    )


def _standing(row: Row) -> Standing:
    if row["blanked_at"] is not None:
        return "blanked"
    if row["source_id"] is None:
        return "stands" if row["comment__thread__edition"] == row["revision"] else "edited"
    if row["source__state"] == Comment.State.PUBLISHED:
        return "stands" if row["source__revision"] == row["revision"] else "edited"
    return "held" if row["source__state"] == Comment.State.HELD else "removed"
