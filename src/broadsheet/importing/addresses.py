"""Old addresses: Wagtail's redirects, written by an import, asked when nothing else answers."""

import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from wagtail.contrib.redirects.models import Redirect

from broadsheet.stories import api as stories

MAX_PATH: Final = 255
MAX_QUERY: Final = 500
FEED: Final = "/feed.xml"
# What WordPress answered with a query alone, and what may stand behind it.
QUERIES: Final = {
    "p": re.compile(r"\d{1,18}", re.ASCII),
    "page_id": re.compile(r"\d{1,18}", re.ASCII),
    "attachment_id": re.compile(r"\d{1,18}", re.ASCII),
    "cat": re.compile(r"\d{1,18}", re.ASCII),
    "feed": re.compile(r"[a-z0-9-]{1,20}", re.ASCII),
}
# Other faces of a page: its feed of comments, a page of them, a part of it, its copy for phones.
_FACES: Final = re.compile(
    r"/(?:feed(?:/(?:rss2?|atom|rdf))?|comment-page-\d{1,9}|page/\d{1,9}|\d{1,9}|amp|embed"
    r"|trackback)/?$",
    re.ASCII,
)


class TooLongError(ValueError):
    """An address that is longer than what redirects are kept by."""


def redirect(old: str, *, page: Any = None, link: str = "") -> bool:
    """Lead an old address to a page or a link, unless somebody decided about it already.

    `old` is a path, or an address of which path and query count. Returns whether it is new: one
    that is where it leads needs nothing. Raises TooLongError.
    """
    path = normalised(old)
    if path in ("", "/") or path == normalised(stories.url_of(page) if page else link):
        return False
    if len(path) > MAX_PATH:
        raise TooLongError(path)
    made = Redirect.objects.get_or_create(
        old_path=path,
        site=None,
        defaults={"redirect_page_id": page.pk if page else None, "redirect_link": link},
    )[1]
    return bool(made)


def normalised(address: str) -> str:
    """Return path and query as Wagtail keeps them: sorted, decoded, without a slash at the end."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    path = "/" + parts.path.lstrip("/")
    query = f"?{parts.query}" if parts.query else ""
    found = str(Redirect.normalise_path(path + query))
    return "" if "\0" in found else found


def lookup(path: str, query: str) -> Iterator[str]:
    """Yield the forms under which a request's address may be known, the most exact first."""
    bare = normalised(path)
    for name, value in parse_qsl(query[:MAX_QUERY], max_num_fields=None):
        if name in QUERIES and QUERIES[name].fullmatch(value):
            yield normalised(f"{path}?{name}={value}")
    if bare not in ("", "/"):
        yield bare
        face = _FACES.search(bare)
        if face and face.start() > 0:
            yield bare[: face.start()]
