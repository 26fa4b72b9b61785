"""What `broadsheet doctor` looks at."""

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import WARNING, run_checks
from django.db import DatabaseError, connection

from broadsheet.kit.hosts import is_loopback
from broadsheet.site.config import Config
from broadsheet.site.sqlite.report import sqlite_report
from broadsheet.site.theme import ThemeError, read_theme

LOW_SPACE = 1024**3


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing seen: `ok`, `note` (worth knowing) or `problem` (to be solved)."""

    level: str
    text: str


def examine(config: Config) -> Iterator[Finding]:
    """Look at Python, the folder, the database, the address and Django's own checks."""
    yield Finding("ok", f"Python {sys.version.split()[0]}, home {config.home}")
    yield from _space(config)
    yield from _database()
    yield from _address(config)
    yield from _theme(config)
    for message in run_checks(databases=["default"]):
        level = "problem" if message.level > WARNING else "note"
        yield Finding(level, f"{message.id}: {message.msg}")


def _space(config: Config) -> Iterator[Finding]:
    free = shutil.disk_usage(config.home if config.home.exists() else config.home.parent).free
    level = "problem" if free < LOW_SPACE else "ok"
    yield Finding(level, f"{free // 1024**2} MB free for the data")


def _database() -> Iterator[Finding]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        yield Finding("problem", f"the database cannot be used: {error}")
        return
    if connection.vendor == "sqlite":
        report = sqlite_report()
        yield Finding("note" if report.in_corruptible_range else "ok", report.text)
    else:
        yield Finding("ok", f"PostgreSQL {connection.cursor().connection.info.server_version}")


def _address(config: Config) -> Iterator[Finding]:
    url = urlsplit(config["url"])
    local = is_loopback(config["url"])
    if not local and url.scheme != "https":
        yield Finding("problem", f"{config['url']} is not https: sign-in cookies could be read")
    if not local and config["mail"] in {"mailbox", "console"}:
        yield Finding("problem", 'mail does not leave this machine: set `mail` to "smtp://…"')
    if not local and settings.DEBUG:
        yield Finding("problem", "debug is on at an address that others reach")


def _theme(config: Config) -> Iterator[Finding]:
    try:
        if read_theme(home=config.home):
            yield Finding("ok", "theme.css is read after the house's style")
    except ThemeError as error:
        yield Finding("problem", str(error))
