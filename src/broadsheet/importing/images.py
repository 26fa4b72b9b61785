"""Is this a picture? Only decoding it says so: names and content types are claims."""

import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import Image

# What Pillow may be asked to read: each decoder is an attack surface. Format → ending.
FORMATS: Final = {
    "JPEG": "jpg",
    "MPO": "jpg",
    "PNG": "png",
    "GIF": "gif",
    "WEBP": "webp",
    "AVIF": "avif",
    # Its reader is registered by `stories`.
    "HEIF": "heic",
}
# MPO is what a JPEG of several pictures turns out to be; Pillow knows no opener of that name, and
# asked for one gives up before it tries the others.
_OPENERS: Final = tuple(name for name in FORMATS if name != "MPO")
# A photograph of a newspaper has 50 million; a decoded pixel takes up to four bytes of memory.
MAX_PIXELS: Final = 80_000_000
MAX_FRAMES: Final = 600
MAX_SIDE: Final = 30_000
# Where a file says which kinds of HEIF it is; of those the newsroom reads the telephones' one.
_BRANDS: Final = 64
MAX_BYTES: Final = 40 * 1024 * 1024


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
    with warnings.catch_warnings():
        # Pillow warns from half its own bound on; ours are below.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            with Image.open(BytesIO(data), formats=_OPENERS) as picture:
                _check_size(picture)
                picture.load()
                _check_kind(picture, data)
                ending = FORMATS[picture.format or ""]
                return Checked(data, ending, picture.width, picture.height)
        except NotAPictureError:
            raise
        except Image.DecompressionBombError as error:
            raise NotAPictureError("more pixels than a picture has") from error
        # Its decoders raise whatever their C code meets.
        except Exception as error:
            raise NotAPictureError("not a picture that can be read") from error


def _check_kind(picture: Image.Image, data: bytes) -> None:
    if picture.format == "HEIF" and b"heic" not in data[8:_BRANDS]:
        raise NotAPictureError("a kind of HEIF that is not HEIC")


def _check_size(picture: Image.Image) -> None:
    width, height = picture.size
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise NotAPictureError(f"{width} × {height} pixels are more than a picture has")
    frames = int(getattr(picture, "n_frames", 1))
    if frames > MAX_FRAMES or frames * width * height > 4 * MAX_PIXELS:
        raise NotAPictureError(f"an animation of {frames} pictures is too large")
