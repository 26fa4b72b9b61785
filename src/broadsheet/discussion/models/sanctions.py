from typing import ClassVar

from django.db import models
from django.db.models import Q

from broadsheet.discussion.models.decisions import Decision
from broadsheet.discussion.models.people import Participant
from broadsheet.discussion.models.threads import Thread


class Sanction(models.Model):
    """What holds for somebody by a decision of a moderator, until it ends: by itself, or lifted.

    It reaches all that `owner` writes, a device or an account; whoever gives a mail address whose
    keyed digest is `mail`; and, until `network_until`, whoever comes from a network whose keyed
    digest is `network`. Empty is none. Posts ask for it in a statement that they send anyway
    (sanctions/in_force.py), and nothing else has to be kept true.

    While it `waits`, it ends early unless a colleague confirms it: then it ends at `wanted_until`.
    `read_at`: the person says that they read the warning. `ended_by` is the decision that lifted or
    undid it.
    """

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="sanction")
    person = models.ForeignKey(Participant, on_delete=models.PROTECT, db_index=False)
    kind = models.CharField(max_length=12)
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, null=True, db_index=False)
    owner = models.CharField(max_length=200)
    mail = models.CharField(max_length=32, blank=True)
    network = models.CharField(max_length=32, blank=True)
    network_until = models.DateTimeField(null=True)
    minutes = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    waits = models.BooleanField(default=False)
    wanted_until = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        Decision, on_delete=models.PROTECT, null=True, related_name="ended", db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=["warn", "hold_author", "mute", "slow_author", "suspend", "ban"]
                ),
                name="sanction_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind="mute", thread__isnull=False)
                | (~Q(kind="mute") & Q(thread__isnull=True)),
                name="sanction_thread",
            ),
            models.CheckConstraint(
                condition=Q(kind="slow_author", minutes__gt=0)
                | (~Q(kind="slow_author") & Q(minutes=0)),
                name="sanction_minutes",
            ),
            models.CheckConstraint(
                condition=Q(network="") | Q(network_until__isnull=False),
                name="sanction_network_ends",
            ),
            models.CheckConstraint(
                condition=Q(waits=False) | Q(until__isnull=False), name="sanction_waits_with_end"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["owner"], name="sanction_owner"),
            models.Index(fields=["mail"], name="sanction_mail"),
            models.Index(fields=["network"], name="sanction_network"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.kind} of {self.owner}"
