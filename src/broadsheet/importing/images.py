"""Is this a picture? Only decoding it says so: names and content types are claims."""

from dataclasses import dataclass
from typing import Final

from PIL import Image

from broadsheet.kit import pictures

# What Pillow may be asked to read: each decoder is an attack surface. Format → ending.
FORMATS: Final = {
    "JPEG": "jpg",
    "MPO": "jpg",
    "PNG": "png",
    "GIF": "gif",
    "WEBP": "webp",
    "AVIF": "avif",
    "HEIF": "heic",
}
# MPO is what a JPEG of several pictures turns out to be; Pillow knows no opener of that name, and
# asked for one gives up before it tries the others.
_OPENERS: Final = tuple(name for name in FORMATS if name != "MPO")
# A photograph of a newspaper has 50 million; a decoded pixel takes up to four bytes of memory.
MAX_PIXELS: Final = 80_000_000
MAX_FRAMES: Final = 600
MAX_SIDE: Final = 30_000
MAX_BYTES: Final = 40 * 1024 * 1024


_WORDS: Final = {
    "broken": "not a picture that can be read",
    "kind": "a kind of HEIF that is not HEIC",
    "pixels": "more pixels than a picture has",
}


class NotAPictureError(ValueError):
    """The bytes are none we keep; the message is a few words for the report."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A picture that was decoded once, whole. `ending` is that of its true format."""

    data: bytes
    ending: str
    width: int
    height: int


def check_picture(data: bytes) -> Checked:
    """Decode a picture within bounds. Raises NotAPictureError.

    The bounds are checked on what the header claims, before any memory is asked for.
    """
    if len(data) > MAX_BYTES:
        raise NotAPictureError(f"larger than {MAX_BYTES // 1024 // 1024} MB")
    try:
        with pictures.reading(data, formats=_OPENERS) as picture:
            _check_size(picture)
            picture.load()
            ending = FORMATS[picture.format or ""]
            return Checked(data, ending, picture.width, picture.height)
    except pictures.NotAPictureError as error:
        raise NotAPictureError(_WORDS.get(error.code, error.code)) from error


def _check_size(picture: Image.Image) -> None:
    width, height = picture.size
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        words = f"{width} × {height} pixels are more than a picture has"
        raise pictures.NotAPictureError(words)
    frames = int(getattr(picture, "n_frames", 1))
    if frames > MAX_FRAMES or frames * width * height > 4 * MAX_PIXELS:
        raise pictures.NotAPictureError(f"an animation of {frames} pictures is too large")
