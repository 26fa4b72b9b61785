"""The verbs that make pictures' files: each may run again without harm, and makes only what lacks.

An upload and a publication ring `wanted`, which wakes the scheduler: it makes the files in a
process of its own, the few that every browser shows first. Who needs them at once calls a verb.
"""

import logging
import threading
from collections.abc import Callable, Collection, Iterable
from itertools import product
from typing import Final

from django.db import transaction
from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Greatest
from wagtail.images.models import Filter

from broadsheet.stories.darkroom import develop
from broadsheet.stories.images import ALL_SPECS, CROPPED, QUICK_SPECS, STEPS, specs_for
from broadsheet.stories.models import NewsImage, NewsRendition

logger = logging.getLogger(__name__)

_BATCH: Final = 20
# All crops of an image are cut around the same point.
_A_CROP: Final = next(spec for spec in ALL_SPECS if spec.startswith(CROPPED))
# A bell in this process: some picture lacks files, the scheduler need not wait for its next round.
wanted: Final = threading.Event()


def make_renditions(*, image_ids: Collection[int]) -> int:
    """Make what is missing of these images' files; returns how many were made.

    Raises whatever a decoder meets in an upload.
    """
    images = NewsImage.objects.filter(pk__in=image_ids).order_by("pk")
    return sum(_make(image, ALL_SPECS) for image in images.iterator())


def make_first_renditions(*, image_ids: Collection[int]) -> int:
    """Make the files without which a page would stand without its pictures.

    An upload that can not be decoded is logged and left out. Rings for the rest. Never called in a
    transaction: it takes a second for each.
    """
    images = NewsImage.objects.filter(pk__in=image_ids).order_by("pk")
    made = sum(_make_or_log(image, QUICK_SPECS) for image in images)
    ring()
    return made


def make_all_renditions(*, stop: Callable[[], bool] = lambda: False) -> int:
    """Make what any image lacks, the newest first, until there is nothing left or `stop` says so.

    An upload that can not be decoded is logged and left out.
    """
    made, hopeless = 0, set[int]()
    # Asked again after every few: what an editor uploads meanwhile goes before an old archive.
    while batch := list(_lacking().exclude(pk__in=hopeless).order_by("-pk")[:_BATCH]):
        # What every browser shows goes first: somebody may be waiting for it.
        hopeless.update(image.pk for image in batch)
        for specs, image in product((QUICK_SPECS, ALL_SPECS), batch):
            if stop():
                return made
            if done := _make_or_log(image, specs):
                made += done
                hopeless.discard(image.pk)
    return made


def note_change(*, image: NewsImage) -> None:
    """Write down how a changed image is to be cut, if it has crops that were cut otherwise.

    Makes no file; whoever does replaces the old crops. What was unreadable is tried once more.
    """
    NewsImage.objects.filter(pk=image.pk).exclude(unreadable="").update(unreadable="")
    key = _key(image, _A_CROP)
    if image.crop_key != key and (image.crop_key or _cut_otherwise(image, key).exists()):
        NewsImage.objects.filter(pk=image.pk).update(crop_key=key)


def pictures_missing() -> bool:
    """Say whether some image lacks a file that readers get. One query."""
    return _lacking().exists()


def ring() -> None:
    """Wake whoever makes the files, once what is being written is there to be read."""
    transaction.on_commit(wanted.set)


def _lacking() -> QuerySet[NewsImage]:
    """Return the images with fewer files than their size asks for, or with crops cut otherwise.

    Without those whose upload was found to be unreadable.
    """
    crop = Q(renditions__filter_spec__startswith=CROPPED)
    well_cut = ~crop | Q(crop_key="") | Q(renditions__focal_point_key=F("crop_key"))
    specs = Q(renditions__filter_spec__in=ALL_SPECS)
    made = Count("renditions__filter_spec", filter=specs & well_cut, distinct=True)
    zero = Value(0, output_field=IntegerField())
    needed = sum((Case(When(longer__gt=n, then=Value(m)), default=zero) for n, m in STEPS), zero)
    readable = NewsImage.objects.exclude(unreadable=F("file"))
    counted = readable.annotate(longer=Greatest("width", "height"), made=made)
    lacking: QuerySet[NewsImage] = counted.annotate(needed=needed).filter(made__lt=F("needed"))
    return lacking


def _make_or_log(image: NewsImage, specs: Iterable[str]) -> int:
    try:
        return _make(image, specs)
    # Its decoders raise whatever their C code meets; one bad upload keeps no other from being made.
    except Exception as error:
        logger.exception("The files of image %d can not be made", image.pk)
        if not _may_pass(error):
            # Or it would be tried again for ever.
            NewsImage.objects.filter(pk=image.pk).update(unreadable=image.file.name)
        return 0


def _may_pass(error: Exception) -> bool:
    """Say whether it is the machine's fault, not the upload's: a decoder's error has no number."""
    return isinstance(error, MemoryError) or getattr(error, "errno", None) is not None


def _make(image: NewsImage, specs: Iterable[str]) -> int:
    """Make what is missing of `specs` and makes sense for an image of its size."""
    needed = set(specs_for(width=image.width, height=image.height)).intersection(specs)
    # Not get_renditions(): that trusts a cache over the table.
    have = {
        row.filter_spec
        for row in image.renditions.filter(filter_spec__in=needed)
        if row.focal_point_key == _key(image, row.filter_spec)
    }
    missing = needed - have
    if missing:
        # Whoever else made one meanwhile keeps it.
        NewsRendition.objects.bulk_create(develop(image, missing), ignore_conflicts=True)
        # The old crops go when the new ones are there, one by one: each takes its file along.
        for row in _cut_otherwise(image, _key(image, _A_CROP)).filter(filter_spec__in=missing):
            row.delete()
    return len(missing)


def _cut_otherwise(image: NewsImage, key: str) -> QuerySet[NewsRendition]:
    crops = [spec for spec in ALL_SPECS if spec.startswith(CROPPED)]
    rows: QuerySet[NewsRendition] = image.renditions.filter(filter_spec__in=crops)
    return rows.exclude(focal_point_key=key)


def _key(image: NewsImage, spec: str) -> str:
    return str(Filter(spec=spec).get_cache_key(image))
