"""Images, galleries, films, sounds and what other sites put into a page."""

import re
from dataclasses import replace
from urllib.parse import unquote, urlsplit

from broadsheet.formats.wordpress_html import safe
from broadsheet.formats.wordpress_html.blocks import (
    AttachedImages,
    Block,
    FindingKind,
    Image,
    Paragraph,
    Quote,
)
from broadsheet.formats.wordpress_html.runs import PLAIN, Run, Style, tidy, to_html
from broadsheet.formats.wordpress_html.texts import GALLERY, plain_text
from broadsheet.formats.wordpress_html.tree import Element, Node
from broadsheet.formats.wordpress_html.walker import Handler, Walker, inline_html

# Where lazy-loading plugins keep the address while `src` holds a placeholder.
_SOURCES = ("data-orig-file", "data-lazy-src", "data-src", "src")
# "0" is the first value without a name: `[audio https://…]`.
_MEDIA_ATTRIBUTES = (
    *("src", "mp3", "m4a", "ogg", "wav", "mp4", "m4v", "webm", "ogv", "flv", "url", "0"),
)
_ATTACHMENT = re.compile(r"(?:wp-image-|attachment_)(\d{1,18})", re.ASCII)
_BACKGROUND = re.compile(r"background-image:\s{0,9}url\(\s{0,9}['\"]?([^'\")]{1,1900})")
_IDS = re.compile(r"\d{1,18}", re.ASCII)
_YOUTUBE = re.compile(r"/embed/([\w-]{6,20})", re.ASCII)
_VIMEO = re.compile(r"/video/(\d{1,12})", re.ASCII)
_MAX_GALLERY = 500
_FACES = frozenset({"emoji", "wp-smiley", "wp-emoji"})


def image(walker: Walker, node: Element, style: Style) -> None:
    """``img``; smileys become their text, the one-pixel images of counters go."""
    if _FACES.intersection(node.classes):
        walker.add_text(node.get("alt"), style)
        return
    if node.get("width") in ("0", "1") or node.get("height") in ("0", "1"):
        walker.context.note(FindingKind.REMOVED, "counting image")
        return
    found = _image(walker, node, link=style.href)
    if found:
        walker.add(found)


def figure(walker: Walker, node: Element, style: Style) -> None:
    """``figure``: one image with its caption; or several, or something else, and the caption."""
    captions = [
        child for child in node.children if isinstance(child, Element) and child.tag == "figcaption"
    ]
    body = [child for child in node.children if child not in captions]
    pictures = [below for below in node.walk() if _is_picture(below)]
    if len(pictures) == 1 and not _has(
        node, ("figure", "table", "blockquote", "pre", "ul", "iframe")
    ):
        _captioned(walker, node, captions, style)
        return
    walker.end_paragraph()
    for block in _figured(walker, node, walker.inner(body, style)):
        walker.add(block)
    for caption in captions:
        walker.transparent(caption, style)


def _figured(walker: Walker, node: Element, blocks: list[Block]) -> list[Block]:
    """Say of the blocks of a figure what its kind says of them."""
    if GALLERY.intersection(node.classes):
        return walker.context.together(blocks)
    if "wp-block-pullquote" in node.classes:
        return [replace(one, pull=True) if isinstance(one, Quote) else one for one in blocks]
    return blocks


def caption(walker: Walker, node: Element, style: Style) -> None:
    """``[caption]``: an image, and the text behind it (in old posts in an attribute)."""
    pictures = [below for below in node.walk() if _is_picture(below)]
    if len(pictures) != 1:
        walker.transparent(node, style)
        return
    old = [Element("span", {}, [node.get("caption")])] if node.get("caption") else []
    _captioned(walker, node, old, style)


def gallery(walker: Walker, node: Element, style: Style) -> None:
    """``[gallery]``: its images by id, or all that are attached to the post."""
    walker.end_paragraph()
    ids = _IDS.findall(node.get("ids") or node.get("include"))[:_MAX_GALLERY]
    for found in walker.context.together(Image("", one, "", "", "", "") for one in ids):
        walker.add(found)
    if not ids:
        walker.add(AttachedImages(tuple(_IDS.findall(node.get("exclude"))[:_MAX_GALLERY])))
    walker.walk(node.children, style)


def cover(walker: Walker, node: Element, style: Style) -> None:
    """Open a ``div``; the old cover block keeps its image in the style."""
    found = (
        _BACKGROUND.search(node.get("style")[:4000]) if "wp-block-cover" in node.classes else None
    )
    if found:
        source = Element("img", {"src": found[1]})
        image(walker, source, PLAIN)
    if "wp-block-file" in node.classes:
        _file(walker, node, style)
        return
    walker.transparent(node, style)


def embed(walker: Walker, node: Element, _style: Style) -> None:
    """``[embed]address[/embed]``."""
    address = node.text().strip() or node.get("src")
    walker.add_link(href=address, text=address)


def frame(walker: Walker, node: Element, _style: Style) -> None:
    """``iframe``, ``embed``, ``object``: a link to what it showed, at its place for readers."""
    params = (below.get("value") for below in node.walk() if below.get("name") == "movie")
    source = node.get("src") or node.get("data-src") or node.get("data") or next(params, "")
    if not source:
        walker.context.note(FindingKind.REMOVED, node.tag)
        return
    address = _watch(source)
    walker.add_link(href=address, text=node.get("title") or address)


def media(walker: Walker, node: Element, _style: Style) -> None:
    """``video``, ``audio`` and their shortcodes: a link to the file, named by the file."""
    name = node.tag.removeprefix("[")
    attributes = [node.get(key) for key in _MEDIA_ATTRIBUTES]
    sources = [below.get("src") for below in node.walk() if below.tag == "source"]
    source = next((found for found in (*attributes, *sources) if found), "")
    if not source:
        walker.context.note(
            FindingKind.SHORTCODE if node.tag.startswith("[") else FindingKind.REMOVED, name
        )
        return
    walker.add_link(href=source, text=node.get("title") or _file_name(source))


HANDLERS: dict[str, Handler] = {
    "img": image,
    "figure": figure,
    "div": cover,
    "section": cover,
    **dict.fromkeys(("iframe", "embed", "object", "applet"), frame),
    **dict.fromkeys(("video", "audio", "[video", "[audio"), media),
    **dict.fromkeys(("[caption", "[wp_caption"), caption),
    "[gallery": gallery,
    "[embed": embed,
}


def _is_picture(node: Element) -> bool:
    return node.tag == "img" and not _FACES.intersection(node.classes)


def _has(node: Element, tags: tuple[str, ...]) -> bool:
    return any(below.tag in tags for below in node.walk())


def _image(walker: Walker, node: Element, *, link: str) -> Image | None:
    sources = [node.get(name) for name in _SOURCES]
    base = walker.context.base_url
    source = next((url for url in (safe.web_link(s, base_url=base) for s in sources) if url), "")
    number = _ATTACHMENT.search(node.get("class")[:1000])
    found = number[1] if number else "".join(_IDS.findall(node.get("data-id"))[:1])
    if not source and not found:
        walker.context.note(FindingKind.IMAGE_REMOVED, node.get("src"))
        return None
    return Image(source, found, " ".join(node.get("alt").split()), "", "", link)


def _captioned(walker: Walker, node: Element, extra: list[Element], style: Style) -> None:
    """One image: what is text around it is its caption, what says so its credit."""
    credit: list[str] = []
    around = _uncredited([*node.children, *(e for e in extra if e not in node.children)], credit)
    blocks = walker.inner(around, style)
    images = [block for block in blocks if isinstance(block, Image)]
    others = [block for block in blocks if not isinstance(block, Image)]
    text, rest = inline_html(others, lists=False)
    number = _ATTACHMENT.search(node.get("id")[:100])
    for found in images:
        walker.add(
            Image(
                found.source_url,
                found.attachment_id or (number[1] if number else ""),
                found.alt,
                text,
                " ".join(" ".join(credit).split()),
                found.link,
            )
        )
    if not images and text:
        walker.add(Paragraph(text))
    for block in rest:
        walker.add(block)


def _uncredited(nodes: list[Node], credit: list[str]) -> list[Node]:
    """``nodes`` without the elements that name the photographer, whose text goes to ``credit``."""
    kept: list[Node] = []
    for node in nodes:
        if isinstance(node, str):
            kept.append(node)
        elif node.tag == "[media-credit" or any("credit" in name for name in node.classes):
            credit.append(node.get("name") or node.text())
            kept.extend(below for below in node.walk() if _is_picture(below))
        else:
            kept.append(Element(node.tag, node.attributes, _uncredited(node.children, credit)))
    return kept


def _file(walker: Walker, node: Element, style: Style) -> None:
    """Write the link of the file block once; WordPress has it twice."""
    links = [below for below in node.walk() if below.tag == "a" and below.get("href")]
    names = [link for link in links if "wp-block-file__button" not in link.classes]
    first = next(iter(names or links), None)
    if first is None:
        walker.transparent(node, style)
        return
    target = Style(frozenset(), walker.context.link(first.get("href")))
    text = first.text().strip() or _file_name(first.get("href"))
    runs = tidy([Run(text, target)], newline_breaks=False)
    if runs:
        walker.add(Paragraph(to_html(runs)))


def _file_name(address: str) -> str:
    try:
        path = urlsplit(address).path
    except ValueError:
        return ""
    return plain_text(unquote(path.rpartition("/")[2]).replace("<", " "))


def _watch(address: str) -> str:
    """Return the page for people behind the address for frames, where it is known."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    host = (parts.hostname or "").removeprefix("www.")
    if host in ("youtube.com", "youtube-nocookie.com") and (found := _YOUTUBE.match(parts.path)):
        return f"https://www.youtube.com/watch?v={found[1]}"
    if host == "player.vimeo.com" and (found := _VIMEO.match(parts.path)):
        return f"https://vimeo.com/{found[1]}"
    return f"https:{address}" if address.startswith("//") else address
