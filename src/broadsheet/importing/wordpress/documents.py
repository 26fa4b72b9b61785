"""Papers, spreadsheets, recordings of the old site: brought with what leads to them, once each.

A file is known by its address, whether it has an entry in the export or only a text leads to it:
an export in parts may have the one without the other.
"""

from datetime import datetime
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Any, Final

from django.apps import apps
from django.core.files.base import ContentFile
from django.db import transaction

from broadsheet.formats.api import Item, file_address, is_upload, plain_text
from broadsheet.importing import rules
from broadsheet.importing.files import MAX_BYTES, WrongFileError, check_file
from broadsheet.importing.idmap import IdMap
from broadsheet.importing.report import Place, Report
from broadsheet.importing.wordpress.addresses import Addresses
from broadsheet.importing.wordpress.mapping import host_of, slug_of
from broadsheet.importing.wordpress.materials import Paper, file_name
from broadsheet.importing.wordpress.rows import FileRow
from broadsheet.importing.wordpress.scratch import Scratch
from broadsheet.importing.wordpress.sources import NoFileError, Source
from broadsheet.kit.html import printable
from broadsheet.stories import api as stories

TITLE_LENGTH: Final = 255
STEM_LENGTH: Final = 80
_SHORT: Final = 10


class FilesSeen:
    """The first pass: which files there are, in the library and in texts."""

    def __init__(self, scratch: Scratch, report: Report) -> None:
        self._scratch = scratch
        self._report = report

    def in_library(self, item: Item, *, at: Place) -> None:
        """Remember a file that has an entry, whether or not it is one that comes in."""
        self._add(item.attachment_url, plain_text(item.title), item.line, library=True)
        if not rules.is_document(item.attachment_url):
            self._report.note("file", at, detail=_kind(item.attachment_url))

    def in_text(self, url: str, *, at: Place) -> None:
        """Remember what a text leads to, if it lies where WordPress keeps files."""
        if is_upload(url) and rules.ending_of(url) and not rules.is_picture(url):
            self._add(url, at.title, at.line, library=False)

    def finish(self) -> int:
        """Say what is left out, once all hosts of the old site are known; return what comes in."""
        self._scratch.forget_files_elsewhere()
        for row in self._scratch.files_left_out():
            self._report.note("file", Place(row.line, row.title), detail=_kind(row.url))
        count = self._scratch.count_files()
        if count:
            self._report.found("document", count)
        return count

    def _add(self, url: str, title: str, line: int, *, library: bool) -> None:
        address = file_address(url)
        if not address:
            return
        clean = url.strip().partition("#")[0].replace(" ", "%20")
        host, ending, taken = host_of(clean), rules.ending_of(url), rules.is_document(url)
        self._scratch.add_file(FileRow(address, clean, host, ending, taken, library, title, line))


class Documents:
    """The second pass: the files of one import. `source` is None when nobody asked for them."""

    def __init__(
        self, *, scratch: Scratch, ids: IdMap, report: Report, source: Source | None, now: datetime
    ) -> None:
        self._scratch = scratch
        self._ids = ids
        self._report = report
        self._source = source
        self._now = now

    def paper_at(self, url: str, *, at: Place) -> Paper | None:
        """Return the document that a file of the old site is here; None for anything else."""
        row = self._scratch.file(file_address(url))
        if row is None:
            return None
        found = self._here(row)
        first = self._scratch.flag("file tried", row.address)
        if found is not None:
            if first:
                self._report.came("document", "same")
        elif first:
            found = self._bring(row, at)
        if found is None:
            return None
        return Paper(found.pk, stories.public_address(found), row.address)

    def lead(self, addresses: Addresses) -> None:
        """Lead the old address of every file that a public page shows to where it is now."""
        for address in list(self._scratch.flags("file shown")):
            row = self._scratch.file(address)
            found = row and self._here(row)
            if row and found:
                # Percent-decoded, as the path of a request is.
                path = "/" + row.address.removeprefix("//").partition("/")[2]
                addresses.of_file(path, link=stories.public_address(found))

    def _here(self, row: FileRow) -> Any:
        known = self._ids.find("document", row.address)
        return known and _model().objects.filter(pk=known.local_id).first()

    def _bring(self, row: FileRow, at: Place) -> Any:
        if self._ids.find("document", row.address):
            # It was here and somebody deleted it; that is theirs to decide.
            self._report.came("document", "deleted")
            return None
        if self._source is None:
            self._report.note("files_not_asked", at)
            return None
        try:
            data = self._source(row.url, max_bytes=MAX_BYTES, accept="*/*")
            check_file(data, ending=row.ending)
        except (NoFileError, WrongFileError) as error:
            self._report.came("document", "failed")
            self._report.note("file_failed", at, detail=f"{file_name(row.url)}: {error}")
            return None
        found = self._keep(row, data)
        self._report.came("document", "new")
        return found

    def _keep(self, row: FileRow, data: bytes) -> Any:
        """Store a checked file and remember it, in one transaction."""
        name = " ".join(printable(file_name(row.url)).split())
        stem = slug_of(PurePosixPath(name).stem, sha256(data).hexdigest()[:12])[:STEM_LENGTH]
        file = ContentFile(data, name=f"{stem}.{row.ending}")
        # What only a text leads to has no title but its name.
        title = (row.title if row.library else "") or name
        with transaction.atomic():
            document = _model()(title=rules.cut(title, TITLE_LENGTH), file=file)
            document.file_size = len(data)
            document.save()
            self._ids.put(
                "document", row.address, local=("newsdocument", document.pk), now=self._now
            )
        return document


def _model() -> Any:
    return apps.get_model("stories", "NewsDocument")


def _kind(url: str) -> str:
    """Return the ending of a file for the report; nobody's longer text."""
    ending = rules.ending_of(url)
    return f".{ending}" if ending.isalnum() and len(ending) <= _SHORT else "unknown"
