"""Files that people upload: photographs with what a telephone writes into them, and worse."""

import struct
import zlib
from io import BytesIO
from pathlib import Path

from PIL import Image

HEIC = Path(__file__).parent / "stories" / "telephone.heic"
CAMERA = "Harbourphone 7"
SECRET = b"SECRET-OWNER"


def encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def photograph(size: tuple[int, int] = (900, 600), *, turned: bool = True) -> bytes:
    """Return a JPEG whose left half is red, with position, camera, owner, XMP and a comment.

    `turned`: its camera was held so that it stands on its side in the file.
    """
    picture = Image.new("RGB", size, "navy")
    picture.paste("red", (0, 0, size[0] // 2, size[1]))
    exif = picture.getexif()
    if turned:
        exif[0x0112] = 6
    exif[0x0110] = CAMERA
    exif.get_ifd(0x8825).update({1: "N", 2: (47.0, 22.0, 11.0), 3: "E", 4: (8.0, 32.0, 30.0)})
    exif.get_ifd(0x8769)[0xA430] = SECRET.decode()
    xmp = b"<x:xmpmeta><dc:creator>" + SECRET + b"</dc:creator></x:xmpmeta>"
    return encoded(picture, "JPEG", exif=exif, xmp=xmp, comment=SECRET)


def plain(kind: str = "PNG", size: tuple[int, int] = (60, 40), colour: str = "navy") -> bytes:
    return encoded(Image.new("RGB", size, colour), kind)


def animation() -> bytes:
    frames = [Image.new("RGB", (60, 40), colour) for colour in ("red", "lime", "blue")]
    return encoded(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=50)


def bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """Return a PNG of a few kilobytes that says it has billions of pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1_000_000, 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


SVG = (
    b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
)
HTML = b"<!DOCTYPE html><script>alert(1)</script>"
