"""What else there is to read beside a story."""

from collections import Counter
from collections.abc import Collection
from typing import Final

from broadsheet.stories import list_keys
from broadsheet.stories.cards import cards_of
from broadsheet.stories.models import Listing, StoryPage
from broadsheet.stories.public import public_stories
from broadsheet.stories.search import matching
from broadsheet.stories.shown import Card
from broadsheet.stories.terms import alike, words_of

RELATED: Final = 4
# Of the newest that share a topic, or a word: what is older is history.
LOOKED_AT: Final = 60
# A headline's shorter words say nothing about what it is about.
LETTERS: Final = 4
WORDS: Final = 8
# One word in common is chance.
SHARED: Final = 2


def related(*, page: StoryPage, topic_ids: Collection[int]) -> tuple[Card, ...]:
    """Return up to four other stories, as lines: those an editor chose, of the same topics, alike.

    Five queries at most.
    """
    # From the page, not from the table: a preview shows what is being written.
    found = [row.related_id for row in page.related_stories.all()]
    found = [pk for pk in found if pk != page.pk]
    if len(found) < RELATED and topic_ids:
        found += _of_topics(topic_ids, without={page.pk, *found})
    if len(found) < RELATED:
        found += _alike(page.title, without={page.pk, *found})
    # One more than is shown: a chosen story may have been taken back.
    return cards_of(story_ids=found[: RELATED + 2], lines=True)[:RELATED]


def _of_topics(topic_ids: Collection[int], *, without: Collection[int]) -> list[int]:
    """Return stories of the same topics: those that share most, the newest first. One query."""
    keys = [list_keys.of_topic(pk=pk) for pk in topic_ids]
    rows = Listing.objects.filter(list_key__in=keys).exclude(story__in=without)
    newest = rows.order_by("-published_at", "-story_id").values_list("story_id", flat=True)
    shared = Counter(newest[:LOOKED_AT])
    return sorted(shared, key=lambda pk: -shared[pk])[:RELATED]


def _alike(headline: str, *, without: Collection[int]) -> list[int]:
    """Return stories whose headlines share words with this one. One query."""
    words = sorted(words_of(headline, at_least=LETTERS), key=len, reverse=True)[:WORDS]
    if len(words) < SHARED:
        return []
    ids = matching(tuple((word,) for word in words), every=False, bound=LOOKED_AT)
    rows = public_stories().filter(pk__in=ids).exclude(pk__in=without).order_by("-pk")
    shared = {pk: _shared(words, title) for pk, title in rows.values_list("pk", "title")}
    best = sorted((pk for pk in shared if shared[pk] >= SHARED), key=lambda pk: -shared[pk])
    return best[:RELATED]


def _shared(words: Collection[str], title: str) -> int:
    others = words_of(title, at_least=LETTERS)
    return sum(any(alike(word, other) for other in others) for word in words)
