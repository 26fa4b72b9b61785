"""HTML and shortcodes into a flat run of tokens, in one pass and in linear time.

The standard library's parser is not used because versions of it that people still run need
quadratic time on unclosed tags. Nothing here has to be exact about broken HTML: what comes out is
sanitised in the end, so a mistake costs beauty, not safety.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from broadsheet.formats.wordpress_html.characters import unescape
from broadsheet.formats.wordpress_html.shortcodes import Shortcode, Shortcodes

# Tags whose content is no HTML. In XHTML's spelling (`<iframe … />`) they are empty.
RAW_TAGS = frozenset(
    {"script", "style", "iframe", "noscript", "noembed", "noframes", "textarea", "title", "xmp"}
)
_MAX_ATTRIBUTES = 64
_MAX_NAME = 64

_SPECIAL = re.compile(r"[<\[]")
_NAME = re.compile(r"<(/?)([a-zA-Z][^\s/><]*)")
_GAP = re.compile(r"[\s/]*")
_ATTRIBUTE = re.compile(
    r"""([^\s/>][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']*)))?""",
)


class Text(NamedTuple):
    """Text with its entities resolved."""

    text: str


class Start(NamedTuple):
    """An opening tag; ``closed`` if written ``<x/>``."""

    tag: str
    attributes: Mapping[str, str]
    closed: bool


class End(NamedTuple):
    """A closing tag."""

    tag: str


class Remark(NamedTuple):
    """The inside of ``<!-- … -->``, where the block editor keeps its marks."""

    text: str


type Token = Text | Start | End | Remark | Shortcode


def tokens(html: str, *, shortcodes: Shortcodes) -> Iterator[Token]:
    """Return the tokens of ``html``, which must be normalised."""
    return _Lexer(html, shortcodes).run()


@dataclass(slots=True)
class _Lexer:
    html: str
    shortcodes: Shortcodes
    # Ends that were looked for and are not in the rest: not to be looked for again.
    missing: set[str] = field(default_factory=set)

    def run(self) -> Iterator[Token]:
        html, begin, at = self.html, 0, 0
        while found := _SPECIAL.search(html, at):
            at = found.start()
            step = self._shortcode(at) if html[at] == "[" else self._markup(at)
            if step is None:
                at += 1
                continue
            made, end = step
            if begin < at:
                yield Text(unescape(html[begin:at]))
            yield from made
            begin = at = end
        if begin < len(html):
            yield Text(unescape(html[begin:]))

    def _shortcode(self, at: int) -> tuple[tuple[Token, ...], int] | None:
        if self.html.startswith("[[", at):
            inner = self.shortcodes.match(self.html, at + 1)
            if inner and self.html.startswith("]", inner[1]):
                return (Text(unescape(self.html[at + 1 : inner[1]])),), inner[1] + 1
            return None
        found = self.shortcodes.match(self.html, at)
        return ((found[0],), found[1]) if found else None

    def _markup(self, at: int) -> tuple[tuple[Token, ...], int] | None:
        html = self.html
        if html.startswith("<!--", at):
            end = self._find("-->", at + 4)
            # An unclosed remark loses its mark, not everything behind it.
            return ((Remark(html[at + 4 : end]),), end + 3) if end >= 0 else ((), at + 4)
        if html.startswith(("<!", "<?"), at):
            end = self._find(">", at)
            return ((), end + 1) if end >= 0 else None
        name = _NAME.match(html, at)
        return self._tag(name) if name else None

    def _tag(self, name: re.Match[str]) -> tuple[tuple[Token, ...], int] | None:
        # Without this, a text of nothing but `<a <a <a` would be read to its end at each.
        if self._find(">", name.end()) < 0:
            return None
        tag = name[2].lower()[:_MAX_NAME]
        attributes, end, closed = self._attributes(name.end())
        if end < 0:
            self.missing.add(">")
            return None
        if name[1]:
            return (End(tag),), end
        start = Start(tag, attributes, closed)
        if tag in RAW_TAGS and not closed:
            return (start, End(tag)), self._raw_end(tag, end)
        return (start,), end

    def _attributes(self, at: int) -> tuple[dict[str, str], int, bool]:
        html, found = self.html, dict[str, str]()
        while True:
            gap = _GAP.match(html, at)
            at = gap.end() if gap else at
            if html.startswith(">", at):
                return found, at + 1, html[at - 1] == "/"
            match = _ATTRIBUTE.match(html, at)
            if match is None:
                return found, -1, False
            at = match.end()
            if len(found) < _MAX_ATTRIBUTES:
                value = match[2] or match[3] or match[4] or ""
                found.setdefault(match[1].lower(), unescape(value))

    def _raw_end(self, tag: str, at: int) -> int:
        if tag in self.missing:
            return at
        end = re.compile(f"</{tag}[^>]*>", re.IGNORECASE).search(self.html, at)
        if end is None:
            self.missing.add(tag)
            return len(self.html) if tag in ("script", "style") else at
        return end.end()

    def _find(self, what: str, at: int) -> int:
        if what in self.missing:
            return -1
        end = self.html.find(what, at)
        if end < 0:
            self.missing.add(what)
        return end
