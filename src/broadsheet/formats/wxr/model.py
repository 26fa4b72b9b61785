"""What a WordPress export says, record by record, before anybody judges it.

Texts are as in the file, without white space around them. A field that is missing is the empty
string. Ids are strings: files in the wild repeat them, leave them out, and start them with zeros;
``number`` (from 1, in the order of the file) is what identifies an item or a comment.
Every record carries the ``line`` of its opening tag.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class CommentKind(StrEnum):
    """What a comment is. ``OTHER`` is anything unknown or private: never publish it."""

    COMMENT = "comment"
    PINGBACK = "pingback"
    TRACKBACK = "trackback"
    OTHER = "other"


class CommentState(StrEnum):
    """Where moderation left a comment. ``UNKNOWN``: the file does not say; do not publish."""

    APPROVED = "approved"
    PENDING = "pending"
    TRASH = "trash"
    SPAM = "spam"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Meta:
    """One key and its value. Values may be PHP-serialised: see ``php_serialize``."""

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class Label:
    """A term given to an item; ``taxonomy`` is ``category``, ``post_tag`` or another."""

    taxonomy: str
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Site:
    """The head of the file: always the first event, exactly once."""

    title: str
    link: str
    description: str
    language: str
    version: str
    site_url: str
    blog_url: str
    generator: str
    line: int

    @property
    def base_url(self) -> str:
        """The address against which relative links are resolved; empty if the file has none."""
        return self.blog_url or self.link or self.site_url


@dataclass(frozen=True, slots=True)
class Author:
    """A person who wrote posts. Readers who only commented are not in the file."""

    login: str
    id: str
    email: str
    display_name: str
    first_name: str
    last_name: str
    line: int


@dataclass(frozen=True, slots=True)
class Term:
    """A category, tag or other term. ``parent`` is the slug of the parent, or empty."""

    taxonomy: str
    slug: str
    name: str
    parent: str
    description: str
    id: str
    line: int


@dataclass(frozen=True, slots=True)
class Item:
    """A post, page, attachment, menu entry or whatever else plugins store as a post.

    ``published_local`` is naive, in the site's zone; ``published_utc`` is aware or ``None``
    (drafts have no time in GMT). A post's password is not kept, only that it has one.
    """

    number: int
    post_id: str
    type: str
    status: str
    title: str
    link: str
    guid: str
    slug: str
    creator: str
    published_local: datetime | None
    published_utc: datetime | None
    modified_local: datetime | None
    modified_utc: datetime | None
    content: str
    excerpt: str
    parent: str
    menu_order: int
    has_password: bool
    comment_status: str
    is_sticky: bool
    attachment_url: str
    labels: tuple[Label, ...]
    meta: tuple[Meta, ...]
    line: int

    def first_meta(self, key: str) -> str:
        """Return the first value stored under ``key``, or the empty string."""
        return _first(self.meta, key)


@dataclass(frozen=True, slots=True)
class ItemRest:
    """What stood behind the comments of item ``item``, and so was not in its ``Item``.

    WordPress writes comments last, so its own files never have this. ``labels`` and ``meta`` are
    to be added to the item's; ``fields`` names other elements that came too late (report them).
    """

    item: int
    labels: tuple[Label, ...]
    meta: tuple[Meta, ...]
    fields: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment; ``item`` is the number of the item that it hangs on, which came before it.

    ``parent`` is empty for a root (WordPress writes ``0``); it may name a comment that is not in
    the file, or one that comes later. ``date_utc`` may be missing while ``date_local`` is there,
    and the other way round.
    """

    number: int
    item: int
    id: str
    author: str
    email: str
    url: str
    ip: str
    date_local: datetime | None
    date_utc: datetime | None
    content: str
    approved: str
    type: str
    parent: str
    user_id: str
    meta: tuple[Meta, ...]
    line: int

    @property
    def kind(self) -> CommentKind:
        """Normal, pingback, trackback, or ``OTHER`` (reviews, order notes, private ones, …)."""
        return _KINDS.get(self.type, CommentKind.OTHER)

    @property
    def state(self) -> CommentState:
        """What ``approved`` means; ``UNKNOWN`` when it is missing or no word of WordPress."""
        return _STATES.get(self.approved, CommentState.UNKNOWN)

    def first_meta(self, key: str) -> str:
        """Return the first value stored under ``key``, or the empty string."""
        return _first(self.meta, key)


@dataclass(frozen=True, slots=True)
class Finished:
    """Always the last event: the file was read to its end.

    ``control_characters`` counts bytes that XML forbids and that were left out; old databases are
    full of them, and no browser shows them.
    """

    items: int
    comments: int
    lines: int
    control_characters: int


type Event = Site | Author | Term | Item | ItemRest | Comment | Finished

_KINDS = {
    "": CommentKind.COMMENT,
    "comment": CommentKind.COMMENT,
    "wpdiscuz_sticky": CommentKind.COMMENT,
    "pingback": CommentKind.PINGBACK,
    "trackback": CommentKind.TRACKBACK,
}
_STATES = {
    "1": CommentState.APPROVED,
    "approve": CommentState.APPROVED,
    "approved": CommentState.APPROVED,
    "0": CommentState.PENDING,
    "hold": CommentState.PENDING,
    "trash": CommentState.TRASH,
    "post-trashed": CommentState.TRASH,
    "spam": CommentState.SPAM,
}


def _first(meta: tuple[Meta, ...], key: str) -> str:
    return next((entry.value for entry in meta if entry.key == key), "")
