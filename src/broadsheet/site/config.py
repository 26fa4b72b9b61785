"""Settings of an installation: environment over `broadsheet.toml` over default, parsed strictly.

Which there are stands in `options`.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from broadsheet.site.options import SETTINGS, URL, Setting

FILE_NAME: Final = "broadsheet.toml"
HOME_VARIABLE: Final = "BROADSHEET_HOME"


class ConfigError(Exception):
    """A setting that cannot be used; the message names it, where it came from, and a way out."""


@dataclass(frozen=True, slots=True)
class Config:
    """The settings in force, by name, and the folder that holds the installation."""

    home: Path
    values: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


def home_from(environ: Mapping[str, str]) -> Path:
    """Return the installation's folder: BROADSHEET_HOME, or `var` under the current one."""
    return Path(environ.get(HOME_VARIABLE) or "var").expanduser().resolve()


def load(*, home: Path, environ: Mapping[str, str] | None = None) -> Config:
    """Read the settings of `home`.

    Raises ConfigError naming the setting, its origin and what it should be; an unknown name in the
    file is refused too, because it is most often a typing error.
    """
    environ = os.environ if environ is None else environ
    file = home / FILE_NAME
    written = _read(file)
    known = {setting.name for setting in SETTINGS}
    for name in written:
        if name not in known:
            raise ConfigError(_unknown(name, known, file))
    values: dict[str, Any] = {}
    for setting in SETTINGS:
        raw, origin = setting.default, "default"
        if setting.name in written:
            raw, origin = written[setting.name], str(file)
        if environ.get(setting.env):
            raw, origin = environ[setting.env], f"the environment variable {setting.env}"
        if origin == "default" and not isinstance(raw, str):
            values[setting.name] = raw
            continue
        try:
            values[setting.name] = setting.parse(raw)
        except ValueError as error:
            raise ConfigError(
                f"{setting.name} {error}; {origin} says {_shown(setting, raw)}"
            ) from error
    if "url" not in written and not environ.get(URL.env):
        # On this machine alone; a newsroom that others reach has to say its address.
        values["url"] = f"http://127.0.0.1:{values['port']}"
    return Config(home=home, values=values)


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} is not a valid TOML file: {error}") from error
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {error.strerror}") from error


def _unknown(name: str, known: set[str], file: Path) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - only on the way to an error

    near = get_close_matches(name, sorted(known), n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    return f"{file} has a setting that does not exist: {name}{hint}"


def _shown(setting: Setting, raw: Any) -> str:
    """Repeat what was written, but never an address in which a password may stand."""
    if setting.name in {"database_url", "mail"} and "://" in str(raw):
        return "an address that is not repeated here, for its password's sake"
    return repr(raw)
