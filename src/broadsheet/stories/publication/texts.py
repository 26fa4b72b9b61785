"""The starting texts of the policy pages, with places that the publisher fills in.

A text is a file of blocks with an empty line between them: `## ` begins a heading, `<ul>` a list,
the rest are paragraphs. `$name` is the publication; `[[key: what to write]]` is a place to fill in.
They are English and say only what this software does; a newsroom rewrites them in its own words.
"""

import re
from collections.abc import Mapping
from html import escape
from importlib.resources import files
from typing import Any, Final

TO_FILL: Final = "[To fill in: "
_PLACE: Final = re.compile(r"\[\[(\w+): ([^\]]+)\]\]")


def blocks_of(kind: str, *, name: str, answers: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the body of a policy page, as a body is stored; `answers` are plain text by key."""
    source = (files("broadsheet.stories.publication") / "texts" / f"{kind}.html").read_text("utf-8")

    def filled(match: re.Match[str]) -> str:
        answer = answers.get(match[1], "")
        return escape(answer) if answer else f"<b>{TO_FILL}{match[2]}]</b>"

    pieces = [piece.strip() for piece in source.split("\n\n") if piece.strip()]
    return [_block(_PLACE.sub(filled, piece).replace("$name", escape(name))) for piece in pieces]


def places_to_fill(raw: Any) -> int:
    """Count the places that nobody has filled in yet, in a body as it is stored."""
    return sum(str(block["value"]).count(TO_FILL) for block in raw)


def _block(piece: str) -> dict[str, Any]:
    if piece.startswith("## "):
        return {"type": "heading", "value": {"text": piece[3:], "level": "2"}}
    return {"type": "list" if piece.startswith("<ul>") else "paragraph", "value": piece}
