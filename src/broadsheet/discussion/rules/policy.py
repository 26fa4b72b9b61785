"""What the publisher chose, handed to the operations by whoever reads the settings."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Policy:
    """`max_length` in characters; whether a first comment, or one with a link, waits to be read."""

    max_length: int = 5000
    hold_first: bool = True
    hold_links: bool = True
