"""A hash chain over append-only rows: changing or removing one breaks every later link.

The payload is hashed as canonical JSON (sorted keys, no white space, UTF-8), so that the chain can
be verified by anybody from an export. What must be erasable stays out of the payload: only its
own digest goes in.
"""

import hashlib
import json
from collections.abc import Mapping

GENESIS = bytes(32)
type Scalar = str | int | bool | None


def digest(text: str) -> str:
    """Return the SHA-256 of `text` in hex, to stand in a chain for text that may be erased."""
    return hashlib.sha256(text.encode()).hexdigest()


def link(*, previous: bytes, payload: Mapping[str, Scalar | list[list[Scalar]]]) -> bytes:
    """Return the 32-byte hash that binds `payload` to the row before it.

    Raises ValueError when `previous` is not 32 bytes long.
    """
    if len(previous) != len(GENESIS):
        raise ValueError(f"a link needs 32 bytes of the row before it, got {len(previous)}")
    body = json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(previous + body.encode()).digest()
