from typing import ClassVar

from django.db import models
from django.db.models import Q


class SiteState(models.Model):
    """What holds for all threads at once: one row, number 1, read with the row of a thread.

    Without the row nothing holds. Each pair is as on `Thread`: what is on, and until when; without
    an end until somebody turns it off. Who did so and why stands in the decisions (Switch).
    `filters` is the digest of the filters in force (FilterVersion), empty for none.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    closed_at = models.DateTimeField(null=True)
    closed_until = models.DateTimeField(null=True)
    slow_seconds = models.PositiveIntegerField(default=0)
    slow_until = models.DateTimeField(null=True)
    raid_since = models.DateTimeField(null=True)
    raid_until = models.DateTimeField(null=True)
    filters = models.CharField(max_length=32, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=1), name="sitestate_one"),
            models.CheckConstraint(
                condition=Q(raid_since__isnull=True) | Q(raid_until__isnull=False),
                name="sitestate_raid_ends",
            ),
        ]

    def __str__(self) -> str:
        return "the state of the site"
