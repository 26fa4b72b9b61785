"""The publication in force, and the policy pages that readers can read."""

from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.utils.translation import get_language_info

from broadsheet.pagestore.api import ANYTHING
from broadsheet.stories.addresses import url_of
from broadsheet.stories.images import LOGO_SPEC
from broadsheet.stories.models import MenuLink, NewsRendition, Policy, Publication, TextPage
from broadsheet.stories.publication.face import KEEPER, Face, Logo, PolicyLink
from broadsheet.stories.publication.rules import MenuRow, Wanted
from broadsheet.stories.shown import Link
from broadsheet.stories.watched import KEY


def publication(*, now: datetime) -> Face:
    """Return the publication as it is in force, at most a second old. No query, or up to five."""
    return KEEPER.get(now=now, read=_read)


def forget_publication(keys: frozenset[str]) -> None:
    """Read it anew at the next question, where something changed of what it is made."""
    if keys & {KEY, ANYTHING}:
        KEEPER.forget()


def known_publication() -> Face:
    """Return the publication as it was last read; never a query, for when there is no database."""
    return KEEPER.known() or publication_by_file()


def publication_by_file() -> Face:
    """Return the publication as `broadsheet.toml` has it, where the desk says nothing."""
    return _composed(Publication(), (), None)


def as_set() -> Wanted:
    """Return what the desk has set, and nothing else: what its form begins with. Three queries."""
    row = Publication.objects.first() or Publication()

    def rows(place: str) -> tuple[MenuRow, ...]:
        return tuple(MenuRow(link.title, link.url) for link in menu_links(place=place))

    return Wanted(
        name=row.name,
        tagline=row.tagline,
        logo=row.logo_id,
        accent=row.accent,
        footer=row.footer,
        language=row.language,
        time_zone=row.time_zone,
        currency=row.currency,
        menu=rows(MenuLink.Place.MENU),
        footer_links=rows(MenuLink.Place.FOOTER),
    )


def menu_links(*, place: str) -> tuple[Link, ...]:
    """Return the links that the publisher put into the menu or the footer. One query."""
    rows = MenuLink.objects.filter(place=place).order_by("position")
    return tuple(Link(row.label, row.url) for row in rows)


def policies() -> tuple[PolicyLink, ...]:
    """Return the live policy pages in the order of their kinds, the oldest of each. One query."""
    order = [kind for kind in Policy.values if kind]
    rows = TextPage.objects.live().public().exclude(policy="").order_by("-path")
    found = {row.policy: row for row in rows}
    return tuple(
        PolicyLink(kind, found[kind].title, url_of(found[kind])) for kind in order if kind in found
    )


def logo_missing() -> bool:
    """Say whether there is a logo whose file has not been made. Two queries."""
    row = Publication.objects.first()
    return bool(row and row.logo_id and not _rendition(row.logo_id))


def _read() -> Face:
    row = Publication.objects.first()
    if row is None:
        return replace(publication_by_file(), policies=policies())
    links = tuple(MenuLink.objects.order_by("place", "position"))
    face = _composed(row, links, _rendition(row.logo_id) if row.logo_id else None)
    return replace(face, policies=policies())


def _rendition(image_id: int) -> NewsRendition | None:
    found: NewsRendition | None = NewsRendition.objects.filter(
        image_id=image_id, filter_spec=LOGO_SPEC
    ).first()
    return found


def _composed(row: Publication, links: tuple[MenuLink, ...], logo: NewsRendition | None) -> Face:
    language = row.language or str(settings.LANGUAGE_CODE)

    def placed(place: str) -> tuple[Link, ...]:
        return tuple(Link(link.label, link.url) for link in links if link.place == place)

    return Face(
        name=row.name or str(settings.BROADSHEET_NAME),
        language=language,
        direction="rtl" if _is_right_to_left(language) else "ltr",
        time_zone=row.time_zone or str(settings.TIME_ZONE),
        currency=row.currency or str(settings.BROADSHEET_CURRENCY),
        tagline=row.tagline,
        logo=Logo(logo.url, logo.width, logo.height) if logo else None,
        accent=row.accent,
        footer=row.footer,
        menu=placed(MenuLink.Place.MENU),
        footer_links=placed(MenuLink.Place.FOOTER),
    )


def _is_right_to_left(language: str) -> bool:
    try:
        return bool(get_language_info(language)["bidi"])
    except KeyError:  # a language Django has no name for
        return False
