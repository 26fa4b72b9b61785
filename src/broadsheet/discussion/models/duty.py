from typing import ClassVar

from django.db import models
from django.db.models import Q

from broadsheet.discussion.models.threads import Thread


class Shift(models.Model):
    """When a moderator is on duty: each week on a day from and to a minute, or once.

    A weekly one that ends no later than it begins goes over midnight. The minutes are those of the
    publication's own clock.
    """

    actor_id = models.CharField(max_length=200)
    weekday = models.PositiveSmallIntegerField(null=True)
    starts = models.PositiveSmallIntegerField(null=True)
    ends = models.PositiveSmallIntegerField(null=True)
    begins_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    added_by = models.CharField(max_length=200)
    added_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    weekday__lte=6,
                    starts__lt=1440,
                    ends__lte=1440,
                    begins_at__isnull=True,
                    ends_at__isnull=True,
                )
                | Q(
                    weekday__isnull=True,
                    starts__isnull=True,
                    ends__isnull=True,
                    ends_at__gt=models.F("begins_at"),
                ),
                name="shift_weekly_or_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.actor_id} is on duty"


class DutyCall(models.Model):
    """The person on duty was called, about a thread or in general, by a colleague or by its heat.

    `to` is who was on duty then, "" where nobody was; `by` is "" where nobody called. `seen_at`:
    somebody said that they are at it.
    """

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, null=True)
    heat = models.FloatField(null=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=200, blank=True)
    to = models.CharField(max_length=200, blank=True)
    words = models.TextField(blank=True)
    seen_at = models.DateTimeField(null=True)
    seen_by = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-at"], name="dutycall_lately"),
            models.Index(fields=["-at"], name="dutycall_open", condition=Q(seen_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"call about thread {self.thread_id}"
