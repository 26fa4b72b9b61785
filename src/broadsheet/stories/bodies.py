"""From stored blocks to blocks that only need drawing."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.utils.text import slugify
from wagtail.rich_text import expand_db_html

from broadsheet.stories.pictures import Renditions, picture, renditions_of
from broadsheet.stories.shown import Block, Link, Picture


def image_ids(stream: Iterable[Any]) -> set[int]:
    """Return the ids of the images that a body shows."""
    return {
        child.value["image"].pk
        for child in stream
        if child.block_type == "image" and child.value["image"]
    }


def shown_body(stream: Iterable[Any], renditions: Renditions | None = None) -> tuple[Block, ...]:
    """Turn a body into drawable blocks. `renditions` saves a query when the caller has them."""
    children = list(stream)
    found = renditions_of(image_ids(children)) if renditions is None else renditions
    anchors: set[str] = set()
    blocks = (_shown(child, found, anchors) for child in children)
    return tuple(block for block in blocks if block)


def _shown(child: Any, renditions: Renditions, anchors: set[str]) -> Block | None:
    value = child.value
    match child.block_type:
        case "heading":
            anchor = _anchor(value["text"], anchors)
            return Block("heading", text=value["text"], level=int(value["level"]), anchor=anchor)
        case "image":
            drawn = _picture(value, renditions)
            return Block("image", picture=drawn) if drawn else None
        case "quote":
            return _quote(value)
        case "html":
            return Block("html", html=str(value))
        case "paragraph" | "list" as kind:
            return Block(kind, html=expand_db_html(value.source))
        case _:
            return None


def _picture(value: Any, renditions: Renditions) -> Picture | None:
    if not value["image"]:
        return None
    caption = value["caption"]
    return picture(
        renditions.get(value["image"].pk),
        alt=value["alt"],
        caption=expand_db_html(caption.source) if caption else "",
        credit=value["credit"],
    )


def _quote(value: Any) -> Block:
    url, title = value["source_url"] or "", value["source_title"] or ""
    source = Link(title or (urlsplit(url).hostname or url), url) if url or title else None
    return Block(
        "quote",
        html=expand_db_html(value["text"].source),
        speaker=value["speaker"] or "",
        role=value["role"] or "",
        source=source,
    )


def _anchor(text: str, taken: set[str]) -> str:
    base = slugify(text, allow_unicode=True) or "section"
    # Comments own c<n>; a heading called "C12" must not take a comment's place.
    stem = name = f"s-{base}"
    number = 2
    while name in taken:
        name, number = f"{stem}-{number}", number + 1
    taken.add(name)
    return name
