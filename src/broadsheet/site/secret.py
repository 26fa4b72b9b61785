"""The installation's secret key: made once, kept in a file that only its owner reads."""

import os
import secrets
from pathlib import Path

FILE_NAME = "secret_key"


def secret_key(*, home: Path) -> str:
    """Return the key of `home`, making it at first use.

    Two processes may start at once: the one that creates the file wins, the other reads it.
    """
    file = home / FILE_NAME
    try:
        return file.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        pass
    home.mkdir(parents=True, exist_ok=True)
    mine = secrets.token_urlsafe(48)
    # Written aside and linked into place, so that nobody ever reads half a key.
    draft = home / f".{FILE_NAME}.{os.getpid()}"
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(mine)
    try:
        os.link(draft, file)
    except FileExistsError:
        return file.read_text(encoding="ascii").strip()
    finally:
        draft.unlink()
    return mine
