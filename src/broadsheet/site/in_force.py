"""The publication's language and time zone, put in force around whatever is answered or done."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import Error, connection
from django.utils import timezone, translation

from broadsheet.stories import api as stories

logger = logging.getLogger(__name__)


def current(*, now: datetime) -> stories.Face:
    """Return the publication in force, or as it was last known where there is no database."""
    if _is_not_made_yet():
        return stories.known_publication()
    try:
        return stories.publication(now=now)
    except Error:
        logger.warning("The publication's face cannot be read; it is shown as last known")
        return stories.known_publication()


def _is_not_made_yet() -> bool:
    """Say whether the database is a file that only asking would make: a trial writes nothing."""
    if connection.vendor != "sqlite" or connection.connection is not None:
        return False
    file = Path(str(connection.settings_dict["NAME"]))
    return file.is_absolute() and not file.exists()


@contextmanager
def in_force(*, now: datetime) -> Iterator[stories.Face]:
    """Activate the publication's language and time zone within the block, in this thread."""
    face = current(now=now)
    with translation.override(face.language), timezone.override(ZoneInfo(face.time_zone)):
        yield face


def as_published(run: Callable[[datetime], None]) -> Callable[[datetime], None]:
    """Make a job that speaks the publication's language."""

    def job(now: datetime) -> None:
        with in_force(now=now):
            run(now)

    return job
