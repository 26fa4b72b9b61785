"""From what somebody typed to the HTML that is stored: the same way for posting and for import.

A small Markdown: bold, italic, quotes, links, lists, code. No headings, no tables, no raw HTML;
an image becomes a link to it. The length is capped before parsing and the output after it,
because a few kilobytes of Markdown can ask for megabytes of HTML.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from functools import partial
from html import escape, unescape
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from broadsheet.discussion.rules.mentioning import mentioned
from broadsheet.discussion.rules.piles import without_piles
from broadsheet.kit.html import SafeHtml, comment_html

INPUT_LIMIT: Final = 10_000
# Longer texts come only from imports; they keep their words and line breaks, not their markup.
PLAIN_LIMIT: Final = 100_000
OUTPUT_LIMIT: Final = 150_000
LONGEST_ADDRESS: Final = 2_000

_DISABLED = ("heading", "lheading", "hr", "code", "html_block", "html_inline", "reference")
_SCHEME = re.compile(r"(?:https?://|mailto:)[^\s]", re.IGNORECASE)
_BARE_URL = re.compile(r"(?:https?://|(?<![\w@.-])www\.(?=[\w-]+\.))[^\s<>\"“”«»]+", re.IGNORECASE)
_TRAILING = ".,;:!?'\"*_~…’"
_TAG = re.compile(r"<[^>]*>")
# To somewhere else: a mention leads to a comment here.
_LINK = re.compile(r'<a href="((?!/)[^"]*)"')


class TextTooLongError(ValueError):
    """A text longer than PLAIN_LIMIT; nothing is cut off silently."""


def render(source: str, *, mentions: Mapping[str, int] | None = None) -> SafeHtml:
    """Return the sanitised HTML of a comment's Markdown.

    `mentions` gives the number of a comment for names: after an "@" they become links to it.

    Texts above INPUT_LIMIT, or whose HTML would be above OUTPUT_LIMIT, are kept as plain
    paragraphs. Raises TextTooLongError above PLAIN_LIMIT characters.
    """
    if len(source) > PLAIN_LIMIT:
        raise TextTooLongError(f"{len(source)} characters are more than {PLAIN_LIMIT}")
    if len(source) <= INPUT_LIMIT:
        html = _markdown.render(source, {"mentions": mentions or {}})
        if len(html) <= OUTPUT_LIMIT:
            return comment_html(without_piles(html), own_links=bool(mentions))
    return comment_html(without_piles(plain(source)))


def render_foreign(html: str) -> SafeHtml:
    """Return the sanitised HTML of a comment that another system kept as HTML.

    Such text often has no paragraphs of its own: blank lines and line breaks become them, outside
    of blocks that say how they are laid out.
    """
    if len(html) > PLAIN_LIMIT:
        raise TextTooLongError(f"{len(html)} characters are more than {PLAIN_LIMIT}")
    # Cleaned first: what is laid out then holds only our own tags, and is well formed.
    clean = comment_html(_BOLD_ITALIC.sub(_emphasis, html))
    return comment_html(_laid_out(without_piles(clean)))


def has_link(html: str) -> bool:
    """Say whether sanitised HTML holds a link to somewhere."""
    return _LINK.search(html) is not None


def links_of(html: str) -> tuple[str, ...]:
    """Return the addresses that sanitised HTML links to."""
    return tuple(unescape(address) for address in _LINK.findall(html))


def words(html: str) -> str:
    """Return what there is to read in sanitised HTML; "" when nothing of it can be seen."""
    text = unescape(_TAG.sub("", html)).strip()
    return text if any(unicodedata.category(c)[0] not in "CZ" for c in text) else ""


def plain(source: str) -> str:
    """Return `source` as escaped paragraphs with its line breaks."""
    blocks = (block.strip("\n") for block in re.split(r"\n[ \t]*\n", source))
    return "".join(
        f"<p>{escape(block, quote=False).replace(chr(10), '<br>')}</p>" for block in blocks if block
    )


_BOLD_ITALIC = re.compile(r"<(/?)([bi])(?=[\s>])", re.IGNORECASE)
_BLOCK = re.compile(r"(</?(?:blockquote|ul|ol|pre)\b[^>]*>)")


def _emphasis(match: re.Match[str]) -> str:
    return f"<{match[1]}{'strong' if match[2] in 'bB' else 'em'}"


def _laid_out(html: str) -> str:
    """Make paragraphs of cleaned HTML that has none, except inside lists and code."""
    return html if "<p>" in html else "".join(_blocks(html))


def _blocks(html: str) -> Iterator[str]:
    around: list[str] = []
    for part in _BLOCK.split(html):
        tag = _BLOCK.fullmatch(part)
        if tag is None:
            quoted = all(name == "blockquote" for name in around)
            yield from _paragraphs(part) if quoted else (part,)
            continue
        yield part
        name = part.strip("</>").split()[0]
        if not part.startswith("</"):
            around.append(name)
        elif around:
            around.pop()


def _paragraphs(text: str) -> Iterator[str]:
    for block in re.split(r"\n[ \t]*\n", text):
        if block.strip():
            yield f"<p>{block.strip(chr(10)).replace(chr(10), '<br>')}</p>"


def _autolink(state: StateCore) -> None:
    """Turn bare addresses into links, outside of links and code."""
    for block in state.tokens:
        if block.type != "inline" or not block.children:
            continue
        if "://" in block.content or "www." in block.content.lower():
            block.children = list(_outside_links(block.children, _split))


def _mention(state: StateCore) -> None:
    """Turn the names of people after an "@" into links, outside of links and code."""
    known: Mapping[str, int] = state.env.get("mentions", {})
    for block in state.tokens:
        if known and block.type == "inline" and block.children and "@" in block.content:
            block.children = list(_outside_links(block.children, partial(_named, known)))


def _named(known: Mapping[str, int], token: Token) -> Iterator[Token]:
    text, at = token.content, 0
    for start, end, name in mentioned(text, known):
        yield _text(text[at:start], token.level)
        yield from _link(f"@{name}", f"/c/{known[name]}/", token.level)
        at = end
    yield _text(text[at:], token.level)


def _outside_links(
    tokens: list[Token], split: Callable[[Token], Iterable[Token]]
) -> Iterator[Token]:
    inside = 0
    for token in tokens:
        inside += (token.type == "link_open") - (token.type == "link_close")
        if token.type == "text" and not inside:
            yield from split(token)
        else:
            yield token


def _split(token: Token) -> Iterator[Token]:
    text, at = token.content, 0
    for match in _BARE_URL.finditer(text):
        if len(match.group()) > LONGEST_ADDRESS:
            continue
        url = _trimmed(match.group())
        start, end = match.start(), match.start() + len(url)
        if len(url) <= len("https://"):
            continue
        yield _text(text[at:start], token.level)
        target = url if "://" in url[:8] else f"https://{url}"
        yield from _link(url, _normalise(target), token.level)
        at = end
    yield _text(text[at:], token.level)


def _link(content: str, address: str, level: int) -> Iterator[Token]:
    attributes: dict[str, str | int | float] = {"href": address}
    yield Token("link_open", "a", 1, attrs=attributes, level=level)
    yield _text(content, level + 1)
    yield Token("link_close", "a", -1, level=level)


def _text(content: str, level: int) -> Token:
    return Token("text", "", 0, content=content, level=level)


def _trimmed(url: str) -> str:
    """Leave off what belongs to the sentence: punctuation, and a bracket opened before."""
    while url:
        last = url[-1]
        opening = {")": "(", "]": "[", "}": "{"}.get(last)
        if last in _TRAILING or (opening and url.count(opening) < url.count(last)):
            url = url[:-1]
        else:
            break
    return url


def _normalise(url: str) -> str:
    return _markdown.normalizeLink(url)


def _image_as_link(
    self: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    options: Any,
    env: MutableMapping[str, Any],
) -> str:
    token = tokens[index]
    address = str(token.attrs.get("src", ""))
    words = self.renderInlineAsText(token.children, options, env) or address
    return f'<a href="{escape(address)}">{escape(words, quote=False)}</a>'


def _allowed(url: str) -> bool:
    return _SCHEME.match(url.strip()) is not None


def _build() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": False})
    parser.disable(list(_DISABLED))
    parser.validateLink = _allowed  # type: ignore[method-assign]  # the library's documented way
    parser.core.ruler.after("inline", "bare_addresses", _autolink)
    parser.core.ruler.after("bare_addresses", "mentions", _mention)
    parser.add_render_rule("image", _image_as_link)
    return parser


_markdown = _build()
