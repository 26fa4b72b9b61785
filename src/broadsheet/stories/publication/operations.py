"""The verbs on the publication itself: set its face, make its logo, follow a page that moved."""

import logging
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import transaction
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import Filter, SourceImageIOError
from wagtail.log_actions import log
from wagtail.models import Site

from broadsheet.funding import api as funding
from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import require
from broadsheet.readers.api import account_of
from broadsheet.stories.images import LOGO_SPEC
from broadsheet.stories.models import MenuLink, NewsImage, NewsRendition, Publication
from broadsheet.stories.publication import rules
from broadsheet.stories.publication.face import KEEPER
from broadsheet.stories.publication.queries import menu_links, publication
from broadsheet.stories.publication.rules import MenuRow, Wanted

logger = logging.getLogger(__name__)

_TEXTS: Final = ("name", "tagline", "accent", "footer", "language", "time_zone", "currency")
_PLACES: Final = (("menu", MenuLink.Place.MENU), ("footer_links", MenuLink.Place.FOOTER))


def set_publication(*, actor: Actor, wanted: Wanted, now: datetime) -> tuple[str, ...]:
    """Put a new face in force; returns the names of the fields that changed.

    Raises RefusalError (`publication.*`): owners change all, editors the menus, and the currency
    stays while the books are kept in it. What changed is in the desk's log of actions.
    """
    changed = _write(actor, wanted, now)
    # After the transaction: decoding a large image takes a second, and readers may post meanwhile.
    if "logo" in changed:
        make_logo()
    return changed


def make_logo() -> bool:
    """Make the logo's file unless it is there; say whether there is one. May run again."""
    row = Publication.objects.select_related("logo").first()
    if row is None or row.logo is None:
        return False
    image: NewsImage = row.logo
    if not NewsRendition.objects.filter(image=image, filter_spec=LOGO_SPEC).exists():
        try:
            image.create_renditions(Filter(spec=LOGO_SPEC))
        except (SourceImageIOError, InvalidFilterSpecError, OSError, ValueError):
            logger.exception("The logo cannot be read; the name stands in its place")
            return False
    KEEPER.forget()
    return True


@transaction.atomic
def links_follow(*, old: str, new: str) -> None:
    """Lead the links of menu and footer to where a page, and all below it, has moved."""
    moved = list(MenuLink.objects.filter(url__startswith=old)) if old not in {new, "/"} else []
    for link in moved:
        link.url = new + link.url.removeprefix(old)
    if moved:
        MenuLink.objects.bulk_update(moved, ["url"])
        _forget()


@transaction.atomic
def _write(actor: Actor, wanted: Wanted, now: datetime) -> tuple[str, ...]:
    require(rules.may_change_menus(actor=actor))
    Publication.objects.get_or_create(pk=Publication.ONLY)
    row = Publication.objects.select_for_update().get(pk=Publication.ONLY)
    face = [name for name in _TEXTS if getattr(row, name) != getattr(wanted, name)]
    if row.logo_id != wanted.logo:
        face.append("logo")
    if face:
        require(rules.may_change_face(actor=actor))
        _check_currency(wanted, now)
        for name in _TEXTS:
            setattr(row, name, getattr(wanted, name))
        row.logo_id = wanted.logo
    changed = (*face, *_set_menus(wanted))
    if changed:
        row.changed_at = now
        row.save()
        _forget()
        _follow_the_name(now)
        user = account_of(actor)
        log(instance=row, action="wagtail.edit", user=user, data={"changed": list(changed)})
    return changed


def _set_menus(wanted: Wanted) -> list[str]:
    changed = []
    for name, place in _PLACES:
        rows: tuple[MenuRow, ...] = getattr(wanted, name)
        there = tuple(MenuRow(link.title, link.url) for link in menu_links(place=place))
        if rows == there:
            continue
        for row in rows:
            require(rules.leads_somewhere(url=row.url))
        MenuLink.objects.filter(place=place).delete()
        MenuLink.objects.bulk_create(
            MenuLink(place=place, label=row.label, url=row.url, position=position)
            for position, row in enumerate(rows)
        )
        changed.append(name)
    return changed


def _check_currency(wanted: Wanted, now: datetime) -> None:
    campaign = funding.campaign()
    require(
        rules.may_pay_in(
            currency=wanted.currency or str(settings.BROADSHEET_CURRENCY),
            present=publication(now=now).currency,
            books=campaign.currency if campaign else "",
        )
    )


def _follow_the_name(now: datetime) -> None:
    """Wagtail names the site in its own row."""
    Site.objects.filter(is_default_site=True).update(site_name=publication(now=now).name)


def _forget() -> None:
    # At once for what this transaction reads, and again when others may read what it wrote.
    KEEPER.forget()
    transaction.on_commit(KEEPER.forget)
