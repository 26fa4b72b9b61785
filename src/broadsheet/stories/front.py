"""The front page: what it shows is chosen by rule, so that nobody has to lay it out every day."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings

from broadsheet.discussion import api as discussion
from broadsheet.stories import cursors, list_keys
from broadsheet.stories.addresses import url_of
from broadsheet.stories.cards import cards_by_id
from broadsheet.stories.models import FrontPage, Listing, SectionPage, StoryPage
from broadsheet.stories.shown import Card, Link

# What is talked about is looked for among so many of the newest: an old thread is not news.
RECENT: Final = 60
# Beside the lead: as many as are as high as it is, of the stories there are a third.
LATEST_AT_MOST: Final = 5
LATEST_AT_LEAST: Final = 2
# Up to so many stories the page is a page of cards.
THIN: Final = 4
SECTIONS: Final = 12
IN_A_SECTION: Final = 3
# A section is not left with one story while it has others, even if those stand above it.
AT_LEAST_IN_A_SECTION: Final = 2
DISCUSSED: Final = 5


@dataclass(frozen=True, slots=True)
class Discussed:
    """A story that is talked about."""

    headline: str
    url: str
    language: str
    comments: int


@dataclass(frozen=True, slots=True)
class SectionBlock:
    link: Link
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Front:
    """All of the front page. `older` is the cursor of what comes after the latest, if anything."""

    lead: Card | None
    latest: tuple[Card, ...]
    sections: tuple[SectionBlock, ...]
    discussed: tuple[Discussed, ...]
    older: str

    @property
    def is_thin(self) -> bool:
        """Say whether there is too little for columns."""
        return not self.sections


def front_of(*, page: FrontPage) -> Front:
    """Return what the front page shows: eleven queries, and one for each section."""
    newest = _newest(list_keys.ALL, RECENT)
    ids = [pk for _, pk in newest]
    lead = _lead(page.lead_id, ids)
    rest = [pk for pk in ids if pk != lead]
    number = min(LATEST_AT_MOST, max(LATEST_AT_LEAST, len(ids) // 3))
    latest = rest if len(ids) <= THIN else rest[:number]
    blocks = [] if len(ids) <= THIN else _blocks(lead, latest)
    chosen = [lead] if lead else []
    cards = cards_by_id(
        story_ids=[*chosen, *latest, *(pk for _, story_ids in blocks for pk in story_ids)]
    )
    times = {pk: at for at, pk in newest}
    goes_on = len(ids) > len(chosen) + len(latest)
    return Front(
        lead=cards.get(lead or 0),
        latest=_found(latest, cards),
        sections=tuple(
            # What has a picture leads its section.
            SectionBlock(link, tuple(sorted(found, key=lambda card: card.picture is None)))
            for link, pks in blocks
            if (found := _found(pks, cards))
        ),
        discussed=discussed(story_ids=ids),
        older=cursors.write(at=times[latest[-1]], pk=latest[-1]) if goes_on and latest else "",
    )


def most_discussed(*, except_key: str = "") -> tuple[Discussed, ...]:
    """Return the newest stories that are talked about most, without the one whose page it is."""
    ids = [pk for _, pk in _newest(list_keys.ALL, RECENT)]
    return discussed(story_ids=ids, except_key=except_key)


def discussed(*, story_ids: Sequence[int], except_key: str = "") -> tuple[Discussed, ...]:
    """Return those of the stories that have most comments, the newer first among equals.

    Two queries. One alone is no list: then there is none.
    """
    if not story_ids:
        return ()
    rows = StoryPage.objects.live().filter(pk__in=story_ids).exclude(uuid=except_key or None)
    pages = {page.pk: page for page in rows.only("title", "url_path", "uuid", "language")}
    keys = [str(page.uuid) for page in pages.values()]
    counts = discussion.counts_for(site=settings.SITE_SLUG, keys=keys)
    ranked = sorted(
        (
            (-counts.get(str(pages[pk].uuid), 0), place, pages[pk])
            for place, pk in enumerate(story_ids)
            if pk in pages
        ),
        key=lambda row: row[:2],
    )
    found = tuple(
        Discussed(page.title, url_of(page), page.language, -count)
        for count, _, page in ranked[:DISCUSSED]
        if count
    )
    return found if len(found) > 1 else ()


def _newest(list_key: str, number: int) -> list[tuple[datetime, int]]:
    rows = Listing.objects.filter(list_key=list_key).order_by("-published_at", "-story_id")
    return list(rows.values_list("published_at", "story_id")[:number])


def _lead(wanted: int | None, newest: Sequence[int]) -> int | None:
    """Return the story an editor put first if readers may see it, else the newest."""
    if wanted and (
        wanted in newest or Listing.objects.filter(list_key=list_keys.ALL, story=wanted).exists()
    ):
        return wanted
    return newest[0] if newest else None


def _blocks(lead: int | None, latest: Collection[int]) -> list[tuple[Link, list[int]]]:
    """Return each section with what has not been shown yet; no block if everything has been."""
    shown = {lead, *latest}
    blocks = []
    anything_left = False
    for section in SectionPage.objects.live().order_by("in_menu_order", "path")[:SECTIONS]:
        number = IN_A_SECTION + len(shown)
        ids = [pk for _, pk in _newest(list_keys.of_section(pk=section.pk), number)]
        left = [pk for pk in ids if pk not in shown][:IN_A_SECTION]
        anything_left = anything_left or bool(left)
        again = [pk for pk in ids if pk in shown and pk != lead]
        ids = [*left, *again[: max(0, AT_LEAST_IN_A_SECTION - len(left))]]
        blocks.append((Link(section.title, url_of(section)), ids))
    return blocks if anything_left else []


def _found(ids: Sequence[int], cards: Mapping[int, Card]) -> tuple[Card, ...]:
    return tuple(cards[pk] for pk in ids if pk in cards)
