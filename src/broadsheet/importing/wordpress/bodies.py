"""From a post's blocks to the stored form of a story's body."""

import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from html import escape, unescape
from typing import Any, Final
from urllib.parse import unquote, urlsplit
from uuid import NAMESPACE_URL, uuid5

from broadsheet.formats.api import (
    AttachedImages,
    Block,
    Heading,
    Image,
    ListBlock,
    Paragraph,
    Quote,
    RawHtml,
    plain_text,
)
from broadsheet.importing import rules
from broadsheet.importing.wordpress.tables import pasted
from broadsheet.kit.html import story_html
from broadsheet.stories import api as stories

HEADING_LENGTH: Final = 200
ALT_LENGTH: Final = 400
CREDIT_LENGTH: Final = 200
SPEAKER_LENGTH: Final = 160
SOURCE_LENGTH: Final = 200
PULL_LENGTH: Final = 240
# The desk's own bound.
GALLERY_LENGTH: Final = 40
_ONLY_A_LINK: Final = re.compile(r'<a href="([^"]*)"[^>]*>([^<]*)</a>')

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


@dataclass(slots=True)
class Body:
    """`blocks` go into the story, `pictures` are the images in it, `notes` go into the report."""

    blocks: list[Stored] = field(default_factory=list)
    pictures: list[int] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def body_of(
    blocks: tuple[Block, ...],
    *,
    seed: str,
    find: Callable[[Image], Found | None],
    attached: Callable[[AttachedImages], list[Image]],
) -> Body:
    """Return the body of a story. `seed` names the story: its blocks keep their ids for ever.

    `find` looks for the picture of an image, `attached` for those of a gallery without a list.
    """
    body = Body()
    for together in _grouped(blocks, attached):
        for kind, value in _stored_together(together, find, body):
            place = f"{seed}#{len(body.blocks)}"
            if kind == "gallery":
                value["pictures"] = [
                    {"type": "item", "value": one, "id": str(uuid5(NAMESPACE_URL, f"{place}.{n}"))}
                    for n, one in enumerate(value["pictures"])
                ]
            block_id = str(uuid5(NAMESPACE_URL, place))
            body.blocks.append({"type": kind, "value": value, "id": block_id})
    return body


def text_of(blocks: tuple[Block, ...]) -> str:
    """Return the first words of a text, for want of a title."""
    return next((text for block in blocks if (text := plain_text(getattr(block, "html", "")))), "")


def _grouped(
    blocks: tuple[Block, ...], attached: Callable[[AttachedImages], list[Image]]
) -> Iterator[list[Block]]:
    """Yield blocks that belong together: the images of a gallery, and every other block alone."""
    gallery: list[Block] = []
    for block in blocks:
        if isinstance(block, AttachedImages):
            yield list(attached(block))
            continue
        last = gallery[-1] if gallery else None
        number = block.gallery if isinstance(block, Image) else 0
        if gallery and not (isinstance(last, Image) and number and last.gallery == number):
            yield gallery
            gallery = []
        if number:
            gallery.append(block)
        else:
            yield [block]
    yield gallery


def _stored_together(
    blocks: list[Block], find: Callable[[Image], Found | None], body: Body
) -> Iterator[tuple[str, Any]]:
    """Yield the stored form of blocks; of several images one gallery, of those that are here."""
    stored = [one for block in blocks for one in _stored(block, find, body)]
    pictures = [value for kind, value in stored if kind == "image"]
    if len(blocks) > 1 and len(pictures) > 1:
        for at in range(0, len(pictures), GALLERY_LENGTH):
            yield from _gallery(pictures[at : at + GALLERY_LENGTH])
        stored = [(kind, value) for kind, value in stored if kind != "image"]
    yield from stored


def _gallery(pictures: list[Stored]) -> Iterator[tuple[str, Any]]:
    if len(pictures) > 1:
        yield "gallery", {"title": "", "pictures": pictures}
    else:
        yield "image", pictures[0]


def _stored(
    block: Block, find: Callable[[Image], Found | None], body: Body
) -> Iterator[tuple[str, Any]]:
    match block:
        case Paragraph(html):
            yield _player(html) or ("paragraph", f"<p>{html}</p>")
        case Heading():
            yield _heading(block, body)
        case ListBlock(_, html):
            yield "list", html
        case Quote():
            yield _pull_quote(block) or ("quote", _quote(block))
        case RawHtml(html):
            cleaned = str(story_html(html))
            if block.construct == "table" and (table := pasted(cleaned)):
                yield "table", {**asdict(table), "source_title": "", "source_url": ""}
            elif cleaned.strip():
                yield "html", cleaned
        case Image():
            yield from _image(block, find(block), body)
        case AttachedImages():  # pragma: no cover - unfolded before
            return


def _heading(block: Heading, body: Body) -> tuple[str, Any]:
    if len(block.text) > HEADING_LENGTH:
        body.notes.append("heading_long")
        return "paragraph", f"<p><b>{block.html}</b></p>"
    if "<" in block.html:
        body.notes.append("heading_link")
    return "heading", {"text": block.text, "level": "2" if block.level == 2 else "3"}  # noqa: PLR2004 - h2


def _player(html: str) -> tuple[str, Any] | None:
    """Return a player for a paragraph that is nothing but a link to one."""
    found = _ONLY_A_LINK.fullmatch(html)
    if found is None:
        return None
    url, words = unescape(found[1]), plain_text(found[2])
    try:
        stories.embed_of(url)
    except stories.UnknownProviderError:
        return None
    # An address alone says nothing more than where it leads.
    title = words.removeprefix("https://").removeprefix("http://") if words else url
    return "embed", {"url": url, "title": rules.cut(title, SOURCE_LENGTH)}


def _pull_quote(block: Quote) -> tuple[str, Any] | None:
    text = plain_text(block.html)
    fits = len(text) <= PULL_LENGTH and len(block.cite_text) <= SPEAKER_LENGTH
    if not block.pull or not fits or block.cite_url:
        return None
    return "pull_quote", {"text": text, "speaker": block.cite_text}


def _quote(block: Quote) -> Stored:
    speaker, source = block.cite_text, ""
    if len(speaker) > SPEAKER_LENGTH:
        speaker, source = "", rules.cut(speaker, SOURCE_LENGTH)
    return {
        "text": block.html,
        "speaker": speaker,
        "role": "",
        "source_title": source,
        "source_url": block.cite_url if block.cite_url.startswith("http") else "",
    }


def _image(block: Image, found: Found | None, body: Body) -> Iterator[tuple[str, Any]]:
    if found is not None and found.number is not None:
        body.pictures.append(found.number)
        yield (
            "image",
            {
                "image": found.number,
                "alt": rules.cut(block.alt or found.alt, ALT_LENGTH),
                "caption": _caption(block.caption_html or escape(found.caption, quote=False)),
                "credit": rules.cut(block.credit or found.credit, CREDIT_LENGTH),
            },
        )
        return
    # Not here: readers get to it by a link, and its caption is not lost.
    url = found.url if found else block.source_url
    if url:
        alt = block.alt or (found.alt if found else "")
        words = escape(alt or plain_text(block.caption_html) or file_name(url), quote=False)
        linked = f'<a href="{escape(url)}">{words}</a>' if rules.is_web_address(url) else words
        yield "paragraph", f"<p>{linked}</p>"
        if alt and block.caption_html:
            yield "paragraph", _caption(block.caption_html)


def _caption(html: str) -> str:
    return f"<p>{html}</p>" if html and not html.startswith(("<ul", "<ol")) else html


def file_name(url: str) -> str:
    """Return the name of the file that an address leads to, or the address."""
    try:
        return unquote(urlsplit(url).path).rpartition("/")[2] or url
    except ValueError:
        return url
