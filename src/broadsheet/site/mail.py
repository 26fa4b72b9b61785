"""How mail leaves, from one setting."""

from typing import Any
from urllib.parse import unquote, urlsplit

_BACKENDS = "django.core.mail.backends"


def mail_settings(address: str) -> dict[str, Any]:
    """Turn `console`, `mailbox` or an smtp(s):// address into Django's mail settings.

    With `mailbox` no mail leaves at all: the outbox itself is shown on a local page.
    """
    if address == "console":
        return {"EMAIL_BACKEND": f"{_BACKENDS}.console.EmailBackend"}
    if address == "mailbox":
        return {"EMAIL_BACKEND": f"{_BACKENDS}.dummy.EmailBackend"}
    parts = urlsplit(address)
    implicit_tls = parts.scheme == "smtps"
    return {
        "EMAIL_BACKEND": f"{_BACKENDS}.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or (465 if implicit_tls else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": implicit_tls,
        # Port 25 is the local relay, which rarely speaks TLS.
        "EMAIL_USE_TLS": not implicit_tls and parts.port != 25,  # noqa: PLR2004 - the SMTP port
        "EMAIL_TIMEOUT": 20,
    }
