"""Where a list goes on: the time and the id of the last row shown, as one opaque word."""

import base64
from datetime import UTC, datetime


class UnknownCursorError(ValueError):
    """A cursor that we did not make."""


def write(*, at: datetime, pk: int) -> str:
    """Return the cursor that stands behind a row."""
    text = f"{at.astimezone(UTC).isoformat()}|{pk}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read(text: str) -> tuple[datetime, int]:
    """Return the time and the id. Raises UnknownCursorError."""
    try:
        padded = text + "=" * (-len(text) % 4)
        at, _, pk = base64.b64decode(padded, altchars=b"-_", validate=True).decode().partition("|")
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None or len(pk) > 18:  # noqa: PLR2004 - digits of a 64-bit number
            raise UnknownCursorError(text)
        return moment.astimezone(UTC), int(pk)
    except (ValueError, OverflowError, UnicodeDecodeError) as error:
        raise UnknownCursorError(text) from error
