"""What the scratch database remembers of an item, a picture, another file and a term."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ItemRow:
    number: int
    foreign_id: str
    post_id: str
    becomes: str
    shown: str
    type: str
    title: str
    slug: str
    parent: str
    link: str


@dataclass(frozen=True, slots=True)
class PictureRow:
    """A picture of the library. `address` is `formats.original_address` of its url."""

    post_id: str
    url: str
    address: str
    parent: str
    place: int
    title: str
    alt: str
    caption: str
    credit: str
    line: int


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file that is no picture. `address` is `formats.file_address` of its url.

    `taken`: its ending is one of those that come in. `library`: it has an entry of its own, whose
    title and line these are; else they are those of the text that leads to it.
    """

    address: str
    url: str
    host: str
    ending: str
    taken: bool
    library: bool
    title: str
    line: int


@dataclass(frozen=True, slots=True)
class TermRow:
    taxonomy: str
    slug: str
    name: str
    parent: str
    id: str
