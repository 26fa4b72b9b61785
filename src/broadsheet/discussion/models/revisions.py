from typing import ClassVar

from django.db import models

from broadsheet.discussion.models.comments import Comment


class CommentRevision(models.Model):
    """What a comment said before it was edited in a way that others can know of.

    The words it has now stand on the comment, under its own `revision`. A moderator may blank an
    earlier version; then its number stays and its words are gone.
    """

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    source = models.TextField()
    html = models.TextField()
    written_at = models.DateTimeField()
    blanked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["comment", "number"], name="commentrevision_number"),
            models.CheckConstraint(
                condition=models.Q(blanked_at__isnull=True) | models.Q(source="", html=""),
                name="commentrevision_blanked_blank",
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.number} of comment {self.comment_id}"
