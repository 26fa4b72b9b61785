from typing import ClassVar

from django.db import models
from django.db.models import Q


class HouseRules(models.Model):
    """A version of the house rules, written once: what was in force from `at` until the next one.

    `rules` has them in order, each with key, title, sentence and whether it is the law; their
    places are their numbers. `retired` has key and title of those that an earlier version had, so
    that old decisions are read with this row alone. `actor_id` wrote it.
    """

    version = models.PositiveIntegerField(primary_key=True)
    at = models.DateTimeField(null=True)
    actor_id = models.CharField(max_length=200, blank=True)
    rules = models.JSONField()
    retired = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(version__gte=1), name="houserules_from_one"),
            # The first one is what the software brings: of no time, and by nobody.
            models.CheckConstraint(
                condition=Q(version=1) | Q(at__isnull=False), name="houserules_have_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"house rules {self.version}"
