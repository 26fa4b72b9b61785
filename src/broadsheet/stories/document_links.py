"""Links to documents of ours in stored text: by id in rich text, by address in kept HTML. Pure."""

import re
from collections.abc import Callable, Iterator
from html import escape, unescape
from typing import Final

from broadsheet.stories.addresses import without_host
from broadsheet.stories.document_types import number_in

# As both the editor and the import write it; neither of these two holds anything that is escaped.
_LINK: Final = re.compile(
    r'<a(?=[^>]*\slinktype="document")(?=[^>]*\sid="(?P<id>\d{1,18})")\s[^>]*>', re.ASCII
)
# The place in the document, as at the end of an address: "page=3".
_FRAGMENT: Final = re.compile(r'\sfragment="([^"]*)"')
_HREF: Final = re.compile(r'(?<=\shref=")[^"]*(?=")')

# Where the document of a number is fetched; None if there is none.
type WhereIs = Callable[[int], str | None]


def linked(html: str) -> set[int]:
    """Return the numbers of the documents that rich text leads to."""
    return {int(found["id"]) for found in _LINK.finditer(html)} if "<a" in html else set()


def led(html: str, where: WhereIs) -> str:
    """Return rich text with an address in place of each document's number."""
    if 'linktype="document"' not in html:
        return html
    return _LINK.sub(lambda found: opening(where(int(found["id"])), _fragment(found[0])), html)


def linked_in_kept(html: str) -> set[int]:
    """Return the numbers of the documents whose addresses stand in kept HTML."""
    return {number for _, number in _kept(html)}


def led_in_kept(html: str, where: WhereIs) -> str:
    """Return kept HTML with each document's address as it is for this reader."""
    for href, number in _kept(html):
        url = where(number)
        if url:
            html = html.replace(f'href="{href}"', f'href="{escape(at(url, _end(href)))}"')
    return html


def opening(url: str | None, fragment: str = "") -> str:
    """Return the opening tag of a link, without an address where nobody could follow it."""
    return f'<a href="{escape(at(url, fragment))}">' if url else "<a>"


def at(url: str, fragment: str) -> str:
    """Return an address with the place in what it leads to."""
    return f"{url}#{fragment}" if fragment else url


def _fragment(tag: str) -> str:
    found = _FRAGMENT.search(tag)
    return unescape(found[1]) if found else ""


def _end(href: str) -> str:
    return unescape(href).partition("#")[2]


def _kept(html: str) -> Iterator[tuple[str, int]]:
    for href in dict.fromkeys(_HREF.findall(html) if "/documents/" in html else ()):
        number = number_in(without_host(url=unescape(href)))
        if number is not None:
            yield href, number
