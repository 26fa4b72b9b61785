"""The walk from the tree to blocks. What single tags become is in ``media`` and ``texts``."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from broadsheet.formats.wordpress_html import safe
from broadsheet.formats.wordpress_html.blocks import (
    Block,
    Finding,
    FindingKind,
    Image,
    InlineFeedback,
    ListBlock,
    Paragraph,
)
from broadsheet.formats.wordpress_html.runs import PLAIN, Run, Style, tidy, to_html
from broadsheet.formats.wordpress_html.tree import BLOCK, Element, Node

FORMATS = {
    "b": "b",
    "strong": "b",
    "i": "i",
    "em": "i",
    "cite": "i",
    "dfn": "i",
    "var": "i",
    "s": "s",
    "strike": "s",
    "del": "s",
    "code": "code",
    "tt": "code",
    "kbd": "code",
    "samp": "code",
    "sub": "sub",
    "sup": "sup",
}
_BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")
_BARE_URL = re.compile(r"https?://[^\s<>\"]{1,1900}")
_WEIGHT = re.compile(r"font-weight:\s{0,9}(bold|[1-9]00|normal)")
_LIST_TAGS = re.compile(r"</?(?:ul|ol|li)>")
_MAX_FINDINGS = 200
_MAX_FEEDBACK = 200
_MAX_DETAIL = 120
_FIRST_BOLD_WEIGHT = 600


@dataclass(slots=True)
class Context:
    """What all walkers of one post share.

    ``classic``: the post comes from the classic editor, where a newline is a line break and a
    blank line ends a paragraph.
    """

    base_url: str
    classic: bool
    findings: Counter[tuple[FindingKind, str]] = field(default_factory=Counter)
    feedback: list[InlineFeedback] = field(default_factory=list)
    galleries: int = 0

    def note(self, kind: FindingKind, detail: str = "") -> None:
        """Count one more of this."""
        key = (kind, detail[:_MAX_DETAIL])
        if len(self.findings) >= _MAX_FINDINGS and key not in self.findings:
            key = (FindingKind.TOO_MANY, "")
        self.findings[key] += 1

    def together(self, blocks: Iterable[Block]) -> list[Block]:
        """Return the blocks, their images as one gallery if there are several."""
        found = list(blocks)
        if sum(isinstance(block, Image) and not block.gallery for block in found) < 2:  # noqa: PLR2004 - one is no gallery
            return found
        self.galleries += 1
        return [
            replace(block, gallery=block.gallery or self.galleries)
            if isinstance(block, Image)
            else block
            for block in found
        ]

    def add_feedback(self, feedback: InlineFeedback) -> None:
        """Keep an inline question; there is a bound."""
        if len(self.feedback) < _MAX_FEEDBACK:
            self.feedback.append(feedback)

    def listed(self) -> tuple[Finding, ...]:
        """Return the findings, in the order in which they first occurred."""
        return tuple(Finding(kind, detail, n) for (kind, detail), n in self.findings.items())

    def link(self, href: str) -> str:
        """Return the address to follow, or empty; an unusable one is noted."""
        found = safe.link(href, base_url=self.base_url)
        if not found and href.strip() and not href.strip().startswith("#"):
            self.note(FindingKind.LINK_REMOVED, href.strip())
        return found


type Handler = Callable[["Walker", Element, Style], None]


class Walker:
    """Collects blocks; text gathers in ``runs`` until a block ends the paragraph."""

    def __init__(self, context: Context, handlers: Mapping[str, Handler]) -> None:
        self.context = context
        self.blocks: list[Block] = []
        self._handlers = handlers
        self._runs: list[Run] = []
        self._in_paragraph = 0

    def inner(self, nodes: Iterable[Node], style: Style = PLAIN) -> list[Block]:
        """Return the blocks of these nodes, apart from the ones gathered here."""
        walker = Walker(self.context, self._handlers)
        walker.walk(nodes, style)
        return walker.finish()

    def finish(self) -> list[Block]:
        """All blocks, the last paragraph included."""
        self.end_paragraph()
        return self.blocks

    def walk(self, nodes: Iterable[Node], style: Style) -> None:
        """Go through ``nodes``; their text takes ``style``."""
        for node in nodes:
            if isinstance(node, str):
                self.add_text(node, style)
            else:
                self._element(node, style)

    def add_text(self, text: str, style: Style) -> None:
        """Text of the post; a blank line in it may end the paragraph."""
        splits = self.context.classic or not self._in_paragraph
        for number, part in enumerate(_BLANK_LINE.split(text) if splits else [text]):
            if number:
                self.end_paragraph()
            self._runs.append(Run(part, style))

    def add_break(self, style: Style) -> None:
        """``<br>``; in classic posts a second one ends the paragraph, as WordPress does."""
        if self.context.classic:
            last = next((r for r in reversed(self._runs) if r.is_break or r.text.strip()), None)
            if last is not None and last.is_break:
                self.end_paragraph()
                return
        self._runs.append(Run("", style, is_break=True))

    def add(self, block: Block) -> None:
        """Put a block of its own behind the text so far."""
        self.end_paragraph()
        self.blocks.append(block)

    def add_link(self, *, href: str, text: str) -> None:
        """Put a paragraph that is a link, for what readers have to go elsewhere to see."""
        address = self.context.link(href)
        if address:
            self.context.note(FindingKind.EMBED, urlsplit(address).hostname or "")
            style = Style(frozenset(), address)
            label = tidy([Run(text.strip() or address, style)], newline_breaks=False)
            self.add(Paragraph(to_html(label)))

    def end_paragraph(self) -> None:
        """Make a paragraph of the text so far, if there is any."""
        if not self._runs:
            return
        runs = tidy(self._runs, newline_breaks=self.context.classic)
        self._runs = []
        if any(run.text.strip() for run in runs):
            self.blocks.append(Paragraph(to_html(self._linked(runs))))

    def _linked(self, runs: list[Run]) -> list[Run]:
        """Link an address alone on its line, which is what WordPress embeds."""
        last = len(runs) - 1
        for at, run in enumerate(runs):
            alone = (at == 0 or runs[at - 1].is_break) and (at == last or runs[at + 1].is_break)
            if alone and not run.style.href and _BARE_URL.fullmatch(run.text):
                address = self.context.link(run.text)
                self.context.note(FindingKind.EMBED, urlsplit(address).hostname or "")
                runs[at] = Run(run.text, run.style._replace(href=address))
        return runs

    def _element(self, node: Element, style: Style) -> None:
        handler = self._handlers.get(node.tag)
        if handler:
            handler(self, node, style)
        elif node.tag.startswith("["):
            self.context.note(FindingKind.SHORTCODE, node.tag[1:])
            self.walk(node.children, style)
        elif node.tag in BLOCK:
            self.transparent(node, style)
        else:
            self.walk(node.children, inline_style(node, style, self.context))

    def transparent(self, node: Element, style: Style) -> None:
        """Walk through a box that leaves no trace but the end of the paragraphs around it."""
        self.end_paragraph()
        self._in_paragraph += node.tag == "p"
        self.walk(node.children, style)
        self._in_paragraph -= node.tag == "p"
        self.end_paragraph()


def inline_style(node: Element, style: Style, context: Context) -> Style:
    """``style`` within the inline element ``node``."""
    if node.tag == "a":
        address = context.link(node.get("href"))
        return style._replace(href=style.href or address)
    css = node.get("style").lower()[:500]
    weight = _WEIGHT.search(css)
    bold = bool(weight) and weight[1] != "normal" if weight else node.tag in ("b", "strong")
    if weight and weight[1].isdigit():
        bold = int(weight[1]) >= _FIRST_BOLD_WEIGHT
    if bold:
        style = style.plus("b")
    if "font-style:italic" in css.replace(" ", ""):
        style = style.plus("i")
    name = FORMATS.get(node.tag)
    return style.plus(name) if name and name != "b" else style


def inline_html(
    blocks: Iterable[Block], *, separator: str = "<br>", lists: bool = True
) -> tuple[str, list[Block]]:
    """Join paragraphs and lists to one piece of HTML, apart from the blocks that do not fit in it.

    Without ``lists`` their items become lines.
    """
    html: list[str] = []
    rest: list[Block] = []
    for block in blocks:
        match block:
            case Paragraph(text):
                html.append((separator if html and not html[-1].endswith("l>") else "") + text)
            case ListBlock(_, text) if lists:
                html.append(text)
            case ListBlock(_, text):
                html.append(separator if html else "")
                html.append(separator.join(filter(None, _LIST_TAGS.split(text))))
            case _:
                rest.append(block)
    return "".join(html), rest
