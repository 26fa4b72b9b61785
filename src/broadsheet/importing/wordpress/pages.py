"""Writing a story or a plain page: once, again when the export changed, never over an edit here."""

import json
import re
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final

from django.db import transaction
from wagtail.models import Page, Revision

from broadsheet.importing.idmap import IdMap
from broadsheet.importing.models import ImportedRow
from broadsheet.importing.report import Place, Report
from broadsheet.importing.rules import Shown
from broadsheet.importing.wordpress.newsroom import free_slug, model

# Wagtail keeps 4 characters of a 255 character path per level.
MAX_DEPTH: Final = 20
# What `state_of` writes; what was imported before places were kept has none.
_STATE: Final = re.compile(r"revision (?P<revision>\d+) (?P<shown>\w+)(?: below (?P<parent>\d+))?")


class Outcome(StrEnum):
    NEW = "new"
    UPDATED = "updated"
    SAME = "same"
    EDITED = "edited"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Content:
    """All of a page that comes from the export, in what the database takes.

    The digest is made of this, so nothing of the moment of the import may be in it.
    """

    title: str
    slug: str
    shown: str
    published_at: datetime | None
    body: list[dict[str, Any]]
    standfirst: str = ""
    language: str = ""
    section: int = 0
    people: tuple[int, ...] = ()
    tags: tuple[str, ...] = ()
    lead_image: int | None = None
    lead_caption: str = ""
    discussion_open: bool = True

    def digest(self) -> str:
        """Return what changes exactly when something of it does."""
        text = json.dumps(asdict(self), sort_keys=True, default=str)
        return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Written:
    """The page after it was written, or left; None if it was deleted here."""

    outcome: Outcome
    page: Any


class Pages:
    """The stories and pages of one import. The caller's transaction holds the page and its map."""

    def __init__(self, *, ids: IdMap, report: Report, now: datetime) -> None:
        self._ids = ids
        self._report = report
        self._now = now

    def write_story(self, foreign_id: str, content: Content, *, at: Place) -> Written:
        """Write a story below its section. One transaction with the id map."""
        return self._write("story", foreign_id, content, below=content.section, at=at)

    def write_page(self, foreign_id: str, content: Content, *, below: int, at: Place) -> Written:
        """Write a plain page below another one, or the front page."""
        return self._write("page", foreign_id, content, below=below, at=at)

    def make_place(self, foreign_id: str, *, title: str, slug: str, below: int) -> int:
        """Make an empty draft for a page that the file has further down, for those below it."""
        with transaction.atomic():
            parent = model_of_parent(below)
            page = model("TextPage")(title=title, slug=free_slug(slug, below=parent), live=False)
            page = parent.add_child(instance=page)
            self._save_revision(page, Shown.DRAFT)
            self._ids.put(
                *("page", foreign_id),
                local=("page", page.pk),
                now=self._now,
                state=state_of(page, Shown.DRAFT),
            )
        return int(page.pk)

    def _write(
        self, kind: str, foreign_id: str, content: Content, *, below: int, at: Place
    ) -> Written:
        with transaction.atomic():
            row = self._ids.find(kind, foreign_id)
            if row is None:
                written = self._make(kind, content, below, at)
            else:
                written = self._change(kind, row, content)
            if written.outcome in (Outcome.NEW, Outcome.UPDATED):
                self._ids.put(
                    *(kind, foreign_id),
                    local=(kind, written.page.pk),
                    now=self._now,
                    digest=content.digest(),
                    state=state_of(written.page, Shown(content.shown)),
                )
        return written

    def _make(self, kind: str, content: Content, below: int, at: Place) -> Written:
        parent = model_of_parent(below)
        slug = free_slug(content.slug, below=parent)
        if slug != content.slug:
            self._report.note("slug_changed", at, detail=slug)
        page = _model(kind)(slug=slug)
        self._fill(page, content)
        _fill_lists(page, content)
        page = parent.add_child(instance=page)
        self._save_revision(page, Shown(content.shown))
        return Written(Outcome.NEW, page)

    def _change(self, kind: str, row: ImportedRow, content: Content) -> Written:
        page = _model(kind).objects.filter(pk=row.local_id).first()
        if page is None:
            return Written(Outcome.DELETED, None)
        if row.digest == content.digest():
            return Written(Outcome.SAME, page)
        # Without a digest it is only the place that was made for it.
        outcome = Outcome.UPDATED if row.digest else Outcome.NEW
        if was_edited(page, row.state, to_be_live=content.shown == Shown.LIVE):
            return Written(Outcome.EDITED, page)
        self._fill(page, content)
        _fill_lists(page, content)
        page.save()
        self._save_revision(page, Shown(content.shown))
        if kind == "story" and page.get_parent().pk != content.section:
            # A section that was deleted here does not come back for a story that has another.
            section = model("SectionPage").objects.filter(pk=content.section).first()
            if section is not None:
                page.move(section, pos="last-child")
                page = _model(kind).objects.get(pk=page.pk)
        return Written(outcome, page)

    def _fill(self, page: Any, content: Content) -> None:
        live = content.shown == Shown.LIVE
        page.title = content.title
        page.body = json.dumps(content.body)
        page.live = live
        page.has_unpublished_changes = not live
        page.go_live_at = content.published_at if content.shown == Shown.SCHEDULED else None
        if live:
            page.first_published_at = content.published_at or page.first_published_at or self._now
            page.last_published_at = page.first_published_at
        if hasattr(page, "standfirst"):
            page.standfirst = content.standfirst
            page.language = content.language
            page.lead_image_id = content.lead_image
            page.lead_caption = content.lead_caption
            page.discussion_open = content.discussion_open

    def _save_revision(self, page: Any, shown: Shown) -> None:
        """Keep what was written as the page's latest revision, published as far as it is.

        The rows are written as they are. Wagtail's `save_revision()` and `publish()` each save the
        whole page again, with its search index and its references: half of the time of an import.
        """
        revision = Revision.objects.create(
            content_object=page,
            base_content_type=page.get_base_content_type(),
            content=page.serializable_data(),
            object_str=str(page),
            approved_go_live_at=page.go_live_at if shown is Shown.SCHEDULED else None,
        )
        page.latest_revision = revision
        page.live_revision = revision if shown is Shown.LIVE else None
        Page.objects.filter(pk=page.pk).update(
            latest_revision=revision,
            latest_revision_created_at=revision.created_at,
            live_revision=page.live_revision,
            draft_title=page.title,
        )


def state_of(page: Any, shown: Shown) -> str:
    """Return what tells an edit made here from what we wrote.

    The place is part of it, for Wagtail makes no revision of a move.
    """
    return f"revision {page.latest_revision_id} {shown} below {page.get_parent().pk}"


def was_edited(page: Any, state: str, *, to_be_live: bool) -> bool:
    """Say whether somebody changed, moved, published or took back a page we left in `state`.

    `to_be_live` says what the file wants of it now.
    """
    found = _STATE.fullmatch(state)
    if found is None or page.locked or str(page.latest_revision_id) != found["revision"]:
        return True
    if found["parent"] and str(page.get_parent().pk) != found["parent"]:
        return True
    if found["shown"] == Shown.SCHEDULED:
        # Our scheduler may have published it meanwhile, as the file had asked: then it stays so.
        return bool(page.live) and not to_be_live
    return bool(page.live) != (found["shown"] == Shown.LIVE)


def model_of_parent(page_id: int) -> Any:
    """Return the page to put another one below, fresh from the tree."""
    return Page.objects.get(pk=page_id).specific


def _model(kind: str) -> Any:
    return model("StoryPage" if kind == "story" else "TextPage")


def _fill_lists(page: Any, content: Content) -> None:
    """Set bylines and tags, only where they differ: both are kept as rows of their own."""
    if not hasattr(page, "bylines"):
        return
    if [byline.person_id for byline in page.bylines.all()] != list(content.people):
        byline = model("Byline")
        page.bylines = [
            byline(person_id=person, sort_order=place)
            for place, person in enumerate(content.people)
        ]
    if page.pk is None or {tag.name for tag in page.tags.all()} != set(content.tags):
        page.tags.set(list(content.tags))
