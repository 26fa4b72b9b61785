"""Stories as they stand on a list, from their ids."""

from collections.abc import Iterable, Sequence

from django.conf import settings
from wagtail.models import Page

from broadsheet.discussion import api as discussion
from broadsheet.stories.addresses import url_of
from broadsheet.stories.models import Byline, StoryPage
from broadsheet.stories.pictures import picture, renditions_of
from broadsheet.stories.shown import Card, Link


def cards_of(*, story_ids: Sequence[int]) -> tuple[Card, ...]:
    """Return the cards of those stories that are public, in the order given.

    Six queries at most, whatever their number; none without ids.
    """
    return tuple(cards_by_id(story_ids=story_ids).values())


def cards_by_id(*, story_ids: Sequence[int]) -> dict[int, Card]:
    """Return the same by the ids of their stories, in that order, without those not public."""
    if not story_ids:
        return {}
    rows = StoryPage.objects.live().public().filter(pk__in=story_ids)
    found = {
        page.pk: page
        for page in rows.filter(first_published_at__isnull=False).defer("body", "corrections")
    }
    pages = [found[pk] for pk in dict.fromkeys(story_ids) if pk in found]
    return dict(zip((page.pk for page in pages), _cards(pages), strict=True))


def _cards(pages: list[StoryPage]) -> tuple[Card, ...]:
    if not pages:
        return ()
    names = _bylines(pages)
    renditions = renditions_of({page.lead_image_id for page in pages if page.lead_image_id})
    counts = discussion.counts_for(site=settings.SITE_SLUG, keys=[str(page.uuid) for page in pages])
    parents = {page.path[:-4]: page for page in pages}
    sections = {row.path: row for row in Page.objects.filter(path__in=parents)}
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
        .select_related("person")
        .order_by("story_id", "sort_order", "pk")
    )
    names: dict[int, list[str]] = {}
    for row in rows:
        names.setdefault(row.story_id, []).append(row.person.name)
    return names
