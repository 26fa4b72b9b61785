"""A hash chain over append-only rows: changing or removing one breaks every later link.

The payload is hashed as canonical JSON (sorted keys, no white space, UTF-8), so that the chain can
be verified by anybody from an export. What must be erasable stays out of the payload: only a
digest or a commitment of it goes in.
"""

import hashlib
import hmac
import json
import secrets
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
    return hashlib.sha256(previous + canonical(payload).encode()).digest()


def new_key() -> bytes:
    """Return 32 random bytes, for one commitment."""
    return secrets.token_bytes(32)


def commit(*, key: bytes, payload: Mapping[str, Scalar | list[list[Scalar]]]) -> bytes:
    """Return 32 bytes that bind `payload`, and tell nothing of it to who does not have the key."""
    return hmac.digest(key, canonical(payload).encode(), hashlib.sha256)


def canonical(payload: Mapping[str, Scalar | list[list[Scalar]]]) -> str:
    """Return the JSON that is hashed: sorted keys, no white space."""
    return json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
