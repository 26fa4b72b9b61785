"""What `broadsheet init` writes: a commented settings file, made from the table of settings."""

import json
from collections.abc import Mapping
from pathlib import Path
from textwrap import wrap
from typing import Any
from zoneinfo import ZoneInfo

from broadsheet.site.config import FILE_NAME, ConfigError
from broadsheet.site.options import SETTINGS, Setting

HEADER = """\
# Settings of this newsroom. A line that begins with # is not in force: its value is the default.
# The environment goes before this file: BROADSHEET_NAME for `name`, and so on.
"""


def write_home(home: Path, values: Mapping[str, Any] | None = None) -> Path:
    """Make `home` with a settings file in which `values` are in force.

    Returns the file. Raises ConfigError when there is one already, or the folder is not writable.
    """
    file = home / FILE_NAME
    if file.exists():
        raise ConfigError(f"{file} exists already; it was left as it is")
    try:
        home.mkdir(parents=True, exist_ok=True)
        file.write_text(settings_file(values or {}), encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{home} is not writable: {error.strerror}") from error
    return file


def settings_file(values: Mapping[str, Any]) -> str:
    """Return the text of a settings file."""
    return HEADER + "".join(f"\n{_entry(setting, values)}" for setting in SETTINGS)


def _entry(setting: Setting, values: Mapping[str, Any]) -> str:
    comment = "".join(f"# {line}\n" for line in wrap(setting.doc, 96))
    if setting.name in values:
        return f"{comment}{setting.name} = {toml_value(values[setting.name])}\n"
    return f"{comment}#{setting.name} = {toml_value(setting.default)}\n"


def toml_value(value: Any) -> str:
    """Write a value as TOML; JSON's text, numbers, booleans and lists are TOML's too."""
    if isinstance(value, ZoneInfo):
        value = value.key
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
