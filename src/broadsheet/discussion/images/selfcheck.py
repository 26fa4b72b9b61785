"""What must be true of images."""

from collections.abc import Iterator

from django.core.files.storage import default_storage
from django.db.models import Exists, OuterRef

from broadsheet.discussion.images.files import FULL, SMALL, path_of
from broadsheet.discussion.models import Comment, CommentImage
from broadsheet.discussion.rules.editing import WITHDRAWN


def check_images() -> Iterator[str]:
    """Who has an image says so, and its files are there; nothing is left of one that is gone."""
    there = Exists(CommentImage.objects.filter(comment=OuterRef("pk")))
    for number in (
        Comment.objects.filter(has_image=True).exclude(there).values_list("pk", flat=True)
    ):
        yield f"comment {number} says that it has an image; there is none"
    images = CommentImage.objects.order_by("pk").values_list(
        "comment_id", "key", "comment__has_image", "comment__rule", "comment__author__erased_at"
    )
    for number, key, said, rule, erased in images.iterator():
        if not said:
            yield f"comment {number} has an image and does not say so"
        if rule == WITHDRAWN or erased:
            yield f"comment {number} is withdrawn or its author erased, and its image is kept"
        for ending in (FULL, SMALL):
            if not default_storage.exists(path_of(key, ending)):
                yield f"the image of comment {number} has no file {path_of(key, ending)}"
