"""The last gate: what HTML may leave this room, and which links."""

import re
from urllib.parse import quote, urljoin, urlsplit

import nh3

_MAX_URL = 2000
_UNSAFE = re.compile(r"[\x00-\x20\x7f]+")

# What the rich text editor of the desk understands.
INLINE = frozenset({"a", "b", "i", "br", "code", "s", "sub", "sup"})
LISTS = INLINE | {"ul", "ol", "li"}
QUOTES = LISTS | {"p"}
KEPT = QUOTES | {
    *("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"),
    *("pre", "dl", "dt", "dd", "details", "summary", "blockquote"),
}
KEPT_ATTRIBUTES: dict[str, frozenset[str]] = {
    "a": frozenset({"href"}),
    "th": frozenset({"colspan", "rowspan", "scope"}),
    "td": frozenset({"colspan", "rowspan"}),
}
_SCHEMES = {"http", "https", "mailto"}


def _policy(tags: frozenset[str]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(tags),
        attributes={tag: set(names) for tag, names in KEPT_ATTRIBUTES.items() if tag in tags},
        url_schemes=_SCHEMES,
        url_relative="deny",
        link_rel=None,
        strip_comments=True,
    )


_POLICIES = {tags: _policy(tags) for tags in (INLINE, LISTS, QUOTES, KEPT)}


def clean(html: str, *, tags: frozenset[str] = INLINE) -> str:
    """``html`` with nothing but ``tags`` and links to http, https and mailto.

    ``tags`` is one of the sets of this module. Cleaning twice changes nothing.
    """
    return _POLICIES[tags].clean(html)


def link(href: str, *, base_url: str) -> str:
    """``href`` as an absolute address, or empty if it is none that may be followed.

    Fragments of the page itself are empty too: which page that will be is not known here.
    """
    address = href.strip()
    if not address or address.startswith("#") or len(address) > _MAX_URL:
        return ""
    try:
        absolute = urljoin(base_url, address)
        parts = urlsplit(absolute)
    except ValueError:
        return ""
    if parts.scheme == "mailto":
        usable = "@" in parts.path
    else:
        usable = parts.scheme in ("http", "https") and bool(parts.netloc.strip(":@"))
    if not usable or _UNSAFE.search(parts.netloc):
        return ""
    return _UNSAFE.sub(lambda match: quote(match[0]), absolute)


def web_link(href: str, *, base_url: str) -> str:
    """Like ``link``, for what must be fetched: http and https only."""
    address = link(href, base_url=base_url)
    return "" if address.startswith("mailto:") else address
