"""Homes that were prepared before, kept from one test run to the next.

To load the demonstration and to make its pictures takes more than a minute of a processor. What is
kept is of the code, the pictures and the packages as they are now; any change makes another, and so
does another day, for the demonstration's stories are hours old. The sizes of its pictures, most of
the work, are kept apart: they change with the pictures alone.
"""

import fcntl
import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from broadsheet.kit.clock import utcnow

if TYPE_CHECKING:
    from homes import Home

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".pytest_cache" / "prepared"


@contextmanager
def alone(kind: str) -> Iterator[None]:
    """Let one worker prepare homes of this kind; another that needs one waits, and reuses it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / f".{kind}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def reuse(kind: str, path: Path) -> bool:
    """Copy a kept home of this kind to `path`, if there is one; say whether there was."""
    kept = _kept(kind)
    if not kept.exists():
        return False
    shutil.copytree(kept, path, dirs_exist_ok=True)
    return True


def keep(kind: str, path: Path) -> None:
    """Keep the home at `path`, in place of one of earlier code; within `alone`."""
    kept = _kept(kind)
    for other in FOLDER.glob(f"{kind}-*"):
        shutil.rmtree(other, ignore_errors=True)
    part = kept.with_suffix(".part")
    shutil.copytree(path, part)
    part.rename(kept)


def put_pictures(home: "Home") -> None:
    """Give the home those sizes of its pictures that an earlier home was given."""
    kept = _kept_pictures()
    if not kept.exists():
        return
    shutil.copytree(kept / "images", home.path / "media/images", dirs_exist_ok=True)
    home.write_many(
        "INSERT INTO stories_newsrendition"
        " (filter_spec, focal_point_key, file, width, height, image_id)"
        " SELECT ?, ?, ?, ?, ?, id FROM stories_newsimage WHERE file = ? ON CONFLICT DO NOTHING",
        json.loads((kept / "rows.json").read_bytes()),
    )


def keep_pictures(home: "Home") -> None:
    """Keep what `put_pictures` gives, which takes most of a minute to make."""
    kept = _kept_pictures()
    if kept.exists():
        return
    for other in FOLDER.glob("pictures-*"):
        shutil.rmtree(other, ignore_errors=True)
    part = kept.with_suffix(".part")
    shutil.copytree(home.path / "media/images", part / "images")
    rows = home.rows(
        "SELECT made.filter_spec, made.focal_point_key, made.file, made.width, made.height,"
        " image.file FROM stories_newsrendition AS made"
        " JOIN stories_newsimage AS image ON image.id = made.image_id"
    )
    (part / "rows.json").write_text(json.dumps(rows))
    part.rename(kept)


def _kept_pictures() -> Path:
    """Return the folder for the pictures, and for the code that makes their sizes, as they are."""
    digest = hashlib.sha256((ROOT / "uv.lock").read_bytes())
    stories = ROOT / "src/broadsheet/stories"
    drawn = sorted((ROOT / "src/broadsheet/site/demo/images").iterdir())
    for file in (stories / "images.py", stories / "renditions.py", *drawn):
        digest.update(file.read_bytes())
    return FOLDER / f"pictures-{digest.hexdigest()[:16]}"


def _kept(kind: str) -> Path:
    digest = hashlib.sha256((ROOT / "uv.lock").read_bytes())
    digest.update(utcnow().date().isoformat().encode())
    for path in sorted((ROOT / "src").rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return FOLDER / f"{kind}-{digest.hexdigest()[:16]}"
