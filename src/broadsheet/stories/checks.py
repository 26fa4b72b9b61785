"""What a careful editor looks for before a story goes out. Warnings, never a block. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

# Google cuts the headlines of NewsArticle off at this length.
HEADLINE_LIMIT: Final = 110
LEAD: Final = "lead_image"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the editor something stands: `anchor` is the name of a field, or a block's id."""

    anchor: str
    is_block: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with the words that will be shown: the story's own, or else the image's."""

    place: Place
    title: str
    alt: str
    credit: str


@dataclass(frozen=True, slots=True)
class Quote:
    place: Place
    words: str
    speaker: str
    source: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link; `url` is an address, or `page:<id>` and `document:<id>` for one of ours."""

    place: Place
    text: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What the checks know of a story. `has_picture` is about the one that lists show."""

    headline: str
    standfirst: str
    has_picture: bool
    has_byline: bool
    has_text: bool
    pictures: tuple[Picture, ...] = ()
    quotes: tuple[Quote, ...] = ()
    links: tuple[Link, ...] = ()


class Code(StrEnum):
    """What a check found; names its sentence."""

    HEADLINE_LONG = "headline_long"
    STANDFIRST_MISSING = "standfirst_missing"
    TEXT_MISSING = "text_missing"
    BYLINE_MISSING = "byline_missing"
    PICTURE_MISSING = "picture_missing"
    ALT_MISSING = "alt_missing"
    CREDIT_MISSING = "credit_missing"
    SPEAKER_MISSING = "speaker_missing"
    SOURCE_MISSING = "source_missing"
    LINK_TEXT_EMPTY = "link_text_empty"
    LINK_DEAD = "link_dead"


class Answer(StrEnum):
    """What became of asking for a link. Everything but FINE and UNASKED is a finding."""

    FINE = "fine"
    UNASKED = "unasked"
    GONE = "gone"
    NO_HOST = "no_host"
    SILENT = "silent"
    INSECURE = "insecure"
    MALFORMED = "malformed"
    INTERNAL = "internal"
    NOT_PUBLIC = "not_public"


@dataclass(frozen=True, slots=True)
class Finding:
    """A thing to mend or let pass. `about` is what it is about, `answer` why a link is dead."""

    code: Code
    place: Place
    about: str = ""
    answer: Answer = Answer.FINE


def findings(draft: Draft, *, answers: Mapping[str, Answer] | None = None) -> tuple[Finding, ...]:
    """Return what is to be mended, in the order of the editor. `answers` is by a link's `url`."""
    return (
        *_of_the_whole(draft),
        *(found for picture in draft.pictures for found in _of_a_picture(picture)),
        *(found for quote in draft.quotes for found in _of_a_quote(quote)),
        *(found for link in draft.links for found in _of_a_link(link, answers or {})),
    )


def _of_the_whole(draft: Draft) -> Iterator[Finding]:
    if len(draft.headline) > HEADLINE_LIMIT:
        yield Finding(Code.HEADLINE_LONG, Place("title"), str(len(draft.headline)))
    if not draft.standfirst.strip():
        yield Finding(Code.STANDFIRST_MISSING, Place("standfirst"))
    if not draft.has_byline:
        yield Finding(Code.BYLINE_MISSING, Place("bylines"))
    if not draft.has_picture:
        yield Finding(Code.PICTURE_MISSING, Place(LEAD))
    if not draft.has_text:
        yield Finding(Code.TEXT_MISSING, Place("body"))


def _of_a_picture(picture: Picture) -> Iterator[Finding]:
    if not picture.alt.strip():
        yield Finding(Code.ALT_MISSING, picture.place, picture.title)
    if not picture.credit.strip():
        yield Finding(Code.CREDIT_MISSING, picture.place, picture.title)


def _of_a_quote(quote: Quote) -> Iterator[Finding]:
    if not quote.speaker.strip():
        yield Finding(Code.SPEAKER_MISSING, quote.place, quote.words)
    if not quote.source.strip():
        yield Finding(Code.SOURCE_MISSING, quote.place, quote.words)


def _of_a_link(link: Link, answers: Mapping[str, Answer]) -> Iterator[Finding]:
    if not link.text.strip():
        yield Finding(Code.LINK_TEXT_EMPTY, link.place, link.url)
    answer = answers.get(link.url, Answer.UNASKED)
    if answer not in {Answer.FINE, Answer.UNASKED}:
        yield Finding(Code.LINK_DEAD, link.place, link.text or link.url, answer)
