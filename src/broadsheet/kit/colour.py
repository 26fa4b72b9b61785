"""Colours that can be read: contrast as WCAG 2.2 reckons it.

The formulas are WCAG's own: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance and
https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio. Success criterion 1.4.3 asks for 4.5:1 between
text and what it stands on.
"""

import colorsys
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

AA_TEXT: Final = 4.5
# The grounds that text stands on, lightest and darkest of each scheme, as in the style sheet.
LIGHT_GROUNDS: Final = ("#ffffff", "#f2f4f7")
DARK_GROUNDS: Final = ("#121518", "#181c21")

_HEX: Final = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.ASCII)
_STEPS: Final = 400
# Of sRGB; WCAG 2.2 says 0.04045, older texts 0.03928, and no colour of 8 bits tells them apart.
_LINEAR_UP_TO: Final = 0.04045


class ColourError(ValueError):
    """Not a colour as it is written in style sheets: `#rgb` or `#rrggbb`."""


@dataclass(frozen=True, slots=True)
class Accent:
    """One colour as it can be read on light paper and on dark; both are `#rrggbb`."""

    chosen: str
    light: str
    dark: str

    @property
    def was_adjusted(self) -> bool:
        """Say whether readers of the light page see another colour than the one chosen."""
        return self.light != self.chosen


def parse_colour(text: str) -> str:
    """Return a colour as `#rrggbb`; the number sign may be missing. Raises ColourError."""
    written = text.strip().lower()
    written = written if written.startswith("#") else f"#{written}"
    if not _HEX.fullmatch(written):
        raise ColourError(text)
    if len(written) == 4:  # noqa: PLR2004 - the short form, #rgb
        written = "#" + "".join(digit * 2 for digit in written[1:])
    return written


def luminance(colour: str) -> float:
    """Return the relative luminance of `#rrggbb`: 0 for black, 1 for white."""
    red, green, blue = (_linear(part) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def accent(chosen: str) -> Accent:
    """Derive from one colour what is read at 4.5:1 on light and on dark. Raises ColourError."""
    colour = parse_colour(chosen)
    return Accent(colour, readable(colour, LIGHT_GROUNDS), readable(colour, DARK_GROUNDS))


def readable(colour: str, grounds: Sequence[str], ratio: float = AA_TEXT) -> str:
    """Return the colour, made darker or lighter as little as `ratio` on all `grounds` asks for.

    Hue and saturation stay; luminance grows with HSL's lightness, so the first step that holds is
    the nearest one.
    """
    if _holds(colour, grounds, ratio):
        return colour
    hue, lightness, saturation = colorsys.rgb_to_hls(*_parts(colour))
    end = 0.0 if min(luminance(ground) for ground in grounds) > 0.18 else 1.0  # noqa: PLR2004 - the middle grey
    for step in range(1, _STEPS + 1):
        moved = lightness + (end - lightness) * step / _STEPS
        candidate = _hex(colorsys.hls_to_rgb(hue, moved, saturation))
        if _holds(candidate, grounds, ratio):
            return candidate
    raise ColourError(f"nothing is read at {ratio}:1 on {', '.join(grounds)}")


def _holds(colour: str, grounds: Sequence[str], ratio: float) -> bool:
    return all(contrast(colour, ground) >= ratio for ground in grounds)


def _parts(colour: str) -> tuple[float, float, float]:
    red, green, blue = bytes.fromhex(parse_colour(colour)[1:])
    return red / 255, green / 255, blue / 255


def _hex(parts: Sequence[float]) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)


def _linear(part: float) -> float:
    return part / 12.92 if part <= _LINEAR_UP_TO else ((part + 0.055) / 1.055) ** 2.4
