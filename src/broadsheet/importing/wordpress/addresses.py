"""Which addresses a WordPress site had, and where they lead now."""

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

from broadsheet.formats.api import Item, Site
from broadsheet.importing import addresses
from broadsheet.importing.report import Place, Report
from broadsheet.importing.wordpress.newsroom import model
from broadsheet.importing.wordpress.rows import ItemRow
from broadsheet.importing.wordpress.scratch import Scratch

_FEEDS: Final = (
    *("feed", "feed/rss", "feed/rss2", "feed/atom", "feed/rdf", "rss", "rss2", "atom", "rdf"),
    *("comments/feed", "?feed=rss", "?feed=rss2", "?feed=atom", "?feed=rdf"),
)
_MAX_NESTING: Final = 10


class Addresses:
    """Writes redirects. Each call stands in the transaction of what it leads to."""

    def __init__(self, *, site: Site | None, scratch: Scratch, report: Report) -> None:
        self._scratch = scratch
        self._report = report
        self._base = _path(site.base_url).rstrip("/") if site else ""

    def of_page(self, item: Item, page: Any) -> None:
        """Lead the permalink of a story or page, and its address by number, to the page.

        Only public pages get any: an address must not betray what a draft is called.
        """
        if page is None or not page.live:
            return
        forms = [item.link] if item.link else []
        if item.post_id.isascii() and item.post_id.isdigit():
            names = ("p", "page_id") if item.type == "page" else ("p",)
            forms += [f"{self._base}/?{name}={item.post_id}" for name in names]
        for form in forms:
            self._lead(form, page=page)

    def of_attachment(self, row: ItemRow, page: Any) -> None:
        """Lead the page that WordPress made for a picture to the story that shows it."""
        self._lead(row.link, page=page)
        if row.post_id.isascii() and row.post_id.isdigit():
            self._lead(f"{self._base}/?attachment_id={row.post_id}", page=page)

    def of_file(self, path: str, *, link: str) -> None:
        """Lead the old path of a file to where readers fetch it."""
        self._lead(path, link=link)

    def of_site(self) -> None:
        """Lead the feeds of the old site to the one of this."""
        for feed in _FEEDS:
            self._lead(f"{self._base}/{feed}", link=addresses.FEED)

    def of_section(self, slug: str, page_id: int) -> None:
        """Lead the address of a category, and its feed, to its section."""
        page = model("SectionPage").objects.filter(pk=page_id, live=True).first()
        if page is None or not slug:
            return
        for form in self._category_forms(slug):
            self._lead(form, page=page)
            self._lead(f"{form}/feed", link=addresses.FEED)
        term = self._scratch.term("category", slug)
        if term and term.id.isascii() and term.id.isdigit():
            self._lead(f"{self._base}/?cat={term.id}", page=page)

    def _category_forms(self, slug: str) -> Iterator[str]:
        yield f"{self._base}/category/{slug}"
        pieces, term = [slug], self._scratch.term("category", slug)
        while term and term.parent and len(pieces) < _MAX_NESTING:
            pieces.insert(0, term.parent)
            term = self._scratch.term("category", term.parent)
        if len(pieces) > 1:
            yield f"{self._base}/category/{'/'.join(pieces)}"

    def _lead(self, old: str, *, page: Any = None, link: str = "") -> None:
        try:
            if addresses.redirect(old, page=page, link=link):
                self._report.came("address", "new")
        except addresses.TooLongError:
            self._report.note("address_long", Place(0, ""), detail=old)


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""
