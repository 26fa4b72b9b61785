"""The files of images: below `media/comments/`, which no address reaches.

They are written before the comment is, and deleted after its row is gone, so that what is
acknowledged has its files; what a crash leaves between is collected.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Final

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from broadsheet.discussion.images.shown import Developed, KeptImage
from broadsheet.discussion.models import CommentImage
from broadsheet.kit.ids import new_token
from broadsheet.kit.verdict import RefusalError

FOLDER: Final = "comments"
FULL: Final = ".webp"
SMALL: Final = ".small.webp"
# Longer than anybody takes to post, and than a backup of files and database lie apart.
_SPARED: Final = timedelta(days=1)


def path_of(key: str, ending: str = FULL) -> str:
    return f"{FOLDER}/{key}{ending}"


@contextmanager
def kept(image: Developed, *, alt: str) -> Iterator[KeptImage]:
    """Keep the files of an image while its comment is written; they stay where it was.

    Not where it was refused, nor where the same comment was there already. Where nobody knows what
    became of it, the collector decides.
    """
    key = new_token()
    for ending, content in ((FULL, image.full), (SMALL, image.small)):
        default_storage.save(path_of(key, ending), ContentFile(content))
    try:
        yield KeptImage(key, alt, image.width, image.height, image.digest)
    except (RefusalError, LookupError):
        discard(key)
        raise
    if not CommentImage.objects.filter(key=key).exists():
        discard(key)


def content_of(key: str, ending: str) -> bytes | None:
    """Return a file, or None where it is gone."""
    try:
        with default_storage.open(path_of(key, ending)) as file:
            return bytes(file.read())
    except FileNotFoundError:
        return None


def discard(*keys: str) -> None:
    for key in keys:
        for ending in (FULL, SMALL):
            default_storage.delete(path_of(key, ending))


def discard_after_commit(*keys: str) -> None:
    """Delete files once it is certain that their rows are gone."""
    transaction.on_commit(lambda: discard(*keys))


def collect(*, now: datetime) -> int:
    """Delete files that belong to no comment, of a day ago and more; return how many."""
    names = [name for name in _names() if _age(name, now) >= _SPARED]
    known = set(CommentImage.objects.values_list("key", flat=True).iterator()) if names else set()
    orphans = [name for name in names if name.split(".", 1)[0] not in known]
    for name in orphans:
        default_storage.delete(f"{FOLDER}/{name}")
    return len(orphans)


def _names() -> list[str]:
    try:
        return default_storage.listdir(FOLDER)[1]
    except FileNotFoundError:
        return []


def _age(name: str, now: datetime) -> timedelta:
    try:
        return now - default_storage.get_modified_time(f"{FOLDER}/{name}").astimezone(UTC)
    except FileNotFoundError:
        return timedelta(0)
