"""Is this a picture, and what of it may be shown? Only decoding says so: names are claims.

Every decoder is an attack surface, so whoever reads pictures of strangers does it in a process that
may fall over: `python -m broadsheet.kit.pictures` takes a file on its standard input, within limits
of memory and time that it sets itself, and writes what is left of it (see `main`).
"""

import json
import os
import resource
import sys
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any, Final

from pi_heif import register_heif_opener
from PIL import Image, ImageCms, ImageOps

# What Pillow may be asked to read of a stranger's.
TAKEN: Final = ("JPEG", "PNG", "WEBP", "GIF", "HEIF")
# A telephone's best has 24 million, or 50 as a JPEG, of which we decode but a part. A pixel takes
# up to four bytes, and some decoders need that four times.
MAX_PIXELS: Final = 25_000_000
MAX_JPEG_PIXELS: Final = 64_000_000
MAX_SIDE: Final = 20_000
# What is kept: one to be looked at by itself, and one to stand among words, sharp on a screen of
# twice the density.
FULL: Final = (1600, 1600)
SMALL: Final = (1200, 640)
_QUALITY: Final = 80
_WHITE: Final = "white"
# Where a file says which kinds of HEIF it is; of those the telephones' one is read.
_BRANDS: Final = 64
_MEMORY: Final = 768 * 1024 * 1024
_SECONDS: Final = 20
_NICE: Final = 5

# How files begin that people take for pictures.
_KINDS: Final = (
    ("SVG", (b"<svg", b"<?xml")),
    ("HTML", (b"<!doctype html", b"<html", b"<head", b"<body", b"<script")),
    ("PDF", (b"%pdf",)),
    ("TIFF", (b"ii*\0", b"mm\0*")),
    ("BMP", (b"bm",)),
    ("ZIP", (b"pk\3\4",)),
)
_BOXES: Final = {b"avif": "AVIF", b"avis": "AVIF", b"qt  ": "MOV", b"isom": "MP4", b"mp42": "MP4"}


class NotAPictureError(ValueError):
    """The bytes are none we keep. `code` is "kind", "broken" or "pixels"; `facts` fill it in."""

    def __init__(self, code: str = "broken", **facts: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture made anew: two files of WebP with nothing but pixels, and the first one's size."""

    full: bytes
    small: bytes
    width: int
    height: int


@contextmanager
def reading(data: bytes, *, formats: Iterable[str]) -> Iterator[Image.Image]:
    """Open a picture in one of Pillow's `formats`; nothing is decoded yet.

    Whatever is raised by a decoder within the block becomes NotAPictureError.
    """
    _know_heif()
    with warnings.catch_warnings():
        # Pillow warns from half its own bound on; callers have their own.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            with Image.open(BytesIO(data), formats=tuple(formats)) as picture:
                _check_brand(picture, data)
                yield picture
        except NotAPictureError:
            raise
        except Image.DecompressionBombError as error:
            raise NotAPictureError("pixels") from error
        # Its decoders raise whatever their C code meets.
        except Exception as error:
            raise NotAPictureError from error


def _check_brand(picture: Image.Image, data: bytes) -> None:
    if picture.format == "HEIF" and b"heic" not in data[8:_BRANDS]:
        raise NotAPictureError("kind", kind="HEIF")


def kind_of(data: bytes) -> str:
    """Return what a file that is no picture seems to be, "" where its beginning does not say."""
    if data[4:8] == b"ftyp":
        return _BOXES.get(data[8:12], "")
    start = data[:400].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"<?xml") and b"<svg" not in data[:4000].lower():
        return "XML"
    return next((kind for kind, begins in _KINDS if start.startswith(begins)), "")


def remade(data: bytes) -> Picture:
    """Return a stranger's picture made anew: upright, in sRGB, bounded, and without metadata.

    Of an animation the first picture. The bounds are checked on what the header claims, before any
    memory is asked for. Raises NotAPictureError.
    """
    if kind := kind_of(data):
        raise NotAPictureError("kind", kind=kind)
    with reading(data, formats=TAKEN) as picture:
        width, height = picture.size
        most = MAX_JPEG_PIXELS if picture.format in {"JPEG", "MPO"} else MAX_PIXELS
        if width * height > most or max(width, height) > MAX_SIDE:
            raise NotAPictureError("pixels")
        # A JPEG is decoded at the nearest size above what is wanted, in a fraction of the time.
        picture.draft("RGB", FULL)
        picture.load()
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail(FULL, Image.Resampling.LANCZOS, reducing_gap=3.0)
        plain = _plain(upright)
        small = plain.copy()
        small.thumbnail(SMALL, Image.Resampling.LANCZOS)
        return Picture(_webp(plain), _webp(small), *plain.size)


def _plain(picture: Image.Image) -> Image.Image:
    """Return the pixels alone, in the colours that every screen shows."""
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    profile = picture.info.get("icc_profile")
    plain = picture if picture.mode in {"RGB", "RGBA", "CMYK", "L"} else picture.convert(mode)
    if profile:
        # A profile that does not fit leaves the colours a little off, no more.
        with suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            plain = ImageCms.profileToProfile(  # type: ignore[assignment]  # not in place
                plain,
                source,
                ImageCms.createProfile("sRGB"),
                outputMode="RGB" if mode == "RGB" else None,
            )
    plain = plain.convert(mode)
    # A new one: what its encoder would copy from the old one is not there.
    bare = Image.new(mode, plain.size)
    bare.paste(plain)
    return bare


def _webp(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "WEBP", quality=_QUALITY, method=4)
    return out.getvalue()


@cache
def _know_heif() -> None:
    # Telephones write HEIC. This reader of it decodes only, so nothing of ours is under the GPL.
    register_heif_opener()


def main() -> None:
    """Read a file, write a line of JSON and the two files of the picture, or why there is none."""
    _limit()
    answer: dict[str, Any]
    files: tuple[bytes, ...] = ()
    try:
        made = remade(sys.stdin.buffer.read())
    except NotAPictureError as error:
        answer = {"code": error.code, "facts": error.facts}
    else:
        files = (made.full, made.small)
        answer = {"width": made.width, "height": made.height, "sizes": [len(one) for one in files]}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + b"".join(files))


def _limit() -> None:
    """Be done within bounds, whatever a file makes of its decoder."""
    os.nice(_NICE)
    for what, most in (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CPU, _SECONDS),
        (resource.RLIMIT_CORE, 0),
        # It opens nothing of its own any more, and writes to its standard output alone.
        (resource.RLIMIT_FSIZE, 0),
    ):
        # Not every system knows them all.
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    main()
