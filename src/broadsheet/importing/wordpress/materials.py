"""What a body is made with: pictures and documents as they are found, and the body so far."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape, unescape
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from broadsheet.formats.api import Image

_OPENING: Final = re.compile(r'<a href="([^"]*)"[^>]*>')
_HREF: Final = re.compile(r'(?<=<a href=")[^"]*(?=")')

type Stored = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """A picture as the newsroom has it (`number`), or where it is (`url`) if it does not."""

    number: int | None
    url: str
    title: str = ""
    alt: str = ""
    caption: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A document as the newsroom has it: its number, where readers fetch it, where it was."""

    number: int
    url: str
    address: str


@dataclass(slots=True)
class Body:
    """`blocks` go into the story, `pictures` are the images in it, `notes` go into the report.

    `files` are the old addresses of the documents it leads to.
    """

    blocks: list[Stored] = field(default_factory=list)
    pictures: list[int] = field(default_factory=list)
    files: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Tools:
    """What it takes to make a body: who finds pictures and papers, and the body."""

    find: Callable[[Image], Found | None]
    find_paper: Callable[[str], Paper | None]
    body: Body

    def paper(self, href: str) -> Paper | None:
        """Return the document that a link of the old site leads to; `href` is as it is in HTML."""
        found = self.find_paper(unescape(href))
        if found:
            self.body.files.add(found.address)
        return found

    def led(self, html: str) -> str:
        """Return a text of which each link to a document names the document."""
        return _OPENING.sub(self._opening, html)

    def led_kept(self, html: str) -> str:
        """Return kept HTML with the new address of each document."""
        return _HREF.sub(self._address, html)

    def _opening(self, link: re.Match[str]) -> str:
        found = self.paper(link[1])
        if not found:
            return link[0]
        place = _place(link[1])
        fragment = f' fragment="{place}"' if place else ""
        return f'<a linktype="document" id="{found.number}"{fragment}>'

    def _address(self, href: re.Match[str]) -> str:
        found = self.paper(href[0])
        if not found:
            return href[0]
        place = _place(href[0])
        return f"{escape(found.url)}#{place}" if place else escape(found.url)


def _place(href: str) -> str:
    """Return the place in a document that a link leads to ("page=3"); both as they are in HTML."""
    return escape(unescape(href).partition("#")[2])


def file_name(url: str) -> str:
    """Return the name of the file that an address leads to, or the address."""
    try:
        return unquote(urlsplit(url).path).rpartition("/")[2] or url
    except ValueError:
        return url
