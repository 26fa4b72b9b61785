"""Identifiers made by us: where order does not matter they are random, and never guessable."""

import secrets
from uuid import UUID, uuid4


def new_uuid() -> UUID:
    return uuid4()


def new_token() -> str:
    """Return 128 random bits, as 22 characters that are safe in a URL and a cookie."""
    return secrets.token_urlsafe(16)
