from typing import ClassVar

from django.db import models

from broadsheet.discussion.models.comments import Comment
from broadsheet.discussion.models.people import Participant


class Mention(models.Model):
    """A comment names somebody of its thread: `name` as it stands there after the "@".

    In the comment's HTML it is a link to what the person wrote last, when it was written. Erasing
    the person blanks the name here and there.
    """

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="mentions")
    person = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="mentions")
    name = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["comment", "person"], name="mention_once")
        ]

    def __str__(self) -> str:
        return f"comment {self.comment_id} to {self.person_id}"
