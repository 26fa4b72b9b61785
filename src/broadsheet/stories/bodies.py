"""From stored blocks to blocks that only need drawing.

A body costs four queries at most, whatever it is made of.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final
from urllib.parse import urlsplit

from django.utils.html import strip_tags

from broadsheet.stories.addresses import is_below_host, without_host
from broadsheet.stories.anchors import (
    block_anchor,
    correction_anchor,
    heading_anchor,
    quote_anchor,
)
from broadsheet.stories.document_links import at, led_in_kept
from broadsheet.stories.document_types import number_in
from broadsheet.stories.documents import AddressOf, file_of, public_address
from broadsheet.stories.embeds import UnknownProviderError, embed_of
from broadsheet.stories.kinds import CorrectionKind
from broadsheet.stories.materials import Materials, expanded, gather
from broadsheet.stories.pictures import picture
from broadsheet.stories.shown import Block, Link, Picture, ShownCorrection
from broadsheet.stories.streams import Raw, listed, needs, raw_blocks, rich_texts, value_of
from broadsheet.stories.tables import TableError, table_of

_PARAGRAPH: Final = re.compile(r"<p((?: [^>]*)?)>(.*?)</p>", re.DOTALL)


@dataclass(slots=True)
class _Desk:
    """What drawing one body needs at hand."""

    materials: Materials
    address: AddressOf
    html: Mapping[str, str] = field(default_factory=dict)
    words: str = ""
    anchors: set[str] = field(default_factory=set)

    def document(self, number: int) -> str | None:
        """Return where a document of ours is fetched by whoever reads this."""
        found = self.materials.documents.get(number)
        return self.address(found) if found else None


def shown_body(
    stream: Any, materials: Materials | None = None, *, address: AddressOf = public_address
) -> tuple[Block, ...]:
    """Turn a body into drawable blocks. `materials` saves queries when the caller has them.

    `address` says where its documents are fetched: those of a draft lie elsewhere.
    """
    blocks = raw_blocks(stream)
    desk = _Desk(materials or gather(**needs(stream)), address)
    desk.html = expanded(rich_texts(blocks), document=desk.document)
    desk.words = " ".join(_plain(desk.html.get(source, "")) for source in rich_texts(blocks))
    drawn = (
        (place, _DRAW[block["type"]](block, desk))
        for place, block in enumerate(blocks)
        if block["type"] in _DRAW
    )
    return tuple(replace(block, place=place) for place, block in drawn if block)


def shown_corrections(stream: Any) -> tuple[ShownCorrection, ...]:
    """Return the corrections of a stream as they are shown, in its order."""
    blocks = [block for block in raw_blocks(stream) if block["type"] == "correction"]
    html = expanded(rich_texts(blocks))
    drawn = (_correction(block, html) for block in blocks)
    return tuple(found for found in drawn if found)


def _text(block: Raw, desk: _Desk) -> Block | None:
    html = desk.html.get(value_of(block), "")
    return Block(block["type"], html=html) if html else None


def _list(block: Raw, desk: _Desk) -> Block | None:
    """Draw a list; lines that were typed into its block without the list's button are its items."""
    html = desk.html.get(value_of(block), "")
    if html and "<li" not in html:
        items = _PARAGRAPH.sub(r"<li\1>\2</li>", html)
        html = f"<ul>{items}</ul>" if items != html else html
    return Block("list", html=html) if html else None


def _heading(block: Raw, desk: _Desk) -> Block | None:
    value = value_of(block)
    text = str(value.get("text") or "")
    if not text:
        return None
    level = 3 if str(value.get("level")) == "3" else 2
    return Block("heading", text=text, level=level, anchor=heading_anchor(text, taken=desk.anchors))


def _image(block: Raw, desk: _Desk) -> Block | None:
    drawn = _picture(value_of(block), desk)
    return Block("image", picture=drawn) if drawn else None


def _gallery(block: Raw, desk: _Desk) -> Block | None:
    value = value_of(block)
    drawn = tuple(filter(None, (_picture(one, desk) for one in listed(value.get("pictures")))))
    anchor = block_anchor("g", block.get("id"))
    return (
        Block("gallery", text=str(value.get("title") or ""), pictures=drawn, anchor=anchor)
        if drawn
        else None
    )


def _picture(value: Raw, desk: _Desk) -> Picture | None:
    return picture(
        desk.materials.renditions.get(value.get("image") or 0),
        alt=str(value.get("alt") or ""),
        caption=desk.html.get(str(value.get("caption") or ""), ""),
        credit=str(value.get("credit") or ""),
        credit_person=desk.materials.people.get(value.get("credit_person") or 0),
    )


def _quote(block: Raw, desk: _Desk) -> Block:
    value = value_of(block)
    return Block(
        "quote",
        html=desk.html.get(str(value.get("text") or ""), ""),
        anchor=quote_anchor(block.get("id")),
        speaker=str(value.get("speaker") or ""),
        role=str(value.get("role") or ""),
        source=_source(value, desk),
        day=_day(value.get("said_on")),
        reported_by=str(value.get("reported_by") or ""),
    )


def _pull_quote(block: Raw, desk: _Desk) -> Block | None:
    value = value_of(block)
    text = str(value.get("text") or "")
    return (
        Block(
            "pull_quote",
            text=text,
            speaker=str(value.get("speaker") or ""),
            repeated=_plain(text) in desk.words,
        )
        if text
        else None
    )


def _document(block: Raw, desk: _Desk) -> Block | None:
    value = value_of(block)
    found = desk.materials.documents.get(value.get("document") or 0)
    if found is None:
        return None
    title, summary = str(value.get("title") or ""), str(value.get("summary") or "")
    shown = file_of(found, title=title, summary=summary, address=desk.address)
    return Block("document", file=shown)


def _table(block: Raw, desk: _Desk) -> Block | None:
    value = value_of(block)
    # Checked when it was saved; what came in another way is left out rather than half drawn.
    with suppress(TableError):
        return Block(
            "table",
            text=str(value.get("caption") or ""),
            table=table_of(str(value.get("cells") or "")),
            row_headings=bool(value.get("row_headings")),
            source=_source(value, desk),
            anchor=block_anchor("t", block.get("id")),
        )
    return None


def _embed(block: Raw, _: _Desk) -> Block | None:
    value = value_of(block)
    url = str(value.get("url") or "").strip()
    title = str(value.get("title") or "") or url
    try:
        return Block("embed", text=title, url=url, embed=embed_of(url))
    except UnknownProviderError:
        # A provider that left the list: readers still get to it.
        return Block("embed", text=title, url=url) if _is_web(url) else None


def _note(block: Raw, desk: _Desk) -> Block | None:
    value = value_of(block)
    html = desk.html.get(str(value.get("text") or ""), "")
    return Block("note", text=str(value.get("title") or ""), html=html) if html else None


def _correction_block(block: Raw, desk: _Desk) -> Block | None:
    found = _correction(block, desk.html)
    return Block("correction", correction=found) if found else None


def _correction(block: Raw, html: Mapping[str, str]) -> ShownCorrection | None:
    value = value_of(block)
    day, text = _day(value.get("day")), html.get(str(value.get("text") or ""), "")
    kind = str(value.get("kind") or "")
    if day is None or not text or kind not in CorrectionKind.values:
        return None
    label = str(CorrectionKind(kind).label)
    return ShownCorrection(kind, label, text, day, correction_anchor(block.get("id")))


def _html(block: Raw, desk: _Desk) -> Block:
    return Block("html", html=led_in_kept(value_of(block), desk.document))


def _source(value: Raw, desk: _Desk) -> Link | None:
    url, title = str(value.get("source_url") or "").strip(), str(value.get("source_title") or "")
    url = without_host(url=url)
    if is_below_host(url=url):
        number = number_in(url)
        where = desk.document(number) if number is not None else None
        path, _, place = url.partition("#")
        return Link(title or path.rstrip("/").rpartition("/")[2], at(where or path, place))
    url = url if _is_web(url) else ""
    return Link(title or urlsplit(url).hostname or url, url) if url or title else None


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False


def _day(value: Any) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value or ""))
    except ValueError:
        return None


def _plain(html: str) -> str:
    return " ".join(strip_tags(html).split()).casefold()


_DRAW: Final[dict[str, Callable[[Raw, _Desk], Block | None]]] = {
    "paragraph": _text,
    "list": _list,
    "heading": _heading,
    "image": _image,
    "gallery": _gallery,
    "quote": _quote,
    "pull_quote": _pull_quote,
    "document": _document,
    "table": _table,
    "embed": _embed,
    "note": _note,
    "correction": _correction_block,
    "html": _html,
}
