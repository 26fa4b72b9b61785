"""Headings, lists, quotes, and the constructs that are kept as HTML."""

import html
import re

from broadsheet.formats.wordpress_html import safe
from broadsheet.formats.wordpress_html.blocks import (
    Block,
    FindingKind,
    Heading,
    Image,
    InlineFeedback,
    ListBlock,
    Paragraph,
    Quote,
    RawHtml,
)
from broadsheet.formats.wordpress_html.runs import Style
from broadsheet.formats.wordpress_html.tree import REMARK, Element, Node, parse
from broadsheet.formats.wordpress_html.walker import (
    FORMATS,
    Handler,
    Walker,
    inline_html,
    inline_style,
)

# Galleries of the block editor; before WordPress 5.3 a list by itself.
GALLERY = frozenset({"wp-block-gallery", "blocks-gallery-grid"})
_LEVELS = {"h1": 2, "h2": 2, "h3": 3, "h4": 4, "h5": 4, "h6": 4}
_DYNAMIC = re.compile(r"wp:([a-z0-9/-]{1,80})\b.*/", re.DOTALL)
_CONSTRUCT_TAGS = safe.KEPT - {"br", "a"}
_RAW_ATTRIBUTE = re.compile(r"[0-9]{1,4}|row|col|rowgroup|colgroup")
_MAX_CITE = 500


def plain_text(html_text: str) -> str:
    """Return the text of some HTML on one line: for titles, excerpts and the like."""
    return " ".join(Element("", {}, parse(html_text, only_shortcodes=frozenset())).text().split())


def heading(walker: Walker, node: Element, style: Style) -> None:
    """``h1`` … ``h6``; an image in it comes behind it."""
    content, rest = inline_html(walker.inner(node.children, style), separator=" ", lists=False)
    # A heading is bold by itself. This is our own HTML: its tags are written in one way only.
    content = content.replace("<b>", "").replace("</b>", "")
    text = plain_text(content)
    walker.end_paragraph()
    if text:
        walker.add(Heading(_LEVELS[node.tag], content, text))
    for block in rest:
        walker.add(block)


def list_block(walker: Walker, node: Element, style: Style) -> None:
    """``ul`` and ``ol``. What a list can't hold (images, tables, quotes) follows it."""
    parts: list[str] = []
    rest: list[Block] = []
    for child in _items(node):
        is_item = isinstance(child, Element) and child.tag == "li"
        nodes = child.children if isinstance(child, Element) and is_item else [child]
        content, more = inline_html(walker.inner(nodes, style))
        rest.extend(more)
        if not content:
            continue
        if parts and not is_item and content.startswith(("<ul>", "<ol>")):
            # A list right within a list, without an item around it: part of the item before.
            parts[-1] += content
        else:
            parts.append(content)
    tag = "ol" if node.tag == "ol" else "ul"
    if parts:
        items = "".join(f"<li>{part}</li>" for part in parts)
        walker.add(ListBlock(tag == "ol", f"<{tag}>{items}</{tag}>"))
    for block in walker.context.together(rest) if GALLERY.intersection(node.classes) else rest:
        walker.add(block)


def quote(walker: Walker, node: Element, style: Style) -> None:
    """``blockquote``: who said it is in ``<cite>`` or ``<footer>``, where in ``cite``."""
    cite = next((below for below in node.walk() if _is_cite(below)), None)
    address = node.get("cite") or _first_href(cite)
    body: list[Block] = walker.inner(_without(node.children, cite), style)
    parts, texts, rest = list[str](), list[str](), list[Block]()
    for block in body:
        match block:
            case Paragraph(content):
                parts.append(f"<p>{content}</p>")
                texts.append(_lines(content))
            case Heading(_, content, text):
                parts.append(f"<p><b>{content}</b></p>")
                texts.append(text)
            case ListBlock(_, content):
                parts.append(content)
                texts.append(_lines(content))
            case Quote(content, text, inner_cite):
                parts.append(content + (f"<p>{html.escape(inner_cite)}</p>" if inner_cite else ""))
                texts.extend(filter(None, (text, inner_cite)))
            case _:
                rest.append(block)
    if parts:
        cite_text = plain_text(html.escape(cite.text())) if cite else ""
        cite_url = walker.context.link(address)
        text = "\n\n".join(texts)
        walker.add(Quote("".join(parts), text, cite_text, cite_url))
    elif cite:
        walker.transparent(Element("div", {}, cite.children), style)
    for block in rest:
        walker.add(block)


def kept(walker: Walker, node: Element, style: Style) -> None:
    """``table``, ``pre``, ``dl``, ``details``: no block for it, so its HTML stays, sanitised."""
    if node.tag == "pre" and "wp-block-verse" in node.classes:
        verse(walker, node, style)
        return
    content = safe.clean("".join(_written([node], walker, style)), tags=safe.KEPT)
    walker.end_paragraph()
    if plain_text(content):
        walker.context.note(FindingKind.KEPT_HTML, node.tag)
        walker.add(RawHtml(content, node.tag))
    for block in walker.inner(_images(node)):
        if isinstance(block, Image):
            walker.add(block)


def verse(walker: Walker, node: Element, style: Style) -> None:
    """Keep a poem's lines as lines."""
    walker.end_paragraph()
    _verse_lines(walker, node.children, style)
    walker.end_paragraph()


def divider(walker: Walker, _node: Element, _style: Style) -> None:
    """``hr``: dropped and counted."""
    walker.end_paragraph()
    walker.context.note(FindingKind.DIVIDER)


def line_break(walker: Walker, _node: Element, style: Style) -> None:
    """``br``."""
    walker.add_break(style)


def removed(walker: Walker, node: Element, _style: Style) -> None:
    """Drop what has no place in a story and shows no text of the author's."""
    walker.context.note(FindingKind.REMOVED, node.tag)


def form(walker: Walker, node: Element, style: Style) -> None:
    """Drop a form; the text in it stays."""
    walker.context.note(FindingKind.REMOVED, node.tag)
    walker.transparent(node, style)


def short_quote(walker: Walker, node: Element, style: Style) -> None:
    """``<q>``: browsers write the marks, so the text has to."""
    walker.add_text("“", style)
    walker.walk(node.children, style)
    walker.add_text("”", style)


def remark(walker: Walker, node: Element, _style: Style) -> None:
    """``<!-- … -->``: the marks of the editors."""
    text = node.get("text")
    if text == "more" or text.startswith("more "):
        walker.end_paragraph()
    elif text == "nextpage":
        walker.end_paragraph()
        walker.context.note(FindingKind.PAGE_BREAK)
    elif found := _DYNAMIC.fullmatch(text):
        walker.end_paragraph()
        walker.context.note(FindingKind.DYNAMIC_BLOCK, found[1])


def feedback(walker: Walker, node: Element, style: Style) -> None:
    """``[wpdiscuz-feedback]``: the phrase stays, the question is kept beside the text."""
    text = " ".join(Element("", {}, node.children).text().split())
    walker.context.add_feedback(
        InlineFeedback(
            uid=node.get("id"),
            question=node.get("question").strip(),
            opened=node.get("opened") == "1",
            text=text,
            block=-1,
        )
    )
    walker.walk(node.children, style)


HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(_LEVELS, heading),
    **dict.fromkeys(("ul", "ol", "menu", "dir"), list_block),
    **dict.fromkeys(("table", "pre", "dl", "details"), kept),
    **dict.fromkeys(("form", "fieldset"), form),
    **dict.fromkeys(
        (
            *("script", "style", "noscript", "noembed", "noframes", "textarea", "title", "xmp"),
            *("svg", "math", "canvas", "template", "select", "input", "link", "meta", "base"),
            *("datalist", "map", "dialog", "progress", "meter"),
        ),
        removed,
    ),
    "blockquote": quote,
    "q": short_quote,
    "hr": divider,
    "br": line_break,
    REMARK: remark,
    "[wpdiscuz-feedback": feedback,
}


def _items(node: Element) -> list[Node]:
    return [child for child in node.children if not isinstance(child, str) or child.strip()]


def _is_cite(node: Element) -> bool:
    # A name that is as long as a paragraph is none.
    return node.tag in ("cite", "footer") and 0 < len(node.text().strip()) <= _MAX_CITE


def _without(nodes: list[Node], gone: Element | None) -> list[Node]:
    """``nodes`` less one element, wherever it is below them."""
    if gone is None:
        return nodes
    return [
        Element(node.tag, node.attributes, _without(node.children, gone))
        if isinstance(node, Element)
        else node
        for node in nodes
        if node is not gone
    ]


def _first_href(node: Element | None) -> str:
    below = node.walk() if node else ()
    return next((found.get("href") for found in below if found.tag == "a"), "")


def _lines(content: str) -> str:
    text = content.replace("<br>", "\n").replace("</li>", "\n")
    return "\n".join(filter(None, (plain_text(line) for line in text.split("\n"))))


def _images(node: Element) -> list[Node]:
    return [below for below in node.walk() if below.tag == "img"]


def _verse_lines(walker: Walker, nodes: list[Node], style: Style) -> None:
    for node in nodes:
        if isinstance(node, str):
            for number, line in enumerate(node.split("\n")):
                if number:
                    walker.add_break(style)
                walker.add_text(line, style)
        elif node.tag == "br":
            walker.add_break(style)
        else:
            _verse_lines(walker, node.children, inline_style(node, style, walker.context))


def _written(nodes: list[Node], walker: Walker, style: Style) -> list[str]:
    """HTML of what is kept: known tags and their few attributes, text, nothing else."""
    out: list[str] = []
    for node in nodes:
        if isinstance(node, str):
            out.append(html.escape(node, quote=False))
        elif node.tag in _DROPPED:
            removed(walker, node, style)
        elif node.tag == "br":
            out.append("<br>")
        else:
            if node.tag.startswith("["):
                walker.context.note(FindingKind.SHORTCODE, node.tag[1:])
            elif node.tag in _FRAMES:
                removed(walker, node, style)
            start, end = _tags(node, walker)
            inner = "".join(_written(node.children, walker, style))
            # HTML itself passes over a newline right behind `<pre>`, each time it is read.
            out.extend((start, inner.lstrip("\n") if start == "<pre>" else inner, end))
    return out


def _tags(node: Element, walker: Walker) -> tuple[str, str]:
    tag = FORMATS.get(node.tag, node.tag)
    if tag == "a":
        address = walker.context.link(node.get("href"))
        return (f'<a href="{html.escape(address)}">', "</a>") if address else ("", "")
    if tag not in _CONSTRUCT_TAGS:
        return "", ""
    attributes = "".join(
        f' {name}="{node.get(name)}"'
        for name in sorted(safe.KEPT_ATTRIBUTES.get(tag, ()))
        if _RAW_ATTRIBUTE.fullmatch(node.get(name))
    )
    return f"<{tag}{attributes}>", f"</{tag}>"


_FRAMES = frozenset({"iframe", "embed", "object", "video", "audio"})
_DROPPED = frozenset(tag for tag, handler in HANDLERS.items() if handler is removed)
