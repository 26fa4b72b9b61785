"""Runs as Markdown: bold, italic, links and code, and text that stays what it is.

The rules of CommonMark for what opens and closes emphasis depend on the characters around it.
Where they would leave the asterisks standing in the text, the emphasis is given up instead.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from broadsheet.formats.wordpress_html.runs import Run, Style

_URL = re.compile(r"https?://[^\s<>\"\\\x00-\x20]{1,1900}")
_URL_TAIL = ".,;:!?'\")]}*_"
_ACTIVE = re.compile(
    r"""(?P<always>[\\`*\[\]<>])"""
    r"""|(?P<tilde>~(?=~)|(?<=~)~)"""
    r"""|(?P<entity>&(?=\#|[A-Za-z]))"""
    r"""|(?P<under>(?<![^\W_])_|_(?![^\W_]))"""
)
_LINE_START = re.compile(
    r"(?:\#{1,6}|[-+])(?=\s|$)|[-=]+\s{0,99}$|\#(?=\#)|(?:\d{1,9}(?=[.)](?:\s|$)))"
)
_TICKS = re.compile(r"`+")
_MARKS = {"b": "**", "i": "_"}
_MAX_ROUNDS = 4


@dataclass(slots=True)
class _Piece:
    """Text that is ready, or one side of a mark; both sides share ``pair``."""

    text: str
    pair: int = 0
    opens: bool = False


def to_markdown(runs: Sequence[Run], *, line_break: str, autolinks: bool) -> str:
    """One paragraph of tidy runs; ``line_break`` is what a break is written as.

    With ``autolinks`` an address is written as one.
    """
    pieces = _pieces(runs, autolinks=autolinks)
    for _ in range(_MAX_ROUNDS):
        bad = _misplaced(pieces)
        if not bad:
            break
        _drop(pieces, bad)
    else:
        _drop(pieces, {piece.pair for piece in pieces if piece.pair})
    lines = "".join(piece.text for piece in pieces).split("\n")
    return line_break.join(_line(line.strip()) for line in lines)


def fenced(text: str) -> str:
    """``text`` as a block of code."""
    fence = "`" * max(3, _longest_ticks(text) + 1)
    return f"{fence}\n{text}\n{fence}"


def _pieces(runs: Sequence[Run], *, autolinks: bool) -> list[_Piece]:
    pieces: list[_Piece] = []
    open_marks: list[tuple[str, int]] = []
    pairs = 0
    for run in runs:
        wanted = _wanted(run.style)
        shared = 0
        while shared < min(len(wanted), len(open_marks)):
            if wanted[shared] != open_marks[shared][0]:
                break
            shared += 1
        while len(open_marks) > shared:
            pieces.append(_close(*open_marks.pop()))
        for mark in wanted[shared:]:
            pairs += mark in _MARKS
            pair = pairs if mark in _MARKS else 0
            pieces.append(_Piece(_MARKS.get(mark, "["), pair, opens=True))
            open_marks.append((mark, pair))
        pieces.append(_Piece(_run_text(run, autolinks=autolinks)))
    pieces.extend(_close(*mark) for mark in reversed(open_marks))
    return _autolinked(pieces) if autolinks else pieces


def _wanted(style: Style) -> list[str]:
    return ([style.href] if style.href else []) + [m for m in _MARKS if m in style.formats]


def _close(mark: str, pair: int) -> _Piece:
    if mark in _MARKS:
        return _Piece(_MARKS[mark], pair)
    address = mark.replace("\\", "%5C").replace("<", "%3C").replace(">", "%3E")
    address = re.sub(r"&(?=#|[A-Za-z])", r"\\&", address)
    simple = "(" not in address and ")" not in address
    return _Piece(f"]({address})" if simple else f"](<{address}>)")


def _run_text(run: Run, *, autolinks: bool) -> str:
    if run.is_break:
        return "\n"
    if "code" in run.style.formats and run.text.strip():
        return _code(run.text)
    if run.style.href or not autolinks:
        return _escaped(run.text)
    return _with_addresses(run.text)


def _autolinked(pieces: list[_Piece]) -> list[_Piece]:
    """``[address](address)`` is written ``<address>``."""
    out: list[_Piece] = []
    for piece in pieces:
        out.append(piece)
        if len(out) > 2 and piece.text.startswith("](http") and out[-3].text == "[":  # noqa: PLR2004 - a link is three pieces
            address = piece.text[2:-1]
            if out[-2].text == _escaped(address) and _URL.fullmatch(address):
                out[-3:] = [_Piece(f"<{address}>")]
    return out


def _with_addresses(text: str) -> str:
    """Escaped text; addresses in it become links, as WordPress makes of them when it shows them."""
    out: list[str] = []
    at = 0
    for found in _URL.finditer(text):
        address = found[0].rstrip(_URL_TAIL)
        if len(address) <= len("https://"):
            continue
        out.extend((_escaped(text[at : found.start()]), f"<{address}>"))
        at = found.start() + len(address)
    out.append(_escaped(text[at:]))
    return "".join(out)


def _escaped(text: str) -> str:
    return _ACTIVE.sub(r"\\\g<0>", text)


def _code(text: str) -> str:
    ticks = "`" * (_longest_ticks(text) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def _longest_ticks(text: str) -> int:
    return max((len(run) for run in _TICKS.findall(text)), default=0)


def _line(line: str) -> str:
    """Keep the line from beginning like a heading, a list, a rule or an underline."""
    found = _LINE_START.match(line)
    if found is None:
        return line
    at = found.end() if line[0].isdigit() else 0
    return f"{line[:at]}\\{line[at:]}"


def _misplaced(pieces: list[_Piece]) -> set[int]:
    """Pairs with a side that CommonMark would not take for what it is meant to be."""
    before, after = _neighbours(pieces)
    return {
        piece.pair
        for piece, left, right in zip(pieces, before, after, strict=True)
        if piece.pair
        and piece.text
        and not (
            _binds(piece.text, inner=right, outer=left)
            if piece.opens
            else _binds(piece.text, inner=left, outer=right)
        )
    }


def _neighbours(pieces: list[_Piece]) -> tuple[list[str], list[str]]:
    before, last = list[str](), "\n"
    for piece in pieces:
        before.append(last)
        last = piece.text[-1:] or last
    after, first = list[str](), "\n"
    for piece in reversed(pieces):
        after.append(first)
        first = piece.text[:1] or first
    return before, after[::-1]


def _binds(mark: str, *, inner: str, outer: str) -> bool:
    """Whether a mark between these two characters clings to the inner one, for every parser.

    Parsers differ on whether symbols (``€``, emoji) are punctuation: the worse case counts.
    """
    if inner.isspace() or outer == mark[0]:  # two marks that touch would be read as one
        return False
    free = outer.isspace() or _is_punctuation(outer)
    if mark == "_":
        return free
    return free or not (_is_punctuation(inner) or unicodedata.category(inner).startswith("S"))


def _is_punctuation(character: str) -> bool:
    if character.isascii():
        return not character.isalnum() and not character.isspace()
    return unicodedata.category(character).startswith("P")


def _drop(pieces: list[_Piece], pairs: set[int]) -> None:
    for piece in pieces:
        if piece.pair in pairs and piece.pair:
            piece.text = ""
