"""What the outbox hands to those who carry messages, and how they say that they could not."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as it is sent. The same `uuid` at every attempt lets a receiver drop doubles."""

    uuid: UUID
    kind: str
    to: str
    subject: str
    text: str
    html: str
    created_at: datetime
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one round did."""

    sent: int = 0
    later: int = 0
    failed: int = 0

    @property
    def tried(self) -> int:
        return self.sent + self.later + self.failed


class UndeliverableError(Exception):
    """Raised for a message that will never arrive: no such person. Trying again would be spam."""


type Carrier = Callable[[Letter], None]
