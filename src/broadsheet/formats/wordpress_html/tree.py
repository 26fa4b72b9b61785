"""Tokens into a tree of bounded depth, with the closings that HTML lets authors leave out."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from broadsheet.formats.wordpress_html.characters import normalise
from broadsheet.formats.wordpress_html.lexer import End, Remark, Start, Text, Token, tokens
from broadsheet.formats.wordpress_html.shortcodes import Shortcodes

# Deeper elements lose their tag, never their text. Real posts stay below 25.
MAX_DEPTH = 48
REMARK = "<!--"

VOID = frozenset(
    {
        *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param"),
        *("source", "track", "wbr"),
    }
)
BLOCK = frozenset(
    {
        *("address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog"),
        *("dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1"),
        *("h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "legend", "li", "main"),
        *("menu", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot"),
        *("th", "thead", "tr", "ul", "caption"),
    }
)
# An end tag or an implied end never reaches over these.
_WALLS = frozenset({"td", "th", "li", "blockquote", "table", "figure", "dd", "details"})
# Opening the key ends the nearest open one of the values.
_ENDS = {
    "li": frozenset({"li"}),
    "dt": frozenset({"dt", "dd"}),
    "dd": frozenset({"dt", "dd"}),
    "tr": frozenset({"tr", "td", "th"}),
    "td": frozenset({"td", "th"}),
    "th": frozenset({"td", "th"}),
    "option": frozenset({"option"}),
}
_ENDS_WALLS = frozenset({"ul", "ol", "dl", "table", "menu", "dir", "select"})


@dataclass(slots=True, eq=False)
class Element:
    """A tag, a shortcode (its name with ``[`` before it) or a remark (``<!--``)."""

    tag: str
    attributes: Mapping[str, str]
    children: "list[Node]" = field(default_factory=list)

    def get(self, name: str) -> str:
        """Return the value of an attribute, or the empty string."""
        return self.attributes.get(name, "")

    @property
    def classes(self) -> list[str]:
        """The words of its ``class``."""
        return self.get("class").split()

    def walk(self) -> "Iterator[Element]":
        """Every element below, in the order of the text."""
        waiting = self.children[::-1]
        while waiting:
            node = waiting.pop()
            if isinstance(node, Element):
                yield node
                waiting.extend(reversed(node.children))

    def text(self) -> str:
        """All text below, as it is."""
        return "".join(child if isinstance(child, str) else child.text() for child in self.children)


type Node = Element | str


def parse(html: str, *, only_shortcodes: frozenset[str] | None = None) -> list[Node]:
    """Return the tree of ``html``; ``only_shortcodes`` limits which brackets count (comments)."""
    text = normalise(html)
    builder = _Builder()
    builder.feed(tokens(text, shortcodes=Shortcodes.of(text, only=only_shortcodes)))
    return builder.root.children


class _Builder:
    def __init__(self) -> None:
        self.root = Element("", {})
        self._stack = [self.root]
        self._open: Counter[str] = Counter()

    def feed(self, source: Iterable[Token]) -> None:
        for token in source:
            match token:
                case Text(text):
                    self._stack[-1].children.append(text)
                case Remark(text):
                    self._stack[-1].children.append(Element(REMARK, {"text": text.strip()}))
                case Start(tag, attributes, closed):
                    self._start(tag, attributes, closed=closed)
                case End(tag):
                    self._end(tag)
                case _:
                    self._shortcode(token.name, token.attributes, token.kind)

    def _start(self, tag: str, attributes: Mapping[str, str], *, closed: bool) -> None:
        if tag in BLOCK and self._open["p"]:
            self._close_until("p", _WALLS)
        if tag in _ENDS:
            self._close_sibling(_ENDS[tag])
        self._push(Element(tag, attributes), keep_open=tag not in VOID and not closed)

    def _end(self, tag: str) -> None:
        if tag == "br":
            self._push(Element("br", {}), keep_open=False)
        elif self._open[tag]:
            self._close_until(tag, frozenset() if tag in _WALLS or tag in _ENDS_WALLS else _WALLS)

    def _shortcode(self, name: str, attributes: Mapping[str, str], kind: str) -> None:
        tag = "[" + name
        if kind == "close":
            if self._open[tag]:
                self._close_until(tag, frozenset())
            return
        self._push(Element(tag, attributes), keep_open=kind == "open")

    def _push(self, element: Element, *, keep_open: bool) -> None:
        self._stack[-1].children.append(element)
        if keep_open and len(self._stack) < MAX_DEPTH:
            self._stack.append(element)
            self._open[element.tag] += 1

    def _close_until(self, tag: str, walls: frozenset[str]) -> None:
        for depth in range(len(self._stack) - 1, 0, -1):
            if self._stack[depth].tag == tag:
                self._pop_to(depth)
                return
            if self._stack[depth].tag in walls:
                return

    def _close_sibling(self, tags: frozenset[str]) -> None:
        for depth in range(len(self._stack) - 1, 0, -1):
            if self._stack[depth].tag in _ENDS_WALLS:
                return
            if self._stack[depth].tag in tags:
                outer = self._stack[depth - 1].tag
                self._pop_to(depth - 1 if "tr" in tags and outer == "tr" else depth)
                return

    def _pop_to(self, depth: int) -> None:
        for element in self._stack[depth:]:
            self._open[element.tag] -= 1
        del self._stack[depth:]
