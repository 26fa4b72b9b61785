"""Reading the lists of stories: a page of one costs the same whatever its length."""

from datetime import datetime
from typing import Final

from django.db.models import Q

from broadsheet.stories import cursors, list_keys
from broadsheet.stories.cards import cards_of
from broadsheet.stories.models import Listing
from broadsheet.stories.shown import CardPage

PAGE_LENGTH: Final = 20


type Span = tuple[datetime, datetime]


def page_of(
    *,
    list_key: str = list_keys.ALL,
    after: str = "",
    length: int = PAGE_LENGTH,
    within: Span | None = None,
) -> CardPage:
    """Return a stretch of a list, the newest first, from a cursor on.

    `within` leaves out what was published before its begin, or from its end on.
    Raises cursors.UnknownCursorError. Six queries at most: one of the index, five for the cards.
    """
    rows = Listing.objects.filter(list_key=list_key)
    if within:
        rows = rows.filter(published_at__gte=within[0], published_at__lt=within[1])
    if after:
        at, pk = cursors.read(after)
        # The plain bound lets the index begin there.
        rows = rows.filter(published_at__lte=at).filter(Q(published_at__lt=at) | Q(story_id__lt=pk))
    newest = rows.order_by("-published_at", "-story_id").values_list("published_at", "story_id")
    found = list(newest[: length + 1])
    page, more = found[:length], len(found) > length
    # Of the rows, not of the cards: a story that was closed this moment leaves a gap, not an end.
    older = cursors.write(at=page[-1][0], pk=page[-1][1]) if more else ""
    return CardPage(cards_of(story_ids=[pk for _, pk in page]), older)
