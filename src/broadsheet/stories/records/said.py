"""Corrections as the blocks of a story say them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from broadsheet.stories.kinds import CorrectionKind
from broadsheet.stories.streams import raw_blocks


@dataclass(frozen=True, slots=True)
class Said:
    """A correction as a block says it; `source` is stored rich text, `block_id` as it is stored."""

    block_id: str
    kind: str
    day: date
    source: str


def corrections_in(stream: Any) -> Iterator[Said]:
    """Yield the corrections of a stream, in its order; what is not whole is left out."""
    for block in raw_blocks(stream):
        found = _read(block) if block["type"] == "correction" else None
        if found is not None:
            yield found


def _read(block: Any) -> Said | None:
    value = block.get("value") or {}
    kind, source, day = value.get("kind"), str(value.get("text") or ""), value.get("day")
    try:
        day = day if isinstance(day, date) else date.fromisoformat(str(day))
    except ValueError:
        return None
    if kind not in CorrectionKind.values or not source:
        return None
    return Said(str(block.get("id") or ""), kind, day, source)
