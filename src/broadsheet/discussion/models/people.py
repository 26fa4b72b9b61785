import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from broadsheet.discussion.models.threads import Thread


class Participant(models.Model):
    """Somebody who wrote: a guest, a reader with an account, or a person brought over by import.

    `owner` is the actor behind the row. A guest who writes under two names on one device is two
    participants of one owner, so that a new name never changes what older comments say, and its
    first comment is held like anybody's. `key` is unique and opaque. Erasure blanks this one row.
    """

    class Kind(models.TextChoices):
        GUEST = "guest"
        READER = "reader"
        IMPORTED = "imported"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    key = models.CharField(max_length=200)
    owner = models.CharField(max_length=200, db_index=True)
    name = models.CharField(max_length=80, blank=True)
    email = models.CharField(max_length=254, blank=True)
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key"], name="participant_key"),
            models.CheckConstraint(
                condition=Q(kind__in=["guest", "reader", "imported"]), name="participant_kind"
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(name="", email=""),
                name="participant_erased_blank",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["name"], name="participant_name"),
            models.Index(
                fields=["erased_at"],
                name="participant_erased",
                condition=Q(erased_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"


class GuestLabel(models.Model):
    """A nameless guest is "Guest 3" in its thread, for ever."""

    thread = models.ForeignKey(Thread, on_delete=models.PROTECT)
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT)
    number = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["thread", "number"], name="guestlabel_number"),
            models.UniqueConstraint(
                fields=["thread", "participant"], name="guestlabel_participant"
            ),
        ]

    def __str__(self) -> str:
        return f"Guest {self.number} of thread {self.thread_id}"
