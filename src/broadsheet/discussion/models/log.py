from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class MonthOfLog(models.Model):
    """The figures of a month, for the page of the log, as they were at `counted_at`.

    Counted from the decisions by the scheduler, until nothing can change any more: what is undone
    a month later still does. Losing a row loses nothing.
    """

    since = models.DateTimeField()
    until = models.DateTimeField()
    posted = models.PositiveIntegerField()
    removed = models.PositiveIntegerField()
    overturned = models.PositiveIntegerField()
    automatic = models.PositiveIntegerField()
    decisions = models.PositiveIntegerField()
    wait_seconds = models.FloatField(null=True)
    counted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["since", "until"], name="monthoflog_once"),
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="monthoflog_ends"),
        ]

    def __str__(self) -> str:
        return f"the log from {self.since:%Y-%m-%d}"
