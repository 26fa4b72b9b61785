"""The first pass: reads the whole file, judges it, and writes nothing. It is the trial run, too."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from broadsheet.formats.api import (
    Author,
    Comment,
    Event,
    FindingKind,
    Finished,
    Image,
    Item,
    ItemRest,
    Label,
    Site,
    Term,
    original_address,
    plain_text,
    read_wxr,
    story_content,
)
from broadsheet.importing import rules
from broadsheet.importing.report import Place, Report
from broadsheet.importing.rules import Becomes, Shown
from broadsheet.importing.wordpress import mapping
from broadsheet.importing.wordpress.bodies import body_of, text_of
from broadsheet.importing.wordpress.comments_seen import CommentsSeen
from broadsheet.importing.wordpress.documents import FilesSeen
from broadsheet.importing.wordpress.rows import ItemRow, PictureRow, TermRow
from broadsheet.importing.wordpress.scratch import Scratch

type Progress = Callable[[str, int, int], None]


@dataclass(slots=True)
class Survey:
    """What the first pass learned. `scratch` holds the details and is closed by its maker."""

    file: Path
    scratch: Scratch
    report: Report
    stamp: tuple[int, int]
    site: Site | None = None
    site_key: str = ""
    items: int = 0
    comments: int = 0
    images_unasked: int = 0
    leads_unasked: int = 0
    files_unasked: int = 0


def stamp_of(file: Path) -> tuple[int, int]:
    """Return what changes when a file is replaced between the passes."""
    stat = file.stat()
    return stat.st_size, stat.st_mtime_ns


def survey(
    *, file: Path, scratch: Scratch, with_pictures: bool, now: datetime, progress: Progress
) -> Survey:
    """Read an export to its end. Raises WxrError where it can't be read, and OSError.

    `with_pictures`: somebody said where pictures and other files are to be had.
    """
    found = Survey(file, scratch, Report(file=file.name), stamp_of(file))
    size = found.stamp[0]
    reader = _Reader(found, with_pictures=with_pictures, now=now)
    for event in read_wxr(file, progress=lambda done: progress("Reading", done, size)):
        reader.take(event)
    return found


class _Reader:
    """Takes the events one by one; of an item it keeps its number until the next one comes."""

    def __init__(self, found: Survey, *, with_pictures: bool, now: datetime) -> None:
        self._found = found
        self._with_pictures = with_pictures
        self._report = found.report
        self._scratch = found.scratch
        self._files = FilesSeen(found.scratch, found.report)
        self._comments = CommentsSeen(found.scratch, found.report)
        self._now = now
        self._item = 0
        self._at = Place(0, "")
        self._fate = rules.Fate(Becomes.NOTHING)

    def take(self, event: Event) -> None:
        match event:
            case Site():
                self._site(event)
            case Author():
                name = mapping.author_name(event)
                self._scratch.add_person(login=event.login, id_=event.id, name=name)
            case Term():
                self._scratch.add_term(
                    TermRow(event.taxonomy, event.slug, event.name, event.parent, event.id)
                )
            case Item():
                self._close_item()
                self._take_item(event)
            case ItemRest():
                self._rest(event)
            case Comment():
                self._comments.take(event, on=self._fate, title=self._at.title)
            case Finished():
                self._close_item()
                self._finished(event)

    def _site(self, site: Site) -> None:
        self._found.site = site
        self._report.title = site.title
        self._set_site_key("")
        for host in mapping.hosts_of(site):
            self._scratch.flag("host", host)

    def _set_site_key(self, link: str) -> None:
        if self._found.site is not None and self._found.site_key in ("", "unknown"):
            self._found.site_key = mapping.site_key(self._found.site, link=link)
            self._report.site = self._found.site_key

    def _finished(self, event: Finished) -> None:
        self._found.items, self._found.comments = event.items, event.comments
        files = self._files.finish()
        if not self._with_pictures:
            self._found.files_unasked = files
        if event.control_characters:
            self._report.note("control", Place(0, ""), count=event.control_characters)
        # A category that no story has as its first one becomes no section.
        rows = self._scratch.all(
            "SELECT slug, name FROM term WHERE taxonomy = 'category'"
            " AND slug NOT IN (SELECT name FROM flag WHERE kind = 'section') ORDER BY slug"
        )
        for slug, name in rows:
            if slug.lower() not in mapping.UNCATEGORISED:
                self._report.note("no_address", Place(0, plain_text(name) or slug))

    # -- items ---------------------------------------------------------------------------------

    def _take_item(self, item: Item) -> None:
        self._item, self._at = item.number, mapping.place_of(item)
        self._fate = rules.fate_of(item, now=self._now, zone=mapping.zone())
        self._set_site_key(item.link)
        if self._fate.becomes is not Becomes.NOTHING and not self._remember(item):
            self._fate = rules.Fate(Becomes.NOTHING, why="twice")
        if self._fate.why and self._fate.why != "file":
            detail = item.type if self._fate.why == "type" else ""
            self._report.note(self._fate.why, self._at, detail=detail)
        match self._fate.becomes:
            case Becomes.PICTURE:
                self._picture(item)
            case Becomes.DOCUMENT:
                self._file(item)
            case Becomes.STORY:
                self._story(item)
                self._text(item)
            case Becomes.PAGE:
                self._text(item)
            case Becomes.NOTHING if self._fate.why == "file":
                self._file(item)
            case Becomes.NOTHING:
                pass

    def _remember(self, item: Item) -> bool:
        """Put an item into the scratch; False if it is one that the file had before."""
        title = plain_text(item.title)
        foreign_id = item.post_id or (f"guid:{item.guid or item.link}")
        if not item.post_id and foreign_id == "guid:":
            foreign_id = f"item:{item.number}"
        earlier = self._scratch.item_by_post_id(item.post_id)
        if earlier and (earlier.type, earlier.title) == (item.type, title):
            return False
        if self._scratch.has_foreign_id(foreign_id):
            foreign_id += f"-{item.number}"
        slug = mapping.slug_of(item.slug, title)
        becomes, shown = self._fate.becomes, self._fate.shown
        self._scratch.add_item(
            ItemRow(
                item.number,
                foreign_id,
                item.post_id,
                becomes,
                shown,
                item.type,
                rules.cut(title, mapping.TITLE_LENGTH),
                slug,
                item.parent,
                item.link,
            )
        )
        return True

    def _picture(self, item: Item) -> None:
        self._report.found("picture")
        url = item.attachment_url
        self._host(url)
        credit = item.first_meta("_media_credit") or item.first_meta("media_credit")
        self._scratch.add_picture(
            PictureRow(
                item.post_id or f"item:{item.number}",
                url,
                original_address(url),
                item.parent,
                item.menu_order,
                plain_text(item.title),
                plain_text(item.first_meta("_wp_attachment_image_alt")),
                plain_text(item.excerpt),
                plain_text(credit),
                item.line,
            )
        )

    def _file(self, item: Item) -> None:
        self._host(item.attachment_url)
        self._files.in_library(item, at=self._at)

    def _host(self, url: str) -> None:
        """Remember where the old site keeps files."""
        host = mapping.host_of(url)
        if host:
            self._scratch.flag("host", host)

    def _story(self, item: Item) -> None:
        sorting = mapping.sorting_of(item, self._scratch)
        self._section(sorting.section)
        for login, _ in mapping.logins_of(item):
            if self._scratch.flag("person", login):
                self._report.found("person")
        if sorting.further:
            self._report.note("category_tag", self._at, count=sorting.further)
        if item.is_sticky:
            self._report.note("sticky", self._at)
        if item.comment_status == "closed":
            self._report.note("thread_closed", self._at)

    def _section(self, label: Label | None) -> None:
        slug = label.slug if label else ""
        if self._scratch.flag("section", slug):
            self._report.found("section")
            term = self._scratch.term("category", slug)
            if term and term.parent:
                self._report.note("section_flat", Place(0, term.name or slug))
        if label is None:
            self._report.note("default_section", self._at)
        else:
            self._scratch.count_section(slug, label.name)

    def _text(self, item: Item) -> None:
        kind = str(self._fate.becomes)
        self._report.found(kind)
        self._report.came(kind, str(self._fate.shown))
        site = self._found.site
        content = story_content(item.content, base_url=site.base_url if site else "")
        for finding in content.findings:
            detail = "" if finding.kind is FindingKind.TOO_MANY else finding.detail
            self._report.note(str(finding.kind), self._at, detail=detail, count=finding.count)
        if content.feedback:
            self._report.found("question", len(content.feedback))
        mapping.head_of(item, text=text_of(content.blocks), report=self._report)
        at = self._at
        body = body_of(
            content.blocks,
            seed="",
            find=lambda _: None,
            find_paper=lambda url: self._files.in_text(url, at=at),
            attached=lambda _: [],
        )
        for note in body.notes:
            self._report.note(note, self._at)
        images = sum(isinstance(block, Image) for block in content.blocks)
        if images:
            self._report.found("image", images)
        if not self._with_pictures:
            # The second pass counts anew: by then some may be here from an earlier import.
            self._found.images_unasked += images
            self._found.leads_unasked += bool(item.first_meta("_thumbnail_id"))
        if self._fate.shown is Shown.LIVE and rules.published(item, zone=mapping.zone()) is None:
            self._report.note("date_missing", self._at)

    def _rest(self, event: ItemRest) -> None:
        self._scratch.add_rest(
            event.item,
            labels=[(label.taxonomy, label.slug, label.name) for label in event.labels],
            meta=[(entry.key, entry.value) for entry in event.meta],
        )
        for name in event.fields:
            self._report.note("late_field", Place(event.line, self._at.title), detail=name)

    def _close_item(self) -> None:
        if self._item:
            self._comments.close(self._item)
