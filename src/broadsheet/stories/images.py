"""Renditions: what readers get is always re-encoded, and never carries what the camera wrote.

Willow copies EXIF (position, serial number, owner) from the uploaded file into every rendition.
Its operations are a registry: ours takes the place of `auto_orient`, the first step of every
rendition, turns the pixels as the camera asked and then keeps only what is needed to draw them.
"""

from typing import Any, Final

from willow.plugins.pillow import PillowImage
from willow.registry import registry

# Colour and animation; nothing that names a place, a person or a device.
KEPT: Final = frozenset({"icc_profile", "transparency", "gamma", "duration", "loop", "background"})

# Made on publishing, looked up when a page is drawn.
LEAD_SPECS: Final = ("width-640|format-webp", "width-1200|format-webp")
FULL_SPEC: Final = "max-2400x2400|format-jpeg"
CARD_SPEC: Final = "fill-640x400|format-webp"
# The logo alone; sharp on a screen of twice the density at the height of the masthead.
LOGO_SPEC: Final = "max-600x120|format-webp-lossless"
ALL_SPECS: Final = (*LEAD_SPECS, FULL_SPEC, CARD_SPEC)

_turn = PillowImage.auto_orient


def auto_orient_and_clean(image: PillowImage) -> PillowImage:
    """Turn the image upright and drop its metadata."""
    upright = _turn(image)
    upright.image.info = {k: v for k, v in upright.image.info.items() if k in KEPT}
    # Pillow keeps a parsed copy that some of its encoders write.
    exif: Any = upright.image.getexif()
    exif.clear()
    return upright


def install() -> None:
    """Put our step into Willow's registry; called once when the app is ready."""
    registry.register_operation(PillowImage, "auto_orient", auto_orient_and_clean)
