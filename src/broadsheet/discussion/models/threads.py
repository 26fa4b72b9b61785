from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from broadsheet.discussion.models.site import SiteState


class Thread(models.Model):
    """The discussion under one story.

    `(site, key)` is its identity; url and title are attributes that the last publication sets.

    `edition` is the number of the text that is discussed, 0 where nobody counts; `editions_url` is
    where its editions can be read, empty where they cannot. Both are attributes too.

    `hidden_at` stands while its story is not public: then nobody reads it, by any address.

    `events` is the number of its last event, `guests` the last guest label given; both change only
    under the lock of this row. The counts are of published comments; `inline_count` is of those on
    a phrase of the story.

    While `slow_seconds` are set, so many lie between two comments of one person; since `raid_since`
    only people with a history write without waiting (rules.pacing). Both, and closing, end by
    themselves at their `…_until`. `slow_branches` counts the branches with a slow mode of their
    own.

    `house` is the state of the whole site, where it was read with this row.
    """

    house: "SiteState | None" = None

    site = models.CharField(max_length=64)
    key = models.CharField(max_length=200)
    url = models.CharField(max_length=2000)
    title = models.CharField(max_length=500)
    language = models.CharField(max_length=35, blank=True)
    edition = models.PositiveIntegerField(default=0)
    editions_url = models.CharField(max_length=500, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=120, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    events = models.BigIntegerField(default=0)
    guests = models.IntegerField(default=0)
    comment_count = models.IntegerField(default=0)
    root_count = models.IntegerField(default=0)
    inline_count = models.IntegerField(default=0)
    closed_until = models.DateTimeField(null=True, blank=True)
    slow_seconds = models.PositiveIntegerField(default=0)
    slow_until = models.DateTimeField(null=True, blank=True)
    slow_branches = models.PositiveIntegerField(default=0)
    raid_since = models.DateTimeField(null=True, blank=True)
    raid_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "key"], name="thread_site_key"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by="")
                | (Q(closed_at__isnull=False) & ~Q(closed_by="")),
                name="thread_closed_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(comment_count__gte=models.F("root_count"), root_count__gte=0),
                name="thread_counts",
            ),
            models.CheckConstraint(
                condition=Q(inline_count__gte=0, inline_count__lte=models.F("root_count")),
                name="thread_inline_count",
            ),
            models.CheckConstraint(
                condition=Q(raid_since__isnull=True) | Q(raid_until__isnull=False),
                name="thread_raid_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site}/{self.key}"
