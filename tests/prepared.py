"""Homes that were prepared before, kept from one test run to the next.

To load the demonstration and to make its pictures takes more than a minute of a processor. What is
kept is of the code, the pictures and the packages as they are now; any change makes another, and so
does another day, for the demonstration's stories are hours old.
"""

import hashlib
import os
import shutil
from pathlib import Path

from broadsheet.kit.clock import utcnow

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".pytest_cache" / "prepared"


def reuse(kind: str, path: Path) -> bool:
    """Copy a kept home of this kind to `path`, if there is one; say whether there was."""
    kept = _kept(kind)
    if not kept.exists():
        return False
    shutil.copytree(kept, path, dirs_exist_ok=True)
    return True


def keep(kind: str, path: Path) -> None:
    """Keep the home at `path`, in place of one of earlier code. Another worker may do it too."""
    kept = _kept(kind)
    part = kept.with_suffix(f".{os.getpid()}")
    shutil.copytree(path, part)
    for other in FOLDER.glob(f"{kind}-*"):
        if other.suffix == "" and other != kept:
            shutil.rmtree(other, ignore_errors=True)
    try:
        part.rename(kept)
    except OSError:
        # The other worker was first.
        shutil.rmtree(part)


def _kept(kind: str) -> Path:
    digest = hashlib.sha256((ROOT / "uv.lock").read_bytes())
    digest.update(utcnow().date().isoformat().encode())
    for path in sorted((ROOT / "src").rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return FOLDER / f"{kind}-{digest.hexdigest()[:16]}"
