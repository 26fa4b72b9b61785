from typing import ClassVar

from django.db import models
from django.db.models import Q

from broadsheet.discussion.models.comments import Comment


class Vote(models.Model):
    """One person's vote on one comment; `voter` is the actor's opaque id.

    `weight` is frozen when the vote is cast, for rankings that weigh voters: recomputing them
    later must not change what counted then.
    """

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, db_index=False)
    voter = models.CharField(max_length=200)
    value = models.SmallIntegerField()
    weight = models.FloatField(default=1.0)
    cast_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["comment", "voter"], name="vote_once"),
            models.CheckConstraint(condition=Q(value__in=[-1, 1]), name="vote_value"),
        ]
        indexes: ClassVar = [models.Index(fields=["voter", "-comment"], name="vote_voter")]

    def __str__(self) -> str:
        return f"{self.value:+d} on {self.comment_id}"


class VoteTally(models.Model):
    """Totals brought over from another system, which said how many and not who."""

    comment = models.OneToOneField(Comment, on_delete=models.PROTECT, related_name="tally")
    source = models.CharField(max_length=40)
    up = models.IntegerField()
    down = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(up__gte=0, down__gte=0), name="votetally_counts")
        ]

    def __str__(self) -> str:
        return f"+{self.up} -{self.down} on {self.comment_id} from {self.source}"
