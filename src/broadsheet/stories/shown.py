"""What pages are drawn from: frozen values, with nothing left to look up."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Link:
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as files: `srcset` is ready for the attribute, sizes are in CSS pixels."""

    src: str
    srcset: str
    width: int
    height: int
    alt: str
    caption: str
    credit: str
    full_url: str


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a body: `kind` chooses the template, exactly one of the rest is filled."""

    kind: str
    html: str = ""
    text: str = ""
    level: int = 2
    anchor: str = ""
    picture: Picture | None = None
    speaker: str = ""
    role: str = ""
    source: Link | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """A story on a list."""

    key: str
    headline: str
    url: str
    standfirst: str
    section: Link
    bylines: tuple[str, ...]
    published_at: datetime
    comments: int
    picture: Picture | None


@dataclass(frozen=True, slots=True)
class CardPage:
    """A stretch of a list; `older` is the cursor of the next one, empty at the end."""

    cards: tuple[Card, ...]
    older: str


@dataclass(frozen=True, slots=True)
class Story:
    """A whole story, without its discussion."""

    key: str
    headline: str
    url: str
    standfirst: str
    language: str
    section: Link
    bylines: tuple[str, ...]
    picture: Picture | None
    body: tuple[Block, ...]
    published_at: datetime
    updated_at: datetime | None
    tags: tuple[str, ...]
    discussion_open: bool
