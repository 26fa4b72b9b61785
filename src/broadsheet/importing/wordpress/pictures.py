"""Pictures of the old site: found in a folder, or fetched, checked, and kept once each."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.db import transaction

from broadsheet.formats.api import AttachedImages, Image, original_address
from broadsheet.importing import rules
from broadsheet.importing.idmap import IdMap
from broadsheet.importing.images import MAX_BYTES, Checked, NotAPictureError, check_picture
from broadsheet.importing.report import Place, Report
from broadsheet.importing.wordpress.mapping import slug_of
from broadsheet.importing.wordpress.materials import Found, file_name
from broadsheet.importing.wordpress.rows import PictureRow
from broadsheet.importing.wordpress.scratch import Scratch
from broadsheet.importing.wordpress.sources import NoFileError, Source

ACCEPT: Final = "image/avif,image/webp,image/png,image/jpeg,image/gif"
TITLE_LENGTH: Final = 255
CREDIT_LENGTH: Final = 200
MAX_ATTACHED: Final = 500


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A picture of the old site by its id there, and the addresses it may be found under."""

    foreign_id: str
    urls: tuple[str, ...]
    link: str
    title: str
    alt: str = ""
    caption: str = ""
    credit: str = ""


class Pictures:
    """The pictures of one import. `source` is None when nobody asked for them."""

    def __init__(
        self, *, scratch: Scratch, ids: IdMap, report: Report, source: Source | None, now: datetime
    ) -> None:
        self._scratch = scratch
        self._ids = ids
        self._report = report
        self._source = source
        self._now = now

    def of_image(self, image: Image, *, at: Place) -> Found | None:
        """Return the picture of an image in a text; None if nothing is known of it."""
        wanted = self._wanted(image)
        if wanted is None:
            return None
        return self._found(wanted, at=at, missing="pictures_not_asked")

    def of_attachment(self, post_id: str, *, at: Place, missing: str) -> Found | None:
        """Return a picture of the library by its id there; None if the export has none such."""
        row = self._scratch.picture(post_id) if post_id else None
        if row is not None:
            return self._found(_library(row), at=at, missing=missing)
        # Another part of a split export may have brought it.
        number = self._here("picture", post_id) if post_id else None
        return Found(number, "") if number else None

    def bring_library_picture(self, post_id: str, *, at: Place) -> None:
        """Bring a picture of the library, whether or not a story shows it."""
        if self._source is None:
            return
        if not self._here("picture", post_id):
            self.of_attachment(post_id, at=at, missing="")
        elif self._scratch.flag("picture tried", post_id):
            self._report.came("picture", "same")

    def attached(self, gallery: AttachedImages, *, post_id: str) -> list[Image]:
        """Return the images of a gallery that shows whatever is attached to its post."""
        rows = self._scratch.pictures_of(post_id, limit=MAX_ATTACHED) if post_id else []
        return [
            Image(row.url, row.post_id, row.alt, "", row.credit, "")
            for row in rows
            if row.post_id not in gallery.exclude
        ]

    def _wanted(self, image: Image) -> _Wanted | None:
        """The library's picture, if the image is one of it; else the address alone."""
        row = self._scratch.picture_at(original_address(image.source_url))
        by_id = self._scratch.picture(image.attachment_id) if image.attachment_id else None
        # Copied text carries ids of another site: the name of the file has to agree.
        if row is None and by_id and (not image.source_url or _same_name(image.source_url, by_id)):
            row = by_id
        if row is not None:
            return _library(row, also=image.source_url)
        if not image.source_url:
            number = self._here("picture", image.attachment_id)
            return _Wanted(image.attachment_id, (), "", "") if number else None
        address = original_address(image.source_url)
        scheme = "https:" if image.source_url.startswith("https:") else "http:"
        urls = tuple(dict.fromkeys((scheme + address, image.source_url)))
        link = image.source_url
        return _Wanted(f"url:{address}", urls, link, file_name(link), alt=image.alt)

    def _found(self, wanted: _Wanted, *, at: Place, missing: str) -> Found:
        number = self._here("picture", wanted.foreign_id)
        if number is None and wanted.urls:
            number = self._bring(wanted, at=at, missing=missing)
        return Found(number, wanted.link, wanted.title, wanted.alt, wanted.caption, wanted.credit)

    def _here(self, kind: str, foreign_id: str) -> int | None:
        row = self._ids.find(kind, foreign_id)
        if row is None:
            return None
        model = apps.get_model("stories", "NewsImage")
        return int(row.local_id) if model.objects.filter(pk=row.local_id).exists() else None

    def _bring(self, wanted: _Wanted, *, at: Place, missing: str) -> int | None:
        if self._source is None:
            self._report.note(missing, at)
            return None
        if not self._scratch.flag("picture tried", wanted.foreign_id):
            return None
        if self._ids.find("picture", wanted.foreign_id):
            # It was here and somebody deleted it; that is theirs to decide.
            self._report.came("picture", "deleted")
            return None
        try:
            picture = self._read(wanted)
        except (NoFileError, NotAPictureError) as error:
            self._report.came("picture", "failed")
            self._report.note("picture_failed", at, detail=f"{file_name(wanted.urls[0])}: {error}")
            return None
        number = self._keep(wanted, picture)
        self._report.came("picture", "new")
        return number

    def _read(self, wanted: _Wanted) -> Checked:
        """Return the first of its files that is a picture; the reason of the first if none is."""
        reason: Exception | None = None
        if self._source is None:  # pragma: no cover - asked before
            raise NoFileError("not asked for")
        for url in wanted.urls:
            try:
                return check_picture(self._source(url, max_bytes=MAX_BYTES, accept=ACCEPT))
            except (NoFileError, NotAPictureError) as error:
                reason = reason or error
        raise reason or NoFileError("without an address")

    def _keep(self, wanted: _Wanted, picture: Checked) -> int:
        """Store a checked picture and remember it, in one transaction."""
        stem = file_name(wanted.urls[0]).rpartition(".")[0]
        name = f"{slug_of(stem, sha256(picture.data).hexdigest()[:12])[:80]}.{picture.ending}"
        with transaction.atomic():
            image = apps.get_model("stories", "NewsImage")(
                title=rules.cut(wanted.title or name, TITLE_LENGTH),
                description=rules.cut(wanted.alt, TITLE_LENGTH),
                credit=rules.cut(wanted.credit, CREDIT_LENGTH),
                file=ImageFile(ContentFile(picture.data), name=name),
                width=picture.width,
                height=picture.height,
                file_size=len(picture.data),
            )
            image.save()
            self._ids.put(
                "picture", wanted.foreign_id, local=("newsimage", image.pk), now=self._now
            )
        return int(image.pk)


def _library(row: PictureRow, *, also: str = "") -> _Wanted:
    # The original may be gone from the server while a smaller copy is still in use.
    urls = tuple(dict.fromkeys(url for url in (row.url, also) if url))
    title = row.title or file_name(row.url)
    return _Wanted(row.post_id, urls, row.url, title, row.alt, row.caption, row.credit)


def _same_name(url: str, row: PictureRow) -> bool:
    address = original_address(url)
    return bool(address) and file_name(address) == file_name(row.address)
