"""Under which page a page belongs, though the file may have its parent further down, or nowhere."""

from typing import Final

from broadsheet.importing.idmap import IdMap
from broadsheet.importing.report import Place, Report
from broadsheet.importing.rules import Becomes
from broadsheet.importing.wordpress.newsroom import front, model
from broadsheet.importing.wordpress.pages import MAX_DEPTH, Pages
from broadsheet.importing.wordpress.rows import ItemRow
from broadsheet.importing.wordpress.scratch import Scratch

# The root and the front page are above the first of ours.
_FRONT_DEPTH: Final = 2


class Nesting:
    def __init__(self, *, scratch: Scratch, pages: Pages, ids: IdMap, report: Report) -> None:
        self._scratch = scratch
        self._pages = pages
        self._ids = ids
        self._report = report

    def parent_of(self, row: ItemRow, *, at: Place) -> int:
        """Return the id of the page to write `row` below, made as an empty draft if need be."""
        missing: list[ItemRow] = []
        seen = {row.number}
        here, current = None, row
        while here is None and current.parent:
            above = self._scratch.item_by_post_id(current.parent)
            if above is None or above.becomes != Becomes.PAGE or above.number in seen:
                if current is row:
                    self._report.note("page_flat", at)
                break
            seen.add(above.number)
            here = self._here(above)
            if here is None:
                missing.append(above)
            current = above
            if len(missing) > MAX_DEPTH:
                self._report.note("page_deep", at)
                missing.clear()
                break
        below = here if here is not None else int(front().pk)
        for above in reversed(missing):
            title, slug = above.title or above.slug, above.slug
            below = self._pages.make_place(above.foreign_id, title=title, slug=slug, below=below)
        return below

    def _here(self, row: ItemRow) -> int | None:
        """Return the id of a page that came in already, unless it lies too deep for another."""
        found = self._ids.find("page", row.foreign_id)
        if found is None:
            return None
        page = model("TextPage").objects.filter(pk=found.local_id).first()
        if page is None or page.depth >= MAX_DEPTH + _FRONT_DEPTH:
            return int(front().pk)
        return int(page.pk)
