"""The command `broadsheet` itself, and what its commands share: they hang themselves on it."""

import os
from pathlib import Path
from typing import Any

import click

from broadsheet import __version__
from broadsheet.site.cli.errors import OneLineGroup, Stop
from broadsheet.site.config import home_from, load

SETTINGS_MODULE = "broadsheet.site.settings"


@click.group(cls=OneLineGroup)
@click.version_option(__version__, prog_name="broadsheet")
def main() -> None:
    """Publish, discuss, fund: a reader-funded newsroom in one install."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS_MODULE)


@main.group(name="import")
def import_group() -> None:
    """Bring a site of another system into this newsroom."""


def home() -> Path:
    return home_from(os.environ)


def start_django() -> None:
    import django

    django.setup()


def prepare_here(*, demo: bool) -> dict[str, Any]:
    # Every page that the demonstration creates would be a line for the publisher to wonder about.
    os.environ["BROADSHEET_LOG_LEVEL"] = "WARNING"
    load(home=home())
    start_django()
    from broadsheet.site.prepare import PrepareError
    from broadsheet.site.prepare import prepare as run

    try:
        return run(demo=demo)
    except PrepareError as error:
        raise Stop(str(error)) from error
