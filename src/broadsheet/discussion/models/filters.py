from typing import ClassVar

from django.db import models

from broadsheet.discussion.models.decisions import Decision


class FilterVersion(models.Model):
    """Filters that were switched on, as one document; never changed, the last one is in force.

    Its `digest` is that of what it says. `SiteState.filters` holds that of the one in force, so
    that a post knows without asking whether what it has in memory still holds.
    """

    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=32, db_index=True)
    content = models.TextField()
    at = models.DateTimeField()
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="filters")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["number"], name="filterversion_number"),
        ]

    def __str__(self) -> str:
        return f"filters {self.number}"
