from typing import ClassVar

from django.db import models
from django.db.models import Q

from broadsheet.discussion.models.comments import Comment
from broadsheet.discussion.models.decisions import Decision


class Report(models.Model):
    """Somebody says that a comment breaks a rule of the house; `reporter` is the actor's opaque id.

    One open report a person and comment. `settled_at` is when a moderator answered it: by a
    decision about the comment, or by letting it stand (`upheld` False); `decision` is that one.
    """

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="reports")
    reporter = models.CharField(max_length=200)
    rule = models.CharField(max_length=40)
    words = models.TextField(blank=True)
    reported_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    upheld = models.BooleanField(null=True)
    decision = models.ForeignKey(
        Decision, on_delete=models.PROTECT, null=True, related_name="answered"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["comment", "reporter"],
                name="report_open_once",
                condition=Q(settled_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, upheld__isnull=True)
                | Q(settled_at__isnull=False, upheld__isnull=False),
                name="report_settled",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["reported_at", "id"],
                name="report_open",
                condition=Q(settled_at__isnull=True),
            ),
            models.Index(
                fields=["reporter"],
                name="report_open_by",
                condition=Q(settled_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule}, said of comment {self.comment_id}"
