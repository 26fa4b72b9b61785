"""Renditions: what readers get is always re-encoded, and never carries what the camera wrote.

Willow copies EXIF (position, serial number, owner) from the uploaded file into every rendition.
Its operations are a registry: ours takes the place of `auto_orient`, the first step of every
rendition, turns the pixels as the camera asked and then keeps only what is needed to draw them.

A specification is Wagtail's: a shape and a format. The old ones, of installations begun before
AVIF, are shown until the present ones are made.
"""

from typing import Any, Final

from pi_heif import register_heif_opener
from willow.image import AvifImageFile
from willow.plugins.pillow import PillowImage
from willow.registry import registry

# Colour and animation; nothing that names a place, a person or a device.
KEPT: Final = frozenset({"icc_profile", "transparency", "gamma", "duration", "loop", "background"})

MEDIA_TYPES: Final = {"avif": "image/avif", "webp": "image/webp", "jpeg": "image/jpeg"}
FULL_SPEC: Final = "max-2400x2400|format-jpeg"
# The logo alone; sharp on a screen of twice the density at the height of the masthead.
LOGO_SPEC: Final = "max-600x120|format-webp-lossless"
WIDE: Final = "width-"
CROPPED: Final = "fill-"
# Which files a picture gets when its longer side is more than so many pixels: a smaller picture
# would only get the same file twice.
_LADDER: Final = (
    (
        0,
        (
            FULL_SPEC,
            "width-480|format-avif",
            "width-480|format-webp",
            "width-800|format-jpeg",
            "fill-480x300|format-avif",
            "fill-480x300|format-webp",
            "fill-640x400|format-jpeg",
        ),
    ),
    (
        480,
        (
            "width-800|format-avif",
            "width-800|format-webp",
            "fill-960x600|format-avif",
            "fill-960x600|format-webp",
        ),
    ),
    (800, ("width-1200|format-avif", "width-1200|format-webp", "width-1200|format-jpeg")),
    (960, ("fill-1440x900|format-avif", "fill-1440x900|format-webp")),
    (1200, ("width-1920|format-avif", "width-1920|format-webp")),
)
ALL_SPECS: Final = tuple(spec for _, specs in _LADDER for spec in specs)
# Every browser shows these, and they are made in a moment: what a story is published with when the
# rest is not there yet.
QUICK_SPECS: Final = tuple(spec for spec in ALL_SPECS if spec.endswith("jpeg"))
_OLD: Final = ("width-640|format-webp", "width-1200|format-webp", "fill-640x400|format-webp")
SHOWN_SPECS: Final = tuple(dict.fromkeys((*ALL_SPECS, *_OLD)))
# How many are made, from which length of the longer side on; for the query.
STEPS: Final = tuple((above, len(specs)) for above, specs in _LADDER)

QUALITY: Final = {"avif": 58, "webp": 78, "jpeg": 82}
# Of 0 to 10. 6, the encoder's own, takes four times as long for files that are 3 to 5 % smaller.
_AVIF_SPEED: Final = 8

_turn = PillowImage.auto_orient


def specs_for(*, width: int, height: int) -> tuple[str, ...]:
    """Return what is made of a picture of this size."""
    longer = max(width, height)
    return tuple(spec for above, specs in _LADDER if longer > above for spec in specs)


def auto_orient_and_clean(image: PillowImage) -> PillowImage:
    """Turn the image upright and drop its metadata."""
    upright = _turn(image)
    upright.image.info = {k: v for k, v in upright.image.info.items() if k in KEPT}
    # Pillow keeps a parsed copy that some of its encoders write.
    exif: Any = upright.image.getexif()
    exif.clear()
    return upright


def save_as_avif(
    image: PillowImage,
    f: Any,
    quality: int = QUALITY["avif"],
    lossless: bool = False,
    apply_optimizers: bool = True,  # noqa: ARG001
) -> AvifImageFile:
    """Encode as AVIF, faster than Willow asks for."""
    picture = image.image
    if picture.mode not in {"RGB", "RGBA"}:
        picture = picture.convert("RGBA" if image.has_alpha() else "RGB")
    options: dict[str, Any] = {"quality": quality, "speed": _AVIF_SPEED}
    if lossless:
        options |= {"quality": 100, "subsampling": "4:4:4"}
    picture.save(f, "AVIF", **options)
    return AvifImageFile(f)


def install() -> None:
    """Put our steps into Willow's registry; called once when the app is ready."""
    # Telephones write HEIC. This reader of it decodes only, so nothing of ours is under the GPL.
    register_heif_opener()
    registry.register_operation(PillowImage, "auto_orient", auto_orient_and_clean)
    registry.register_operation(PillowImage, "save_as_avif", save_as_avif)
