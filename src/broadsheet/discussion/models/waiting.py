from typing import ClassVar

from django.db import models
from django.db.models import Q

from broadsheet.discussion.models.comments import Comment
from broadsheet.discussion.rules.waiting import UNSCORED


class Waiting(models.Model):
    """Why a comment waits for a moderator, and since when: one row for each reason.

    The queue is read from here. The row that has waited longest `leads`: by it the comment stands
    in the list of all. Written with whatever it follows from (waiting.py), never on its own. How
    `likely` it is to be removed is the assistant's (rules.waiting.likely_of), who writes it later.
    Where an entry of a filter stopped it, the row that leads has the `match` (rules.spotting).
    """

    comment = models.ForeignKey(
        Comment, on_delete=models.PROTECT, related_name="waiting", db_index=False
    )
    reason = models.CharField(max_length=20)
    since = models.DateTimeField()
    leads = models.BooleanField(default=False)
    likely = models.SmallIntegerField(default=UNSCORED)
    match = models.CharField(max_length=16, null=True)  # noqa: DJ001 - no filter stopped it

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["comment", "reason"], name="waiting_once"),
            models.UniqueConstraint(
                fields=["comment"], name="waiting_one_leads", condition=Q(leads=True)
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["since", "comment"], name="waiting_all", condition=Q(leads=True)),
            models.Index(fields=["reason", "since", "comment"], name="waiting_by_reason"),
            models.Index(
                fields=["-likely", "comment"], name="waiting_likely", condition=Q(leads=True)
            ),
            models.Index(fields=["reason", "-likely", "comment"], name="waiting_likely_reason"),
            models.Index(
                fields=["match", "since", "comment"],
                name="waiting_match",
                condition=Q(match__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"comment {self.comment_id} waits: {self.reason}"


class Claim(models.Model):
    """A moderator is at a comment that waits or, with `asks`, wants a colleague to look at it.

    No decision: it is in no record, others may decide all the same, and it ends by itself.
    """

    comment = models.OneToOneField(Comment, on_delete=models.PROTECT, related_name="claim")
    actor_id = models.CharField(max_length=200)
    at = models.DateTimeField()
    asks = models.BooleanField(default=False)
    words = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.actor_id} is at comment {self.comment_id}"
