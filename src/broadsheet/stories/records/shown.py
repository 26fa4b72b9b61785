"""What pages of records are drawn from: frozen values."""

from dataclasses import dataclass
from datetime import datetime

from broadsheet.kit.diffs import Paragraph, Run
from broadsheet.stories.shown import Link, ShownCorrection


@dataclass(frozen=True, slots=True)
class ListedCorrection:
    """A correction among those of all stories. `url` is its place in the story.

    `key` is the story's UUID, `id` the correction's own for as long as its block stands.
    """

    id: str
    key: str
    story: Link
    correction: ShownCorrection
    published_at: datetime
    url: str
    language: str


@dataclass(frozen=True, slots=True)
class CorrectionPage:
    """A stretch of the corrections; `older` is the cursor of the next one, empty at the end."""

    corrections: tuple[ListedCorrection, ...]
    older: str


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version on the list of a story's versions; `note` says what changed, if an editor did."""

    number: int
    published_at: datetime
    note: str
    url: str


@dataclass(frozen=True, slots=True)
class VersionList:
    """The newest versions of a story, and whether there are older ones than are listed."""

    story: Link
    language: str
    versions: tuple[VersionLine, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Paragraphs in a row that stayed as they were."""

    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """A version, and what changed in it against the one before; the first one changed nothing.

    `came` and `went` count words. `parts` is the text in reading order.
    """

    line: VersionLine
    story: Link
    language: str
    latest: int
    before: VersionLine | None
    after: VersionLine | None
    headline: tuple[Run, ...]
    standfirst: tuple[Run, ...]
    parts: tuple[Paragraph | Unchanged, ...]
    came: int
    went: int
