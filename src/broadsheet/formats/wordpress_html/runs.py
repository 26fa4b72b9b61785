"""The formatted text of one paragraph, as a row of runs: text, and what it looks like.

Nested and overlapping tags, empty ones and stray white space all become the same few runs, so
HTML and Markdown can be written from them in a canonical form.
"""

import html
import re
from collections.abc import Iterable, Sequence
from itertools import groupby, takewhile
from typing import NamedTuple

# From the outside to the inside.
ORDER = ("b", "i", "s", "sub", "sup", "code")
_SPACE = re.compile(r"[ \t\n\f]+")
_MAX_BREAKS = 2


class Style(NamedTuple):
    """Formats, a subset of ``ORDER``, and the link that the text is part of."""

    formats: frozenset[str] = frozenset()
    href: str = ""

    def plus(self, name: str) -> "Style":
        """Return this style with one more format."""
        return self._replace(formats=self.formats | {name})

    def minus(self, *names: str) -> "Style":
        """Return this style without these formats."""
        return self._replace(formats=self.formats.difference(names))

    def shared(self, other: "Style") -> "Style":
        """Return the tags that stay open between two texts: the style of the space there."""
        if self.href != other.href:
            return PLAIN
        common = takewhile(
            lambda name: (name in self.formats) == (name in other.formats),
            ORDER,
        )
        return Style(self.formats.intersection(common), self.href)


PLAIN = Style()


class Run(NamedTuple):
    """Text in one style, or a line break (then ``text`` is empty)."""

    text: str
    style: Style = PLAIN
    is_break: bool = False


def tidy(runs: Iterable[Run], *, newline_breaks: bool) -> list[Run]:
    """Return runs without needless white space, neighbours of one style joined.

    White space collapses and stands in no run's edge that differs from its neighbour's style.
    ``newline_breaks``: a newline in the text is a line break, as WordPress shows classic posts.
    """
    tidier = _Tidier()
    for run in runs:
        if run.is_break:
            tidier.hard_break()
            continue
        for number, line in enumerate(run.text.split("\n") if newline_breaks else [run.text]):
            if number:
                tidier.soft_break()
            tidier.text(line, run.style)
    return _joined(tidier.runs)


def to_html(runs: Sequence[Run]) -> str:
    """Minimal HTML of tidy runs; tags are nested in one order, links outermost."""
    out: list[str] = []
    open_tags: list[str] = []
    for run in runs:
        wanted = _tags(run.style)
        shared = 0
        while shared < min(len(wanted), len(open_tags)) and wanted[shared] == open_tags[shared]:
            shared += 1
        out.extend(_closing(tag) for tag in reversed(open_tags[shared:]))
        out.extend(f"<{tag}>" for tag in wanted[shared:])
        open_tags = wanted
        out.append("<br>" if run.is_break else html.escape(run.text, quote=False))
    out.extend(_closing(tag) for tag in reversed(open_tags))
    return "".join(out)


def to_text(runs: Iterable[Run]) -> str:
    """Return the text alone; breaks as newlines."""
    return "".join("\n" if run.is_break else run.text for run in runs)


class _Tidier:
    def __init__(self) -> None:
        self.runs: list[Run] = []
        self._space = self._soft = False
        self._breaks = 0

    def hard_break(self) -> None:
        self._breaks += 1

    def soft_break(self) -> None:
        self._soft = True

    def text(self, text: str, style: Style) -> None:
        core = _SPACE.sub(" ", text)
        stripped = core.strip(" ")
        self._space = self._space or core.startswith(" ")
        if not stripped:
            return
        if self.runs:
            self._separate(style)
        self._space = self._soft = False
        self._breaks = 0
        self.runs.append(Run(stripped, style))
        self._space = core.endswith(" ")

    def _separate(self, style: Style) -> None:
        between = self.runs[-1].style.shared(style)
        breaks = min(self._breaks, _MAX_BREAKS) or int(self._soft)
        if breaks:
            self.runs.extend([Run("", between, is_break=True)] * breaks)
        elif self._space:
            self.runs.append(Run(" ", between))


def _joined(runs: Iterable[Run]) -> list[Run]:
    joined: list[Run] = []
    for (style, is_break), group in groupby(runs, key=lambda run: (run.style, run.is_break)):
        members = list(group)
        joined.extend(members if is_break else [Run("".join(run.text for run in members), style)])
    return joined


def _tags(style: Style) -> list[str]:
    link = [f'a href="{html.escape(style.href)}"'] if style.href else []
    return link + [name for name in ORDER if name in style.formats]


def _closing(tag: str) -> str:
    return f"</{tag.partition(' ')[0]}>"
