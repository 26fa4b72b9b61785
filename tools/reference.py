"""Writes the parts of docs/reference/ that come from code: the commands and the settings.

`python tools/reference.py` writes them; a test is red while a page says something else.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from broadsheet.site.cli import main as command_line
from broadsheet.site.initial import toml_value
from broadsheet.site.options import SETTINGS

REFERENCE = Path(__file__).resolve().parent.parent / "docs" / "reference"
BEGIN = "<!-- made by tools/reference.py -->"
END = "<!-- end -->"


def main() -> int:
    for name, text in pages().items():
        (REFERENCE / name).write_text(text, encoding="utf-8")
        print(REFERENCE / name)
    return 0


def pages() -> dict[str, str]:
    """Return the pages as they should be: the hand-written text around the part from code."""
    made = {"commands.md": commands(), "settings.md": settings()}
    return {name: _between(REFERENCE / name, text) for name, text in made.items()}


def _between(page: Path, text: str) -> str:
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    return f"{before}{BEGIN}\n\n{text}\n{END}{after}"


def settings() -> str:
    return "\n".join(
        f"### {setting.name}\n\n{setting.doc}\n\n"
        f"Variable: `{setting.env}`. Default: `{toml_value(setting.default)}`.\n"
        for setting in SETTINGS
    )


def commands() -> str:
    return "\n".join(_command(path, command) for path, command in walk(command_line, "broadsheet"))


def walk(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    """Yield every command that is not hidden with the words that reach it, groups included."""
    if command.hidden:
        return
    yield path, command
    if isinstance(command, click.Group):
        with click.Context(command) as context:
            for name in command.list_commands(context):
                found = command.get_command(context, name)
                if found:
                    yield from walk(found, f"{path} {name}")


def _command(path: str, command: click.Command) -> str:
    context = click.Context(command, info_name=path)
    usage = " ".join([path, *command.collect_usage_pieces(context)])
    lines = [f"### {path}\n", f"```console\n$ {usage}\n```\n", f"{(command.help or '').strip()}\n"]
    options = [
        record
        for parameter in command.params
        if isinstance(parameter, click.Option)
        if (record := parameter.get_help_record(context))
    ]
    lines += [f"`{flags}`\n: {' '.join(text.split())}\n" for flags, text in options]
    return "\n".join(lines)


def names() -> dict[str, list[str]]:
    """Return what the pages must hold, for tests: the paths of the commands, the settings."""
    paths = [path for path, _ in walk(command_line, "broadsheet")]
    return {"commands": paths, "settings": [setting.name for setting in SETTINGS]}


if __name__ == "__main__":
    if "--names" in sys.argv:
        print(json.dumps(names(), indent=2))
        sys.exit(0)
    sys.exit(main())
