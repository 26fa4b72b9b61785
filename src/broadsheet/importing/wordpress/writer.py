"""The second pass: reads the file again and writes it. Killed, it goes on the next time."""

from datetime import datetime
from html import escape
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction

from broadsheet.discussion import api as discussion
from broadsheet.formats.api import Comment, Item, StoryContent, read_wxr, story_content
from broadsheet.importing.idmap import IdMap
from broadsheet.importing.report import Place, Report
from broadsheet.importing.rules import Becomes
from broadsheet.importing.wordpress import mapping
from broadsheet.importing.wordpress.addresses import Addresses
from broadsheet.importing.wordpress.bodies import body_of, text_of
from broadsheet.importing.wordpress.comments import ACTOR, SYSTEM, Comments, Discussed
from broadsheet.importing.wordpress.documents import Documents
from broadsheet.importing.wordpress.filing import Filing
from broadsheet.importing.wordpress.materials import Body
from broadsheet.importing.wordpress.nesting import Nesting
from broadsheet.importing.wordpress.newsroom import model
from broadsheet.importing.wordpress.notes import place_questions
from broadsheet.importing.wordpress.pages import Content, Outcome, Pages, Written
from broadsheet.importing.wordpress.pictures import Pictures
from broadsheet.importing.wordpress.rows import ItemRow
from broadsheet.importing.wordpress.sources import Source
from broadsheet.importing.wordpress.survey import Progress, Survey, stamp_of
from broadsheet.stories import api as stories

BATCH: Final = 100


class FileChangedError(Exception):
    """The export was replaced after it was surveyed; nothing more is written."""


class Writer:
    """Carries out what a survey planned; every item is one transaction with its id in the map."""

    def __init__(
        self, *, survey: Survey, source: Source | None, now: datetime, progress: Progress
    ) -> None:
        self._survey, self._now, self._progress = survey, now, progress
        self._scratch, self._report = survey.scratch, survey.report
        self._base_url = survey.site.base_url if survey.site else ""
        self._language = mapping.language_of(survey.site) if survey.site else ""
        self._ids = IdMap(SYSTEM, survey.site_key)
        shared: dict[str, Any] = {"ids": self._ids, "report": self._report, "now": now}
        self._filing = Filing(scratch=self._scratch, **shared)
        self._pages = Pages(**shared)
        self._nesting = Nesting(
            scratch=self._scratch, pages=self._pages, ids=self._ids, report=self._report
        )
        self._pictures = Pictures(scratch=self._scratch, source=source, **shared)
        self._documents = Documents(scratch=self._scratch, source=source, **shared)
        self._addresses = Addresses(site=survey.site, scratch=self._scratch, report=self._report)

    def run(self) -> Report:
        """Write everything. Raises FileChangedError, WxrError, OSError."""
        if stamp_of(self._survey.file) != self._survey.stamp:
            raise FileChangedError
        self._report.dry = False
        self._ids.put("site", self._ids.site, local=("site", ""), now=self._now)
        comments = Comments(
            scratch=self._scratch,
            ids=self._ids,
            report=self._report,
            base_url=self._base_url,
            now=self._now,
        )
        for event in read_wxr(self._survey.file):
            if isinstance(event, Item):
                self._progress("Writing", event.number, self._survey.items)
                comments.begin(None)
                comments.begin(self._item(event))
            elif isinstance(event, Comment):
                comments.add(event)
        comments.flush()
        comments.tie_quotations()
        place_questions(ids=self._ids, report=self._report, now=self._now)
        self._finish()
        return self._report

    # -- items ---------------------------------------------------------------------------------

    def _item(self, item: Item) -> Discussed | None:
        """Write an item; returns where its comments go, None if nowhere."""
        row = self._scratch.item(item.number)
        if row is None:
            return None
        try:
            match row.becomes:
                case Becomes.STORY:
                    return self._story(mapping.complete(item, self._scratch), row)
                case Becomes.PAGE:
                    return self._page(mapping.complete(item, self._scratch), row)
                case Becomes.PICTURE:
                    post_id = item.post_id or f"item:{item.number}"
                    self._pictures.bring_library_picture(post_id, at=mapping.place_of(item))
                case Becomes.DOCUMENT:
                    self._documents.paper_at(item.attachment_url, at=mapping.place_of(item))
                case _:
                    self._note_if_gone(item, row)
        except (ValidationError, DataError, IntegrityError) as error:
            # One bad item is listed; the others come in.
            reason = str(error).strip().partition("\n")[0]
            self._report.note("refused", mapping.place_of(item), detail=reason)
        return None

    def _story(self, item: Item, row: ItemRow) -> Discussed | None:
        at = mapping.place_of(item)
        sorting = mapping.sorting_of(item, self._scratch)
        is_new = self._ids.find("story", row.foreign_id) is None
        section = self._filing.section(sorting.section, for_new=is_new)
        people = self._filing.people(item)
        text = story_content(item.content, base_url=self._base_url)
        # The survey put what is said about the head into the report.
        head = mapping.head_of(item, text=text_of(text.blocks), report=Report())
        body = self._body(text, item, at, row)
        lead = self._pictures.of_attachment(
            item.first_meta("_thumbnail_id"), at=at, missing="lead_not_asked"
        )
        content = Content(
            title=head.title,
            slug=head.slug,
            shown=row.shown,
            published_at=head.published_at,
            body=body.blocks,
            standfirst=head.standfirst,
            language=self._language,
            section=section,
            people=people,
            tags=sorting.tags,
            lead_image=lead.number if lead else None,
            lead_caption=f"<p>{escape(lead.caption)}</p>" if lead and lead.caption else "",
            discussion_open=item.comment_status != "closed",
        )
        with transaction.atomic():
            written = self._pages.write_story(row.foreign_id, content, at=at)
            if written.page is not None:
                self._addresses.of_page(item, written.page)
                self._addresses.of_section(sorting.section.slug if sorting.section else "", section)
                self._keep_questions(text, row, written)
                stories.file_story(story_id=written.page.pk)
                if written.page.live:
                    stories.record_story(story_id=written.page.pk, now=self._now)
            to = self._discussion_of(written, content, row)
        self._say(written, "story", at)
        self._shows(written, body, lead.number if lead else None)
        return to

    def _page(self, item: Item, row: ItemRow) -> Discussed | None:
        at = mapping.place_of(item)
        text = story_content(item.content, base_url=self._base_url)
        head = mapping.head_of(item, text=text_of(text.blocks), report=Report())
        body = self._body(text, item, at, row)
        content = Content(
            title=head.title,
            slug=head.slug,
            shown=row.shown,
            published_at=head.published_at,
            body=body.blocks,
        )
        below = self._nesting.parent_of(row, at=at)
        with transaction.atomic():
            written = self._pages.write_page(row.foreign_id, content, below=below, at=at)
            if written.page is not None:
                self._addresses.of_page(item, written.page)
            to = self._discussion_of_page(written, content, row)
        self._say(written, "page", at)
        self._shows(written, body)
        return to

    def _body(self, text: StoryContent, item: Item, at: Place, row: ItemRow) -> Body:
        return body_of(
            text.blocks,
            seed=f"{SYSTEM}:{self._ids.site}:{row.foreign_id}",
            find=lambda image: self._pictures.of_image(image, at=at),
            find_paper=lambda url: self._documents.paper_at(url, at=at),
            attached=lambda gallery: self._pictures.attached(gallery, post_id=item.post_id),
        )

    def _say(self, written: Written, kind: str, at: Place) -> None:
        self._report.came(kind, str(written.outcome))
        if written.outcome in (Outcome.EDITED, Outcome.DELETED):
            self._report.note(str(written.outcome), at)

    def _shows(self, written: Written, body: Body, lead: int | None = None) -> None:
        """Remember of which pictures files are made, and which documents are public by this."""
        for number in {*body.pictures, *([lead] if lead else [])}:
            self._scratch.flag("shown", str(number))
        if written.outcome is not Outcome.EDITED and written.page and written.page.live:
            for address in body.files:
                self._scratch.flag("file shown", address)

    def _note_if_gone(self, item: Item, row: ItemRow) -> None:
        """Say so when something we brought in was taken to the trash in WordPress since."""
        if item.status == "trash" and any(
            self._ids.find(kind, row.foreign_id) for kind in ("story", "page")
        ):
            self._report.note("gone", mapping.place_of(item), detail=item.status)

    # -- discussions ---------------------------------------------------------------------------

    def _discussion_of(self, written: Written, content: Content, row: ItemRow) -> Discussed | None:
        """Open the thread of a public story, or of one whose comments come with it."""
        page = written.page
        if page is None or not (page.live or self._scratch.has_comments(row.number)):
            return None
        if page.live:
            thread_id = stories.open_discussion(story=page, site=settings.SITE_SLUG, now=self._now)
        else:
            # The address of a draft would say what it is called; this one leads nowhere until then.
            thread_id = discussion.open_thread(
                site=settings.SITE_SLUG,
                key=str(page.uuid),
                url=f"/s/{page.uuid}/",
                title=page.title,
                language=page.language,
                now=self._now,
            )
            discussion.hide_thread(site=settings.SITE_SLUG, key=str(page.uuid), now=self._now)
        if written.outcome is Outcome.NEW and not content.discussion_open:
            discussion.close_thread(actor=ACTOR, thread_id=thread_id, now=self._now)
        dated = content.published_at or self._now
        return Discussed(thread_id, page.language, dated, public=page.live)

    def _discussion_of_page(
        self, written: Written, content: Content, row: ItemRow
    ) -> Discussed | None:
        """Open the discussion that a plain page had: closed, and shown under it."""
        page = written.page
        if page is None or not self._scratch.has_comments(row.number):
            return None
        thread_id = stories.keep_discussion(
            actor=ACTOR, page=page, language=self._language, now=self._now
        )
        dated = content.published_at or self._now
        return Discussed(thread_id, self._language, dated, public=page.live)

    def _keep_questions(self, text: StoryContent, row: ItemRow, written: Written) -> None:
        if written.outcome not in (Outcome.NEW, Outcome.UPDATED):
            return
        for place, question in enumerate(text.feedback):
            payload = {
                "story": str(written.page.uuid),
                "place": place,
                "uid": question.uid,
                "question": question.question,
                "opened": question.opened,
                "text": question.text,
                "block": question.block,
            }
            foreign_id = f"{row.foreign_id}#{place}"
            if self._ids.find("note", foreign_id) is None:
                self._ids.keep("question", foreign_id, payload, now=self._now)

    # -- the end -------------------------------------------------------------------------------

    def _finish(self) -> None:
        with transaction.atomic():
            self._addresses.of_site()
            self._documents.lead(self._addresses)
        self._lead_attachments(Becomes.PICTURE)
        self._lead_attachments(Becomes.DOCUMENT)
        self._make_renditions()

    def _lead_attachments(self, kind: Becomes) -> None:
        after = 0
        while rows := self._scratch.items_that_become(kind, after=after, limit=BATCH):
            with transaction.atomic():
                for row in rows:
                    page = self._page_of(row.parent)
                    if page is not None and page.live:
                        self._addresses.of_attachment(row, page)
            after = rows[-1].number

    def _page_of(self, post_id: str) -> Any:
        row = self._scratch.item_by_post_id(post_id)
        found = row and self._ids.find(row.becomes, row.foreign_id)
        if not found or found.local_kind not in ("story", "page"):
            return None
        name = "StoryPage" if found.local_kind == "story" else "TextPage"
        return model(name).objects.filter(pk=found.local_id).first()

    def _make_renditions(self) -> None:
        """Make the files that readers get, so that the site is whole when the command ends."""
        (total,) = self._scratch.one("SELECT count(*) FROM flag WHERE kind = 'shown'") or (0,)
        for done, number in enumerate(list(self._scratch.flags("shown"))):
            self._progress("Making pictures", done, total)
            try:
                stories.make_renditions(image_ids={int(number)})
            except (OSError, ValueError) as error:
                self._report.came("picture", "failed")
                self._report.note("picture_failed", Place(0, ""), detail=str(error))
