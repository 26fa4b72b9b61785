"""An image on its way: made anew, kept, and as pages show it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Developed:
    """The two files of an image, the size of the larger, and the digest of what was uploaded."""

    full: bytes
    small: bytes
    width: int
    height: int
    digest: str


@dataclass(frozen=True, slots=True)
class KeptImage:
    """An image whose files are kept under `key`, and that no comment has yet."""

    key: str
    alt: str
    width: int
    height: int
    digest: str


@dataclass(frozen=True, slots=True)
class ShownImage:
    """The image of a comment. `width` and `height` are those of the full one, in pixels."""

    key: str
    alt: str
    width: int
    height: int
