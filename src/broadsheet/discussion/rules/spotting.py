"""Which comments one filter stopped, and where in their words: for those who judge them."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Final

from broadsheet.discussion.rules import sieving
from broadsheet.discussion.rules.filtering import Filters, host_of
from broadsheet.discussion.rules.posting import READ_FIRST
from broadsheet.discussion.rules.sieving import Match, Sieve
from broadsheet.kit.folding import is_without_spaces
from broadsheet.kit.html import SafeHtml, Shown, marked_html, shown_text

# Rules under which a comment is held that a filter may have looked at before.
OF_FILTERS: Final = frozenset({READ_FIRST, *sieving.RULES})
KEY: Final = re.compile(r"^[0-9a-f]{16}$", re.ASCII)
_MOST_SPOTS: Final = 20
_WORD: Final = re.compile(r"\S+")

type Span = tuple[int, int]


def key_of(match: Match) -> str:
    """Return by what all comments are found that the same entry of a list stopped."""
    said = f"{match.rule}\n{match.entry}".encode("utf-8", "replace")
    return sha256(said).hexdigest()[:16]


def marked(html: SafeHtml, match: Match) -> SafeHtml:
    """Return a comment with marks where a filter found what it looks for."""
    if match.rule == sieving.HOST:
        return marked_html(html, shown_text(html), links=lambda url: _leads(url, match.entry))
    if match.rule not in {sieving.WORD, sieving.PATTERN}:
        return html
    shown = shown_text(html)
    return marked_html(html, shown, spans=_spots(shown, match))


def _leads(url: str, entry: str) -> bool:
    host = host_of(url)
    return host == entry or host.endswith(f".{entry}")


def _spots(shown: Shown, match: Match) -> Iterator[Span]:
    sieve = _alone(match.rule, match.entry)

    def is_in(text: str) -> bool:
        return sieve.find(text=text) is not None

    words = [(word.start(), word.end()) for word in _WORD.finditer(shown.text)]
    for _ in range(_MOST_SPOTS):
        found = _first(shown.text, words, is_in)
        if found is None:
            return
        first, last = found
        yield _trimmed(shown.text, words[first][0], words[last][1], is_in)
        words = words[last + 1 :]


def _first(text: str, words: Sequence[Span], is_in: Callable[[str], bool]) -> Span | None:
    """Return the first words that have it, as few as that takes; some of them, if not the first.

    What is looked for may be of several words, or be spaced out: so it is asked of beginnings.
    """
    if not words or not is_in(text[words[0][0] : words[-1][1]]):
        return None
    least, last = -1, len(words) - 1
    while last - least > 1:
        middle = (least + last) // 2
        least, last = (
            (least, middle) if is_in(text[words[0][0] : words[middle][1]]) else (middle, last)
        )
    first, most = 0, last + 1
    while most - first > 1:
        middle = (first + most) // 2
        first, most = (
            (middle, most) if is_in(text[words[middle][0] : words[last][1]]) else (first, middle)
        )
    return first, last


def _trimmed(text: str, start: int, end: int, is_in: Callable[[str], bool]) -> Span:
    """Leave out signs on either side that do not belong to it."""
    while _may_go(text[start]) and is_in(text[start + 1 : end]):
        start += 1
    while _may_go(text[end - 1]) and is_in(text[start : end - 1]):
        end -= 1
    return start, end


def _may_go(char: str) -> bool:
    return not char.isalnum() or is_without_spaces(char)


@lru_cache(maxsize=200)
def _alone(rule: str, entry: str) -> Sieve:
    """Return a sieve of one entry."""
    if rule == sieving.PATTERN:
        return Sieve(Filters(hold_patterns=(entry,)))
    return Sieve(Filters(hold_words=(entry,)))
