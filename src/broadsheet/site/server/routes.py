"""Which addresses are public pages that may be kept, and by which key: asked on the event loop."""

from functools import lru_cache
from typing import Final

from django.conf import settings
from django.http import QueryDict
from django.http.request import split_domain_port, validate_host
from django.urls import Resolver404, resolve

from broadsheet.kit.exposure import Exposure, Mark, mark_of
from broadsheet.site.middleware.exposure import allowed_query
from broadsheet.site.middleware.old_addresses import QUERY_NAMES

# Longer ones are nobody's link.
LONGEST: Final = 2048
# The longest name there is (RFC 1035), and a port.
_LONGEST_HOST: Final = 253 + len(":65535")


def canonical_key(path: str, query: str) -> tuple[str, str] | None:
    """Return the key of a public page, None for what is private, unknown or never kept.

    A query that is longer than any link counts as none: to read it costs more than the page, and to
    draw the page for it a thousand times that.
    """
    if len(path) > LONGEST:
        return None
    mark = _mark(path)
    if mark is None:
        return None
    return _key(path, query, mark) if 0 < len(query) <= LONGEST else (path, "")


@lru_cache(maxsize=4096)
def _mark(path: str) -> Mark | None:
    try:
        found = mark_of(resolve(path).func)
    except Resolver404:
        return None
    return found if found and found.exposure is Exposure.PUBLIC and found.kept else None


@lru_cache(maxsize=4096)
def _key(path: str, query: str, mark: Mark) -> tuple[str, str] | None:
    sent = QueryDict(query)
    if path == "/" and any(name in sent for name in QUERY_NAMES):
        # Leads to a page of the site this one was before.
        return None
    return path, allowed_query(sent, mark).urlencode()


def is_ours(host: str) -> bool:
    """Say whether a Host header means this site, as Django does."""
    return len(host) <= _LONGEST_HOST and _is_ours(host)


@lru_cache(maxsize=256)
def _is_ours(host: str) -> bool:
    domain, _port = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)
