"""The record as it is kept for people to read: JSON in one row, written by whoever learns."""

import json
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class WouldApprove:
    """With at most `percent` errors in a hundred it would approve `share` percent of what waits."""

    percent: float
    share: float


@dataclass(frozen=True, slots=True)
class Kept:
    """A record as pages show it; numbers as in rules.assistant.record, `learned` of all time.

    `audits` went to people by lot, and of them `audit_errors` were removed.
    """

    learned: int = 0
    decisions: int = 0
    removals: int = 0
    auc: float | None = None
    low: float | None = None
    high: float | None = None
    half: int = 0
    errors: int = 0
    errors_high: float | None = None
    audits: int = 0
    audit_errors: int = 0
    would: tuple[WouldApprove, ...] = ()


def written(record: Kept) -> str:
    return json.dumps(asdict(record), separators=(",", ":"))


def read_record(text: str) -> Kept:
    """Return what `written` wrote; nothing of the record where nothing was."""
    if not text:
        return Kept()
    values: dict[str, Any] = json.loads(text)
    would = tuple(WouldApprove(**one) for one in values["would"])
    return Kept(**{**values, "would": would})
