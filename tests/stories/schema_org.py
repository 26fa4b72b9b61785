"""Holds structured data against schema.org's own terms: `schema_org.json`, which
`tools/schema_org.py` writes from a release of theirs."""

import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

TABLE = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
TYPES: dict[str, list[str]] = TABLE["types"]
PROPERTIES: dict[str, dict[str, list[str]]] = TABLE["properties"]
SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
# A note of theirs on a property of an action, not a property.
NOTES = {"query-input"}
TEXT = {"Text", "URL", "CssSelectorType", "PronounceableText", "XPathType"}


def data_of(html: str) -> list[dict[str, Any]]:
    """Return the nodes that a page states."""
    documents = [json.loads(found) for found in SCRIPT.findall(html)]
    for document in documents:
        assert document["@context"] == "https://schema.org"
    return [node for document in documents for node in document["@graph"]]


def problems(node: dict[str, Any], where: str = "") -> Iterator[str]:
    """Say what of a node, and of all in it, schema.org does not know or wants otherwise."""
    if set(node) == {"@id"}:
        return
    kind = node.get("@type", "")
    where = f"{where}/{kind}"
    if kind not in TYPES:
        yield f"{where}: no such type"
        return
    kinds = set(with_all_above(kind))
    for name, value in node.items():
        if name.startswith("@") or name in NOTES:
            continue
        fact = PROPERTIES.get(name)
        if fact is None or not kinds & set(fact["of"]):
            yield f"{where}.{name}: no property of this type"
            continue
        for one in value if isinstance(value, list) else [value]:
            if not fits(one, set(fact["is"])):
                yield f"{where}.{name}: {one!r} is none of {fact['is']}"
            if isinstance(one, dict):
                yield from problems(one, f"{where}.{name}")


def fits(value: Any, ranges: set[str]) -> bool:
    if isinstance(value, dict):
        return set(value) == {"@id"} or bool(set(with_all_above(str(value.get("@type")))) & ranges)
    if isinstance(value, bool):
        return "Boolean" in ranges
    if isinstance(value, int | float):
        return bool(ranges & {"Number", "Integer", "Float", "Distance", "QuantitativeValue"})
    if ranges & TEXT:
        return bool(value)
    return is_moment(value, ranges) or value.startswith("https://schema.org/")


def is_moment(text: str, ranges: set[str]) -> bool:
    try:
        if "DateTime" in ranges and "T" in text:
            return datetime.fromisoformat(text).tzinfo is not None
        return "Date" in ranges and bool(date.fromisoformat(text))
    except ValueError:
        return False


def with_all_above(kind: str) -> Iterator[str]:
    yield kind
    for above in TYPES.get(kind, ()):
        yield from with_all_above(above)
