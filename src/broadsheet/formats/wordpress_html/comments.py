"""The door for comments: the HTML that WordPress keeps of a comment, as Markdown source.

WordPress stores what people typed less what they may not use, and makes paragraphs of blank lines
and links of addresses when it shows it. So does this.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from broadsheet.formats.wordpress_html import safe
from broadsheet.formats.wordpress_html.markdown import fenced, to_markdown
from broadsheet.formats.wordpress_html.runs import PLAIN, Run, Style, tidy
from broadsheet.formats.wordpress_html.tree import BLOCK, REMARK, Element, Node, parse
from broadsheet.formats.wordpress_html.walker import Context, inline_style

# A comment's own brackets mean nothing to WordPress; this one is wpDiscuz's.
_SHORTCODES = frozenset({"spoiler"})
# CommonMark's way to break a line that needs no white space at its end.
HARD_BREAK = "\\\n"
# Quotes and lists within each other; deeper ones lose their frame, not their text.
_MAX_NESTING = 6
_BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")
_GONE = frozenset(
    {
        *("script", "style", "noscript", "iframe", "object", "embed", "svg", "math", "template"),
        *("noembed", "noframes", "textarea", "title", "xmp", "select", "canvas", REMARK),
    }
)
_FACES = frozenset({"emoji", "wp-smiley", "wp-emoji"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


def comment_text(
    html: str, *, base_url: str = "", line_break: str = HARD_BREAK, autolinks: bool = True
) -> str:
    r"""Return the Markdown that shows what the HTML of a comment showed.

    Uses bold, italic, links, quotes, lists and code; everything else becomes its text. Characters
    that Markdown would interpret are escaped. ``line_break`` is what a line break within a
    paragraph is written as; pass ``"\n"`` for a renderer that keeps newlines. Addresses stand in
    angle brackets, which make links of them; not so for a renderer without ``autolinks``.
    Never raises; time grows with the length. The result is source, to be rendered and sanitised
    like any new comment. It is empty if there is nothing to see.
    """
    context = Context(base_url=base_url, classic=True)
    writer = _Writer(context, line_break, autolinks=autolinks)
    writer.walk(parse(html.replace("\xa0", " "), only_shortcodes=_SHORTCODES), PLAIN)
    return writer.finish()


class _Chunk(NamedTuple):
    """A block of Markdown; ``marker`` is how the items of a list begin, else empty."""

    text: str
    marker: str = ""


class _Writer:
    def __init__(
        self, context: Context, line_break: str, depth: int = 0, *, autolinks: bool
    ) -> None:
        self._context = context
        self._line_break = line_break
        self._depth = depth
        self._autolinks = autolinks
        self._chunks: list[_Chunk] = []
        self._runs: list[Run] = []

    def finish(self) -> str:
        """All chunks; a list clings to the line above only within an item."""
        self._end_paragraph()
        out: list[str] = []
        for chunk in self._chunks:
            if out:
                out.append("\n" if chunk.marker and self._depth else "\n\n")
            out.append(chunk.text)
        return "".join(out)

    def walk(self, nodes: Iterable[Node], style: Style) -> None:
        for node in nodes:
            if isinstance(node, str):
                self._text(node, style)
            elif node.tag not in _GONE:
                self._element(node, style)

    def _element(self, node: Element, style: Style) -> None:
        match node.tag:
            case "br":
                self._break(style)
            case "blockquote":
                self._quote(node.children, style)
            case "[spoiler":
                self._spoiler(node, style)
            case "ul" | "ol":
                self._list(node, style)
            case "pre":
                self._code(node)
            case "img":
                self._image(node, style)
            case "q":
                self.walk(["“", *node.children, "”"], style)
            case tag if tag in _HEADINGS:
                self._boxed(node.children, style.plus("b"))
            case tag if tag in BLOCK:
                self._boxed(node.children, style)
            case _:
                self.walk(node.children, inline_style(node, style, self._context))

    def _text(self, text: str, style: Style) -> None:
        for number, part in enumerate(_BLANK_LINE.split(text)):
            if number:
                self._end_paragraph()
            self._runs.append(Run(part, style))

    def _break(self, style: Style) -> None:
        last = next((run for run in reversed(self._runs) if run.is_break or run.text.strip()), None)
        if last is not None and last.is_break:
            self._end_paragraph()
        else:
            self._runs.append(Run("", style, is_break=True))

    def _boxed(self, nodes: Iterable[Node], style: Style) -> None:
        self._end_paragraph()
        self.walk(nodes, style)
        self._end_paragraph()

    def _end_paragraph(self) -> None:
        if not self._runs:
            return
        kept = [run._replace(style=_subset(run.style)) for run in self._runs]
        self._runs = []
        runs = tidy(kept, newline_breaks=True)
        if any(run.text.strip() for run in runs):
            text = to_markdown(runs, line_break=self._line_break, autolinks=self._autolinks)
            self._chunks.append(_Chunk(text))

    def _inner(self, nodes: Iterable[Node], style: Style) -> str:
        inner = self._depth + 1
        writer = _Writer(self._context, self._line_break, inner, autolinks=self._autolinks)
        writer.walk(nodes, style)
        return writer.finish()

    def _quote(self, nodes: list[Node], style: Style) -> None:
        self._end_paragraph()
        if self._depth >= _MAX_NESTING:
            self._boxed(nodes, style)
            return
        inner = self._inner(nodes, style)
        if inner:
            lines = (f"> {line}".rstrip(" ") for line in inner.split("\n"))
            self._chunks.append(_Chunk("\n".join(lines)))

    def _spoiler(self, node: Element, style: Style) -> None:
        """Markdown hides nothing: the title in bold, what it hid as a quote."""
        title = node.get("title").strip()
        self._boxed([title] if title else [], style.plus("b"))
        self._quote(node.children, style)

    def _list(self, node: Element, style: Style) -> None:
        self._end_paragraph()
        if self._depth >= _MAX_NESTING:
            self._boxed(node.children, style)
            return
        # Two lists in a row would become one if both used the same sign.
        first = "." if node.tag == "ol" else "-"
        other = {".": ")", "-": "+"}[first]
        marker = other if self._chunks and self._chunks[-1].marker == first else first
        items: list[str] = []
        for child in node.children:
            nodes = child.children if isinstance(child, Element) and child.tag == "li" else [child]
            content = self._inner(nodes, style)
            if content:
                sign = f"{len(items) + 1}{marker} " if node.tag == "ol" else f"{marker} "
                items.append(sign + content.replace("\n", "\n" + " " * len(sign)))
        if items:
            text = "\n".join(
                "\n".join(line.rstrip(" ") for line in item.split("\n")) for item in items
            )
            self._chunks.append(_Chunk(text, marker))

    def _code(self, node: Element) -> None:
        self._end_paragraph()
        text = node.text().strip("\n")
        if text.strip():
            self._chunks.append(_Chunk(fenced(text)))

    def _image(self, node: Element, style: Style) -> None:
        """Make a link of a picture, which a comment can't hold."""
        address = safe.web_link(node.get("src"), base_url=self._context.base_url)
        text = node.get("alt").strip()
        if _FACES.intersection(node.classes):
            self._text(text, style)
        elif address:
            self._text(text or address, style._replace(href=style.href or address))


def _subset(style: Style) -> Style:
    """Leave what Markdown can say. Code is nothing else besides: two spans must not touch."""
    style = style.minus("s", "sub", "sup")
    return style.minus("b", "i") if "code" in style.formats else style
