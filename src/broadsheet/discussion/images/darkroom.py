"""Making a stranger's picture anew, in a process of its own.

A decoder that meets a file made against it can take all memory, or fall over; here it takes down
nobody who reads. What it may use is said in `kit.pictures`.
"""

import json
import subprocess
import sys
from hashlib import sha256
from threading import BoundedSemaphore, Lock
from typing import Any, Final

from broadsheet.discussion.images.shown import Developed
from broadsheet.kit.pictures import MAX_PIXELS
from broadsheet.kit.verdict import RefusalError, Refused

_COMMAND: Final = (sys.executable, "-m", "broadsheet.kit.pictures")
_TIMEOUT: Final = 30.0
_WAIT: Final = 30
# One at a time, for memory; and few wait, for each holds a thread that readers need.
_turn: Final = Lock()
_room: Final = BoundedSemaphore(3)


def develop(upload: bytes) -> Developed:
    """Return what is kept of an uploaded file. Raises RefusalError: it is none that we take."""
    if not _room.acquire(blocking=False):
        raise RefusalError(Refused("busy", facts=(("seconds", _WAIT),)))
    try:
        with _turn:
            line, files = _made(upload)
    finally:
        _room.release()
    if "code" in line:
        raise RefusalError(_refused(line["code"], line["facts"]))
    at = line["sizes"][0]
    digest = sha256(upload).hexdigest()
    return Developed(files[:at], files[at:], line["width"], line["height"], digest)


def _made(upload: bytes) -> tuple[dict[str, Any], bytes]:
    """Return the line of JSON that the process says, and the files after it."""
    broken = {"code": "broken", "facts": {}}
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            _COMMAND, input=upload, capture_output=True, timeout=_TIMEOUT, check=False
        )
    except subprocess.TimeoutExpired:
        return broken, b""
    line, _, files = done.stdout.partition(b"\n")
    # It ends by a signal where it came to its bounds.
    return (json.loads(line), files) if not done.returncode and line else (broken, b"")


def _refused(code: str, facts: dict[str, str]) -> Refused:
    if code == "pixels":
        limit = (("limit", MAX_PIXELS // 1_000_000),)
        return Refused("image_pixels", facts=limit, field="image")
    return Refused(f"image_{code}", facts=tuple(facts.items()), field="image")
