"""What becomes of a thing of a foreign site: decided here, carried out elsewhere. No Django."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import urlsplit

from broadsheet.formats.api import Comment, CommentKind, CommentState, Item
from broadsheet.importing.files import LOOKS

PICTURE_ENDINGS: Final = frozenset(
    {".avif", ".bmp", ".gif", ".heic", ".jpeg", ".jpg", ".jpe", ".png", ".svg", ".tif", ".tiff"}
    | {".webp"}
)


class Becomes(StrEnum):
    STORY = "story"
    PAGE = "page"
    PICTURE = "picture"
    DOCUMENT = "document"
    NOTHING = "nothing"


class Shown(StrEnum):
    LIVE = "live"
    SCHEDULED = "scheduled"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Fate:
    """What an item becomes. `why` is a word for the report where that is not what it was."""

    becomes: Becomes
    shown: Shown = Shown.DRAFT
    why: str = ""


@dataclass(frozen=True, slots=True)
class CommentFate:
    """`state` is the discussion's, or "" for a comment that is not carried over, and `why`."""

    state: str
    why: str = ""


_OTHER_KINDS: Final = {CommentKind.PINGBACK: "pingback", CommentKind.TRACKBACK: "pingback"}
_COMMENT_STATES: Final = {
    CommentState.APPROVED: CommentFate("published"),
    CommentState.PENDING: CommentFate("held"),
    CommentState.TRASH: CommentFate("", "comment_trash"),
    CommentState.SPAM: CommentFate("", "comment_trash"),
}
_PLAUSIBLE_YEARS: Final = range(1900, 2201)
_LEFT_OUT: Final = {"trash": "trash", "auto-draft": "auto_draft"}
_DRAFTS: Final = {"draft": "draft", "pending": "pending", "private": "private"}


def fate_of(item: Item, *, now: datetime, zone: tzinfo) -> Fate:
    """Say what an item becomes: nothing that was not public becomes public."""
    becomes, why = _becomes(item)
    if becomes in (Becomes.NOTHING, Becomes.PICTURE, Becomes.DOCUMENT):
        return Fate(becomes, why=why)
    if item.status in _LEFT_OUT:
        return Fate(Becomes.NOTHING, why=_LEFT_OUT[item.status])
    shown, why = _shown(item, now=now, zone=zone)
    return Fate(becomes, shown, why)


def _shown(item: Item, *, now: datetime, zone: tzinfo) -> tuple[Shown, str]:
    if item.status == "publish":
        return (Shown.DRAFT, "password") if item.has_password else (Shown.LIVE, "")
    if item.status == "future":
        due = published(item, zone=zone)
        if due is not None and due > now:
            return Shown.SCHEDULED, "scheduled"
        # It was not public when the export was made; whether it should be, nobody here knows.
        return Shown.DRAFT, "overdue"
    return Shown.DRAFT, _DRAFTS.get(item.status, "status")


def _becomes(item: Item) -> tuple[Becomes, str]:
    match item.type:
        case "post":
            return Becomes.STORY, ""
        case "page":
            return Becomes.PAGE, ""
        case "attachment":
            return _attachment(item)
        case "":
            # Hand-made files leave the type out; WordPress never does.
            return _attachment(item) if item.attachment_url else (Becomes.STORY, "")
        case _:
            return Becomes.NOTHING, "type"


def _attachment(item: Item) -> tuple[Becomes, str]:
    if is_picture(item.attachment_url):
        return Becomes.PICTURE, ""
    if is_document(item.attachment_url):
        return Becomes.DOCUMENT, ""
    return Becomes.NOTHING, "file"


def is_picture(url: str) -> bool:
    """Say whether an address ends like that of a picture; whether it is one, decoding shows."""
    return f".{ending_of(url)}" in PICTURE_ENDINGS


def is_document(url: str) -> bool:
    """Say whether an address ends like that of a file which newsrooms publish beside pictures."""
    return ending_of(url) in LOOKS


def ending_of(url: str) -> str:
    """Return the ending of the file at an address, without its dot, in small letters."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return ""
    return PurePosixPath(path).suffix.lower().removeprefix(".")


def is_web_address(url: str) -> bool:
    """Say whether a link may lead there: to the web, never to a script or a file of the reader."""
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False


def comment_fate(comment: Comment, *, on: Becomes) -> CommentFate:
    """Say what a comment becomes under an item that became `on`."""
    if on not in (Becomes.STORY, Becomes.PAGE):
        return CommentFate("", "comment_elsewhere")
    if comment.kind is not CommentKind.COMMENT:
        return CommentFate("", _OTHER_KINDS.get(comment.kind, "comment_type"))
    return _COMMENT_STATES.get(comment.state, CommentFate("held", "comment_status"))


def published(item: Item, *, zone: tzinfo) -> datetime | None:
    """Return when an item was published, aware; a local time is one of `zone`."""
    return moment(item.published_utc, item.published_local, zone=zone)


def moment(utc: datetime | None, local: datetime | None, *, zone: tzinfo) -> datetime | None:
    """Return an instant from what a file says of it: the time in GMT, else the local one.

    A year that no site was made in is a slip, and no date at all: the ends of the calendar cannot
    be moved between time zones.
    """
    if utc is not None and utc.year in _PLAUSIBLE_YEARS:
        return utc
    if local is None or local.year not in _PLAUSIBLE_YEARS:
        return None
    return local.replace(tzinfo=zone)


def cut(text: str, length: int) -> str:
    """Return at most `length` characters, ended at a word, with an ellipsis if anything went."""
    if len(text) <= length:
        return text
    head = text[: length - 1]
    at_word = head.rpartition(" ")[0] if not text[length - 1].isspace() else head
    # A text without spaces (or one very long word) is cut where it is.
    kept = at_word if len(at_word) > length // 2 else head
    return kept.rstrip(" ,;:–—-") + "…"
