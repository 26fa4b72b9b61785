"""Settings of an installation: environment over `broadsheet.toml` over default, parsed strictly.

Every setting is one row of `SETTINGS`; `broadsheet init`, the reference and the error messages are
made from that table, so that none can be missing from the other.
"""

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from broadsheet.kit.money import MoneyError, exponent

FILE_NAME: Final = "broadsheet.toml"
HOME_VARIABLE: Final = "BROADSHEET_HOME"


class ConfigError(Exception):
    """A setting that cannot be used; the message names it, where it came from, and a way out."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. `parse` turns text (or a TOML value) into the value, or raises ValueError."""

    name: str
    default: Any
    parse: Callable[[Any], Any]
    doc: str
    variable: str = ""

    @property
    def env(self) -> str:
        return self.variable or f"BROADSHEET_{self.name.upper()}"


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("is text in quotes")  # noqa: TRY004 - one kind of error for the table
    return value.strip()


def _some_text(value: Any) -> str:
    text = _text(value)
    if not text:
        raise ValueError("must not be empty")
    return text


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    words = {"1": True, "true": True, "yes": True, "on": True}
    words |= {"0": False, "false": False, "no": False, "off": False}
    if isinstance(value, str) and value.strip().lower() in words:
        return words[value.strip().lower()]
    raise ValueError("is true or false")


def _number(low: int, high: int) -> Callable[[Any], int]:
    def parse(value: Any) -> int:
        if isinstance(value, bool):
            raise ValueError(f"is a whole number from {low} to {high}")  # noqa: TRY004 - one kind of error for the table
        try:
            number = int(value)
        except (TypeError, ValueError) as error:
            raise ValueError(f"is a whole number from {low} to {high}") from error
        if not low <= number <= high:
            raise ValueError(f"is a whole number from {low} to {high}")
        return number

    return parse


def _one_of(*choices: str) -> Callable[[Any], str]:
    def parse(value: Any) -> str:
        if value not in choices:
            raise ValueError("is one of " + ", ".join(choices))
        return cast("str", value)

    return parse


def _url(value: Any) -> str:
    text = _text(value).rstrip("/")
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError('is an address such as "https://news.example"')
    if parts.path or parts.query or parts.fragment or parts.username:
        raise ValueError("is only a scheme and a host, without a path")
    if parts.port is not None and not 0 < parts.port < 65536:  # noqa: PLR2004 - the ports there are
        raise ValueError("has a port that does not exist")
    return text


def _language(value: Any) -> str:
    text = _text(value)
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", text):
        raise ValueError('is a language code such as "en", "de" or "pt-br"')
    return text.lower()


def _zone(value: Any) -> ZoneInfo:
    text = _text(value)
    if text not in available_timezones():
        raise ValueError('is a time zone of the IANA list, such as "Europe/Berlin"')
    return ZoneInfo(text)


def _currency(value: Any) -> str:
    text = _text(value).upper()
    try:
        exponent(text)
    except MoneyError as error:
        raise ValueError('is a currency code of ISO 4217, such as "EUR"') from error
    return text


def _database(value: Any) -> str:
    text = _text(value)
    if text and urlsplit(text).scheme not in {"postgres", "postgresql", "sqlite"}:
        raise ValueError(
            "starts with postgres:// or sqlite://; leave it out for SQLite in the data folder"
        )
    return text


def _mail(value: Any) -> str:
    text = _text(value)
    if text in {"mailbox", "console"} or urlsplit(text).scheme in {"smtp", "smtps"}:
        return text
    raise ValueError(
        'is "console", "mailbox" or an address such as "smtps://user:password@mail.example:465"'
    )


def _networks(value: Any) -> tuple[str, ...]:
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list):
        raise ValueError('is a list of networks such as ["10.0.0.0/8"]')  # noqa: TRY004 - as above
    try:
        return tuple(str(ip_network(part.strip())) for part in parts if part.strip())
    except (AttributeError, ValueError) as error:
        raise ValueError('is a list of networks such as ["10.0.0.0/8"]') from error


_URL: Final = Setting(
    "url",
    "http://127.0.0.1:8000",
    _url,
    "The address readers type, without a path. Links, feeds and the check of where a form came "
    "from are made from it. Left out, it is this machine with the port that is listened on.",
)

SETTINGS: Final = (
    Setting("name", "The Harbour Post", _some_text, "The name of the publication."),
    _URL,
    Setting("language", "en", _language, "The language of the interface, as a code."),
    Setting(
        "time_zone", "UTC", _zone, "The publisher's time zone; a campaign's month begins in it."
    ),
    Setting("currency", "USD", _currency, "The currency of the meter, as a code of ISO 4217."),
    Setting(
        "database_url",
        "",
        _database,
        "Where the data lives: empty for SQLite in the data folder, or "
        "postgres://user:password@host/name.",
        variable="DATABASE_URL",
    ),
    Setting("host", "127.0.0.1", _some_text, "The address `broadsheet serve` listens on."),
    Setting(
        "port", 8000, _number(1, 65535), "The port `broadsheet serve` listens on.", variable="PORT"
    ),
    Setting(
        "threads",
        8,
        _number(1, 64),
        "How many requests are worked on at once, beside static files.",
    ),
    Setting(
        "request_limit_mb",
        20,
        _number(1, 1024),
        "The largest request that is taken, in megabytes (a photograph, for instance).",
    ),
    Setting(
        "trusted_proxies",
        (),
        _networks,
        "Networks of the proxies in front of Broadsheet. X-Forwarded-For is believed only from "
        "these.",
    ),
    Setting(
        "mail",
        "console",
        _mail,
        'How mail leaves: "console" prints it, "mailbox" keeps it on a local page (demonstration '
        'only), or "smtp://user:password@host:587" / "smtps://…:465".',
    ),
    Setting(
        "mail_from", "newsroom@localhost", _some_text, "The sender of mail to readers and staff."
    ),
    Setting(
        "comment_length",
        5000,
        _number(100, 10_000),
        "The longest comment, in characters.",
    ),
    Setting(
        "hold_first_comment",
        True,
        _flag,
        "Whether somebody's first comment waits for a moderator.",
    ),
    Setting(
        "hold_links",
        True,
        _flag,
        "Whether a comment with a link waits for a moderator.",
    ),
    Setting("log_format", "console", _one_of("console", "json"), "How log lines are written."),
    Setting(
        "log_level",
        "INFO",
        _one_of("DEBUG", "INFO", "WARNING", "ERROR"),
        "Which log lines are written.",
    ),
    Setting(
        "debug",
        False,
        _flag,
        "Django's debug pages, for development. Never on a site that others reach.",
    ),
)


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
    if "url" not in written and not environ.get(_URL.env):
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
    """Repeat what was written, but never a password that stands in an address."""
    if setting.name in {"database_url", "mail"} and "@" in str(raw):
        return "an address with a password, not repeated here"
    return repr(raw)
