"""What else there is to read beside a story."""

from collections.abc import Collection
from typing import Final

from django.db.models import Count, Max, Q

from broadsheet.stories import list_keys
from broadsheet.stories.cards import cards_of
from broadsheet.stories.models import Listing, StoryPage
from broadsheet.stories.search import with_headline_of
from broadsheet.stories.shown import Card
from broadsheet.stories.terms import alike, words_of

RELATED: Final = 4
# Of each topic's newest, and of the newest whose headlines share words.
LOOKED_AT: Final = 60
TOPICS: Final = 12
# A headline's shorter words say nothing about what it is about.
LETTERS: Final = 4
WORDS: Final = 8
# One word in common is chance. Who shares more is looked for first, however old.
MUCH: Final = 3
SHARED: Final = 2


def related(*, page: StoryPage, topic_ids: Collection[int]) -> tuple[Card, ...]:
    """Return up to four other stories, as lines: those an editor chose, of the same topics, alike.

    Seven queries at most.
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
    """Return stories of the same topics: those that share most, the newest first. One query.

    The newest of each topic are looked at, so that a busy one does not hide a quiet one's.
    """
    keys = [list_keys.of_topic(pk=pk) for pk in sorted(topic_ids)[:TOPICS]]
    rows = Listing.objects.exclude(story__in=without)
    looked_at = Q()
    for key in keys:
        newest = rows.filter(list_key=key).order_by("-published_at", "-story_id")
        looked_at |= Q(story__in=newest.values("story")[:LOOKED_AT])
    found = Listing.objects.filter(looked_at, list_key__in=keys).values("story")
    best = found.annotate(shared=Count("pk"), at=Max("published_at"))
    best = best.order_by("-shared", "-at", "-story")
    return list(best.values_list("story_id", flat=True)[:RELATED])


def _alike(headline: str, *, without: Collection[int]) -> list[int]:
    """Return stories whose headlines share most words with this one. Two queries at most."""
    words = sorted(words_of(headline, at_least=LETTERS), key=len, reverse=True)[:WORDS]
    found: dict[int, int] = {}
    for least in (MUCH, SHARED):
        if len(found) < RELATED and len(words) >= least:
            rows = with_headline_of(terms=tuple((word,) for word in words), least=least)
            rows = rows.exclude(story__in={*without, *found})
            titles = rows.values_list("story_id", "story__title")[:LOOKED_AT]
            shared = {pk: _shared(words, title) for pk, title in titles}
            found |= {pk: count for pk, count in shared.items() if count >= SHARED}
    return sorted(found, key=lambda pk: -found[pk])[:RELATED]


def _shared(words: Collection[str], title: str) -> int:
    others = words_of(title, at_least=LETTERS)
    return sum(any(alike(word, other) for other in others) for word in words)
