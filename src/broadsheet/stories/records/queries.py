"""Reading corrections and versions. Each function names how many queries it costs."""

from collections.abc import Iterator
from itertools import groupby
from typing import Final
from uuid import UUID

from django.db.models import Q

from broadsheet.kit.diffs import Paragraph, compare, compare_line, words_changed
from broadsheet.stories import cursors
from broadsheet.stories.addresses import url_of
from broadsheet.stories.anchors import correction_anchor
from broadsheet.stories.models import Correction, SectionPage, StoryPage, StoryVersion
from broadsheet.stories.public import public_stories
from broadsheet.stories.records.shown import (
    CorrectionPage,
    ListedCorrection,
    ShownVersion,
    Unchanged,
    VersionLine,
    VersionList,
)
from broadsheet.stories.shown import Link, ShownCorrection

PAGE_LENGTH: Final = 20
# Of a story that is written while things happen; the older ones are led to from each version.
VERSIONS_LISTED: Final = 200
# What the column takes, less the one that is looked for behind it.
_LAST: Final = 2**31 - 2


def corrections(*, after: str = "", length: int = PAGE_LENGTH) -> CorrectionPage:
    """Return the corrections of all public stories, the newest first, from a cursor on.

    Raises cursors.UnknownCursorError. One query.
    """
    rows = Correction.objects.filter(story__in=public_stories())
    if after:
        at, pk = cursors.read(after)
        rows = rows.filter(published_at__lte=at).filter(Q(published_at__lt=at) | Q(pk__lt=pk))
    rows = rows.select_related("story").defer("story__body", "story__corrections")
    found = list(rows.order_by("-published_at", "-pk")[: length + 1])
    page, more = found[:length], len(found) > length
    older = cursors.write(at=page[-1].published_at, pk=page[-1].pk) if more else ""
    return CorrectionPage(tuple(_listed(row) for row in page), older)


def shown_correction(*, row: Correction) -> ShownCorrection:
    """Return a published correction as it is shown."""
    anchor = correction_anchor(row.block_id)
    return ShownCorrection(row.kind, row.get_kind_display(), row.html, row.day, anchor)


def edition_of(*, story: StoryPage) -> tuple[int, str]:
    """Return the number of the version readers have, and where its versions are read, or "".

    Two queries.
    """
    numbers = StoryVersion.objects.filter(story=story).order_by("-number")
    number = numbers.values_list("number", flat=True).first() or 0
    return number, versions_url(story=story) if _shows_versions(story) else ""


def text_of_edition(*, key: str, edition: int) -> str | None:
    """Return the words of one version of a story, by the key of its thread. One query."""
    try:
        uuid = UUID(key)
    except ValueError:
        return None
    rows = StoryVersion.objects.filter(story__uuid=uuid, number=edition)
    return rows.values_list("text", flat=True).first()


def versions_url(*, story: StoryPage) -> str:
    return f"/s/{story.uuid}/versions/"


def versions(*, story: StoryPage) -> VersionList | None:
    """Return the versions of a story, the newest first; None where its section shows none.

    Two queries.
    """
    if not _shows_versions(story):
        return None
    rows = StoryVersion.objects.filter(story=story).order_by("-number")
    found = list(rows.defer("text", "standfirst")[: VERSIONS_LISTED + 1])
    return VersionList(
        story=Link(story.title, url_of(story)),
        language=story.language,
        versions=tuple(_line(story, row) for row in found[:VERSIONS_LISTED]),
        more=len(found) > VERSIONS_LISTED,
    )


def version(*, story: StoryPage, number: int) -> ShownVersion | None:
    """Return a version with what changed in it; None without one, or where they are not shown.

    Three queries.
    """
    if not (1 <= number <= _LAST) or not _shows_versions(story):
        return None
    near = StoryVersion.objects.filter(story=story, number__range=(number - 1, number + 1))
    rows = {row.number: row for row in near}
    row, old, new = (rows.get(n) for n in (number, number - 1, number + 1))
    if row is None:
        return None
    latest = StoryVersion.objects.filter(story=story).order_by("-number").first()
    parts = compare(before=_paragraphs(old or row), after=_paragraphs(row))
    headline = compare_line(before=(old or row).headline, after=row.headline)
    standfirst = compare_line(before=(old or row).standfirst, after=row.standfirst)
    came, went = words_changed((headline, standfirst, *parts))
    return ShownVersion(
        line=_line(story, row),
        story=Link(story.title, url_of(story)),
        language=story.language,
        latest=latest.number if latest else number,
        before=_line(story, old) if old else None,
        after=_line(story, new) if new else None,
        headline=headline.runs,
        standfirst=standfirst.runs,
        parts=tuple(_gathered(parts)) if old else (Unchanged(tuple(_paragraphs(row))),),
        came=came,
        went=went,
    )


def _shows_versions(story: StoryPage) -> bool:
    section = SectionPage.objects.filter(path=story.path[:-4], show_versions=True)
    return bool(section.exists())


def _listed(row: Correction) -> ListedCorrection:
    shown, url = shown_correction(row=row), url_of(row.story)
    return ListedCorrection(
        id=str(row.block_id),
        key=str(row.story.uuid),
        story=Link(row.story.title, url),
        correction=shown,
        published_at=row.published_at,
        url=f"{url}#{shown.anchor}",
        language=row.story.language,
    )


def _line(story: StoryPage, row: StoryVersion) -> VersionLine:
    url = f"{versions_url(story=story)}{row.number}/"
    return VersionLine(row.number, row.published_at, row.note, url)


def _paragraphs(row: StoryVersion) -> list[str]:
    return row.text.split("\n\n") if row.text else []


def _gathered(parts: tuple[Paragraph, ...]) -> Iterator[Paragraph | Unchanged]:
    for same, group in groupby(parts, key=lambda part: part.is_same):
        if same:
            yield Unchanged(tuple(run.text for part in group for run in part.runs))
        else:
            yield from group
