from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Message(models.Model):
    """A letter to one person: waiting, sent, or given up."""

    # Part of its Message-ID, the same at every attempt.
    uuid = models.UUIDField(unique=True)
    # What it is for ("email_confirmation", "reply"); for statistics and tests, never shown.
    kind = models.CharField(max_length=60)
    to = models.CharField(max_length=320)
    subject = models.CharField(max_length=250)
    text = models.TextField()
    html = models.TextField(blank=True)
    dedupe_key = models.CharField(max_length=200, unique=True, null=True, blank=True)
    created_at = models.DateTimeField()
    # When to try (again); also how an attempt in progress keeps others from starting one.
    not_before = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    # What went wrong last, without addresses.
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="outbox_message_sent_or_failed",
                condition=Q(sent_at__isnull=True) | Q(failed_at__isnull=True),
            ),
            models.CheckConstraint(
                name="outbox_message_not_before_created",
                condition=Q(not_before__gte=F("created_at")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                name="outbox_message_waiting",
                fields=["not_before", "id"],
                condition=Q(sent_at__isnull=True, failed_at__isnull=True),
            ),
            models.Index(name="outbox_message_newest", fields=["-created_at", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"
