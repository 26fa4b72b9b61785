"""Between what is typed on a telephone and the blocks of a body.

A blank line ends a paragraph; where a text has none, each line is one, as text comes out of a
notes app. `## ` and `### ` begin headings, `- ` and `1. ` lists, `> ` the words of a quote, and
right below it `— Name, role` and `Source: title https://…`. Within a line: **bold**, *italic*,
[words](https://…).
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any, Final
from uuid import uuid4

from django.utils.translation import gettext
from markdown_it import MarkdownIt

from broadsheet.formats.api import comment_text
from broadsheet.kit.html import plain_words, printable, story_html
from broadsheet.stories.addresses import with_host, without_host

type Stored = dict[str, Any]

_HEADING: Final = re.compile(r"(#{2,3})\s+(.+)")
_BULLET: Final = re.compile(r"[-*•]\s+(.+)")
_NUMBER: Final = re.compile(r"\d{1,3}[.)]\s+(.+)")
# The mark and what it marks stand on one line: a lone hyphen is a line of its own. Escaped, it is
# what was written out of lines that stood together, and they still do.
_MARKED: Final = re.compile(r"^(?:\\?>|(?:\\?[-*]|•|\d{1,3}\\?[.)])[^\S\n]+\S)", re.MULTILINE)
# At the end of a line it is what was typed, and no line break of Markdown's.
_LAST_BACKSLASH: Final = re.compile(r"(?<!\\)((?:\\\\)*)\\$", re.MULTILINE)
# A link that leads nowhere, or that nobody could press, is left as it was typed.
_NO_LINK: Final = re.compile(r"(?<!\\)((?:\\\\)*)(?:\](?=\(\s*(?:\)|<>))|(\[\s*)\](?=\())")
_SPEAKER: Final = re.compile(r"(?:—|–|--)\s*(.+)")
_ADDRESS: Final = re.compile(r"https?://\S+")
_HEADING_LENGTH: Final = 200
_NAME_LENGTH: Final = 160
_SOURCE_LENGTH: Final = 200
_TAG: Final = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)")
_LIST: Final = re.compile(r"<[uo]l\b")
_OWN_LINK: Final = re.compile(r"<a\b(?![^>]*\bhref=\"(?:https?:|mailto:))")
_PLAIN: Final = frozenset({"p", "br", "b", "strong", "i", "em", "a", "ul", "ol", "li"})
_SCHEMES: Final = ("http://", "https://", "mailto:")


def _parser() -> MarkdownIt:
    parser = MarkdownIt("zero").enable(["emphasis", "escape", "link", "newline"])
    # What else is in brackets is no link here, and stays as it was typed.
    parser.validateLink = lambda url: url.lower().startswith(_SCHEMES)  # type: ignore[method-assign]
    return parser


_INLINE: Final = _parser()


def read(text: str, *, before: Iterable[Stored] = ()) -> list[Stored]:
    """Return the blocks of a text; one that stood in `before` keeps its id, and so its anchor."""
    kept: dict[str, list[str]] = defaultdict(list)
    for block in before:
        kept[_fingerprint(block)].append(str(block.get("id") or uuid4()))
    blocks = [_block(lines) for lines in _pieces(text)]
    for block in blocks:
        known = kept[_fingerprint(block)]
        block["id"] = known.pop(0) if known else str(uuid4())
    return blocks


def write(blocks: Sequence[Stored]) -> str | None:
    """Return the text of a body, or None for one that has more in it than a text can say."""
    pieces = [_written(block) for block in blocks]
    if any(piece is None for piece in pieces):
        return None
    return "\n\n".join(piece for piece in pieces if piece)


def _pieces(text: str) -> list[list[str]]:
    """Cut a text into the lines of its blocks."""
    clean = printable(text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    chunks = re.split(r"\n[ \t]*\n", clean)
    if len(chunks) == 1 and not _MARKED.search(clean):
        chunks = clean.split("\n")
    pieces: list[list[str]] = []
    for chunk in chunks:
        lines = [" ".join(line.split()) for line in chunk.split("\n") if line.strip()]
        if lines and _HEADING.fullmatch(lines[0]) and len(lines) > 1:
            pieces += [lines[:1], lines[1:]]
        elif lines:
            pieces.append(lines)
    return pieces


def _block(lines: list[str]) -> Stored:
    heading = _HEADING.fullmatch(lines[0])
    if heading and len(lines) == 1 and len(heading[2]) <= _HEADING_LENGTH:
        return {"type": "heading", "value": {"text": heading[2], "level": str(len(heading[1]))}}
    if lines[0].startswith(">"):
        return _quote(lines)
    for pattern, tag in ((_BULLET, "ul"), (_NUMBER, "ol")):
        items = [pattern.fullmatch(line) for line in lines]
        if all(items):
            inside = "".join(f"<li>{_inline(item[1])}</li>" for item in items if item)
            return {"type": "list", "value": f"<{tag}>{inside}</{tag}>"}
    return {"type": "paragraph", "value": f"<p>{_inline(chr(10).join(lines))}</p>"}


def _quote(lines: list[str]) -> Stored:
    words = [line.removeprefix(">").strip() for line in lines if line.startswith(">")]
    value = {"text": "", "speaker": "", "role": "", "source_title": "", "source_url": ""}
    for line in (line for line in lines if not line.startswith(">")):
        speaker = _SPEAKER.fullmatch(line)
        source = _source_of(line)
        if speaker and not value["speaker"]:
            name, _, role = speaker[1].partition(",")
            value["speaker"] = name.strip()[:_NAME_LENGTH]
            value["role"] = role.strip()[:_NAME_LENGTH]
        elif source is not None and not value["source_title"]:
            found = _ADDRESS.search(source)
            value["source_url"] = without_host(url=found[0]) if found else ""
            value["source_title"] = " ".join(_ADDRESS.sub("", source).split())[:_SOURCE_LENGTH]
        else:
            # Nothing that was typed goes missing.
            words.append(line)
    value["text"] = f"<p>{_inline(chr(10).join(words).strip(chr(10)))}</p>"
    return {"type": "quote", "value": value | {"said_on": None, "reported_by": ""}}


def _source_of(line: str) -> str | None:
    for word in ("Source:", gettext("Source:")):
        if line.lower().startswith(word.lower()):
            return line[len(word) :].strip()
    return None


def _inline(text: str) -> str:
    typed = _LAST_BACKSLASH.sub(r"\1\\\\", text)
    html = _INLINE.renderInline(_NO_LINK.sub(r"\1\2\\]", typed)).replace("\n", "<br/>")
    for long, short in (("strong", "b"), ("em", "i")):
        html = html.replace(f"<{long}>", f"<{short}>").replace(f"</{long}>", f"</{short}>")
    return str(story_html(html)).replace("<br>", "<br/>")


def _fingerprint(block: Stored) -> str:
    return json.dumps([block["type"], block["value"]], sort_keys=True, default=str)


def _written(block: Stored) -> str | None:
    value = block["value"]
    match block["type"]:
        case "paragraph" | "list" if _is_plain(str(value)):
            return _text_of(str(value))
        case "heading":
            return f"{'#' * int(value['level'])} {value['text']}"
        case "quote" if not (value.get("said_on") or value.get("reported_by")):
            return _written_quote(value) if _is_plain(str(value["text"])) else None
        case _:
            return None


def _is_plain(html: str) -> bool:
    """Say whether a text can hold all of it: no link to a page of ours, no list in a list."""
    return (
        {tag.lower() for tag in _TAG.findall(html)} <= _PLAIN
        and not _OWN_LINK.search(html)
        and len(_LIST.findall(html)) < 2  # noqa: PLR2004 - one is the list itself
    )


def _written_quote(value: Stored) -> str:
    words = _text_of(str(value["text"]))
    lines = [f"> {line}".strip() for line in words.split("\n")] if words else []
    speaker = ", ".join(filter(None, (value["speaker"], value["role"])))
    source = " ".join(filter(None, (value["source_title"], with_host(url=value["source_url"]))))
    lines += [f"— {speaker}"] if speaker else []
    lines += [f"{gettext('Source:')} {source}"] if source else []
    # Who is quoted with no words yet is quoted all the same.
    return "\n".join(lines if words else [">", *lines])


def _text_of(html: str) -> str:
    return comment_text(html, line_break="\n", autolinks=False).strip()


def caption_html(text: str) -> str:
    """Return a caption as it is stored; empty for none."""
    clean = " ".join(text.split())
    return f"<p>{escape(clean, quote=False)}</p>" if clean else ""


def caption_text(html: str) -> str | None:
    """Return a stored caption as it is typed, or None for one with more in it than words."""
    if set(_TAG.findall(html)) - {"p"}:
        return None
    return " ".join(plain_words(html).split())
