"""Links by which somebody without an account reads a draft."""

import uuid
from typing import ClassVar

from django.db import models


class PreviewLink(models.Model):
    """A link to a story's latest draft: who made it, until when it is valid, and if it was revoked.

    A row of its own and not a field of the story: a revision carries the story's fields, and
    publishing an older one would bring a revoked link back.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    story = models.ForeignKey(
        "stories.StoryPage", on_delete=models.CASCADE, related_name="preview_links"
    )
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("made_at")), name="preview_link_lasts"
            )
        ]

    def __str__(self) -> str:
        return f"story {self.story_id} until {self.expires_at:%Y-%m-%d %H:%M}"
