"""Stories as they stand on a list, from their ids."""

from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db.models import F
from wagtail.models import Page

from broadsheet.discussion import api as discussion
from broadsheet.stories.addresses import url_of
from broadsheet.stories.models import Byline, StoryPage
from broadsheet.stories.pictures import picture, renditions_of
from broadsheet.stories.public import public_stories
from broadsheet.stories.shown import Card, Link


def cards_of(*, story_ids: Sequence[int], lines: bool = False) -> tuple[Card, ...]:
    """Return the cards of those stories that are public, in the order given.

    Five queries at most, whatever their number; none without ids. `lines` are cards without bylines
    and pictures, in three queries.
    """
    return tuple(cards_by_id(story_ids=story_ids, lines=lines).values())


def cards_by_id(*, story_ids: Sequence[int], lines: bool = False) -> dict[int, Card]:
    """Return the same by the ids of their stories, in that order, without those not public."""
    if not story_ids:
        return {}
    rows = public_stories().filter(pk__in=story_ids).defer("body", "corrections")
    found = {page.pk: page for page in rows}
    pages = [found[pk] for pk in dict.fromkeys(story_ids) if pk in found]
    return dict(zip((page.pk for page in pages), _cards(pages, lines=lines), strict=True))


def _cards(pages: list[StoryPage], *, lines: bool) -> tuple[Card, ...]:
    if not pages:
        return ()
    names = {} if lines else _bylines(pages)
    pictures = set() if lines else {page.lead_image_id for page in pages if page.lead_image_id}
    parents = {page.path[:-4] for page in pages}
    sections = {row.path: row for row in Page.objects.filter(path__in=parents)}
    renditions = renditions_of(pictures)
    counts = discussion.counts_for(site=settings.SITE_SLUG, keys=[str(page.uuid) for page in pages])
    return tuple(
        Card(
            key=str(page.uuid),
            headline=page.title,
            url=url_of(page),
            standfirst=page.standfirst,
            section=Link(sections[page.path[:-4]].title, url_of(sections[page.path[:-4]])),
            bylines=tuple(names.get(page.pk, ())),
            published_at=page.first_published_at,
            updated_at=page.updated_at,
            comments=counts.get(str(page.uuid), 0),
            picture=picture(renditions.get(page.lead_image_id or 0), alt=page.lead_alt, card=True),
            genre=page.get_genre_display() if page.genre else "",
            language=page.language,
        )
        for page in pages
    )


def _bylines(pages: Iterable[StoryPage]) -> dict[int, list[str]]:
    rows = (
        Byline.objects.filter(story__in=[page.pk for page in pages])
        .order_by("story_id", "sort_order", "pk")
        .values_list("story_id", F("person__name"))
    )
    names: dict[int, list[str]] = {}
    for story_id, name in rows:
        names.setdefault(story_id, []).append(name)
    return names
