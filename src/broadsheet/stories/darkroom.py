"""Making the files of a picture: decoded once, resized once per shape, written in each format.

Wagtail decodes the upload again for every file, three at a time: for a camera's picture that is a
third more work and three times the memory.
"""

from collections.abc import Iterable
from io import BytesIO
from itertools import groupby
from pathlib import PurePath
from typing import Any, Final

from django.core.files.base import ContentFile
from wagtail.images.models import Filter
from willow.plugins.pillow import PillowImage

from broadsheet.stories.images import QUALITY
from broadsheet.stories.models import NewsImage, NewsRendition

# Wagtail's bound on the name of a file.
_NAME_LENGTH: Final = 59
_WHITE: Final = (255, 255, 255)
_ENDINGS: Final = {"avif": "avif", "webp": "webp", "jpeg": "jpg"}


def develop(image: NewsImage, specs: Iterable[str]) -> list[NewsRendition]:
    """Return unsaved renditions with their files. Raises whatever a decoder meets in the upload."""
    with image.get_willow_image() as upload:
        upright = upload.auto_orient()
        if not isinstance(upright, PillowImage):  # pragma: no cover - SVG is not accepted
            raise TypeError(f"{upload.format_name} is not made of pixels")
        made = []
        for shape, wanted in groupby(sorted(specs), lambda spec: spec.split("|")[0]):
            print_ = _sized(image, upright, shape)
            made += [_rendition(image, print_, spec) for spec in wanted]
    return made


def _sized(image: NewsImage, upright: PillowImage, shape: str) -> PillowImage:
    transform = Filter(spec=shape).get_transform(image, upright.get_size())
    cropped = upright.crop(transform.get_rect().round())
    return cropped.resize(transform.size)


def _rendition(image: NewsImage, sized: PillowImage, spec: str) -> NewsRendition:
    kind = spec.rpartition("format-")[2]
    content = BytesIO()
    _SAVE[kind](sized, content)
    key = Filter(spec=spec).get_cache_key(image)
    tail = ".".join(part for part in (key, spec.replace("|", "."), _ENDINGS[kind]) if part)
    stem = PurePath(image.file.name).stem[: _NAME_LENGTH - len(tail)]
    return NewsRendition(
        image=image,
        filter_spec=spec,
        focal_point_key=key,
        file=ContentFile(content.getvalue(), name=f"{stem}.{tail}"),
    )


def _jpeg(sized: PillowImage, content: BytesIO) -> None:
    opaque = sized.set_background_color_rgb(_WHITE) if sized.has_alpha() else sized
    if opaque.image.mode not in {"RGB", "L", "CMYK"}:
        opaque = PillowImage(opaque.image.convert("RGB"))
    opaque.save_as_jpeg(content, quality=QUALITY["jpeg"], progressive=True, optimize=True)


_SAVE: Final[dict[str, Any]] = {
    "avif": lambda sized, content: sized.save_as_avif(content, quality=QUALITY["avif"]),
    "webp": lambda sized, content: sized.save_as_webp(content, quality=QUALITY["webp"]),
    "jpeg": _jpeg,
}
