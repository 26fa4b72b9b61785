"""What publishing a story leaves behind: rows that `operations` derives, never edited by hand."""

import uuid
from typing import ClassVar

from django.db import models

from broadsheet.stories.kinds import CorrectionKind


class Listing(models.Model):
    """A public story's place on one list: `all`, `section:<pk>`, `topic:<pk>` and the like.

    Every list of stories is read from this one index, so that a page of it costs the same
    whatever the length of the list. `published_at` repeats the story's.
    """

    list_key = models.CharField(max_length=40)
    story = models.ForeignKey(
        "stories.StoryPage", on_delete=models.CASCADE, related_name="listings"
    )
    published_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["list_key", "story"], name="listing_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["list_key", "-published_at", "-story"], name="listing_newest")
        ]

    def __str__(self) -> str:
        return f"{self.list_key}: story {self.story_id}"


class Correction(models.Model):
    """A published correction; `block_id` is the block of the story that says it.

    `day` is the date it carries, `published_at` when readers could first see it. `in_place` says
    that it stands at its place in the body as well.
    """

    story = models.ForeignKey(
        "stories.StoryPage", on_delete=models.CASCADE, related_name="published_corrections"
    )
    block_id = models.UUIDField(default=uuid.uuid4)
    kind = models.CharField(max_length=13, choices=CorrectionKind.choices)
    html = models.TextField()
    day = models.DateField()
    published_at = models.DateTimeField()
    in_place = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["story", "block_id"], name="correction_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=CorrectionKind.values), name="correction_kind"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-published_at", "-id"], name="correction_newest")
        ]

    def __str__(self) -> str:
        return f"{self.kind} of story {self.story_id}"


class StoryVersion(models.Model):
    """A story's words as readers had them from `published_at` on; the first is number 1.

    `text` is the body in plain paragraphs, a blank line between two. `digest` is of headline,
    standfirst and text: publishing the same words again makes no new version.
    """

    story = models.ForeignKey(
        "stories.StoryPage", on_delete=models.CASCADE, related_name="versions"
    )
    number = models.PositiveIntegerField()
    published_at = models.DateTimeField()
    headline = models.CharField(max_length=255)
    standfirst = models.TextField(blank=True)
    text = models.TextField(blank=True)
    note = models.CharField(max_length=300, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["story", "number"], name="version_number"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="version_from_one"),
        ]

    def __str__(self) -> str:
        return f"story {self.story_id}, version {self.number}"
