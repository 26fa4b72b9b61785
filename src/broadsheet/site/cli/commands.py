"""The commands, each one call into the house. Django is loaded only by those that need it."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from broadsheet.site.cli.errors import Stop
from broadsheet.site.cli.group import home, main, prepare_here, start_django
from broadsheet.site.config import HOME_VARIABLE, ConfigError, load
from broadsheet.site.initial import write_home

# No mail leaves, visitors may be anybody, what a guest writes appears at once, and with an image it
# waits for a moderator.
DEMONSTRATION = {
    "mail": "mailbox",
    "demonstration": True,
    "hold_first_comment": False,
    "comment_images": True,
}


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
    here = home()
    if not (here / "broadsheet.toml").exists():
        write_home(here, DEMONSTRATION)
    if load_only:
        prepare_here(demo=True)
        click.echo(f"The demonstration is loaded in {here}")
        return
    _serve(host=host, port=port, reload=reload, demo=True)


@main.command(name="sign-in")
@click.argument("email", required=False)
def sign_in(email: str | None) -> None:
    """Print a link that signs a member of staff in: EMAIL, or the owner. Good once, for minutes."""
    config = load(home=home())
    start_django()
    from django.urls import reverse

    from broadsheet.readers import api as readers

    user = readers.staff_account(email=email) if email else readers.first_owner()
    if user is None:
        known = f"no member of staff has the address {email}" if email else "there is no owner yet"
        raise Stop(f"{known}; the first owner is made when `broadsheet serve` starts")
    path = reverse("staff_sign_in", args=[readers.sign_in_token(user=user)])
    click.echo(f"{user.shown_name} signs in here, once: {config['url']}{path}")


@main.command()
def selfcheck() -> None:
    """Recompute what must always be true: counters, books, chains. Exits 1 if anything is wrong."""
    start_django()
    from broadsheet.site.selfcheck import run_all

    problems = 0
    for name, found in run_all():
        click.echo(f"{'ok  ' if not found else 'FAIL'} {name}")
        for line in found:
            click.echo(f"     {line}")
        problems += len(found)
    if problems:
        raise Stop(f"{problems} problem{'s' if problems > 1 else ''} found")


@main.command(name="verify-log")
@click.argument("source", required=False)
@click.option("--head", default="", help="SIZE:HASH, as it was written down before.")
def verify_log(source: str | None, head: str) -> None:
    """Check a log of moderation: SOURCE is a file or an address of log.jsonl, or this newsroom's.

    Names the first entry that was altered, left out, put in or moved, and then exits 1. With --head
    the log has to be the same as it was then, up to there.
    """
    from broadsheet.kit import verify_log as verifier

    try:
        lines = verifier.lines_of(source) if source else _own_log()
        result = verifier.verify(lines, head)
    except (OSError, ValueError) as error:
        raise Stop(str(error)) from error
    if not result.is_whole:
        raise Stop(f"not whole: {result.problem}")
    click.echo(f"whole: {result.head}")


def _own_log() -> Iterator[str]:
    start_django()
    from broadsheet.discussion import api as discussion

    return (json.dumps(line) for line in discussion.log_lines())


@main.command()
def doctor() -> None:
    """Look at the machine and the settings and say what would get in the way."""
    config = load(home=home())
    start_django()
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
    load(home=home())
    from django.core.management import execute_from_command_line

    execute_from_command_line(["broadsheet manage", *arguments])


@main.command(hidden=True)
@click.option("--demo", "with_demo", is_flag=True)
def prepare(with_demo: bool) -> None:
    """Bring the database up to date; run by `serve` in a process of its own, before it forks."""
    click.echo(json.dumps(prepare_here(demo=with_demo)))


def _serve(*, host: str | None, port: int | None, reload: bool, demo: bool) -> None:
    here = home()
    overrides = {"BROADSHEET_HOST": host, "PORT": str(port) if port else None}
    os.environ.update({name: value for name, value in overrides.items() if value})
    try:
        config = load(home=here)
    except ConfigError as error:
        raise Stop(str(error)) from error
    from broadsheet.site.server.run import CannotServe, serve

    try:
        code = serve(config=config, demo=demo, reload=reload, say=click.echo)
    except CannotServe as error:
        raise Stop(str(error)) from error
    sys.exit(code)
