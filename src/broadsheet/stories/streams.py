"""Stored bodies as they are stored, and what they point to.

Read from the stream's raw values: Wagtail's own would ask the database for every kind of block that
points to something.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from broadsheet.stories.addresses import without_host
from broadsheet.stories.document_links import linked, linked_in_kept
from broadsheet.stories.document_types import number_in

type Raw = Mapping[str, Any]

# What holds rich text, and where in its value; the empty name is the value itself.
_RICH: Final = {
    "paragraph": "",
    "list": "",
    "quote": "text",
    "note": "text",
    "correction": "text",
}


def image_ids(stream: Any) -> set[int]:
    """Return the ids of the images that a body shows."""
    return _ids(raw_pictures(stream), "image")


def needs(stream: Any) -> dict[str, set[int]]:
    """Return what a body points to, as the arguments of `gather`."""
    return {
        "image_ids": image_ids(stream),
        "person_ids": _ids(raw_pictures(stream), "credit_person"),
        "document_ids": _document_ids(raw_blocks(stream)),
    }


def _document_ids(blocks: list[Raw]) -> set[int]:
    """Return the ids of the documents that a body shows, leads to, or names as a source."""
    values = [value_of(block) for block in blocks if block["type"] == "document"]
    found = _ids(values, "document").union(*map(linked, rich_texts(blocks)))
    for block in blocks:
        value = value_of(block)
        if block["type"] in {"quote", "table"}:
            number = number_in(without_host(url=str(value.get("source_url") or "").strip()))
            found |= set() if number is None else {number}
        elif block["type"] == "html":
            found |= linked_in_kept(value)
    return found


def raw_blocks(stream: Any) -> list[Raw]:
    return list(getattr(stream, "raw_data", stream))


def value_of(block: Raw) -> Any:
    """Return a block's value; one that ought to have parts has them, if only none."""
    value = block.get("value")
    if block["type"] in {"paragraph", "list", "html"}:
        return str(value or "")
    return value if isinstance(value, Mapping) else {}


def raw_pictures(stream: Any) -> Iterator[Raw]:
    for block in raw_blocks(stream):
        if block["type"] == "image":
            yield value_of(block)
        elif block["type"] == "gallery":
            yield from listed(value_of(block).get("pictures"))


def listed(items: Any) -> list[Raw]:
    """Return the values of a list, which Wagtail has stored with and without ids."""
    values = [item.get("value", item) for item in items or () if isinstance(item, Mapping)]
    return [value for value in values if isinstance(value, Mapping)]


def _ids(values: Iterable[Raw], name: str) -> set[int]:
    return {value[name] for value in values if isinstance(value.get(name), int)}


def rich_texts(blocks: Iterable[Raw]) -> Iterator[str]:
    """Yield the stored rich text of a body, captions included."""
    for block in blocks:
        value = value_of(block)
        if block["type"] in _RICH:
            name = _RICH[block["type"]]
            yield str(value.get(name) or "") if name else value
    for one in raw_pictures(list(blocks)):
        yield str(one.get("caption") or "")
