"""Putting an image to its comment, and taking it away for good. Both need the thread's lock."""

from datetime import datetime

from django.db.models import QuerySet

from broadsheet.discussion.images.files import discard_after_commit
from broadsheet.discussion.images.shown import KeptImage
from broadsheet.discussion.models import Comment, CommentImage


def write_image(*, comment: Comment, image: KeptImage | None, now: datetime) -> None:
    """Write down that a fresh comment has this image, if it has one."""
    if image is None:
        return
    CommentImage.objects.create(
        comment=comment,
        key=image.key,
        alt=image.alt,
        width=image.width,
        height=image.height,
        created_at=now,
    )


def forget_images(*, comments: QuerySet[Comment]) -> None:
    """Take away the images of `comments`, with their files, for good."""
    found = dict(CommentImage.objects.filter(comment__in=comments).values_list("comment_id", "key"))
    if not found:
        return
    CommentImage.objects.filter(comment__in=found).delete()
    Comment.objects.filter(pk__in=found).update(has_image=False)
    discard_after_commit(*found.values())
