"""Reading images: those of a page's comments, and one by its name."""

from collections.abc import Iterable

from broadsheet.discussion.images.files import FULL, content_of
from broadsheet.discussion.images.shown import ShownImage
from broadsheet.discussion.models import Comment, CommentImage
from broadsheet.discussion.rules.deciding import may_moderate
from broadsheet.discussion.watched import of_thread
from broadsheet.kit.actor import Actor
from broadsheet.pagestore.api import shows


def images_of(numbers: Iterable[int]) -> dict[int, ShownImage]:
    """Return the images of these comments, by comment. One query."""
    rows = CommentImage.objects.filter(comment__in=list(numbers))
    columns = ("comment_id", "key", "alt", "width", "height")
    return {number: ShownImage(*rest) for number, *rest in rows.values_list(*columns)}


def public_image(*, number: int, key: str, ending: str) -> bytes | None:
    """Return a file of a comment that everybody may read, or None. One query."""
    found = CommentImage.objects.filter(
        comment=number,
        key=key,
        comment__state=Comment.State.PUBLISHED,
        comment__thread__hidden_at=None,
    )
    thread = found.values_list("comment__thread_id", flat=True).first()
    if thread is None:
        return None
    shows(of_thread(thread))
    return content_of(key, ending)


def own_image(*, actor: Actor, number: int, key: str) -> bytes | None:
    """Return the larger file to who wrote its comment and to moderators, whatever became of it."""
    found = CommentImage.objects.filter(comment=number, key=key)
    if not may_moderate(actor=actor):
        found = found.filter(comment__author__owner=actor.id)
    return content_of(key, FULL) if found.exists() else None
