"""Where people are sent after a form."""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.conf import settings
from django.urls import reverse

_PERMALINK = re.compile(r"/c/[1-9][0-9]{0,17}/")
_KEPT = ("sort", "after", "before", "at", "show", "reply", "note")


def permalink(number: int) -> str:
    return reverse("discussion:comment", args=[number]) + f"#c{number}"


def note_beside(number: int, *, thread_url: str) -> str:
    """Return where a note stands: beside its phrase, on the story's page."""
    return f"{thread_url}#note-{number}"


def published_at(*, number: int, is_root: bool, thread_url: str) -> str:
    """Return where a fresh comment stands.

    A root is at the head of its story's newest; a reply is on its own page, because below its root
    it may come after more than the story shows.
    """
    return f"{thread_url}#c{number}" if is_root else permalink(number)


def back_to(*, referer: str, number: int, thread_url: str) -> str:
    """Return the page a vote came from, at the comment; only ever a page of this discussion."""
    parts = urlsplit(referer)
    own = f"{parts.scheme}://{parts.netloc}" == settings.BROADSHEET_URL
    known = parts.path == urlsplit(thread_url).path or _PERMALINK.fullmatch(parts.path)
    if not (own and known):
        return permalink(number)
    kept = [(name, value) for name, value in parse_qsl(parts.query) if name in _KEPT]
    query = f"?{urlencode(kept)}" if kept else ""
    return f"{parts.path}{query}#c{number}"
