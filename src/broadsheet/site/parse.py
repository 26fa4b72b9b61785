"""From what was written to a setting's value; each raises ValueError with a hint in one line.

A message never repeats an address, which may hold a password.
"""

import re
from collections.abc import Callable
from ipaddress import IPv6Address, ip_network
from typing import Any, Final, cast
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo, available_timezones

import dj_database_url
import idna
from babel.core import Locale, UnknownLocaleError

from broadsheet.kit.money import MoneyError, exponent

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_ESCAPE: Final = "write / as %2F, @ as %40, # as %23 and ? as %3F in user and password"


def text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("is text in quotes")  # noqa: TRY004 - one kind of error for the table
    return value.strip()


def some_text(value: Any) -> str:
    written = text(value)
    if not written:
        raise ValueError("must not be empty")
    return written


def contact(value: Any) -> str:
    found = text(value)
    if found and not re.fullmatch(r"https://[^\s/]+\S*|[^\s@:/]+@[^\s@:/]+", found):
        raise ValueError("is an e-mail address, or the https address of a page")
    return found


def flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    words = {"1": True, "true": True, "yes": True, "on": True}
    words |= {"0": False, "false": False, "no": False, "off": False}
    if isinstance(value, str) and value.strip().lower() in words:
        return words[value.strip().lower()]
    raise ValueError("is true or false")


def number(low: int, high: int) -> Callable[[Any], int]:
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


def one_of(*choices: str) -> Callable[[Any], str]:
    def parse(value: Any) -> str:
        if value not in choices:
            raise ValueError("is one of " + ", ".join(choices))
        return cast("str", value)

    return parse


def url(value: Any) -> str:
    """Return the origin as browsers write it: lower case, ASCII, without a default port."""
    parts = _split(text(value).rstrip("/"))
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise ValueError('is an address such as "https://news.example"')
    if parts.path or parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError("is only a scheme and a host, without a path")
    host = _host(parts.hostname)
    if parts.port == 0:
        raise ValueError("has a port that does not exist")
    if parts.port in {None, _DEFAULT_PORTS[parts.scheme]}:
        return f"{parts.scheme}://{host}"
    return f"{parts.scheme}://{host}:{parts.port}"


def cache(value: Any) -> str:
    """Return an address with a path, or nothing."""
    found = "" if value == "" else text(value)
    parts = _split(found) if found else None
    if parts and (parts.scheme not in _DEFAULT_PORTS or not parts.hostname or "@" in parts.netloc):
        raise ValueError('is an address such as "http://127.0.0.1:6081/", or nothing')
    return found


def _host(name: str) -> str:
    """Return a host as browsers send it, an umlaut in its ASCII form."""
    if ":" in name:
        try:
            return f"[{IPv6Address(name)}]"
        except ValueError as error:
            raise ValueError("has a host that is no IPv6 address") from error
    try:
        return idna.encode(name.rstrip("."), uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise ValueError(
            "has a host that cannot exist: letters, digits, dots and hyphens make one"
        ) from error


def _split(address: str, hint: str = "has a port that does not exist") -> SplitResult:
    """Split an address whose port and brackets make sense."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError as error:
        raise ValueError(hint) from error
    return parts


def language(value: Any) -> str:
    """Return the code of a language in which dates and amounts can be written."""
    code = text(value)
    try:
        if not re.fullmatch(r"[a-z]{2,3}([-_][A-Za-z0-9]{2,8})*", code):
            raise ValueError  # noqa: TRY301 - one sentence for both
        Locale.parse(code.replace("-", "_"))
    except (ValueError, UnknownLocaleError) as error:
        raise ValueError('is the code of a language, such as "en", "de" or "pt-br"') from error
    return code.replace("_", "-").lower()


def zone(value: Any) -> ZoneInfo:
    written = text(value)
    if written not in available_timezones():
        raise ValueError('is a time zone of the IANA list, such as "Europe/Berlin"')
    return ZoneInfo(written)


def currency(value: Any) -> str:
    written = text(value).upper()
    try:
        exponent(written)
    except MoneyError as error:
        raise ValueError('is a currency code of ISO 4217, such as "EUR"') from error
    return written


def database(value: Any) -> str:
    address = text(value)
    if not address:
        return address
    hint = f"is not an address of a database; {_ESCAPE}"
    if _split(address, hint).scheme not in {"postgres", "postgresql", "sqlite"}:
        raise ValueError(
            "starts with postgres:// or sqlite://; leave it out for SQLite in the data folder"
        )
    try:
        parsed = dj_database_url.parse(address)
    except (dj_database_url.ParseError, ValueError) as error:
        raise ValueError(hint) from error
    name = parsed["NAME"]
    if "@" in name and not address.startswith("sqlite"):
        raise ValueError(hint)
    if name == ":memory:" or not (name or "service" in parsed.get("OPTIONS", {})):
        raise ValueError("names no database: it goes on with /name, or for SQLite with ///file")
    return address


def mail(value: Any) -> str:
    address = text(value)
    if address in {"mailbox", "console"}:
        return address
    parts = _split(address, f"is not an address of a mail server; {_ESCAPE}; a port ends at 65535")
    if parts.scheme not in {"smtp", "smtps"}:
        raise ValueError(
            'is "console", "mailbox" or an address such as "smtps://user:password@mail.example:465"'
        )
    if parts.path.strip("/") or parts.query or parts.fragment or not parts.hostname:
        raise ValueError(f"is only the mail server, without a path; {_ESCAPE}")
    if parts.port == 0:
        raise ValueError("has a port that does not exist")
    return address


def networks(value: Any) -> tuple[str, ...]:
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list):
        raise ValueError('is a list of networks such as ["10.0.0.0/8"]')  # noqa: TRY004 - as above
    try:
        return tuple(str(ip_network(part.strip())) for part in parts if part.strip())
    except (AttributeError, ValueError) as error:
        raise ValueError('is a list of networks such as ["10.0.0.0/8"]') from error
