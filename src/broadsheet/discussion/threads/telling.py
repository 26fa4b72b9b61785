"""Which comments an open page has to draw anew though nobody wrote in them.

Needs the thread's lock; the caller saves the thread's events.
"""

from collections.abc import Iterable
from itertools import batched
from typing import Final

from django.db.models import QuerySet

from broadsheet.discussion.models import Comment, Quote, Thread

# So many share an event. What is told at once (comments.news) holds at least as many.
TOGETHER: Final = 50
# Of what quotes one comment, the newest.
MOST_QUOTING: Final = 500


def tell(*, thread: Thread, numbers: Iterable[int]) -> None:
    """Say of these comments of the locked thread that they look different from now on.

    What has no place yet is on no page. One query for each fifty.
    """
    for group in batched(sorted(numbers), TOGETHER):
        thread.events += 1
        there = Comment.objects.filter(pk__in=group, published_at__isnull=False)
        there.update(changed=thread.events)


def quoting(*, sources: QuerySet[Comment], revision: int | None = None) -> set[int]:
    """Return the newest comments that quote these, perhaps only one version; one query."""
    quotes = Quote.objects.filter(source__in=sources.values("pk"), undone_at=None)
    if revision is not None:
        quotes = quotes.filter(revision=revision)
    return set(quotes.order_by("-comment").values_list("comment_id", flat=True)[:MOST_QUOTING])
