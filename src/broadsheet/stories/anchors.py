"""Names of places within a story's page. Comments own `c<n>`: every name of ours has a stem."""

import re
from hashlib import blake2b
from typing import Final

from django.utils.text import slugify

# Ids of blocks are UUIDs; eight of their digits are unique within a story, and fit a link.
_START: Final = re.compile(r"[0-9a-f]{8}")


def heading_anchor(text: str, *, taken: set[str]) -> str:
    """Return a name for a heading, and take it."""
    # A heading called "C12" must not take a comment's place.
    stem = name = f"s-{slugify(text, allow_unicode=True) or 'section'}"
    number = 2
    while name in taken:
        name, number = f"{stem}-{number}", number + 1
    taken.add(name)
    return name


def block_anchor(stem: str, block_id: object) -> str:
    """Return the name of a block that other pages link to; it stays for as long as the block."""
    text = str(block_id or "").lower()
    found = _START.match(text)
    return f"{stem}-{found[0] if found else blake2b(text.encode(), digest_size=4).hexdigest()}"


def quote_anchor(block_id: object) -> str:
    """Return the anchor of a quote: `q-` and the beginning of its block's id."""
    return block_anchor("q", block_id)


def correction_anchor(block_id: object) -> str:
    """Return the anchor of a correction: `correction-` and the beginning of its block's id."""
    return block_anchor("correction", block_id)
