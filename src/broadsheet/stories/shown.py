"""What pages are drawn from: frozen values, with nothing left to look up."""

from dataclasses import dataclass, field
from datetime import date, datetime

from broadsheet.discussion.api import ShownNote
from broadsheet.stories.embeds import Embed
from broadsheet.stories.tables import Table


@dataclass(frozen=True, slots=True)
class DraftBar:
    """What is said above a draft. `until` ends the link it is read by; None at the desk.

    `edit_url` leads back to where it is written.
    """

    until: datetime | None = None
    embargo_until: datetime | None = None
    live_url: str = ""
    edit_url: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Credit:
    """Who is named for a picture; `url` leads to their page if they are one of ours."""

    name: str
    url: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Files of one format for `<source>`: `type` is a media type, `srcset` ready to print."""

    type: str
    srcset: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as files: `srcset` is ready for the attribute, sizes are in CSS pixels.

    `sources` are better formats than `src`, the best first. `position` says where the focal point
    is, for `object-position`: `top`, `bottom`, `left`, `right`, two of them with a hyphen between
    (`top-left`), or empty for the middle.
    """

    src: str
    srcset: str
    width: int
    height: int
    alt: str
    caption: str
    credit: Credit | None
    full_url: str
    sources: tuple[Source, ...] = ()
    position: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A document to fetch; `size` is in bytes."""

    url: str
    title: str
    summary: str
    extension: str
    size: int | None


@dataclass(frozen=True, slots=True)
class ShownCorrection:
    """A correction as it is shown: `kind` is correction, clarification or update."""

    kind: str
    label: str
    html: str
    day: date
    anchor: str


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a body: `kind` chooses the template, which uses what it needs of the rest.

    `repeated` says of a pull quote that the story has its words anyway. `place` is where it stands
    in the stream it is drawn from. `notes` stand below what comes before them.
    """

    kind: str
    html: str = ""
    text: str = ""
    level: int = 2
    anchor: str = ""
    picture: Picture | None = None
    pictures: tuple[Picture, ...] = ()
    speaker: str = ""
    role: str = ""
    source: Link | None = None
    day: date | None = None
    reported_by: str = ""
    file: File | None = None
    table: Table | None = None
    row_headings: bool = False
    embed: Embed | None = None
    url: str = ""
    correction: ShownCorrection | None = None
    repeated: bool = False
    place: int = field(default=-1, compare=False)
    notes: tuple[ShownNote, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownByline:
    """A person's part in a story; `part` is empty for its author, else the word for it."""

    name: str
    url: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A story on a list. `genre` is the word that is put before the headline, empty for news."""

    key: str
    headline: str
    url: str
    standfirst: str
    section: Link
    bylines: tuple[str, ...]
    published_at: datetime
    updated_at: datetime | None
    comments: int
    picture: Picture | None
    genre: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class CardPage:
    """A stretch of a list; `older` is the cursor of the next one, empty at the end."""

    cards: tuple[Card, ...]
    older: str


@dataclass(frozen=True, slots=True)
class SeriesBox:
    """The series a story belongs to: its `part`, and all parts in order as links."""

    link: Link
    part: int | None
    parts: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """A whole story, without its discussion.

    `corrections` are those shown at its end, the newest first. `corrected_at` is when the newest of
    all was published. `version` numbers what is shown; `versions_url` is empty where readers may
    not see the earlier ones.
    """

    key: str
    headline: str
    url: str
    standfirst: str
    language: str
    section: Link
    bylines: tuple[ShownByline, ...]
    picture: Picture | None
    body: tuple[Block, ...]
    published_at: datetime
    updated_at: datetime | None
    topics: tuple[Link, ...]
    discussion_open: bool
    genre: str = ""
    genre_code: str = ""
    corrections: tuple[ShownCorrection, ...] = ()
    corrected_at: datetime | None = None
    version: int = 0
    search_title: str = ""
    search_description: str = ""
    versions_url: str = ""
    series: SeriesBox | None = None
    related: tuple[Card, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownPerson:
    """A person's page: who they are, and a stretch of what they did."""

    name: str
    url: str
    role: str
    bio: str
    email: str
    link: str
    photo: Picture | None
    listed: CardPage


@dataclass(frozen=True, slots=True)
class ShownSubject:
    """The page of a topic or a series, with a stretch of its stories."""

    title: str
    url: str
    description: str
    listed: CardPage


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the archive; `first` is its first day."""

    first: date
    url: str
    stories: int


@dataclass(frozen=True, slots=True)
class Year:
    year: int
    stories: int
    months: tuple[Month, ...]


@dataclass(frozen=True, slots=True)
class ShownMonth:
    """A stretch of a month's stories; `earlier` and `later` are the next months that have any."""

    first: date
    url: str
    listed: CardPage
    earlier: Month | None
    later: Month | None
