from typing import ClassVar

from django.db import models
from django.db.models import Q

from broadsheet.discussion.models.comments import Comment
from broadsheet.discussion.models.decisions import Decision
from broadsheet.discussion.models.threads import Thread

_SITE = Q(thread__isnull=True, comment__isnull=True)
_THREAD = Q(thread__isnull=False, comment__isnull=True)
_BRANCH = Q(thread__isnull=False, comment__isnull=False)
_ON = Q(ended_at__isnull=True)


class Switch(models.Model):
    """What somebody turned on: a slow mode, a closing, a raid mode.

    Of the whole site without a thread, of a thread, or of the branch below a comment of it. What is
    on stands in the columns of `Thread` and `SiteState` too, where every post reads it. `decision`
    turned it on; another one, `ended_by`, turned it off or something else on in its place.

    A raid is meant `since` then, perhaps before it was noticed; comments after number `after` are
    of its time, up to number `last` once it has ended.
    """

    class Kind(models.TextChoices):
        SLOW = "slow"
        CLOSED = "closed"
        RAID = "raid"

    kind = models.CharField(max_length=6, choices=Kind.choices)
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, null=True)
    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, null=True)
    seconds = models.PositiveIntegerField(default=0)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    after = models.BigIntegerField(default=0)
    last = models.BigIntegerField(null=True)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="turned_on")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        Decision, on_delete=models.PROTECT, null=True, related_name="turned_off"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=["slow", "closed", "raid"]), name="switch_kind"
            ),
            models.CheckConstraint(condition=_SITE | _THREAD | _BRANCH, name="switch_scope"),
            models.CheckConstraint(
                condition=~Q(kind="raid") | (~_BRANCH & Q(until__isnull=False)), name="switch_raid"
            ),
            models.CheckConstraint(
                condition=Q(kind="slow", seconds__gt=0) | (~Q(kind="slow") & Q(seconds=0)),
                name="switch_seconds",
            ),
            models.UniqueConstraint(fields=["kind"], condition=_SITE & _ON, name="switch_site"),
            models.UniqueConstraint(
                fields=["thread", "kind"], condition=_THREAD & _ON, name="switch_thread"
            ),
            models.UniqueConstraint(
                fields=["comment", "kind"], condition=_BRANCH & _ON, name="switch_branch"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["until"], name="switch_due", condition=_ON),
        ]

    def __str__(self) -> str:
        about = f"thread {self.thread_id}" if self.thread_id else "the site"
        return f"{self.kind} of {about}"


class Sweep(models.Model):
    """The undoing of a raid: comments of its time removed or published, a batch at a time.

    All by one `decision`, whose rows in `Moved` say what is done. Comments up to `cursor` are, up
    to `last` are to be. `taken_back` is the decision that undoes this in turn.
    """

    raid = models.ForeignKey(Switch, on_delete=models.PROTECT, related_name="sweeps")
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="sweep")
    cursor = models.BigIntegerField(default=0)
    last = models.BigIntegerField()
    done_at = models.DateTimeField(null=True)
    moved = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)
    alone = models.BooleanField(default=False)
    taken_back = models.OneToOneField(
        Decision, on_delete=models.PROTECT, null=True, related_name="takes_back"
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["id"], name="sweep_open", condition=Q(done_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"sweep of raid {self.raid_id}"
