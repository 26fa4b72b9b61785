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


def renew_crops(*, image: NewsImage) -> int:
    """Cut an image again around its focal point if files cut otherwise exist; returns how many.

    The old files go when the new ones are there.
    """
    stale = [
        row
        for row in image.renditions.filter(filter_spec__in=ALL_SPECS)
        if row.filter_spec.startswith(CROPPED) and row.focal_point_key != _key(image, row)
    ]
    made = _make_or_log(image, [row.filter_spec for row in stale]) if stale else 0
    if made:
        # One by one: each takes its file along.
        for row in stale:
            row.delete()
    return made


def pictures_missing() -> bool:
    """Say whether some image lacks a file that readers get. One query."""
    return _lacking().exists()


def ring() -> None:
    """Wake whoever makes the files, once what is being written is there to be read."""
    transaction.on_commit(wanted.set)


def _lacking() -> QuerySet[NewsImage]:
    """Return the images with fewer files than their size asks for."""
    made = Count(
        "renditions__filter_spec", filter=Q(renditions__filter_spec__in=ALL_SPECS), distinct=True
    )
    zero = Value(0, output_field=IntegerField())
    needed = sum((Case(When(longer__gt=n, then=Value(m)), default=zero) for n, m in STEPS), zero)
    counted = NewsImage.objects.annotate(longer=Greatest("width", "height"), made=made)
    lacking: QuerySet[NewsImage] = counted.annotate(needed=needed).filter(made__lt=F("needed"))
    return lacking


def _make_or_log(image: NewsImage, specs: Iterable[str]) -> int:
    try:
        return _make(image, specs)
    # Its decoders raise whatever their C code meets; one bad upload keeps no other from being made.
    except Exception:
        logger.exception("The files of image %d can not be made", image.pk)
        return 0


def _make(image: NewsImage, specs: Iterable[str]) -> int:
    """Make what is missing of `specs` and makes sense for an image of its size."""
    needed = set(specs_for(width=image.width, height=image.height)).intersection(specs)
    # Not get_renditions(): that trusts a cache over the table.
    have = {
        row.filter_spec
        for row in image.renditions.filter(filter_spec__in=needed)
        if row.focal_point_key == _key(image, row)
    }
    missing = needed - have
    if missing:
        # Whoever else made one meanwhile keeps it.
        NewsRendition.objects.bulk_create(develop(image, missing), ignore_conflicts=True)
    return len(missing)


def _key(image: NewsImage, row: NewsRendition) -> str:
    return str(Filter(spec=row.filter_spec).get_cache_key(image))
