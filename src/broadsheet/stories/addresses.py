"""Addresses of our own: of a page from its stored path, and any with or without our host.

Nothing is looked up.
"""

from django.conf import settings
from wagtail.models import Page


def url_of(page: Page) -> str:
    """Return the address of a page below the host, from its stored path."""
    return below_host(url_path=page.url_path)


def below_host(*, url_path: str) -> str:
    """Return the address that a stored path stands for."""
    # "/<root's slug>/section/story/" without its first piece.
    return "/" + url_path.split("/", 2)[2]


def without_host(*, url: str) -> str:
    """Return an address of this site below its host, so that it outlives a move; others as is."""
    home = str(settings.BROADSHEET_URL)
    below = url.removeprefix(home)
    return below if below != url and is_below_host(url=below) else url


def with_host(*, url: str) -> str:
    """Return an address as it is copied from a browser."""
    return f"{settings.BROADSHEET_URL}{url}" if is_below_host(url=url) else url


def is_below_host(*, url: str) -> bool:
    """Say whether a browser finds this on the host that it is on."""
    clean = not any(letter.isspace() or ord(letter) < 32 for letter in url)  # noqa: PLR2004 - control characters
    return clean and url.startswith("/") and not url.startswith(("//", "/\\"))
