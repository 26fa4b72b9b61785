"""The commands, each one call into the house. Django is loaded only by those that need it."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import click

from broadsheet import __version__
from broadsheet.site.cli.errors import OneLineGroup, Stop
from broadsheet.site.config import HOME_VARIABLE, ConfigError, home_from, load
from broadsheet.site.initial import write_home

SETTINGS_MODULE = "broadsheet.site.settings"


@click.group(cls=OneLineGroup)
@click.version_option(__version__, prog_name="broadsheet")
def main() -> None:
    """Publish, discuss, fund: a reader-funded newsroom in one install."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS_MODULE)


@main.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
def init(directory: Path) -> None:
    """Make DIRECTORY a home for a newsroom: settings to fill in and a folder for its data."""
    file = write_home(directory)
    click.echo(f"Written: {file}")
    click.echo(f"Look through it, then: {HOME_VARIABLE}={directory} broadsheet serve")


@main.command()
@click.option("--host", help="The address to listen on, in place of the setting.")
@click.option("--port", type=click.IntRange(1, 65535), help="The port, in place of the setting.")
@click.option("--reload", is_flag=True, help="Start again whenever the code changes (development).")
def serve(host: str | None, port: int | None, reload: bool) -> None:
    """Bring the database up to date and serve the newsroom until it is told to stop."""
    _serve(host=host, port=port, reload=reload, demo=False)


@main.command()
@click.option("--host", help="The address to listen on, in place of the setting.")
@click.option("--port", type=click.IntRange(1, 65535), help="The port, in place of the setting.")
@click.option("--reload", is_flag=True, help="Start again whenever the code changes (development).")
@click.option("--load-only", is_flag=True, help="Load the demonstration and do not serve.")
def demo(host: str | None, port: int | None, reload: bool, load_only: bool) -> None:
    """Serve a small demonstration newsroom, loaded at the first start only."""
    home = _home()
    if not (home / "broadsheet.toml").exists():
        write_home(home, {"mail": "mailbox"})
    if load_only:
        _prepare_here(demo=True)
        click.echo(f"The demonstration is loaded in {home}")
        return
    _serve(host=host, port=port, reload=reload, demo=True)


@main.group(name="import")
def import_group() -> None:
    """Bring a site of another system into this newsroom."""


@main.command()
def selfcheck() -> None:
    """Recompute what must always be true: counters, books, chains. Exits 1 if anything is wrong."""
    _django()
    from broadsheet.site.selfcheck import run_all

    problems = 0
    for name, found in run_all():
        click.echo(f"{'ok  ' if not found else 'FAIL'} {name}")
        for line in found:
            click.echo(f"     {line}")
        problems += len(found)
    if problems:
        raise Stop(f"{problems} problem{'s' if problems > 1 else ''} found")


@main.command()
def doctor() -> None:
    """Look at the machine and the settings and say what would get in the way."""
    config = load(home=_home())
    _django()
    from broadsheet.site.doctor import examine

    bad = False
    for finding in examine(config):
        click.echo(f"{finding.level:7} {finding.text}")
        bad = bad or finding.level == "problem"
    if bad:
        raise Stop("there are problems to solve")


@main.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Reach Django's own commands, such as `manage migrate` or `manage createsuperuser`."""
    load(home=_home())
    from django.core.management import execute_from_command_line

    execute_from_command_line(["broadsheet manage", *arguments])


@main.command(hidden=True)
@click.option("--demo", "with_demo", is_flag=True)
def prepare(with_demo: bool) -> None:
    """Bring the database up to date; run by `serve` in a process of its own, before it forks."""
    click.echo(json.dumps(_prepare_here(demo=with_demo)))


def _home() -> Path:
    return home_from(os.environ)


def _django() -> None:
    import django

    django.setup()


def _prepare_here(*, demo: bool) -> dict[str, Any]:
    # Every page that the demonstration creates would be a line for the publisher to wonder about.
    os.environ["BROADSHEET_LOG_LEVEL"] = "WARNING"
    load(home=_home())
    _django()
    from broadsheet.site.prepare import PrepareError
    from broadsheet.site.prepare import prepare as run

    try:
        return run(demo=demo)
    except PrepareError as error:
        raise Stop(str(error)) from error


def _serve(*, host: str | None, port: int | None, reload: bool, demo: bool) -> None:
    home = _home()
    overrides = {"BROADSHEET_HOST": host, "PORT": str(port) if port else None}
    os.environ.update({name: value for name, value in overrides.items() if value})
    try:
        config = load(home=home)
    except ConfigError as error:
        raise Stop(str(error)) from error
    from broadsheet.site.server.run import CannotServe, serve

    try:
        code = serve(config=config, demo=demo, reload=reload, say=click.echo)
    except CannotServe as error:
        raise Stop(str(error)) from error
    sys.exit(code)


from broadsheet.site.cli import importing as importing  # noqa: E402, PLC0414 - adds its commands to the group above
