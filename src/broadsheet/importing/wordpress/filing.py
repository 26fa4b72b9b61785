"""Sections and people: made when the first story needs them, and found again by the id map."""

from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from broadsheet.formats.api import Item, Label, plain_text
from broadsheet.importing import rules
from broadsheet.importing.idmap import IdMap
from broadsheet.importing.report import Report
from broadsheet.importing.wordpress import mapping
from broadsheet.importing.wordpress.newsroom import free_slug, front, model
from broadsheet.importing.wordpress.scratch import Scratch

DEFAULT_SECTION: Final = "news"
# Behind the sections that the publisher put in order.
MENU_BASE: Final = 100
MENU_LAST: Final = 30_000
_CACHED: Final = 1000


class Filing:
    """Each made thing is a transaction of its own, before the story's."""

    def __init__(self, *, scratch: Scratch, ids: IdMap, report: Report, now: datetime) -> None:
        self._scratch = scratch
        self._ids = ids
        self._report = report
        self._now = now
        self._known: dict[tuple[str, str], int] = {}

    def section(self, label: Label | None, *, for_new: bool) -> int:
        """Return the id of the section page for a category; None is the default section.

        One that was deleted here is made again only for a story that is new: those that came in
        before have gone elsewhere, and for them it stays an id that leads nowhere.
        """
        slug = label.slug if label else ""
        if not for_new:
            row = self._ids.find("section", slug)
            if row is not None:
                return int(row.local_id)
        known = self._known.get(("section", slug))
        if known is None:
            known = self._section(slug, label)
            self._remember("section", slug, known)
        return known

    def people(self, item: Item) -> tuple[int, ...]:
        """Return the ids of the people who wrote an item, in their order."""
        found = [self._person(login, name) for login, name in mapping.logins_of(item)]
        return tuple(dict.fromkeys(found))

    def _section(self, slug: str, label: Label | None) -> int:
        row = self._ids.find("section", slug)
        if row is not None and model("SectionPage").objects.filter(pk=row.local_id).exists():
            self._report.came("section", "same")
            return int(row.local_id)
        term = self._scratch.term("category", slug) if slug else None
        name = plain_text((term.name if term else "") or (label.name if label else "")) or slug
        title = rules.cut(name or str(_("News")), mapping.TITLE_LENGTH)
        wanted = mapping.slug_of(slug, title) if slug else DEFAULT_SECTION
        with transaction.atomic():
            page_id, outcome = self._adopt_or_make(wanted, title, slug)
            self._ids.put("section", slug, local=("section", page_id), now=self._now)
        self._report.came("section", outcome)
        return page_id

    def _adopt_or_make(self, wanted: str, title: str, slug: str) -> tuple[int, str]:
        sections = model("SectionPage")
        root = front()
        there = sections.objects.child_of(root).filter(slug=wanted).first()
        if there is not None:
            return int(there.pk), "adopted"
        place = min(MENU_BASE + self._scratch.place_of_section(slug), MENU_LAST)
        page = sections(title=title, slug=free_slug(wanted, below=root), in_menu_order=place)
        page = root.add_child(instance=page)
        revision = page.save_revision(clean=False, changed=False)
        sections.objects.filter(pk=page.pk).update(
            live_revision=revision, first_published_at=self._now, last_published_at=self._now
        )
        return int(page.pk), "new"

    def _person(self, login: str, name: str) -> int:
        known = self._known.get(("person", login))
        if known is None:
            known = self._find_or_make_person(login, name)
            self._remember("person", login, known)
        return known

    def _find_or_make_person(self, login: str, name: str) -> int:
        people = model("Person").objects
        row = self._ids.find("person", login)
        if row is not None and people.filter(pk=row.local_id).exists():
            self._report.came("person", "same")
            return int(row.local_id)
        signed = self._scratch.person_name(login) or plain_text(name) or login
        signed = rules.cut(signed, mapping.NAME_LENGTH)
        wanted = mapping.slug_of("", signed)[: mapping.NAME_LENGTH - 8]
        with transaction.atomic():
            person = people.filter(slug=wanted, name=signed).first()
            outcome = "adopted" if person else "new"
            if person is None:
                person = people.create(name=signed, slug=_free(wanted, people))
            self._ids.put("person", login, local=("person", person.pk), now=self._now)
        self._report.came("person", outcome)
        return int(person.pk)

    def _remember(self, kind: str, name: str, number: int) -> None:
        if len(self._known) >= _CACHED:
            self._known.clear()
        self._known[kind, name] = number


def _free(slug: str, people: Any) -> str:
    found, number = slug, 2
    while people.filter(slug=found).exists():
        found, number = f"{slug}-{number}", number + 1
    return found
