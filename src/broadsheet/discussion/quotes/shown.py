"""Quotes as pages show them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

# stands: as it was. edited: the source has other words since, these are kept. removed, held: the
# source is not public now. blanked: its author took it back, or is forgotten.
type Standing = Literal["stands", "edited", "removed", "held", "blanked"]


@dataclass(frozen=True, slots=True)
class ShownQuote:
    """Quoted words inside their sentence: `before`, `exact`, `after`; empty unless readable.

    `source` is the comment quoted, None for the story; `name` and `guest` are who said it, as a
    comment is signed, and `said_at` when. `revision` numbers the source's words at the time,
    `matched` says that the quotation was typed, and found.
    """

    id: int
    comment: int
    source: int | None
    name: str
    guest: int | None
    said_at: datetime | None
    standing: Standing
    before: str
    exact: str
    after: str
    revision: int
    matched: bool

    @property
    def is_readable(self) -> bool:
        return self.standing in {"stands", "edited"}
