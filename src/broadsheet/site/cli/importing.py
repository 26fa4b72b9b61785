"""`broadsheet import …`: look at the whole file first, then write it, and say what happened."""

import logging
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from broadsheet.kit.clock import utcnow
from broadsheet.site.cli.errors import Stop
from broadsheet.site.cli.group import import_group, prepare_here, start_django

if TYPE_CHECKING:
    from broadsheet.importing.api import Report

PLACES_IN_FILE = 200
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@import_group.command()
@click.argument("file", type=_FILE)
@click.option("--dry-run", is_flag=True, help="Only say what would come in; write nothing.")
@click.option(
    "--media",
    type=_FOLDER,
    help="A copy of wp-content/uploads, to take pictures and other files from.",
)
@click.option("--download", is_flag=True, help="Fetch pictures and other files from the old site.")
@click.option(
    "--report",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write the report to this file too, as Markdown and in full.",
)
def wordpress(
    file: Path, *, dry_run: bool, media: Path | None, download: bool, report: Path | None
) -> None:
    """Bring a WordPress export FILE into this newsroom; again, it doubles nothing."""
    if media and download:
        raise Stop("--media and --download are two ways to the same files: choose one")
    start_django()
    # Wagtail says a line about each page; the report does.
    logging.getLogger("wagtail").setLevel(logging.WARNING)
    from broadsheet.importing import api as importing
    from broadsheet.kit.safehttp import INTERNET
    from broadsheet.site.in_force import in_force

    progress = Progress()
    written = "nothing was written"
    try:
        with (
            in_force(now=utcnow()),
            importing.look_at_wordpress(
                file=file, with_pictures=bool(media or download), now=utcnow(), progress=progress
            ) as found,
        ):
            if dry_run:
                said = importing.trial_report(found)
            else:
                prepare_here(demo=False)
                written = "what came in before stays; run it again with the whole file"
                said = importing.bring_wordpress(
                    found=found,
                    now=utcnow(),
                    progress=progress,
                    media=media,
                    network=INTERNET if download else None,
                )
    except importing.WxrError as error:
        raise Stop(f"{file.name} was refused, {written}: {error}") from error
    except importing.FileChangedError as error:
        raise Stop(f"{file.name} was replaced while it was read; nothing was written") from error
    progress.end()
    _say(said, report)


def _say(said: "Report", file: Path | None) -> None:
    click.echo(said.markdown(), nl=False)
    if file is None:
        return
    try:
        file.write_text(said.markdown(places=PLACES_IN_FILE), encoding="utf-8")
    except OSError as error:
        raise Stop(f"the report can't be written to {file}: {error.strerror}") from error
    click.echo(f"\nThe report, in full: {file}")


class Progress:
    """A line a second on the error stream: what is being done, and how far it is."""

    def __init__(self) -> None:
        self._said = time.monotonic()
        self._any = False

    def __call__(self, what: str, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._said < 1:
            return
        self._said, self._any = now, True
        share = f" {100 * done // total} %" if total else ""
        click.echo(f"{what} …{share}", err=True)
        sys.stderr.flush()

    def end(self) -> None:
        if self._any:
            click.echo("Done.", err=True)
