"""Reading the pages of people, topics and series. Each names how many queries it costs."""

from typing import Final

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce

from broadsheet.stories import list_keys
from broadsheet.stories.addresses import url_of
from broadsheet.stories.cards import cards_of
from broadsheet.stories.cursors import UnknownCursorError
from broadsheet.stories.listings import PAGE_LENGTH, page_of
from broadsheet.stories.models import Person, Series, StoryPage, Topic
from broadsheet.stories.pictures import picture, renditions_of
from broadsheet.stories.public import public_stories
from broadsheet.stories.shown import CardPage, Link, SeriesBox, ShownPerson, ShownSubject

# Parts that stand beside a story; the series' own page has all.
PARTS_IN_A_BOX: Final = 30
# Behind every numbered part.
_WITHOUT_NUMBER: Final = 100_000
_PK_DIGITS: Final = 18


def person(*, slug: str, after: str = "") -> ShownPerson | None:
    """Return a person's page, or None. Raises UnknownCursorError. Seven queries at most.

    As with a topic, somebody whom only drafts name is not there; with a biography they are.
    """
    row = Person.objects.filter(slug=slug).first()
    if row is None:
        return None
    listed = page_of(list_key=list_keys.of_person(pk=row.pk), after=after)
    if not (listed.cards or row.bio):
        return None
    photo = renditions_of({row.photo_id}) if row.photo_id else {}
    return ShownPerson(
        name=row.name,
        url=f"/people/{row.slug}/",
        role=row.role,
        bio=row.bio,
        email=row.email,
        link=row.link,
        photo=picture(photo.get(row.photo_id or 0), alt="", card=True),
        listed=listed,
    )


def topic(*, slug: str, after: str = "") -> ShownSubject | None:
    """Return a topic's page, or None. Raises UnknownCursorError. Six queries at most.

    A topic that only drafts have is not there: its name may tell what is being worked on. With a
    description an editor has made a page of it.
    """
    row = Topic.objects.filter(slug=slug).first()
    if row is None:
        return None
    listed = page_of(list_key=list_keys.of_topic(pk=row.pk), after=after)
    if not (listed.cards or row.description):
        return None
    return ShownSubject(row.name, f"/topics/{row.slug}/", row.description, listed)


def series(*, slug: str, after: str = "") -> ShownSubject | None:
    """Return a series' page, its parts in order, or None as for a topic.

    Raises UnknownCursorError. Seven queries at most.
    """
    row = Series.objects.filter(slug=slug).first()
    if row is None:
        return None
    rows = _parts(row.pk)
    if after:
        rows = _behind(rows, after)
    pks = list(rows.values_list("pk", flat=True)[: PAGE_LENGTH + 1])
    more = len(pks) > PAGE_LENGTH
    pks = pks[:PAGE_LENGTH]
    if not (pks or row.description):
        return None
    listed = CardPage(cards_of(story_ids=pks), str(pks[-1]) if more else "")
    return ShownSubject(row.title, f"/series/{row.slug}/", row.description, listed)


def series_box(*, page: StoryPage) -> SeriesBox | None:
    """Return what stands beside a part of a series. Two queries at most."""
    if not page.series_id:
        return None
    rows = _parts(page.series_id).select_related("series")
    parts = list(rows.only("title", "url_path", "series")[:PARTS_IN_A_BOX])
    # The first part may not be out yet, when a draft is drawn.
    whole = parts[0].series if parts else page.series
    if whole is None:
        return None
    return SeriesBox(
        link=Link(whole.title, f"/series/{whole.slug}/"),
        part=page.series_part,
        parts=tuple(Link(part.title, url_of(part)) for part in parts),
    )


def _parts(series_id: int) -> QuerySet[StoryPage]:
    place = Coalesce("series_part", Value(_WITHOUT_NUMBER))
    rows = public_stories().filter(series=series_id).annotate(place=place)
    ordered: QuerySet[StoryPage] = rows.order_by("place", "first_published_at", "pk")
    return ordered


def _behind(rows: QuerySet[StoryPage], after: str) -> QuerySet[StoryPage]:
    """Return the parts behind the one that a cursor names."""
    if not (after.isascii() and after.isdigit() and len(after) <= _PK_DIGITS):
        raise UnknownCursorError(after)
    last = rows.filter(pk=int(after)).values_list("place", "first_published_at").first()
    if last is None:
        raise UnknownCursorError(after)
    place, at = last
    same_place = Q(place=place) & (
        Q(first_published_at__gt=at) | Q(first_published_at=at, pk__gt=int(after))
    )
    return rows.filter(Q(place__gt=place) | same_place)
