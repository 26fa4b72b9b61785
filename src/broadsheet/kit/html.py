"""Cleaning of HTML that others wrote, and the one place where HTML is declared safe to print.

Cleaned HTML is stored as it is and never changed afterwards: a later edit cleans the source again.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Final, Literal

import nh3

COMMENT_TAGS: Final = frozenset(
    {"p", "br", "strong", "em", "blockquote", "a", "ul", "ol", "li", "code", "pre"}
)
SCHEMES: Final = frozenset({"http", "https", "mailto"})
LINK_REL: Final = "ugc nofollow noopener"

STORY_TAGS: Final = COMMENT_TAGS | {
    *("h2", "h3", "h4", "hr", "b", "i", "u", "s", "del", "ins", "mark", "small", "sub", "sup"),
    *("abbr", "cite", "q", "kbd", "samp", "var", "dl", "dt", "dd", "figure", "figcaption", "img"),
    *("table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td"),
    *("details", "summary"),
}
STORY_ATTRIBUTES: Final = {
    "a": frozenset({"href"}),
    "abbr": frozenset({"title"}),
    "img": frozenset({"src", "alt", "width", "height"}),
    "ol": frozenset({"start", "reversed", "type"}),
    "li": frozenset({"value"}),
    "td": frozenset({"colspan", "rowspan", "headers"}),
    "th": frozenset({"colspan", "rowspan", "scope"}),
    "col": frozenset({"span"}),
    "colgroup": frozenset({"span"}),
    # Without this entry nh3 keeps `lang` and `title` everywhere.
    "*": frozenset(),
}
# The content of these is no text that anybody wrote to be read.
DROPPED_WITH_CONTENT: Final = frozenset(
    {"script", "style", "template", "noscript", "iframe", "object", "title"}
)
_OWN_PATH = re.compile(r"/(?![/\\])[^\\\s]*", re.ASCII)
_COMMENT_PATH = re.compile(r"/c/[1-9][0-9]{0,17}/", re.ASCII)
_FRAGMENT = re.compile(r"#[^\s]*", re.ASCII)
_BLOCK_END = re.compile(r"<br\s*/?>|</(?:p|li|h\d|blockquote|pre|div|tr|dd|dt|figcaption)>")
_ANY_TAG = re.compile(r"<[^>]*>")
# Clean HTML bit by bit: a tag, a sign that is written out, a character.
_PIECE = re.compile(r"<[^>]*>|&#?\w{1,10};|.", re.DOTALL | re.ASCII)
_LINK = re.compile(r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
# All but tab and line feeds; half of a surrogate pair is no character either.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_IMAGE = re.compile(r'<img(?:\s[a-z]+="[^"]*")*>')


class SafeHtml(str):
    """HTML that may be printed as it is; templates recognise it by `__html__`."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


def _own_address(url: str) -> str | None:
    """Keep a relative address only where it stays on this site, whatever page it stands on."""
    return url if _OWN_PATH.fullmatch(url) or _FRAGMENT.fullmatch(url) else None


def _story_attribute(tag: str, name: str, value: str) -> str | None:
    if tag == "img" and name == "src":
        # Foreign images tell another site who reads, and the content policy blocks them.
        return value if _OWN_PATH.fullmatch(value) else None
    return value


def _comment_address(url: str) -> str | None:
    return url if _COMMENT_PATH.fullmatch(url) else None


def _comment_cleaner(relative: Literal["deny"] | Callable[[str], str | None]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(COMMENT_TAGS),
        clean_content_tags=set(DROPPED_WITH_CONTENT),
        attributes={"a": {"href"}, "*": set()},
        url_schemes=set(SCHEMES),
        url_relative=relative,
        link_rel=LINK_REL,
    )


_comment = _comment_cleaner("deny")
_mentioning = _comment_cleaner(_comment_address)
_story = nh3.Cleaner(
    tags=set(STORY_TAGS),
    clean_content_tags=set(DROPPED_WITH_CONTENT),
    attributes={tag: set(names) for tag, names in STORY_ATTRIBUTES.items()},
    attribute_filter=_story_attribute,
    url_schemes=set(SCHEMES),
    url_relative=_own_address,
    link_rel="noopener",
)


def _cleaned(cleaner: nh3.Cleaner, html: str) -> SafeHtml:
    clean = cleaner.clean(html)
    # A carriage return written as an entity comes out as itself, and is read as a line feed.
    return SafeHtml(cleaner.clean(clean) if "\r" in clean else clean)


def _with_source(image: re.Match[str]) -> str:
    return image[0] if ' src="' in image[0] else ""


def comment_html(html: str, *, own_links: bool = False) -> SafeHtml:
    """Return what of a stranger's HTML may stand in a comment.

    Text, emphasis, quotes, lists, code, and absolute links that search engines shall not follow;
    with `own_links` also links to other comments, `/c/<number>/`.
    """
    return _cleaned(_mentioning if own_links else _comment, html)


def story_html(html: str) -> SafeHtml:
    """Return what of foreign HTML may stand in a story that was brought over from elsewhere.

    Wider than a comment: headings, tables, figures, and images and links of this site. An image of
    another site is left out.
    """
    return _cleaned(_story, _IMAGE.sub(_with_source, _story.clean(html)))


def plain_words(html: str) -> str:
    """Return what there is to read in clean HTML: text, with a line for each block."""
    text = unescape(_ANY_TAG.sub("", _BLOCK_END.sub("\n", html)))
    return "\n".join(line for piece in text.splitlines() if (line := " ".join(piece.split())))


@dataclass(frozen=True, slots=True)
class Shown:
    """What there is to read in clean HTML, and where each character of it stands there.

    Between blocks is a line feed that stands nowhere: its place is empty.
    """

    text: str
    places: Sequence[tuple[int, int]]


def shown_text(html: str) -> Shown:
    """Return what there is to read in clean HTML, with its places."""
    text: list[str] = []
    places: list[tuple[int, int]] = []
    for piece in _PIECE.finditer(html):
        start, end = piece.span()
        said = piece[0]
        if said.startswith("<"):
            said, start = ("\n" if _BLOCK_END.fullmatch(said) else ""), end
        for char in unescape(said):
            text.append(char)
            places.append((start, end))
    return Shown("".join(text), places)


def marked_html(
    html: SafeHtml,
    shown: Shown,
    *,
    spans: Iterable[tuple[int, int]] = (),
    links: Callable[[str], bool] | None = None,
) -> SafeHtml:
    """Return clean HTML with `mark` around spans of what is `shown` of it, or around some links."""
    chosen: set[tuple[int, int]] = set()
    for start, end in spans:
        chosen |= {shown.places[at] for at in range(start, end) if shown.text[at] != "\n"}
    if links:
        for link in _LINK.finditer(html):
            if links(unescape(link[1])):
                start, end = link.span(2)
                chosen |= {place for place in shown.places if start <= place[0] < place[1] <= end}
    drawn: list[str] = []
    is_open = False
    for piece in _PIECE.finditer(html):
        wanted = piece.span() in chosen
        if wanted != is_open:
            drawn.append("<mark>" if wanted else "</mark>")
            is_open = wanted
        drawn.append(piece[0])
    return SafeHtml("".join((*drawn, "</mark>" if is_open else "")))


def printable(text: str) -> str:
    """Return text without the control characters that XML, and no reader, can do with."""
    return _CONTROL.sub("", text)


def stored(html: str) -> SafeHtml:
    """Declare HTML safe that one of the cleaners above made before it was stored."""
    return SafeHtml(html)


def script_json(json: str) -> SafeHtml:
    """Return JSON that cannot leave the script element it stands in.

    `<`, `>` and `&` can only occur inside JSON's strings, where an escape means the same; U+2028
    and U+2029 would end a line of script.
    """
    for character in "<>&\u2028\u2029":
        json = json.replace(character, f"\\u{ord(character):04x}")
    return SafeHtml(json)
