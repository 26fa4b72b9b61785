from typing import ClassVar

from django.db import models
from django.db.models import Q

from broadsheet.discussion.models.comments import Comment
from broadsheet.discussion.models.decisions import Decision


class Appeal(models.Model):
    """Somebody asks for a second look at a decision about their comment, or about them, once.

    A decision about a person is asked about at the comment that was its occasion.
    `asker` is the actor's opaque id; `asked` is the link of the chain that says so. Answered by
    `outcome`: another decision, which lets the first one stand (`upheld`) or brings the comment
    back.
    """

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="appeals")
    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="appeals")
    asker = models.CharField(max_length=200)
    words = models.TextField(blank=True)
    asked = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="appeal")
    asked_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    upheld = models.BooleanField(null=True)
    outcome = models.ForeignKey(
        Decision, on_delete=models.PROTECT, null=True, related_name="answers_to"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["comment", "decision", "asker"], name="appeal_once"),
            models.CheckConstraint(
                condition=Q(settled_at=None, upheld=None, outcome=None)
                | Q(settled_at__isnull=False, upheld__isnull=False, outcome__isnull=False),
                name="appeal_settled",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["asker"], name="appeal_open_by", condition=Q(settled_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"appeal about comment {self.comment_id}, decision {self.decision_id}"
