"""What must be true of mentions."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q

from broadsheet.discussion.models import Comment, Mention


def check_mentions() -> Iterator[str]:
    """Who is mentioned wrote in that thread, and nobody who was erased has a name in one."""
    wrote = Comment.objects.filter(
        author=OuterRef("person"), thread=OuterRef("comment__thread")
    ).order_by()
    for number in Mention.objects.filter(~Q(Exists(wrote))).values_list("pk", flat=True).iterator():
        yield f"mention {number} is of nobody who wrote in its thread"
    erased = Mention.objects.exclude(person__erased_at=None).exclude(name="")
    for number in erased.values_list("pk", flat=True).iterator():
        yield f"mention {number} still names somebody who was erased"
