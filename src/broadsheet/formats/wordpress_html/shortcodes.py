"""Which brackets in a text are shortcodes, and what they say.

People write brackets too: ``[sic]``, ``[1]``, ``[Name of the harbour master]``. So a bracket is
taken for a shortcode only if it has the form ``[name …]`` (a letter first; after the name a space,
a slash or the end) and one of these holds:

1. its name is one of WordPress' own or of a plugin in ``KNOWN`` / ``KNOWN_PREFIXES``;
2. it has an attribute with a value: ``[contact id="3"]``;
3. its closing partner follows somewhere: ``[x]…[/x]``.

A closing ``[/name]`` is one if its name is known or it was opened before. ``[[name]]`` is how
WordPress writes a bracket that shall be shown. Everything else stays as it is.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from broadsheet.formats.wordpress_html.characters import unescape

KNOWN = frozenset(
    {
        *("audio", "caption", "embed", "gallery", "playlist", "video", "wp_caption"),
        *("wpdiscuz-feedback", "media-credit", "contact-form", "contact-form-7", "gravityform"),
        *("gravityforms", "ninja_form", "wpforms", "mc4wp_form", "formidable", "nggallery"),
        *("rev_slider", "layerslider", "metaslider", "smartslider3", "ngg", "ngg_images"),
        *("youtube", "vimeo", "soundcloud", "googlemaps", "google-map", "polldaddy", "wp_polls"),
        *("yarpp", "ad_inserter", "adrotate", "donation_form", "give_form", "paypal_donation"),
        *("woocommerce_cart", "woocommerce_checkout", "woocommerce_my_account", "bbp-forum-index"),
    }
)
KNOWN_PREFIXES = ("vc_", "et_pb_", "fusion_", "av_", "su_", "elementor-", "tie_", "td_", "wpv-")

_MAX_ATTRIBUTES = 64
_NAME = re.compile(r"\[(/?)([A-Za-z][A-Za-z0-9_-]{0,63})(?=[\s\]/])")
_CLOSER = re.compile(r"\[/([A-Za-z][A-Za-z0-9_-]{0,63})\s{0,9}\]")
_SPACE = re.compile(r"\s{0,99}")
_QUOTED = r""""([^"]{0,4000})"|'([^']{0,4000})'"""
_KEYED = re.compile(
    rf"""([A-Za-z0-9_:.-]{{1,64}})\s{{0,9}}=\s{{0,9}}(?:{_QUOTED}|([^\s"'\[\]<>]{{1,2000}}))"""
)
_POSITIONAL = re.compile(rf"""(?:{_QUOTED}|([^\s"'\[\]<>]{{1,2000}}))""")
# Some editors turn the quotes of a shortcode into these.
_CURLY = "“”″"


class Shortcode(NamedTuple):
    """``kind`` is ``open`` (its closing partner follows), ``close`` or ``single``."""

    name: str
    attributes: Mapping[str, str]
    kind: str


@dataclass(slots=True)
class Shortcodes:
    """The rule above for one text. ``only`` limits it to these names, each with a partner."""

    closers: Mapping[str, int]
    only: frozenset[str] | None = None
    opened: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, text: str, *, only: frozenset[str] | None = None) -> "Shortcodes":
        """Look for the closing partners of ``text`` once."""
        closers = {match[1].lower(): match.start() for match in _CLOSER.finditer(text)}
        return cls(closers=closers, only=only)

    def match(self, text: str, at: int) -> tuple[Shortcode, int] | None:
        """Return the shortcode at ``text[at]`` and the place behind it, or ``None``."""
        found = _NAME.match(text, at)
        if found is None:
            return None
        name = found[2].lower()
        attributes, end = _attributes(text, found.end())
        if end < 0:
            return None
        if found[1]:
            return self._close(name, end)
        partner = self.closers.get(name, -1) >= end
        if not self._is_one(name, attributes, partner=partner):
            return None
        self.opened.add(name)
        return Shortcode(name, attributes, "open" if partner else "single"), end

    def _close(self, name: str, end: int) -> tuple[Shortcode, int] | None:
        if name in self.opened or (self.only is None and _is_known(name)):
            return Shortcode(name, {}, "close"), end
        return None

    def _is_one(self, name: str, attributes: Mapping[str, str], *, partner: bool) -> bool:
        if self.only is not None:
            return partner and name in self.only
        return partner or _is_known(name) or any(not key.isdigit() for key in attributes)


def _is_known(name: str) -> bool:
    return name in KNOWN or name.startswith(KNOWN_PREFIXES)


def _attributes(text: str, at: int) -> tuple[dict[str, str], int]:
    """Attributes from ``at`` and the place behind ``]``, or -1; bounded, so linear in the end."""
    found: dict[str, str] = {}
    for position in range(_MAX_ATTRIBUTES):
        space = _SPACE.match(text, at)
        at = space.end() if space else at
        for end in ("]", "/]"):
            if text.startswith(end, at):
                return found, at + len(end)
        match = _KEYED.match(text, at)
        key = match[1].lower() if match else str(position)
        groups = 2 if match else 1
        match = match or _POSITIONAL.match(text, at)
        if match is None:
            break
        bare = (match[groups + 2] or "").strip(_CURLY)
        if text.startswith("]", match.end()):
            bare = bare.removesuffix("/")  # of the shortcode: `[x a=1/]`
        value = match[groups] or match[groups + 1] or bare
        found.setdefault(key, unescape(value))
        at = match.end()
    return found, -1
