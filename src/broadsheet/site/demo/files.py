"""Reading the demonstration's own files. Pure: no database, and the time is an argument.

A story is `stories/<slug>.md`: TOML between two lines of `+++`, then Markdown, in which a fence
`::: kind` … `:::` holds a block of the body as TOML. A thread is `threads/<slug>.txt`: a comment
begins with a line `= name | minutes ago | +up -down` (one more `=` for each level of a reply; `@`
is somebody with an account, `~` a nameless guest), then perhaps lines `!quote words` of the comment
it answers, `!story words` of the story and `!note 2` for the question it answers, then its words,
then perhaps `!remove rule reason`. Before the comments stand the newsroom's questions, a line
`? minutes ago | open or marker | words of the story | question` each.

In all of them `{weekday:2}`, `{date:2}`, `{month:2}` and `{year:2}` say when so many days (for
`year`, years) ago was; a minus looks ahead.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final

from django.utils.formats import date_format
from markdown_it import MarkdownIt

FOLDER: Final = files("broadsheet.site.demo")
_MARKDOWN: Final = MarkdownIt("commonmark", {"html": False})
_FENCE: Final = re.compile(r"^::: (\w+)\n(.*?)^:::$", re.MULTILINE | re.DOTALL)
_MOMENT: Final = re.compile(r"\{(weekday|date|month|year):(-?\d+)\}")
_HEAD: Final = re.compile(r"^(=+) ([@~]?)([^|\n]+) \| (\d+) \|([ +\-0-9]*)$", re.MULTILINE)
_ASKED: Final = re.compile(r"^\? (\d+) \| (open|marker) \| ([^|\n]+) \| (.+)$", re.MULTILINE)
_ANSWERS: Final = re.compile(r"^!note (\d+)\n", re.MULTILINE)
_QUOTE: Final = re.compile(r"^!(quote|story) (.+)\n", re.MULTILINE)
_FORMATS: Final = {"weekday": "l", "date": "j F", "month": "F"}

type Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class StoryFile:
    """`blocks` are pairs of a block's kind and its value, still as the file has them."""

    slug: str
    head: Fields
    blocks: tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class CommentFile:
    """`level` is 0 for a root. `kind` is "@" for an account, "~" for a nameless guest, or empty.

    `quotes` are words of the comment it answers ("quote") or of the story ("story"); `note` is the
    number of the question it answers, from 1 on, 0 for none.
    """

    level: int
    kind: str
    name: str
    minutes_ago: int
    up: int
    down: int
    text: str
    rule: str = ""
    reason: str = ""
    quotes: tuple[tuple[str, str], ...] = ()
    note: int = 0


@dataclass(frozen=True, slots=True)
class NoteFile:
    """A question of the newsroom at a phrase of the story."""

    minutes_ago: int
    opened: bool
    phrase: str
    question: str


def table(name: str) -> Fields:
    """Return a TOML file of the demonstration."""
    return tomllib.loads((FOLDER / name).read_text("utf-8"))


@cache
def newsroom() -> Fields:
    """Return people, sections, topics, series and books. Nobody may change what is returned."""
    return table("newsroom.toml")


def markdown(text: str) -> str:
    return str(_MARKDOWN.render(text)).strip()


def inline(text: str) -> str:
    """Return one paragraph's Markdown as HTML without the paragraph."""
    return str(_MARKDOWN.renderInline(text)).strip()


def filled(text: str, now: datetime) -> str:
    """Put dates in the place of `{weekday:2}` and its kin."""

    def moment(found: re.Match[str]) -> str:
        kind, number = found[1], int(found[2])
        if kind == "year":
            return str(now.year - number)
        return date_format(now - timedelta(days=number), _FORMATS[kind])

    return _MOMENT.sub(moment, text)


def stories(*, now: datetime) -> list[StoryFile]:
    """Return all stories, the oldest first."""
    found = [_story(entry, now) for entry in _entries("stories", ".md")]
    return sorted(found, key=lambda story: (-float(story.head["hours_ago"]), story.slug))


def threads(*, now: datetime) -> dict[str, list[CommentFile]]:
    """Return the comments of each story that has any, in the order of the file."""
    return {
        entry.name.removesuffix(".txt"): list(_comments(filled(entry.read_text("utf-8"), now)))
        for entry in _entries("threads", ".txt")
    }


def notes(*, now: datetime) -> dict[str, list[NoteFile]]:
    """Return the newsroom's questions on each story that is discussed, in the order of the file."""
    return {
        entry.name.removesuffix(".txt"): [
            NoteFile(int(minutes), how == "open", phrase.strip(), question.strip())
            for minutes, how, phrase, question in _ASKED.findall(
                filled(entry.read_text("utf-8"), now)
            )
        ]
        for entry in _entries("threads", ".txt")
    }


def _entries(folder: str, suffix: str) -> list[Traversable]:
    entries = (FOLDER / folder).iterdir()
    return sorted((e for e in entries if e.name.endswith(suffix)), key=lambda e: e.name)


def _story(entry: Traversable, now: datetime) -> StoryFile:
    _, head, body = filled(entry.read_text("utf-8"), now).split("+++\n", 2)
    return StoryFile(entry.name.removesuffix(".md"), tomllib.loads(head), tuple(_blocks(body)))


def _blocks(body: str) -> Iterator[tuple[str, Any]]:
    pieces = _FENCE.split(body)
    # Words, then a fence's kind and content, and so on.
    for at in range(0, len(pieces), 3):
        yield from _words(pieces[at])
        if at + 2 < len(pieces):
            yield pieces[at + 1], tomllib.loads(pieces[at + 2])


def _words(text: str) -> Iterator[tuple[str, Any]]:
    """Yield headings, lists, and runs of paragraphs as one block each."""
    run: list[str] = []
    for piece in text.split("\n\n"):
        words = piece.strip()
        if not words.startswith(("## ", "- ")):
            run += [words] if words else []
            continue
        if run:
            yield "paragraph", markdown("\n\n".join(run))
        run = []
        if words.startswith("## "):
            yield "heading", {"text": words[3:], "level": "2"}
        else:
            yield "list", markdown(words)
    if run:
        yield "paragraph", markdown("\n\n".join(run))


def _comments(text: str) -> Iterator[CommentFile]:
    pieces = _HEAD.split(text)[1:]
    for at in range(0, len(pieces), 6):
        marks, kind, name, minutes, votes, words = pieces[at : at + 6]
        said, _, decision = words.partition("\n!remove ")
        rule, _, reason = decision.strip().partition(" ")
        answered = _ANSWERS.search(said)
        said = _ANSWERS.sub("", said)
        yield CommentFile(
            level=len(marks) - 1,
            kind=kind,
            name=name.strip(),
            minutes_ago=int(minutes),
            up=_votes(votes, r"\+"),
            down=_votes(votes, "-"),
            text=_QUOTE.sub("", said).strip(),
            rule=rule,
            reason=reason,
            quotes=tuple(_QUOTE.findall(said)),
            note=int(answered[1]) if answered else 0,
        )


def _votes(text: str, sign: str) -> int:
    found = re.search(rf"{sign}(\d+)", text)
    return int(found[1]) if found else 0
