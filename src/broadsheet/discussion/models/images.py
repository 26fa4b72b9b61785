from typing import ClassVar

from django.db import models

from broadsheet.discussion.models.comments import Comment


class CommentImage(models.Model):
    """The image of a comment: two files under a name that nobody can guess.

    `width` and `height` are those of the larger file. When the image goes for good, so does the
    row. Whether there is one stands on the comment too, for pages to know without asking.
    """

    comment = models.OneToOneField(Comment, on_delete=models.PROTECT, related_name="image")
    key = models.CharField(max_length=32)
    alt = models.CharField(max_length=300)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key"], name="commentimage_key"),
        ]

    def __str__(self) -> str:
        return f"image of comment {self.comment_id}"
