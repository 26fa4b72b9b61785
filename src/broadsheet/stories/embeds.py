"""What may be embedded: a short list of players, each with the address of its frame.

Nothing of another site is loaded until a reader presses the button; without script the button is a
link to the original. `FRAME_HOSTS` goes into the content policy.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, quote, urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
# CSS pixels; a frame that says nothing of its shape is a film's.
_WIDE: Final = (560, 315)


class UnknownProviderError(ValueError):
    """An address that is on no provider's list; `sentence` says so to the editor."""

    @property
    def sentence(self) -> str | Promise:
        return _("This address is not one of %(names)s. Link it in the text instead.") % {
            "names": ", ".join(provider.name for provider in PROVIDERS)
        }


@dataclass(frozen=True, slots=True)
class Embed:
    """A frame's address and shape, and who would learn of a reader that loads it."""

    provider: str
    frame_url: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Provider:
    """`frame` makes the frame's address from a path and a query, or None if it is not a player."""

    name: str
    hosts: frozenset[str]
    frame_host: str
    frame: Callable[[str, dict[str, list[str]]], str | None]
    size: tuple[int, int] = _WIDE


def _youtube(path: str, query: dict[str, list[str]]) -> str | None:
    found = re.fullmatch(r"/(?:embed/|shorts/|live/)?([A-Za-z0-9_-]{6,20})", path)
    video = query.get("v", [""])[0] if path == "/watch" else found[1] if found else ""
    return f"/embed/{video}" if _ID.fullmatch(video) else None


def _vimeo(path: str, _query: dict[str, list[str]]) -> str | None:
    found = re.fullmatch(r"/(?:video/)?(\d{4,12})", path)
    return f"/video/{found[1]}?dnt=1" if found else None


def _soundcloud(path: str, _query: dict[str, list[str]]) -> str | None:
    if not re.fullmatch(r"/[\w-]+/[\w-]+(?:/[\w-]+)?", path):
        return None
    return "/player/?url=" + quote(f"https://soundcloud.com{path}", safe="")


def _archive(path: str, _query: dict[str, list[str]]) -> str | None:
    found = re.fullmatch(r"/(?:details|embed)/([\w.-]{1,100})", path)
    return f"/embed/{found[1]}" if found else None


def _map(path: str, query: dict[str, list[str]]) -> str | None:
    box = query.get("bbox", [""])[0]
    if path != "/export/embed.html" or not re.fullmatch(r"[-\d.,]{7,90}", box):
        return None
    marker = query.get("marker", [""])[0]
    pin = f"&marker={marker}" if re.fullmatch(r"-?[\d.]{1,12},-?[\d.]{1,12}", marker) else ""
    return f"/export/embed.html?bbox={box}&layer=mapnik{pin}"


PROVIDERS: Final = (
    Provider(
        "YouTube",
        frozenset({"youtube.com", "www.youtube.com", "m.youtube.com", "youtu.be"})
        | {"www.youtube-nocookie.com"},
        "www.youtube-nocookie.com",
        _youtube,
    ),
    Provider("Vimeo", frozenset({"vimeo.com", "player.vimeo.com"}), "player.vimeo.com", _vimeo),
    Provider(
        "SoundCloud",
        frozenset({"soundcloud.com", "www.soundcloud.com"}),
        "w.soundcloud.com",
        _soundcloud,
        (560, 166),
    ),
    Provider("Internet Archive", frozenset({"archive.org"}), "archive.org", _archive),
    Provider("OpenStreetMap", frozenset({"www.openstreetmap.org"}), "www.openstreetmap.org", _map),
)
FRAME_HOSTS: Final = tuple(f"https://{provider.frame_host}" for provider in PROVIDERS)


def embed_of(url: str) -> Embed:
    """Return the frame for an address that people copy. Raises UnknownProviderError."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").lower()
        query = parse_qs(parts.query, max_num_fields=30)
    except ValueError as error:
        raise UnknownProviderError(url) from error
    for provider in PROVIDERS:
        if parts.scheme in {"http", "https"} and host in provider.hosts:
            path = provider.frame(parts.path.rstrip("/"), query)
            if path:
                width, height = provider.size
                return Embed(provider.name, f"https://{provider.frame_host}{path}", width, height)
    raise UnknownProviderError(url)
