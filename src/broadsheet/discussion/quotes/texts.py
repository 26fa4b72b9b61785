"""What can be quoted of a comment, and the quotations that somebody typed into one. Pure."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Final

from broadsheet.kit.anchors import MAX_EXACT, PlainText, plain, sentences
from broadsheet.kit.anchors.matching import LEAST_WORDS
from broadsheet.kit.anchors.words import WORD

# So many typed quotations of one comment are looked for; a comment carries three at most.
MAX_TYPED: Final = 6
_BLOCK_END: Final = re.compile(r"</?(?:p|li|ul|ol|h\d|blockquote|pre)\b[^>]*>")
_TAG: Final = re.compile(r"<[^>]*>")
_BLOCKQUOTE: Final = re.compile(r"<(/?)blockquote\b[^>]*>")
# Marks of quotation that open and close differently, and the straight ones.
_MARKED: Final = re.compile(
    r"“([^“”]{20,1200})”|„([^„“”]{20,1200})[“”]|«([^«»]{20,1200})»|»([^«»]{20,1200})«"
    r"|「([^「」]{8,1200})」|『([^『』]{8,1200})』|\"([^\"]{20,1200})\""
)


def quotable(html: str) -> PlainText:
    """Return the words of a comment's HTML in the form that anchors count in."""
    broken = _BLOCK_END.sub("\n\n", html.replace("<br>", "\n"))
    return plain(unescape(_TAG.sub("", broken)))


def whole_extent(text: PlainText) -> int:
    """Return where a quotation of the whole text ends: at its end, or after what fits."""
    words = text.text
    if len(words) <= MAX_EXACT:
        return len(words)
    ends = [end for _, end in sentences(words[: MAX_EXACT + 1]) if end < MAX_EXACT]
    space = words.rfind(" ", 1, MAX_EXACT)
    return ends[-1] if ends else space if space > 0 else MAX_EXACT


def typed_quotations(html: str) -> list[str]:
    """Return what is quoted in a comment's HTML by blockquotes and by quotation marks.

    Only those long enough to be somebody's own words, at most MAX_TYPED.
    """
    found: list[str] = []
    rest: list[str] = []
    for inside, piece in _pieces(html):
        (found if inside else rest).append(quotable(piece).text)
    for words in rest:
        found += [next(filter(None, match.groups())) for match in _MARKED.finditer(words)]
    return [words for words in found if _is_enough(words)][:MAX_TYPED]


def without_quotations(html: str) -> PlainText:
    """Return a comment's own words: what it quotes itself would match as well as its source."""
    own = quotable("<p>".join(piece for inside, piece in _pieces(html) if not inside))
    return plain(_MARKED.sub(" ", own.text))


def _pieces(html: str) -> Iterator[tuple[bool, str]]:
    """Yield the outermost blockquotes (True) and what is between them (False), in order."""
    depth = start = 0
    for tag in _BLOCKQUOTE.finditer(html):
        closes = bool(tag[1])
        if not depth and not closes:
            yield False, html[start : tag.start()]
            start = tag.end()
        depth = max(0, depth - 1) if closes else depth + 1
        if closes and not depth:
            yield True, html[start : tag.start()]
            start = tag.end()
    yield depth > 0, html[start:]


def _is_enough(words: str) -> bool:
    return any(count >= LEAST_WORDS for count, _ in enumerate(WORD.finditer(words), 1))
