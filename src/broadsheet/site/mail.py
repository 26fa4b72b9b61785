"""How mail leaves, from one setting."""

from typing import Any
from urllib.parse import unquote, urlsplit

_BACKENDS = "django.core.mail.backends"
_RELAY_PORT = 25


def mailers(address: str) -> dict[str, dict[str, Any]]:
    """Turn `console`, `mailbox` or an smtp(s):// address into Django's MAILERS.

    With `mailbox` no mail leaves at all: the outbox itself is shown on a local page.
    """
    if address == "console":
        return {"default": {"BACKEND": f"{_BACKENDS}.console.EmailBackend"}}
    if address == "mailbox":
        return {"default": {"BACKEND": f"{_BACKENDS}.dummy.EmailBackend"}}
    parts = urlsplit(address)
    implicit_tls = parts.scheme == "smtps"
    options = {
        "host": parts.hostname or "localhost",
        "port": parts.port or (465 if implicit_tls else 587),
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_ssl": implicit_tls,
        # A local relay rarely speaks TLS.
        "use_tls": not implicit_tls and parts.port != _RELAY_PORT,
        "timeout": 20,
    }
    return {"default": {"BACKEND": f"{_BACKENDS}.smtp.EmailBackend", "OPTIONS": options}}
