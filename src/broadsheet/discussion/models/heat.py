from typing import ClassVar

from django.db import models
from django.db.models import Q

from broadsheet.discussion.models.threads import Thread


class Heat(models.Model):
    """What happened in a thread lately and over a day, as sums that fade (rules.heat).

    They are as of `at`. `hot_since` stands while it is hot, `called_at` is when somebody was last
    called because it was. Kept by the scheduler, never by a post.
    """

    thread = models.OneToOneField(Thread, on_delete=models.CASCADE, related_name="heat")
    at = models.DateTimeField()
    comments_lately = models.FloatField(default=0)
    comments_normally = models.FloatField(default=0)
    reports_lately = models.FloatField(default=0)
    reports_normally = models.FloatField(default=0)
    removals_lately = models.FloatField(default=0)
    removals_normally = models.FloatField(default=0)
    heat = models.FloatField(default=0)
    hot_since = models.DateTimeField(null=True)
    called_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["-heat", "thread"], name="heat_hot", condition=Q(hot_since__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"thread {self.thread_id} at {self.heat:.1f}"


class HeatCursor(models.Model):
    """How far events were counted, one row: by the number of the last one of each kind."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    comments = models.BigIntegerField(default=0)
    reports = models.BigIntegerField(default=0)
    removals = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(id=1), name="heatcursor_one")]

    def __str__(self) -> str:
        return "how far heat was counted"
