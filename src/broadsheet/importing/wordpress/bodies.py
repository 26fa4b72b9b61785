"""From a post's blocks to the stored form of a story's body."""

import re
from collections.abc import Callable, Iterator
from dataclasses import asdict
from html import escape, unescape
from typing import Any, Final
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
from broadsheet.importing.wordpress.materials import (
    Body,
    Found,
    Paper,
    Stored,
    Tools,
    file_name,
)
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
TITLE_LENGTH: Final = 200
_ONLY_A_LINK: Final = re.compile(r'<a href="([^"]*)"[^>]*>([^<]*)</a>')


def body_of(
    blocks: tuple[Block, ...],
    *,
    seed: str,
    find: Callable[[Image], Found | None],
    find_paper: Callable[[str], Paper | None],
    attached: Callable[[AttachedImages], list[Image]],
) -> Body:
    """Return the body of a story. `seed` names the story: its blocks keep their ids for ever.

    `find` looks for the picture of an image, `find_paper` for the document at an address,
    `attached` for the pictures of a gallery without a list.
    """
    body = Body()
    tools = Tools(find, find_paper, body)
    for together in _grouped(blocks, attached):
        for kind, value in _stored_together(together, tools):
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


def _stored_together(blocks: list[Block], tools: Tools) -> Iterator[tuple[str, Any]]:
    """Yield the stored form of blocks; of several images one gallery, of those that are here."""
    stored = [one for block in blocks for one in _stored(block, tools)]
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


def _stored(block: Block, tools: Tools) -> Iterator[tuple[str, Any]]:
    match block:
        case Paragraph(html):
            found = _player(html) or _document(html, tools)
            yield found or ("paragraph", f"<p>{tools.led(html)}</p>")
        case Heading():
            yield _heading(block, tools)
        case ListBlock(_, html):
            yield "list", tools.led(html)
        case Quote():
            yield _pull_quote(block) or ("quote", _quote(block, tools))
        case RawHtml(html):
            cleaned = str(story_html(html))
            if block.construct == "table" and (table := pasted(cleaned)):
                yield "table", {**asdict(table), "source_title": "", "source_url": ""}
            elif cleaned.strip():
                yield "html", tools.led_kept(cleaned)
        case Image():
            yield from _image(block, tools)
            yield from _behind(block, tools)
        case AttachedImages():  # pragma: no cover - unfolded before
            return


def _heading(block: Heading, tools: Tools) -> tuple[str, Any]:
    if len(block.text) > HEADING_LENGTH:
        tools.body.notes.append("heading_long")
        return "paragraph", f"<p><b>{tools.led(block.html)}</b></p>"
    if "<" in block.html:
        tools.body.notes.append("heading_link")
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


def _document(html: str, tools: Tools) -> tuple[str, Any] | None:
    """Return a document for a paragraph that is nothing but a link to one: a file block, say."""
    found = _ONLY_A_LINK.fullmatch(html)
    paper = tools.paper(found[1]) if found else None
    if found is None or paper is None:
        return None
    url, words = unescape(found[1]), plain_text(found[2])
    # An address or a file's name says nothing that the document's own title does not.
    title = "" if words in (url, file_name(url)) or words.startswith("http") else words
    return _shown(paper, title)


def _behind(block: Image, tools: Tools) -> Iterator[tuple[str, Any]]:
    """Yield the document that a picture was the way to: WordPress shows a PDF's first page so."""
    paper = tools.paper(escape(block.link)) if block.link else None
    if paper is not None:
        yield _shown(paper, "")


def _shown(paper: Paper, title: str) -> tuple[str, Any]:
    value = {"document": paper.number, "title": rules.cut(title, TITLE_LENGTH), "summary": ""}
    return "document", value


def _pull_quote(block: Quote) -> tuple[str, Any] | None:
    text = plain_text(block.html)
    fits = len(text) <= PULL_LENGTH and len(block.cite_text) <= SPEAKER_LENGTH
    if not block.pull or not fits or block.cite_url:
        return None
    return "pull_quote", {"text": text, "speaker": block.cite_text}


def _quote(block: Quote, tools: Tools) -> Stored:
    paper = tools.paper(escape(block.cite_url)) if block.cite_url else None
    url = paper.url if paper else block.cite_url
    speaker, source = block.cite_text, ""
    if len(speaker) > SPEAKER_LENGTH:
        speaker, source = "", rules.cut(speaker, SOURCE_LENGTH)
    return {
        "text": tools.led(block.html),
        "speaker": speaker,
        "role": "",
        "source_title": source,
        "source_url": url if paper or url.startswith("http") else "",
    }


def _image(block: Image, tools: Tools) -> Iterator[tuple[str, Any]]:
    found = tools.find(block)
    caption = tools.led(block.caption_html)
    if found is not None and found.number is not None:
        tools.body.pictures.append(found.number)
        yield (
            "image",
            {
                "image": found.number,
                "alt": rules.cut(block.alt or found.alt, ALT_LENGTH),
                "caption": _caption(caption or escape(found.caption, quote=False)),
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
        if alt and caption:
            yield "paragraph", _caption(caption)


def _caption(html: str) -> str:
    return f"<p>{html}</p>" if html and not html.startswith(("<ul", "<ol")) else html
