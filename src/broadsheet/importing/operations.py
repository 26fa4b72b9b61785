"""Bringing a foreign site in: look first, then write. Both may be repeated without harm."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from broadsheet.importing.report import Place, Report
from broadsheet.importing.wordpress import sources
from broadsheet.importing.wordpress.scratch import Scratch
from broadsheet.importing.wordpress.survey import Progress, Survey, survey
from broadsheet.importing.wordpress.writer import Writer
from broadsheet.kit.safehttp import Network


@contextmanager
def look_at_wordpress(
    *, file: Path, with_pictures: bool, now: datetime, progress: Progress
) -> Iterator[Survey]:
    """Read a WordPress export to its end without touching the database.

    Yields what was found; its `report` says what would come in. `progress` is called with what is
    being done, how far it is and how far it goes. Raises WxrError (the file is refused, with line
    and reason) and OSError.
    """
    with Scratch() as scratch:
        found = survey(
            file=file, scratch=scratch, with_pictures=with_pictures, now=now, progress=progress
        )
        yield found


def bring_wordpress(
    *,
    found: Survey,
    now: datetime,
    progress: Progress,
    media: Path | None = None,
    network: Network | None = None,
) -> Report:
    """Write what a survey found, in transactions of one item; again, it goes on where it ended.

    Pictures and other files come from `media`, a copy of `wp-content/uploads`, or from `network`,
    or not at all. Nothing is doubled, and what was edited here is left alone. Returns the report.
    Raises FileChangedError if the export was replaced since it was looked at, OSError.
    """
    source = None
    if media is not None:
        source = sources.folder(media, holds=found.scratch.has_host)
    elif network is not None:
        source = sources.download(network)
    return Writer(survey=found, source=source, now=now, progress=progress).run()


def trial_report(found: Survey) -> Report:
    """Return the report of a trial: also what only the second pass would have met."""
    report = found.report
    for code, count in (
        ("pictures_not_asked", found.images_unasked),
        ("lead_not_asked", found.leads_unasked),
        ("files_not_asked", found.files_unasked),
    ):
        if count:
            report.note(code, Place(0, ""), count=count)
    return report
